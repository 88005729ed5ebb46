"""Write into the office's own register of units: an alias of a unit, or a whole table of communes."""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import suppress
from datetime import date
from pathlib import Path

from config import units
from config.errors import ConfigError, nearest
from config.place import of
from config.unit_files import COLUMNS

_WARDS = ("code", "name", "province_name", "province_code")


def map_unit(name: str, unit: str, *, on: date, new: bool = False) -> Path:
    """Make ``name`` another name of ``unit`` in the office's units.toml; ``new``: a unit that is told nowhere yet.

    Raises ConfigError when the office has no folder, ``name`` is known already, or ``unit`` is not.
    """
    known = units.load()
    if name in known.names:
        raise ConfigError(f'unit "{name}"', f'the register knows it, as "{known.own(name)}".', "Nothing is to be done.")
    if unit not in known.names and not new:
        found = f"the register knows no such unit.{nearest(unit, known.names)}"
        raise ConfigError(f'--to "{unit}"', found, "Write it as the register does, or add --new to begin it.")
    file = _own("units.toml")
    text = of("units.toml").read_text(encoding="utf-8-sig").rstrip()
    begun = f"\n\n[[unit]]\nname = {_quoted(unit)}" if unit not in known.names else ""
    alias = f"\n\n[[alias]]\nname = {_quoted(name)}\nunit = {_quoted(unit)}\nrecorded_on = {on.isoformat()}\n"
    _put(file, text + begun + (alias if name != unit else "\n"), like=".toml")
    return file


def import_wards(wards: Path, province: str, *, from_on: date) -> tuple[Path, int]:
    """Write the communes of one province as the office's units.csv: columns code, name, province_name, province_code.

    ``province``: its name or code. Raises ConfigError when the file is no such register, names no such province, or
    the office has a units.csv already.
    """
    rows = _wards(wards)
    mine = [row for row in rows if province in (row["province_name"], row["province_code"])]
    if not mine:
        known = sorted({row["province_name"] for row in rows})
        raise ConfigError(str(wards), f'it has no province "{province}".{nearest(province, known)}', "Write its name.")
    file = _own("units.csv")
    if file.exists():
        raise ConfigError(str(file), "the office has one already.", "Move it away first, or add the lines by hand.")
    above = mine[0]["province_name"]
    lines = [_line(above, "", "province", "", from_on)]
    lines += [_line(row["name"], row["code"].zfill(5), "commune", office(above), from_on) for row in mine]
    written = io.StringIO()
    csv.DictWriter(written, COLUMNS, lineterminator="\n").writeheader()
    csv.DictWriter(written, COLUMNS, lineterminator="\n").writerows(lines)
    _put(file, written.getvalue(), like=".csv")
    return file, len(mine)


def office(place: str) -> str:
    """Name the office that a commune or a province is written as: Phường An Sinh → UBND phường An Sinh."""
    plain = place.replace("Tp ", "Thành phố ", 1) if place.startswith("Tp ") else place
    return f"UBND {plain[:1].lower()}{plain[1:]}"


def _line(name: str, code: str, level: str, parent: str, from_on: date) -> dict[str, str]:
    since = from_on.isoformat() if level == "commune" else ""
    return {"name": office(name), "codes": code, "aliases": name, "level": level, "parent": parent, "from": since}


def _wards(path: Path) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "it cannot be read as CSV UTF-8.", "Check the name, or save it anew.") from error
    missing = [name for name in _WARDS if not rows or name not in rows[0]]
    if missing:
        found = f"the column {missing[0]} is missing."
        raise ConfigError(str(path), found, f"A register of communes has: {', '.join(_WARDS)}.")
    return rows


def _own(name: str) -> Path:
    folder = os.environ.get("DUNGHAN_CONFIG")
    if not folder or not Path(folder).is_dir():
        step = "Make a folder for the office's settings and name it in DUNGHAN_CONFIG (docs/settings.md)."
        raise ConfigError("DUNGHAN_CONFIG", "it names no folder, and shipped files are not written.", step)
    return Path(folder) / name


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _put(file: Path, text: str, *, like: str) -> None:
    """Write whole or not at all, and only what can be read together with the other file."""
    part = file.with_name(f".{file.name}.new")
    try:
        part.write_text(text, encoding="utf-8")
        units.forget()
        if like == ".toml":
            units.load(part, of("units.csv"))
        else:
            units.load(of("units.toml"), part)
        part.replace(file)
    except OSError as error:
        step = f"In a production only root may: docs/operate.md says how it is written by hand, into {file}."
        raise ConfigError(str(file), f"it cannot be written here ({error.strerror}).", step) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        units.forget()
