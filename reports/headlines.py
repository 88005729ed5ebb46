"""The two tiles of page one: what was due and met, and what is still late; each with its change and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from config import insight
from metrics import intervals
from metrics.signals import Judged, Verdict
from reports import formats
from reports.measure import Unit, change, pair
from reports.slots import Sentence, Slots, sentence
from reports.verdicts import KINDS, SIGNALS, row_of, worded

AGES: Final = (
    ("1–3 ngày", "overdue_1_3"),
    ("4–10", "overdue_4_10"),
    ("11–30", "overdue_11_30"),
    ("trên 30", "overdue_over_30"),
)


def on_time_due(whole: Unit, heard: Unit | None, silent: Sequence[str], slots: Slots) -> dict[str, Any]:
    """Make the first tile. ``heard``: the same without the ``silent`` sources (None: there is no other)."""
    met, due = pair(whole.now)
    mark = "°" if silent else ""
    tile = {"id": "on_time_due", "label": f"Đúng hạn theo ngày hẹn trả{mark}", "unit": ""}
    if due == 0:
        return tile | _nothing_due(whole, slots)
    slots.rate("due.rate", met, due, "on_time_due")
    basis = f"{slots.pair('due.nd', met, due, 'on_time_due')} hồ sơ có ngày hẹn trả trong {slots.noun}"
    return tile | {
        "figure": "due.rate",
        "basis": sentence("H01", basis + _chance(met, due, whole.rules.interval_below, slots)),
        "change": _rate_change(whole, slots),
        "verdict": _rate_verdict(whole, heard, silent, slots),
    }


def _chance(met: int, due: int, below: int, slots: Slots) -> str:
    """Say how far chance alone may carry a rate of few dossiers; "" of many."""
    found = intervals.interval(met, due, below=below)
    if found is None:
        return ""
    sure = slots.put("k.sure", "95\u00a0%", v=0.95, metric="parameter")
    return f"; khoảng {sure}: {slots.span('due.chance', *found, 'on_time_due.chance', share=True)}"


def _nothing_due(whole: Unit, slots: Slots) -> dict[str, Any]:
    """Say that nothing was due; name the nearest rate that exists."""
    ok, done = pair(whole.now, "on_time_resolved")
    near = None
    if done:
        slots.rate("res.rate", ok, done, "on_time_resolved")
        text = f"{slots.pair('res.nd', ok, done, 'on_time_resolved')} hồ sơ đã giải quyết; không phản ánh hồ sơ tồn"
        near = {"label": "Đúng hạn trên số đã giải quyết", "figure": "res.rate", "text": sentence("H05", text)}
    return {
        "figure": None,
        "missing": "không tính",
        "basis": None,
        "substitute": near,
        "change": sentence("H07", f"Trong {slots.noun} không có hồ sơ đến hạn; không tính tỷ lệ"),
        "verdict": _verdict(UNKNOWN, sentence("V10", "không có hồ sơ để tính")),
    }


def _rate_change(whole: Unit, slots: Slots) -> Sentence:
    if whole.before is None:
        return sentence("H06", f"Không có số liệu {slots.noun} trước")
    points = change(whole, slots.places)
    if points is None:
        return sentence("H08", f"{slots.noun.capitalize()} trước không có hồ sơ đến hạn")
    last = slots.rate("due.rate.prev", *pair(whole.before), "on_time_due")
    if points == 0:
        return sentence("H04", f"Bằng {slots.noun} trước ({last})")
    moved = slots.put("due.pp", formats.number(abs(points), slots.places), v=points / 100, metric="on_time_due")
    rule, word = ("H02", "Tăng") if points > 0 else ("H03", "Giảm")
    return sentence(rule, f"{word} {moved} điểm % so với {slots.noun} trước ({last})")


def _rate_verdict(whole: Unit, heard: Unit | None, silent: Sequence[str], slots: Slots) -> dict[str, Any]:
    found = whole.judged
    if found.verdict == Verdict.SMALL:
        return _verdict(found, sentence("V06", f"mẫu số dưới {slots.fixed('k.small', whole.rules.small)} hồ sơ"))
    limits = found.limits
    if limits is None:
        return _verdict(found, no_series(slots))
    told = _Told(
        slots.limit("due.lcl", limits.lower, "on_time_due.lcl"),
        slots.limit("due.ucl", limits.upper, "on_time_due.ucl"),
        slots.span("due.limits", limits.lower, limits.upper, "on_time_due.limits", share=True),
        _tried(row_of(found, slots, "due"), found, slots, "due"),
    )
    if not silent:
        return _verdict(found, _against(found, told))
    if heard is not None and _stands(found, heard.judged):
        rest = slots.rate("due.rest", *pair(heard.now), "on_time_due", scope="heard")
        return _verdict(found, _still(found, told, listed(silent, slots), rest))
    return _verdict(UNKNOWN, sentence("V07", f"thiếu {listed(silent, slots)}"))


def _stands(found: Judged, heard: Judged) -> bool:
    """Say whether a signal is one without the silent sources too: the same verdict, on the same side."""
    return found.verdict in SIGNALS and (heard.verdict, heard.above) == (found.verdict, found.above)


def overdue_pending(whole: Unit, heard: Unit | None, silent: Sequence[str], slots: Slots) -> dict[str, Any]:
    """Make the second tile."""
    stock = whole.count("pending_overdue")
    slots.count("stock", stock, "overdue_pending")
    ages = [[label, key] for label, column in AGES for key in [_age(column, whole, slots)]]
    empty = sentence("H14", "Không có hồ sơ quá hạn ở mọi nhóm tuổi") if stock == 0 else None
    return {
        "id": "overdue_pending",
        "label": f"Quá hạn đang tồn{'°' if silent else ''}",
        "figure": "stock",
        "unit": "hồ sơ",
        "basis": empty,
        "ages": ages,
        "change": _stock_change(whole, slots),
        "verdict": _stock_verdict(whole, heard, silent, slots),
    }


def _age(column: str, whole: Unit, slots: Slots) -> str:
    return slots.count(f"stock.{column}", whole.count(column), f"overdue_pending.{column}").strip("[]")


def _stock_change(whole: Unit, slots: Slots) -> Sentence:
    if whole.before is None:
        return sentence("H06", f"Không có số liệu {slots.noun} trước")
    last = int(whole.before["pending_overdue"])
    moved = whole.count("pending_overdue") - last
    was = slots.count("stock.prev", last, "overdue_pending")
    if moved == 0:
        return sentence("H16", f"Bằng {slots.noun} trước ({was} hồ sơ)")
    rule, word = ("H12", "Tăng") if moved > 0 else ("H13", "Giảm")
    by = slots.put("stock.chg", formats.number(abs(moved)), v=moved, metric="overdue_pending.change")
    return sentence(rule, f"{word} {by} hồ sơ so với {slots.noun} trước ({was})")


def _stock_verdict(whole: Unit, heard: Unit | None, silent: Sequence[str], slots: Slots) -> dict[str, Any]:
    found = whole.stock_judged
    limits = found.limits
    if limits is None:
        return _verdict(found, no_series(slots))
    told = _Told(
        slots.put("stock.lcl", formats.number(limits.lower), v=limits.lower, metric="overdue_pending.lcl"),
        slots.put("stock.ucl", formats.number(limits.upper), v=limits.upper, metric="overdue_pending.ucl"),
        slots.span("stock.limits", limits.lower, limits.upper, "overdue_pending.limits", share=False),
        _tried(row_of(found, slots, "stock"), found, slots, "stock"),
    )
    if not silent:
        return _verdict(found, _against(found, told))
    if heard is not None and _stands(found, heard.stock_judged):
        rest = slots.count("stock.rest", heard.count("pending_overdue"), "overdue_pending", scope="heard")
        return _verdict(found, _still(found, told, listed(silent, slots), rest))
    return _verdict(UNKNOWN, sentence("V07", f"thiếu {listed(silent, slots)}"))


UNKNOWN: Final = Judged(Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Told:
    """Limits of a figure as slots; ``row``: what makes it a signal within them, and whether they are trial limits."""

    lower: str
    upper: str
    span: str
    row: tuple[str, str]


def _tried(row: str, found: Judged, slots: Slots, key: str) -> tuple[str, str]:
    """Give ``row`` with what has to be said of limits that rest on few periods ("" where they rest on enough)."""
    if not found.trial:
        return row, ""
    return row, f"; giới hạn tạm, từ {slots.fixed(f'{key}.rests', found.rests_on)} {slots.noun}"


def _against(found: Judged, limits: _Told) -> Sentence:
    row, trial = limits.row
    if row:
        return sentence("V03", row + trial)
    if found.verdict == Verdict.NORMAL:
        return sentence("V05", f"trong khoảng {limits.span}{trial}")
    if found.above:
        return sentence("V02", f"trên giới hạn trên {limits.upper}{trial}")
    return sentence("V01", f"dưới giới hạn dưới {limits.lower}{trial}")


def _still(found: Judged, limits: _Told, silent: str, rest: str) -> Sentence:
    """Say that a signal stands without the ``silent`` sources too, where the figure is ``rest``."""
    side = "vậy" if limits.row[0] else "trên" if found.above else "dưới"
    return sentence("V08", f"{_against(found, limits)['text']}; không tính {silent}: {rest}, vẫn {side}")


def no_series(slots: Slots) -> Sentence:
    """Say that there is no run of periods to take limits from."""
    rules = insight.load().signal
    if slots.edition.id != "friday":
        return sentence("V09", f"chưa đủ {slots.fixed('k.fewest', rules.fewest)} {slots.noun} trước để so sánh")
    return sentence("V09", f"chưa có chuỗi {slots.fixed('k.weeks', rules.before + 1)} {slots.noun}")


def _verdict(found: Judged, why: Sentence) -> dict[str, Any]:
    return {"kind": KINDS[found.verdict], "t": worded(found), "why": why}


def listed(silent: Sequence[str], slots: Slots) -> str:
    """Name one silent source, or say how many there are: a tile has one line for it."""
    if len(silent) == 1:
        return f"nguồn {slots.name('silent.name', silent[0])}"
    return f"{slots.count('silent.n', len(silent), 'sources')} nguồn"
