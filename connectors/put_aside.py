"""What becomes of a file in a watched folder: its report in done/ or failed/, and nothing personal beside it.

done/2026-11/NAME.KEY.json, .txt, .parquet (the columns that carry our fields); failed/2026-11/NAME.KEY.json, .txt.
KEY names content and mapping: the same file is known again, and is another one once its mapping was mended. What could
not be loaded waits whole in held/, which only its owner may enter, until it can be or until its days are over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from config.errors import DunghanError, SourceError
from config.notes import Note
from config.personal import hide
from config.reasons import FLAGS, REASONS
from config.trouble_words import error as detail
from config.trouble_words import place
from config.troubles import trouble

DONE: Final = "done"
FAILED: Final = "failed"
HELD: Final = "held"
_NAMED: Final = 5  # files named in an error
_MOST_ROWS: Final = 1_000  # refused rows that a report lists
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Aside:
    """The folders beside the files of one watched folder."""

    folder: Path

    def known(self, outcome: str, key: str) -> Path | None:
        """Give the report on ``key`` in done/ or failed/, where there is one."""
        return next((self.folder / outcome).glob(f"*/*.{key}.json"), None)

    def modified(self, key: str) -> int | None:
        """Give the newest own time of change (ns) of the files loaded as ``key``; None where no report tells it."""
        reports = (self.folder / DONE).glob(f"*/*.{key}.json")
        told = [json.loads(report.read_text(encoding="utf-8")).get("modified_ns") for report in reports]
        return max((ns for ns in told if ns is not None), default=None)

    def held(self) -> list[Path]:
        """Give the files that could not be loaded and wait."""
        here = self.folder / HELD
        return sorted(p for p in here.iterdir() if p.is_file()) if here.is_dir() else []

    def write(self, outcome: str, name: str, key: str, report: Report, table: pl.DataFrame | None, day: str) -> Path:
        """Write a report, and of the file the ``table`` that may be kept; whatever is there is whole."""
        report = _without_people(report)
        month = self.folder / outcome / day[:7]
        base = f"{hide(name)}.{key}"
        try:
            month.mkdir(parents=True, exist_ok=True)
            if table is not None:
                part = month / f".{base}.part"
                table.write_parquet(part, compression="zstd")
                part.replace(month / f"{base}.parquet")
            _whole(month / f"{base}.txt", in_words(report))
            _whole(month / f"{base}.json", json.dumps(report, ensure_ascii=False, indent=1))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise _no_room(month, error) from None
        return month / f"{base}.json"

    def again(self, report: Path, name: str, at: str) -> None:
        """Note in a report that the same file came once more."""
        told = json.loads(report.read_text(encoding="utf-8"))
        told["sent_again"] = [*told.get("sent_again", []), {"name": hide(name), "at": at}]
        try:
            _whole(report.with_suffix(".txt"), in_words(told))
            _whole(report, json.dumps(told, ensure_ascii=False, indent=1))
        except OSError as error:
            raise _no_room(report.parent, error) from None

    def hold(self, path: Path, content: str) -> None:
        """Let a file wait in held/ under its name and content; an equal one there makes way."""
        here = self.folder / HELD
        try:
            here.mkdir(mode=0o700, exist_ok=True)
            if path.parent != here:
                path.replace(here / f"{content}.{path.name}")
        except OSError as error:
            raise _no_room(here, error) from None

    def forget(self, *, now: datetime, tables: timedelta, held: timedelta) -> list[str]:
        """Delete tables of done/ and files of held/ that are older; give the names of the latter."""
        for table in (self.folder / DONE).glob("*/*.parquet"):
            if now.timestamp() - table.stat().st_mtime > tables.total_seconds():
                table.unlink(missing_ok=True)
        old = [p for p in self.held() if now.timestamp() - p.stat().st_ctime > held.total_seconds()]
        for path in old:
            path.unlink(missing_ok=True)
        return [path.name.partition(".")[2] for path in old]


def _without_people(told: Any) -> Any:
    """Withhold what looks like a person from every text of a report: a header or the name of a sheet may be one."""
    if isinstance(told, dict):
        return {name: _without_people(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_without_people(value) for value in told]
    return hide(told) if isinstance(told, str) else told


def _whole(path: Path, text: str) -> None:
    """Write beside and rename, so that a file that is there is whole."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _no_room(place: Path, error: Exception) -> SourceError:
    found = f"the report on a file cannot be written ({str(error).splitlines()[0]})."
    step = "Make room or mend the rights; what was stored is known, and will not be loaded a second time."
    return SourceError(str(place), found, step)


def of_error(error: DunghanError) -> Report:
    """Give the part of a report that says why a file could not be loaded: its three sentences."""
    return {"error": {"place": error.place, "found": error.found, "next_step": error.next_step}}


def of_several(place: str, names: Sequence[str], errors: Sequence[DunghanError], reports: Path) -> SourceError:
    """Give the error of several files that could not be loaded: each on a line of its own, with its own reason."""
    lines = [_why(hide(name), error) for name, error in zip(names, errors, strict=True)]
    more = [f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else []
    found = "\n  ".join([f"{len(lines)} files could not be loaded:", *lines[:_NAMED], *more])
    return SourceError(place, f"{found}\n", f"Read their reports in {reports.resolve()}.")


def _why(name: str, error: DunghanError) -> str:
    """Say what is wrong with a file; a mapping that cannot be read is no place in it."""
    where = error.place if error.place.startswith(name) else f"{name}, {error.place}"
    return f"{where}: {error.found}"


def of_rejects(rejects: pl.DataFrame) -> Report:
    """Give the part that says which rows were refused, by place and reason; never what stood there."""
    reasons = rejects["reasons"].explode().drop_nulls().value_counts(sort=True)
    rows = rejects.head(_MOST_ROWS).select("place", "reasons").rows()
    return {"reasons": dict(reasons.iter_rows()), "refused_rows": [[place, list(why)] for place, why in rows]}


_OUTCOMES: Final = {"loaded": "đã nạp", "failed": "không nạp được"}
_COUNTS: Final = {
    "read": "dòng đọc",
    "dossiers": "hồ sơ",
    "merged": "gộp",
    "quarantined": "cách ly",
    "skipped": "bỏ qua",
}


def _worded(words: Mapping[str, str], name: str) -> str:
    """Say a reason in Vietnamese, its name in docs/mapping.md behind it."""
    return f"{words[name]} ({name})" if name in words else name


def in_words(report: Report) -> str:
    """Give a report as a text that an office can read."""
    lines = [f"Tệp: {report['file']}  ({report['bytes']} byte)", f"Nguồn: {report['source']}"]
    lines += [f"Lúc: {report['taken_at']}", f"Kết quả: {_OUTCOMES[report['outcome']]}"]
    if error := report.get("error"):
        known = trouble(" ".join(error.values()))
        lines += ["", f"Lỗi: {known.title}", f"Làm gì: {known.step}"]
        where, found, step = place(error["place"]), detail(error["found"]), detail(error["next_step"])
        lines += ["Chi tiết:", f"  {where}: {found}", f"  {step}"]
    if rows := report.get("rows"):
        lines += ["", ", ".join(f"{word}: {rows[key]}" for key, word in _COUNTS.items())]
        lines += ["dòng đọc = hồ sơ + gộp + cách ly; dòng bỏ qua không phải hồ sơ (trống, cộng, ánh xạ bỏ)"]
    lines += [f"cách ly vì {_worded(REASONS, reason)}: {n}" for reason, n in report.get("reasons", {}).items()]
    lines += [
        f"  {place(where)}: {', '.join(_worded(REASONS, each) for each in why)}"
        for where, why in report.get("refused_rows", [])
    ]
    lines += [f"đã nhận, cần xem: {_worded(FLAGS, name)}: {n}" for name, n in report.get("flags", {}).items()]
    lines += [f"ghi chú: {Note.read(note).vietnamese}" for note in report.get("notes", [])]
    if dropped := report.get("personal_columns"):
        lines += [f"cột cá nhân, không giữ: {', '.join(dropped)}"]
    lines += [f"gửi lại: {sent['name']} lúc {sent['at']}; không nạp thêm gì" for sent in report.get("sent_again", [])]
    return "\n".join([*lines, "", "Ý nghĩa của từng lý do và cách sửa: docs/mapping.md, mục 9."]) + "\n"
