"""Reading refused rows once more: for which sources that can be asked, and what became of it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from config.troubles import trouble
from dashboard.answers import fresh
from dashboard.wording import moment, number, plain
from store.file_times import BY_RECORD
from store.replays import Outcome

MEANING: Final = (
    "Nạp lại: đọc lại toàn bộ nguồn bằng bảng ánh xạ hôm nay; dòng đã đúng vào kho một lần, dòng còn sai ở lại đây."
)
_UNDER_WAY: Final = ("waiting", "reading")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The refused rows of one source: name, words, whether a button can read it again, and how the last order stands.

    ``by_file``: its rows came in files, which only whoever has them can load again.
    """

    source: str
    text: str
    by_file: bool
    under_way: bool
    said: str


def waiting(sources: pl.DataFrame, outcomes: Mapping[str, Outcome | None]) -> Sequence[Waiting]:
    """Give the sources with refused rows, the most first. ``sources``: dashboard.data.sources."""
    held = sources.filter(pl.col("refused") > 0).sort("refused", "name", descending=[True, False])
    return [_one(row, outcomes.get(row["name"])) for row in held.to_dicts()]


def _one(row: dict[str, Any], told: Outcome | None) -> Waiting:
    text = f"**{plain(fresh.name_of(row))}:** {number(row['refused'])} dòng chờ"
    by_file = row["kind"] in BY_RECORD or row["cadence_minutes"] is None
    said = "" if told is None else _said(told)
    return Waiting(row["name"], text, by_file, told is not None and told["state"] in _UNDER_WAY, said)


def _said(told: Outcome) -> str:
    match told["state"]:
        case "waiting":
            return "Đã nhận lệnh nạp lại, chờ bộ đọc"
        case "reading":
            return "Đang đọc lại nguồn …"
        case "done":
            came, left = number(told["waited"] - told["waiting"]), number(told["waiting"])
            return f"Nạp lại {_at(told)}: {came} dòng đã vào kho, {left} dòng còn chờ"
    known = trouble(" ".join(str(told[part]) for part in ("place", "found", "next_step")))
    return f"Nạp lại {_at(told)} không được: {known.title}. {known.step}"


def _at(told: Outcome) -> str:
    return f"lúc {moment(datetime.fromisoformat(told['at']))}"
