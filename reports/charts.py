"""Content of Hình 1–3: values and their wording side by side, axes with round ticks; the template only places them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import ceil, floor
from typing import Any, Final

import polars as pl

from config import catalogue
from metrics import intervals
from metrics.charts_of_control import Limits
from metrics.scope import Period
from metrics.signals import Verdict
from reports import formats
from reports.happened import Happened
from reports.headlines import AGES
from reports.measure import Unit, change, pair
from reports.overdue import CLEAR, NO_CAUSE
from reports.slots import Sentence, Slots, sentence, share_text

SIGNALS: Final = {
    Verdict.WORSE: "xau",
    Verdict.BETTER: "tot",
    Verdict.NORMAL: "thuong",
    Verdict.SMALL: "nho",
    Verdict.UNKNOWN: "chua",
}
#: Causes named in Hình 3; the rest are one bar.
MOST_CAUSES: Final = 5


def trend(whole: Unit, week: Period, partial: bool, slots: Slots) -> dict[str, Any]:
    """Make Hình 1: 13 weeks of on_time_due over overdue_pending. ``partial``: a source is silent this week."""
    title = "Tỷ lệ đúng hạn theo ngày hẹn trả và số hồ sơ quá hạn đang tồn"
    if sum(w is not None and pair(w)[1] > 0 for w in whole.weeks) < 2:
        none = f"Không có số liệu: chưa có hai {slots.noun} có hồ sơ đến hạn."
        return {"title": title, "unavailable": sentence("C08", none)}
    chart, stock = whole.chart, whole.stock_limits
    begun = next(i for i, each in enumerate(whole.weeks) if each is not None)
    shown = list(enumerate(slots.edition.charted(week)))[begun:]
    points = [_week(whole, i, each, slots) for i, each in shown]
    points[-1] |= {"partial": partial}
    if not partial:
        points[-1] |= {"out": _out(whole.verdict), "stock_out": _out(whole.stock_judged.verdict)}
    rates = [v for p in points for v in (p["rate"], p["lcl"], p["ucl"]) if v is not None]
    most = max(v for v in (*(p["stock"] for p in points), stock.upper if stock else 0) if v is not None)
    return {
        "title": f"{title}, {len(points)} {slots.noun}",
        "alt": _trend_alt(points, slots),
        "weeks": points,
        "center": chart.center if chart else None,
        "center_t": share_text(chart.center, slots.places) if chart else "",
        "axis": rate_axis(min(rates)),
        "stock_axis": count_axis(most),
        **_stock_lines(stock),
    }


def marks(noted: Sequence[Happened]) -> list[dict[str, Any]]:
    """Give the days to know of beside Hình 1, for the workbook."""
    return [_mark(each) for each in noted]


def _mark(each: Happened) -> dict[str, Any]:
    told = {"day": each.day.isoformat(), "words": each.words, "restarts": each.restarts}
    if each.source is None:
        return told
    return told | {"source": each.source, "last": each.last.isoformat() if each.last else None}


def _stock_lines(stock: Limits | None) -> dict[str, Any]:
    lines = (("lcl", stock.lower), ("center", stock.center), ("ucl", stock.upper)) if stock else ()
    values = {"stock_lcl": None, "stock_center": None, "stock_ucl": None} | {f"stock_{k}": v for k, v in lines}
    return values | {f"{k}_t": "" if v is None else formats.number(v) for k, v in values.items()}


def _week(whole: Unit, i: int, period: Period, slots: Slots) -> dict[str, Any]:
    counts, chart = whole.weeks[i], whole.chart
    met, due = pair(counts)
    limits = chart.at(due) if chart and due else None
    stock = None if counts is None else int(counts["pending_overdue"])
    return {
        "t": slots.edition.tick(period),
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "n": met if counts is not None else None,
        "d": due if counts is not None else None,
        "rate": met / due if due else None,
        "rate_t": formats.percent(met, due, slots.places),
        "lcl": limits.lower if limits else None,
        "ucl": limits.upper if limits else None,
        "stock": stock,
        "stock_t": formats.MISSING if stock is None else formats.number(stock),
        "out": None,
        "stock_out": None,
        "partial": False,
    }


def _out(found: Verdict) -> str | None:
    return SIGNALS[found] if found in (Verdict.WORSE, Verdict.BETTER) else None


def _trend_alt(points: Sequence[dict[str, Any]], slots: Slots) -> str:
    last = points[-1]
    return (
        f"Biểu đồ kiểm soát {len(points)} {slots.noun}: tỷ lệ đúng hạn {slots.edition.this} {last['rate_t']}; "
        f"quá hạn đang tồn {last['stock_t']} hồ sơ."
    )


def departments(units: Sequence[Unit], unheard: Collection[str | None], most: int, slots: Slots) -> dict[str, Any]:
    """Make Hình 2: departments with anything due or late, signals first, then the lowest rate first."""
    title = "Đúng hạn theo ngày hẹn trả và hồ sơ quá hạn đang tồn theo cơ quan, đơn vị"
    active = [u for u in units if pair(u.now)[1] or u.count("pending_overdue")]
    if not active:
        return {
            "title": title,
            "unavailable": sentence("C08", f"Không có hồ sơ đến hạn hoặc quá hạn trong {slots.noun}."),
        }
    ordered = sorted(active, key=lambda u: _urgency(u, unheard))
    rows = [_row(u, u.name in unheard, slots.places) for u in ordered[:most]]
    shown = [v for r in rows for v in (r["rate"]["v"], r["prev"]["v"], r["lcl"]) if v is not None]
    return {
        "title": title,
        "alt": f"Mỗi hàng một cơ quan: tỷ lệ đúng hạn {slots.edition.this}, {slots.noun} trước, "
        "khoảng dao động thường; số quá hạn.",
        "axis": rate_axis(min(shown, default=0.0), most=3),
        "rows": rows,
        "note": _left_out(ordered[most:], slots),
        **_chances(rows, units, slots),
    }


def _urgency(unit: Unit, unheard: Collection[str | None]) -> tuple[int, float, int, str]:
    met, due = pair(unit.now)
    few = unit.verdict == Verdict.SMALL  # never ranked by a rate
    signal = 0 if unit.verdict == Verdict.WORSE or unit.name in unheard else 1
    small = 2 if few else 0
    rate, stock = met / due if due and not few else 0.0, unit.count("pending_overdue")
    return (max(signal, small) if due or unit.name in unheard else 3, rate, -stock, unit.name or "")


def _row(unit: Unit, unheard: bool, places: int) -> dict[str, Any]:
    (met, due), before = pair(unit.now), pair(unit.before)
    was = formats.percent(*before, places) if before[1] else formats.MISSING_CELL
    verdict = Verdict.UNKNOWN if unheard or not due else unit.verdict
    limits = unit.chart.at(due) if unit.chart and verdict not in (Verdict.SMALL, Verdict.UNKNOWN) else None
    return {
        "name": unit.name or "Không ghi cơ quan, đơn vị",
        "mark": "°" if unheard else "",
        "rate": _rate(unit, met, due, places),
        "prev": {"v": before[0] / before[1] if before[1] else None, "t": was},
        "n": formats.number(met),
        "d": formats.number(due),
        "lcl": limits.lower if limits else None,
        "ucl": limits.upper if limits else None,
        "signal": SIGNALS[verdict],
        "overdue": {"v": unit.count("pending_overdue"), "t": formats.number(unit.count("pending_overdue"))},
    }  # fmt: skip


def _rate(unit: Unit, met: int, due: int, places: int) -> dict[str, Any]:
    """Word a rate: of few dossiers with its 95 % interval, of fewer than a rate needs by its two counts alone."""
    told = {"v": met / due if due else None, "t": formats.percent(met, due, places) if due else "—"}
    if 0 < due < catalogue.load().small:
        return told | {"t": f"{formats.number(met)}/{formats.number(due)}"}
    found = intervals.interval(met, due, below=unit.rules.interval_below)
    if found is None:
        return told
    low, high = (formats.number(100 * each, 1) for each in found)
    return told | {"low": found[0], "high": found[1], "chance": f"{low}–{high}"}


def _chances(rows: Sequence[dict[str, Any]], units: Sequence[Unit], slots: Slots) -> dict[str, Sentence]:
    """Say what the small line under a rate is, where there is any."""
    if not any("chance" in row["rate"] for row in rows):
        return {}
    few = slots.fixed("k.few", units[0].rules.interval_below)
    sure = slots.put("k.sure", "95\u00a0%", v=0.95, metric="parameter")
    return {"chances": sentence("C06", f"Dòng nhỏ dưới tỷ lệ: khoảng {sure}, khi có dưới {few} hồ sơ đến hạn.")}


def _left_out(rest: Sequence[Unit], slots: Slots) -> Sentence | None:
    """Say how many departments the figure leaves out, and that none of them is worse where that is known."""
    if not rest:
        return None
    n = slots.count("fig.rest", len(rest), "departments")
    judged = all(u.verdict != Verdict.UNKNOWN or not pair(u.now)[1] for u in rest)
    told = "không có tín hiệu giảm; số liệu tại tệp Excel" if judged else "không nêu ở đây; số liệu tại tệp Excel"
    return sentence("C09", f"{n} cơ quan, đơn vị còn lại {told}.")


def ages(whole: Unit, overdue: pl.DataFrame, slots: Slots) -> dict[str, Any]:
    """Make Hình 3: the overdue stock by age, and by cause where any cause is written."""
    title = "Hồ sơ quá hạn đang tồn theo tuổi và nguyên nhân"
    stock = whole.count("pending_overdue")
    bands = [_band(label, column, whole, stock) for label, column in AGES]
    causes = _causes(overdue, stock)
    unsaid = sentence("C10", "Nguyên nhân: các nguồn số liệu chưa ghi nguyên nhân của hồ sơ nào.")
    return {
        "title": title if causes else "Hồ sơ quá hạn đang tồn theo tuổi",
        "alt": "Tuổi quá hạn: " + "; ".join(f"{b['name']} {b['t']} hồ sơ" for b in bands),
        "ages": bands,
        "causes": causes,
        "note": None if causes else unsaid,
        "empty": sentence("O01", CLEAR) if stock == 0 else None,
    }


def _band(label: str, column: str, whole: Unit, stock: int) -> dict[str, Any]:
    n = whole.count(column)
    before = None if whole.before is None else int(whole.before.get(column) or 0)
    return {
        "name": label if label.endswith("ngày") else f"{label} ngày",
        "v": n,
        "t": formats.number(n),
        "share": formats.percent(n, stock, 0),
        "prev": None if before is None else formats.number(before),
    }


def _causes(overdue: pl.DataFrame, stock: int) -> list[dict[str, Any]]:
    """Count the causes as written, largest first, "not written" last; none when no dossier has one."""
    written = overdue["reason"].drop_nulls()
    if written.is_empty():
        return []
    counts = written.value_counts(sort=True).sort("count", "reason", descending=[True, False])
    named = [(str(r["reason"]), int(r["count"])) for r in counts.head(MOST_CAUSES).to_dicts()]
    rest = written.len() - sum(n for _, n in named)
    rows = [*named, *([("Nguyên nhân khác", rest)] if rest else [])]
    bars = [{"name": name, "v": n, "t": formats.number(n), "share": formats.percent(n, stock, 0)} for name, n in rows]
    unsaid = overdue.height - written.len()
    last = {"name": NO_CAUSE, "v": unsaid, "t": formats.number(unsaid), "share": formats.percent(unsaid, stock, 0)}
    return [*bars, *([last | {"none": True}] if unsaid else [])]


def fields(units: Sequence[Unit], silent: bool, most: int, slots: Slots) -> dict[str, Any] | None:
    """Make Bảng 1: fields with anything due or late, signals first, then the largest; None when no field is known."""
    active = [u for u in units if pair(u.now)[1] or u.count("pending_overdue")]
    if not any(u.name for u in active):
        return None
    ordered = sorted(active, key=lambda u: (u.verdict != Verdict.WORSE, -pair(u.now)[1], u.name or ""))
    note = None
    if ordered[most:]:
        n = slots.count("fields.rest", len(ordered[most:]), "fields")
        note = sentence("C09", f"{n} lĩnh vực ít hồ sơ hơn không nêu ở đây; số liệu tại tệp Excel.")
    rows = [_field(u, silent, slots) for u in ordered[:most]]
    return {"title": "Kết quả theo lĩnh vực", "rows": rows, "note": note, **_chances(rows, units, slots)}


def _field(unit: Unit, silent: bool, slots: Slots) -> dict[str, Any]:
    (met, due), before = pair(unit.now), pair(unit.before)
    points = change(unit, slots.places)
    return {
        "name": unit.name or "Không ghi lĩnh vực",
        "n": formats.number(met),
        "d": formats.number(due),
        "rate": _rate(unit, met, due, slots.places),
        "prev": formats.percent(*before, slots.places) if before[1] else "…",
        "change": "…" if points is None else formats.signed(points, slots.places),
        "signal": "chua" if silent or not due else SIGNALS[unit.verdict],
        "overdue": formats.number(unit.count("pending_overdue")),
    }


#: Steps between ticks of a rate; the last reaches from 0 to 100 % in two.
_RATE_STEPS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.05, 0.1, 0.2, 0.25, 0.5)


def rate_axis(lowest: float, most: int = 4) -> list[dict[str, Any]]:
    """Give ticks from a round share at or below ``lowest`` up to 100 %, in ``most`` steps at most."""
    room = 1.0 - min(max(lowest, 0.0), 0.998)
    counted = [(step, ceil(room / step - 1e-9)) for step in _RATE_STEPS]
    step, n = next((s, k) for s, k in counted if k <= most and s * k <= 1)
    places = 2 if step < 0.001 else 1 if step < 0.01 else 0
    ticks = [round(1.0 - step * (n - k), 6) for k in range(n + 1)]
    return [{"v": tick, "t": share_text(tick, places)} for tick in ticks]


def count_axis(most: float) -> list[dict[str, Any]]:
    """Give ticks from 0 to a round number at or above ``most``."""
    power = 10 ** floor(len(str(ceil(max(1, most)))) - 1)
    steps = (f * power for f in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5))
    step = next(s for s in steps if s >= 1 and s == int(s) and most / s <= 4)
    return [{"v": int(step * k), "t": formats.number(step * k)} for k in range(max(1, ceil(most / step)) + 1)]
