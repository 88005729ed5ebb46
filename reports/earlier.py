"""What this report says of earlier ones: what became of their requests, and which of their figures are restated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from reports import formats
from reports.slots import Sentence, Slots, sentence


class FollowedUp(TypedDict):
    """A request of an earlier report: its number, what was asked of whom by when, and how much of it is done."""

    report: str
    request: str
    unit: str
    due: date
    done: int | None  # None: nobody knows
    of: int | None


class Restated(TypedDict):
    """A figure of an earlier report that is known otherwise today; texts as printed, ``dossiers``: how many changed."""

    report: str
    figure: str
    period: str
    then: str
    now: str
    dossiers: int
    why: str


def followup(requests: Sequence[FollowedUp]) -> dict[str, Any] | None:
    """Make Bảng 2; None when there is no earlier request to tell of."""
    if not requests:
        return None
    rows = [[r["report"], f"{r['unit']}: {r['request']}", formats.day(r["due"]), _result(r)] for r in requests]
    return {"title": "Thực hiện kiến nghị của các báo cáo trước", "rows": rows}


def _result(asked: FollowedUp) -> str:
    done, of = asked["done"], asked["of"]
    if done is None or of is None:
        return formats.MISSING.capitalize()
    told = f"{formats.number(done)}/{formats.number(of)}"
    return f"Xong ({told})" if done >= of else f"Chưa xong ({told})"


def reminder(requests: Sequence[FollowedUp], issued_on: date, slots: Slots) -> list[Sentence]:
    """Remind of the earlier request that is longest past its day and not done (R07)."""
    late = [r for r in requests if r["due"] < issued_on and r["done"] is not None and r["done"] < (r["of"] or 0)]
    if not late:
        return []
    first = min(late, key=lambda r: r["due"])
    unit, number = slots.name("ask.again.name", first["unit"]), slots.name("ask.again.report", first["report"])
    done = slots.pair("ask.again.nd", first["done"] or 0, first["of"] or 0, "followup")
    return [sentence("R07", f"Nhắc {unit} thực hiện kiến nghị tại Báo cáo số {number} (đã làm {done}).")]


def restatements(rows: Sequence[Restated] | None) -> dict[str, Any]:
    """Make Phụ lục IV. ``rows``: None before any report was issued, empty when all figures stand."""
    cells = [
        [r["report"], r["figure"], r["period"], r["then"], r["now"], formats.number(r["dossiers"]), r["why"]]
        for r in rows or ()
    ]
    first = sentence("X01", "Báo cáo đầu: không có báo cáo trước để điều chỉnh.")
    stand = sentence("X00", "Không có điều chỉnh số liệu của các báo cáo trước.")
    return {"rows": cells, "empty": first if rows is None else stand}


def restated(rows: Sequence[Restated] | None, slots: Slots) -> list[Sentence]:
    """Say on page one what is restated (Q07): the first figure by name, the others by their number."""
    if not rows:
        return []
    first, more = rows[0], len(rows) - 1
    figure, period = slots.name("restated.figure", first["figure"]), slots.name("restated.period", first["period"])
    then = slots.put("restated.then", first["then"], metric="restated")
    now = slots.put("restated.now", first["now"], metric="restated")
    others = f", và {slots.count('restated.more', more, 'restated')} số liệu khác" if more else ""
    text = f"Điều chỉnh số liệu đã báo cáo: {figure} ({period}) từ {then} thành {now}{others} (Phụ lục IV)."
    return [sentence("Q07", text)]
