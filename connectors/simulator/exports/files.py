"""Write dossiers of the simulator to a file by its ending, with the mapping that reads it beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from config.errors import ConfigError, nearest
from connectors.simulator.exports import event_log, mappings, office, sheets, vendor
from connectors.simulator.papers import HEAD, TAIL

Parts = Iterable[pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many dossiers went into which file or table, and what was written beside it."""

    rows: int
    file: Path | str
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    write: Callable[[Iterator[pl.DataFrame], Path, str], int]
    mapping: Callable[[str, str], str] | None


def export(parts: Parts, file: Path, *, source: str, title: str) -> Exported:
    """Write rows of the exchange, part by part, in the form that the ending of ``file`` names.

    Raises ConfigError for an ending that is none, or a file that cannot be written.
    """
    form = _FORMS.get(file.suffix.lower())
    if form is None:
        found = f'"{file.suffix}" is no form to write.{nearest(file.suffix, _FORMS)}'
        raise ConfigError(str(file), found, f"Known: {', '.join(_FORMS)}.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = form.write(iter(parts), file, title)
        return Exported(rows, file, _beside(form, file, source, title))
    except OSError as error:
        raise ConfigError(
            str(file), f"it cannot be written: {error.strerror}.", "Check folder, rights, room."
        ) from error


def into(parts: Parts, url: str, *, source: str, title: str) -> Exported:
    """Put the rows into the vendor's table at ``url``: an SQLite file, PostgreSQL, MariaDB. The mapping and the source
    that read it stand beside the file, of a server in the folder at hand. Raises ConfigError.
    """
    if not url.startswith("sqlite:///"):
        return _into_server(parts, url, source, title)
    file = Path(url.removeprefix("sqlite:///"))
    with suppress(FileExistsError):
        file.parent.mkdir(parents=True)
    rows = vendor.into_sqlite(iter(parts), file)
    mapping = file.with_name(f"{source}.toml")
    mapping.write_text(mappings.of_fields(source, title), encoding="utf-8")
    listed = file.with_name(f"{source}.sources.toml")
    listed.write_text(vendor.source(source, title, f"sqlite:///{file.absolute()}", mapping.name), encoding="utf-8")
    return Exported(rows, file, (mapping, listed))


def _into_server(parts: Parts, url: str, source: str, title: str) -> Exported:
    from connectors.simulator.exports import servers  # the database's library is loaded for a server alone

    rows, bare = servers.into_server(iter(parts), url), servers.without_people(url)
    mapping, listed = Path(f"{source}.toml"), Path(f"{source}.sources.toml")
    mapping.write_text(mappings.of_fields(source, title), encoding="utf-8")
    told = vendor.source(source, title, bare, mapping.name, signed_in=servers.signs_in(url))
    listed.write_text(told, encoding="utf-8")
    return Exported(rows, f"{vendor.TABLE} of {bare}", (mapping, listed))


def _beside(form: _Form, file: Path, source: str, title: str) -> tuple[Path, ...]:
    if form.mapping is None:
        return ()
    mapping = file.with_name(f"{file.name}.toml")
    mapping.write_text(form.mapping(source, title), encoding="utf-8")
    return (mapping,)


def _json(parts: Iterator[pl.DataFrame], file: Path, _: str) -> int:
    """Write one payload of DongBoHoSoMC."""
    rows = 0
    with file.open("wb") as out:
        out.write(HEAD + b"[")
        for part in (p for p in parts if p.height):
            out.write((b",\n" if rows else b"") + part.write_json().encode()[1:-1])
            rows += part.height
        out.write(b"]" + TAIL + b"\n")
    return rows


def _csv(parts: Iterator[pl.DataFrame], file: Path, _: str) -> int:
    """Write a sheet with a byte order mark, as Excel wants it."""
    rows = 0
    with file.open("wb") as out:
        out.write(b"\xef\xbb\xbf")
        for part in parts:
            office.sheet(part, rows).write_csv(out, include_header=rows == 0)
            rows += part.height
    return rows


def _json_lines(parts: Iterator[pl.DataFrame], file: Path, _: str) -> int:
    rows = 0
    with file.open("wb") as out:
        for part in parts:
            told = office.told(part).with_columns(office.iso(c) for c in office.STAMPS)
            told.write_ndjson(out)
            rows += part.height
    return rows


def _sheet(parts: Iterator[pl.DataFrame], file: Path, title: str) -> int:
    def numbered() -> Iterator[pl.DataFrame]:
        rows = 0
        for part in parts:
            yield office.sheet(part, rows)
            rows += part.height

    return sheets.write(numbered(), file, title or "Danh sách hồ sơ")


def _sql(parts: Iterator[pl.DataFrame], file: Path, _: str) -> int:
    return vendor.as_sql(parts, file)


def _xes(parts: Iterator[pl.DataFrame], file: Path, _: str) -> int:
    return event_log.write(parts, file)


#: Ending → how it is written, and which mapping reads it (the national format needs none).
_FORMS: Final = {
    ".json": _Form(_json, None),
    ".csv": _Form(_csv, mappings.of_sheet),
    ".xlsx": _Form(_sheet, mappings.of_sheet),
    ".jsonl": _Form(_json_lines, mappings.of_fields),
    ".xes": _Form(_xes, mappings.of_events),
    ".sql": _Form(_sql, mappings.of_fields),
}
FORMS: Final = tuple(_FORMS)
