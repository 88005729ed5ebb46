"""Vì sao thay đổi: which unit, field or procedure, and which of volume, mix and performance, made a figure move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import polars as pl

from config import insight
from config.catalogue import CatalogueFile
from dashboard import wording
from dashboard.answers import procedures, quality
from dashboard.answers.quality import DIGITAL, PAYING, SHARES, Told
from dashboard.answers.why_links import SATISFIED, is_rate, noun
from dashboard.contributions import Bar
from dashboard.filters import DEPARTMENT, FIELD, GROUP, NONE, PROCEDURE, Choice
from dashboard.shapes import Lined, Link
from dashboard.waterfall import Step
from dashboard.wording import NOTHING, number, percent
from metrics.decomposition import Cell, Change, Factor, Pair, Part, mainly
from metrics.standardised import reversal
from reports import formats

STOCK, UPCOMING = "pending_overdue", "due_soon"
_OURS: Final = {
    "due_missed": "Trễ hẹn", UPCOMING: "Sắp đến hạn trong 3 ngày làm việc", SATISFIED: "Hài lòng hoặc rất hài lòng",
}  # fmt: skip
#: What can be asked about, in the order of the choice.
METRICS: Final = ("on_time_due", "due_missed", STOCK, UPCOMING, "received", *SHARES, *PAYING, *DIGITAL, SATISFIED)
#: In the address → the column, its heading, and what filters by it.
BYS: Final[Mapping[str, tuple[str, str, str]]] = {
    "don-vi": ("department", "Đơn vị", DEPARTMENT),
    "linh-vuc": ("field", "Lĩnh vực", FIELD),
    "thu-tuc": ("procedure", "Thủ tục", PROCEDURE),
}
PERFORMANCE, MIX, VOLUME = "Thực hiện", "Cơ cấu", "Khối lượng"
MOST_BARS: Final = 8
_MEANT: Final = {
    PERFORMANCE: "Thực hiện: tỷ lệ của từng nơi cao hơn hay thấp hơn trước.",
    MIX: "Cơ cấu: công việc chuyển giữa nơi có tỷ lệ cao và nơi có tỷ lệ thấp, kể cả nơi mới có hoặc không còn việc.",
    VOLUME: "Khối lượng: nhiều hay ít việc hơn.",
}
_CAME_AND_WENT: Final = {
    "hồ sơ": "Mới có hồ sơ: {}; không còn hồ sơ: {}.", "phiếu": "Mới có phiếu: {}; không còn phiếu: {}.",
}  # fmt: skip
EXACT: Final = "Các phần cộng đúng bằng thay đổi; số in ra đã làm tròn."


@dataclass(frozen=True, slots=True)
class Why:
    """What made a figure move: sentences, bars with their lists, the table, and what is to be known beside it; then the
    way from before to now, what is usual there, and what is said beneath (answers.why_steps)."""

    texts: Sequence[str]
    bars: Sequence[Bar]
    queries: Sequence[Mapping[str, str] | None]
    factors: Sequence[str]
    table: Lined
    notes: Sequence[str]
    points: bool = False  # of a rate: parts are points
    steps: Sequence[Step] = ()
    usual: tuple[float, float] | None = None
    beneath: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a change is told by: the figure, by what, beside which period (in words), names, the small number, and the
    counts of each cell now for its lists."""

    choice: Choice
    metric: str
    by: str
    against: str
    names: Mapping[str, str]
    small: int
    counts: Mapping[str | None, Mapping[str, Any]]


def title(metric: str, catalogue: CatalogueFile) -> str:
    """Name a figure that can be asked about."""
    return _OURS.get(metric) or catalogue[metric].title


def usual_by(choice: Choice, *, one_unit: bool) -> str:
    """Give by what a change is split while nobody chose: of one unit, by procedure."""
    return "thu-tuc" if one_unit or choice.department else "don-vi"


def told(change: Change, asked: Asked, verdict: str, catalogue: CatalogueFile) -> Why:
    """Say what the change is made of. ``change``: over cells of which the small ones were merged; ``verdict``: in words
    (answers.why_verdict)."""
    rate = is_rate(asked.metric)
    factors = (PERFORMANCE, MIX) if rate else (PERFORMANCE, MIX, VOLUME)
    parts = sorted((p for p in change.parts if p.total or p.cell.now[1]), key=lambda p: -abs(p.total))
    shown, rest = parts[:MOST_BARS], parts[MOST_BARS:]
    bars = [_bar(part, asked, factors) for part in shown]
    bars += [_of_rest(rest, asked, factors)] if rest else []
    head = (_whole(change, asked, catalogue), _mainly(change, asked), _by_factor(change, rate=rate))
    return Why(
        texts=[verdict, *(text for text in head if text)],
        bars=bars,
        queries=[next(iter(_links(part.cell, asked)), Link("", {})).query or None for part in shown] + [None],
        factors=factors,
        table=_table(parts, change, asked, factors),
        notes=[*(_MEANT[factor] for factor in factors), *_notes(change, asked), EXACT],
        points=rate,
    )


def _whole(change: Change, asked: Asked, catalogue: CatalogueFile) -> str:
    name = title(asked.metric, catalogue)
    if is_rate(asked.metric):
        moved = wording.points(change.now, change.before) or NOTHING
        return f"**{name}**: {percent(*change.before)} → {percent(*change.now)}, {moved} so với {asked.against}."
    now, before = change.now[0], change.before[0]
    return f"**{name}**: {number(before)} → {number(now)}, {wording.signed(now - before)} hồ sơ so với {asked.against}."


def _mainly(change: Change, asked: Asked) -> str:
    """Name the one part that did most of it, in the direction that the figure went."""
    found = mainly(change)
    if found is None:
        return ""
    few = found.part.cell.several > 1
    who = f"các nơi ít {noun(asked.metric)}" if few else f"**{wording.plain(label(found.part.cell, asked), 90)}**"
    said = {
        Factor.PERFORMANCE: f"do thực hiện tại {who}", Factor.MIX: f"do tỷ trọng công việc của {who} thay đổi",
        Factor.VOLUME: f"do khối lượng của {who}",
    }[found.factor]  # fmt: skip
    return f"Chủ yếu {said}: {moved(found.value, asked.metric)}."


def _by_factor(change: Change, *, rate: bool) -> str:
    done, mix = change.performance, change.mix
    if rate:
        told = f"Do thực hiện {_points(done)}, do cơ cấu {_points(mix)}."
        return f"{told} Khối lượng không làm thay đổi tỷ lệ."
    return f"Do khối lượng {_count(change.volume)}, do cơ cấu {_count(mix)}, do thực hiện {_count(done)} hồ sơ."


def _values(part: Part) -> tuple[Fraction, Fraction, Fraction]:
    return part.performance, part.mix, part.volume


def moved(value: Fraction, metric: str) -> str:
    """Write what a part contributed: points of a rate, dossiers of a count."""
    return _points(value) if is_rate(metric) else f"{_count(value)} hồ sơ"


def _points(value: Fraction) -> str:
    return f"{formats.signed(float(100 * value), 2)} điểm"


def _bare(value: Fraction) -> str:
    return formats.signed(float(100 * value), 2)


def _count(value: Fraction) -> str:
    return formats.signed(float(value), 0 if value.denominator == 1 else 1)


def label(cell: Cell, asked: Asked) -> str:
    """Name a cell; several small ones are what is left."""
    if cell.several > 1:
        return f"Còn lại ({number(cell.several)})"
    if cell.name is None:
        return "Chưa ghi"
    return wording.flat(asked.names.get(cell.name, cell.name) if asked.by == "thu-tuc" else cell.name, 300)


def _bar(part: Part, asked: Asked, factors: Sequence[str]) -> Bar:
    name, scale = label(part.cell, asked), 100 if is_rate(asked.metric) else 1
    told = [f"{factor}: {moved(value, asked.metric)}" for factor, value in zip(factors, _values(part), strict=False)]
    both = f"{_level(part.cell.before, asked)} → {_level(part.cell.now, asked)}"
    hover = "<br>".join((f"<b>{wording.in_chart(name, 90)}</b>", both, *told))
    values = [float(scale * value) for value in _values(part)[: len(factors)]]
    total = _bare(part.total) if is_rate(asked.metric) else _count(part.total)  # a phone has no room for the unit
    return Bar(procedures.short(name, 60), values, total, hover)


def _of_rest(parts: Sequence[Part], asked: Asked, factors: Sequence[str]) -> Bar:
    """Add up the lines that the chart has no room for."""
    added = [sum((_values(part)[i] for part in parts), Fraction(0)) for i in range(3)]
    several = sum(part.cell.several for part in parts)
    whole = Part(Cell(None, (0, 0), (0, 0), max(2, several)), added[2], added[1], added[0])
    drawn = _bar(whole, asked, factors)
    name = f"Khác ({number(several)})"
    return replace(drawn, name=name, hover=f"<b>{name}</b><br>{moved(whole.total, asked.metric)}")


def _level(pair: Pair, asked: Asked) -> str:
    if not is_rate(asked.metric):
        return number(pair[0])
    return quality.shown(pair, asked.small)


def narrowed(cell: Cell, asked: Asked) -> Choice:
    """Choose a cell beside what is chosen already."""
    name = {"don-vi": "department", "linh-vuc": "field", "thu-tuc": "procedure"}[asked.by]
    return replace(asked.choice, **{name: NONE if cell.name is None else cell.name})  # type: ignore[arg-type]


def _links(cell: Cell, asked: Asked) -> Sequence[Link]:
    """Lead to the dossiers behind a cell's performance; what is left of many cells has no list."""
    if cell.several > 1 or asked.metric == SATISFIED:
        return []  # slips have no list: they are nobody's to see one by one
    choice, metric = narrowed(cell, asked), asked.metric
    counts = asked.counts.get(cell.name, {})
    if metric in ("on_time_due", "due_missed"):
        due, met = counts.get("due", 0), counts.get("due_met", 0)
        lists: Sequence[tuple[Any, str, str]] = ((due - met, "trễ hẹn", "tre-hen"), (due, "đến hẹn", "den-hen"))
    elif metric == "received":
        lists = ((counts.get("received", 0), "tiếp nhận", "da-nhan"),)
    elif metric == UPCOMING:
        lists = tuple((counts.get(code, 0), words, code) for code, words in SOON.items())
    else:
        return quality.links(choice, Told(metric, (), counts))
    return [Link(f"{number(n)} {words}", choice.query(**{GROUP: group})) for n, words, group in lists if n]


#: What falls due soon: list → what it is called.
SOON: Final = {"hom-nay": "hôm nay", "con-1-ngay": "còn 1 ngày", "con-2-3-ngay": "còn 2–3 ngày"}


def _table(parts: Sequence[Part], change: Change, asked: Asked, factors: Sequence[str]) -> Lined:
    heading, rate = BYS[asked.by][1], is_rate(asked.metric)
    heads = [heading, "Trước", "Nay", *(["Tỷ trọng trước", "Tỷ trọng nay"] if rate else []), *factors, "Thay đổi"]
    lines = [_cells(part, change, asked, factors, rate=rate) for part in parts]
    sizes = ["Trước: tử số", "Trước: mẫu số", "Nay: tử số", "Nay: mẫu số"]
    kinds: dict[str, Any] = {heading: pl.String} | dict.fromkeys(sizes, pl.Int64)
    unit = "điểm" if rate else "hồ sơ"
    kinds |= dict.fromkeys([f"{name} ({unit})" for name in (*factors, "Thay đổi")], pl.Float64)
    scale = 100 if rate else 1
    values = [
        (label(part.cell, asked), *part.cell.before, *part.cell.now,
         *(float(scale * value) for value in (*_values(part)[: len(factors)], part.total)))
        for part in parts
    ]  # fmt: skip
    return Lined(
        pl.DataFrame(lines, schema=heads, orient="row"), [_links(part.cell, asked) for part in parts],
        pl.DataFrame(values, schema=kinds, orient="row"), [label(part.cell, asked) for part in parts],
    )  # fmt: skip


def _cells(part: Part, change: Change, asked: Asked, factors: Sequence[str], *, rate: bool) -> tuple[str, ...]:
    cell = part.cell
    shares = (percent(cell.before[1], change.before[1]), percent(cell.now[1], change.now[1])) if rate else ()
    values = (*_values(part)[: len(factors)], part.total)
    write = _bare if rate else _count
    name = procedures.short(label(cell, asked), procedures.LONGEST)
    return (name, _level(cell.before, asked), _level(cell.now, asked), *shares, *(write(value) for value in values))


def _turned(change: Change, asked: Asked) -> Sequence[str]:
    """Say that nearly all cells moved one way and the whole the other (metrics.standardised): it is the mix."""
    if not is_rate(asked.metric):
        return []
    rules = insight.load().alike
    named = [part.cell for part in change.parts if part.cell.several == 1]
    found = reversal(named, fewest=asked.small, nearly=rules.nearly, gap=rules.gap)
    if found is None:
        return []
    up, down = ("tăng", "giảm") if found.better else ("giảm", "tăng")
    return [f"Tỷ lệ {up} ở {number(found.parts)} / {number(found.of)} nơi, nhưng cộng lại {down}: do cơ cấu công việc."]


def _notes(change: Change, asked: Asked) -> Sequence[str]:
    few = sum(part.cell.several for part in change.parts if part.cell.several > 1)
    what = noun(asked.metric)
    notes = [f"Dưới {number(asked.small)} {what} ở cả hai kỳ, gộp vào “Còn lại”: {number(few)}."] if few else []
    fresh = sum(not part.cell.before[1] for part in change.parts if part.cell.now[1])
    ended = sum(not part.cell.now[1] for part in change.parts if part.cell.before[1])
    notes += _turned(change, asked)
    notes += [_CAME_AND_WENT[what].format(number(fresh), number(ended))] if fresh or ended else []
    if asked.choice.running:
        rate = is_rate(asked.metric)
        notes.append("Kỳ chưa hết: " + ("so với cả kỳ trước." if rate else "so với cùng số ngày của kỳ trước."))
    return notes
