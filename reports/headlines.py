"""The two tiles of page one: what was due and met, and what is still late; each with its change and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from metrics.charts_of_control import FEWEST_WEEKS, SMALL, WEEKS_BEFORE, Verdict
from reports import formats
from reports.measure import Unit, change, pair
from reports.slots import Sentence, Slots, sentence
from reports.verdicts import KINDS, SIGNALS, Better, above, worded

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
    basis = sentence("H01", f"{slots.pair('due.nd', met, due, 'on_time_due')} hồ sơ có ngày hẹn trả trong {slots.noun}")
    return tile | {
        "figure": "due.rate",
        "basis": basis,
        "change": _rate_change(whole, slots),
        "verdict": _rate_verdict(whole, heard, silent, slots),
    }


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
        "verdict": _verdict(Verdict.UNKNOWN, "higher", sentence("V10", "không có hồ sơ để tính")),
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
    found = whole.verdict
    met, due = pair(whole.now)
    if found == Verdict.SMALL:
        return _verdict(found, "higher", sentence("V06", f"mẫu số dưới {slots.fixed('k.small', SMALL)} hồ sơ"))
    if whole.chart is None:
        return _verdict(found, "higher", no_series(slots))
    limits = whole.chart.at(due)
    told = _Told(
        slots.limit("due.lcl", limits.lower, "on_time_due.lcl"),
        slots.limit("due.ucl", limits.upper, "on_time_due.ucl"),
        slots.span("due.limits", limits.lower, limits.upper, "on_time_due.limits", share=True),
        better="higher",
    )
    if not silent:
        return _verdict(found, "higher", _against(found, told))
    if heard is not None and found in SIGNALS and heard.verdict == found:
        rest = slots.rate("due.rest", *pair(heard.now), "on_time_due", scope="heard")
        return _verdict(found, "higher", _still(found, told, listed(silent, slots), rest))
    return _verdict(Verdict.UNKNOWN, "higher", sentence("V07", f"thiếu {listed(silent, slots)}"))


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
    limits, found = whole.stock_limits, whole.stock_verdict
    if limits is None:
        return _verdict(found, "lower", no_series(slots))
    told = _Told(
        slots.put("stock.lcl", formats.number(limits.lower), v=limits.lower, metric="overdue_pending.lcl"),
        slots.put("stock.ucl", formats.number(limits.upper), v=limits.upper, metric="overdue_pending.ucl"),
        slots.span("stock.limits", limits.lower, limits.upper, "overdue_pending.limits", share=False),
        better="lower",
    )
    if not silent:
        return _verdict(found, "lower", _against(found, told))
    if heard is not None and found in SIGNALS and heard.stock_verdict == found:
        rest = slots.count("stock.rest", heard.count("pending_overdue"), "overdue_pending", scope="heard")
        return _verdict(found, "lower", _still(found, told, listed(silent, slots), rest))
    return _verdict(Verdict.UNKNOWN, "lower", sentence("V07", f"thiếu {listed(silent, slots)}"))


@dataclass(frozen=True, slots=True)
class _Told:
    """Limits of a figure as slots, and which way it is ``better``."""

    lower: str
    upper: str
    span: str
    better: Better


def _against(found: Verdict, limits: _Told) -> Sentence:
    if found == Verdict.NORMAL:
        return sentence("V05", f"trong khoảng {limits.span}")
    if above(found, limits.better):
        return sentence("V02", f"trên giới hạn trên {limits.upper}")
    return sentence("V01", f"dưới giới hạn dưới {limits.lower}")


def _still(found: Verdict, limits: _Told, silent: str, rest: str) -> Sentence:
    """Say that a signal stands without the ``silent`` sources too, where the figure is ``rest``."""
    side = "trên" if above(found, limits.better) else "dưới"
    return sentence("V08", f"{_against(found, limits)['text']}; không tính {silent}: {rest}, vẫn {side}")


def no_series(slots: Slots) -> Sentence:
    """Say that there is no run of periods to take limits from."""
    if slots.edition.id != "friday":
        return sentence("V09", f"chưa đủ {slots.fixed('k.fewest', FEWEST_WEEKS)} {slots.noun} trước để so sánh")
    return sentence("V09", f"chưa có chuỗi {slots.fixed('k.weeks', WEEKS_BEFORE + 1)} {slots.noun}")


def _verdict(found: Verdict, better: Better, why: Sentence) -> dict[str, Any]:
    return {"kind": KINDS[found], "t": worded(found, better), "why": why}


def listed(silent: Sequence[str], slots: Slots) -> str:
    """Name one silent source, or say how many there are: a tile has one line for it."""
    if len(silent) == 1:
        return f"nguồn {slots.name('silent.name', silent[0])}"
    return f"{slots.count('silent.n', len(silent), 'sources')} nguồn"
