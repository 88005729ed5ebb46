"""Which departments and fields changed: worse first, signals before ordinary variation, small numbers named as such."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from config import catalogue
from metrics.signals import Verdict
from reports import formats
from reports.measure import Unit, change, pair
from reports.slots import Sentence, Slots, sentence
from reports.verdicts import row_of

WORSE_DEPARTMENTS: Final = 3
BETTER_DEPARTMENTS: Final = 2

_CONCLUDED: Final = (Verdict.WORSE, Verdict.BETTER, Verdict.NORMAL)

Kind = Literal["dep", "f"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Sentences of section 1 and the department whose rate fell most beyond ordinary variation."""

    sentences: list[Sentence]
    worst: Unit | None


def changes(
    departments: Sequence[Unit], fields: Sequence[Unit], unheard: Collection[str | None], slots: Slots
) -> Changes:
    """Write section 1. ``unheard``: departments that a silent source feeds; nothing is concluded of them.

    Ranked by dossiers affected (due × points), not by points.
    """
    if not any(u.before is not None for u in (*departments, *fields)):
        none = f"Không có số liệu {slots.noun} trước theo cơ quan, lĩnh vực; chưa so sánh được."
        return Changes([sentence("D00", none)], None)
    heard = [u for u in departments if u.name not in unheard]
    down, up = _signals(heard, Verdict.WORSE, slots), _signals(heard, Verdict.BETTER, slots)
    known_fields = [] if unheard else list(fields)
    f_down = _other(_signals(known_fields, Verdict.WORSE, slots), down)
    f_up = _other(_signals(known_fields, Verdict.BETTER, slots), up)
    found = [
        *(_line(u, "dep", slots, rank=95 - 5 * k) for k, u in enumerate(down[:WORSE_DEPARTMENTS])),
        *(_line(u, "f", slots, rank=70) for u in f_down[:1]),
        *_unheard(departments, unheard, slots),
        *(_line(u, "dep", slots, rank=40 - 5 * k) for k, u in enumerate(up[:BETTER_DEPARTMENTS])),
        *(_line(u, "f", slots, rank=30) for u in f_up[:1]),
        *_neither(known_fields if slots.edition.unit else [*heard, *known_fields], bool(unheard), slots),
        *_ordinary(heard, bool(down), slots),
        *_small(heard, slots),
    ]
    return Changes(found, down[0] if down else None)


def _signals(units: Sequence[Unit], verdict: Verdict, slots: Slots) -> list[Unit]:
    return sorted((u for u in units if u.verdict == verdict), key=lambda u: -_affected(u, slots.places))


def _other(fields: Sequence[Unit], departments: Sequence[Unit]) -> list[Unit]:
    """Leave out a field whose figures are those of one department: the same dossiers are told once."""
    told = [(pair(d.now), pair(d.before)) for d in departments]
    return [f for f in fields if (pair(f.now), pair(f.before)) not in told]


def _affected(unit: Unit, places: int) -> float:
    return abs(change(unit, places) or 0) * pair(unit.now)[1]


def _key(unit: Unit, kind: Kind) -> str:
    """Name a unit's figures by its place in the alphabet of keys: the name itself, less what a slot may not hold."""
    return f"{kind}.{(unit.name or '-').replace('[', '(').replace(']', ')')}"


def _label(unit: Unit, kind: Kind, slots: Slots, mark: str = "") -> str:
    if kind == "f":
        return f"**Lĩnh vực {slots.name(_key(unit, kind) + '.name', formats.lowered(unit.name or 'không ghi'))}{mark}**"
    return f"**{slots.name(_key(unit, kind) + '.name', (unit.name or 'Không ghi cơ quan, đơn vị') + mark)}**"


def _rate(unit: Unit, key: str, slots: Slots) -> str:
    (n, d), scope = pair(unit.now), unit.name or ""
    of = slots.pair(f"{key}.nd", n, d, "on_time_due", scope)
    return f"{slots.rate(f'{key}.rate', n, d, 'on_time_due', scope)} ({of})"


def _stock(unit: Unit, key: str, slots: Slots) -> str:
    count = slots.count(f"{key}.od", unit.count("pending_overdue"), "overdue_pending", unit.name or "")
    return f"tồn quá hạn {count}"


def _line(unit: Unit, kind: Kind, slots: Slots, *, rank: int) -> dict[str, Any]:
    """Write D03–D07 or F03–F05: subject, figure (n/d), change, verdict."""
    key, points, found = _key(unit, kind), change(unit, slots.places), unit.verdict
    text = f"{_label(unit, kind, slots)}: {_rate(unit, key, slots)}"
    rule = "D03" if found == Verdict.WORSE else "D05" if found == Verdict.BETTER else "D04"
    if points is not None and points != 0:
        by = slots.put(f"{key}.pp", formats.number(abs(points), slots.places), v=points / 100, metric="on_time_due")
        text += f", {'tăng' if points > 0 else 'giảm'} {by} điểm"
    against = points is None or (points < 0) != (found == Verdict.WORSE)
    row = row_of(unit.judged, slots, key)
    if row:
        text += f", {row}"
    else:
        kept = found == Verdict.WORSE and _at_goal(unit)
        text += _limit(unit, key, slots) if (against or kept) and found != Verdict.NORMAL else _verdict(found)
        text += ", vẫn đạt mục tiêu" if kept else ""
    if kind == "dep" and found != Verdict.NORMAL:
        text += f"; {_stock(unit, key, slots)}"
    return sentence("D07" if against else rule.replace("D", "F") if kind == "f" else rule, text + ".") | {"rank": rank}


def _verdict(found: Verdict) -> str:
    return ", dao động thường" if found == Verdict.NORMAL else ", vượt dao động thường"


def _at_goal(unit: Unit) -> bool:
    """Say whether a rate is where it should be: below its usual limits it is still no failure."""
    (met, due), goal = pair(unit.now), catalogue.load()["on_time_due"].target
    return goal is not None and due > 0 and met >= goal * due


def _limit(unit: Unit, key: str, slots: Slots) -> str:
    """Say which limit is passed, where last week's figure does not show it."""
    chart = unit.chart
    if chart is None:
        return ""
    limits = chart.at(pair(unit.now)[1])
    if unit.verdict == Verdict.WORSE:
        return f", dưới giới hạn dưới {slots.limit(f'{key}.lcl', limits.lower, 'on_time_due.lcl', unit.name or '')}"
    return f", trên giới hạn trên {slots.limit(f'{key}.ucl', limits.upper, 'on_time_due.ucl', unit.name or '')}"


def _unheard(departments: Sequence[Unit], unheard: Collection[str | None], slots: Slots) -> list[Sentence]:
    """Name the largest unit that a silent source feeds (D14)."""
    fed = [u for u in departments if u.name in unheard and (pair(u.now)[1] or u.count("pending_overdue"))]
    if not fed:
        return []
    unit = max(fed, key=lambda u: u.count("pending_overdue"))
    key = _key(unit, "dep")
    rate = _rate(unit, key, slots) if pair(unit.now)[1] else "không có dữ liệu để tính tỷ lệ"
    text = f"{_label(unit, 'dep', slots, '°')}: {rate}, {_stock(unit, key, slots)}"
    return [sentence("D14", text + "; chưa kết luận do thiếu số liệu.") | {"rank": 80}]


def _neither(parts: Sequence[Unit], some_unheard: bool, slots: Slots) -> list[Sentence]:
    """Say that no rate of a part got worse, or better (D10–D12), where anything can be concluded at all (D13).

    The parts of a unit's own sheet are its fields: the tiles say what became of the unit itself.
    """
    which = "lĩnh vực" if slots.edition.unit else "cơ quan, lĩnh vực"
    found = {u.verdict for u in parts}
    if found.isdisjoint(_CONCLUDED):
        few = f"Chưa đủ số hồ sơ hoặc số {slots.noun} để kết luận về thay đổi theo {which}."
        return [sentence("D13", few)]
    none = f"Không {'lĩnh vực' if slots.edition.unit else 'cơ quan, đơn vị hoặc lĩnh vực'} nào "
    none += f"{'đủ số liệu ' if some_unheard else ''}có tỷ lệ đúng hạn "
    down, up = Verdict.WORSE in found, Verdict.BETTER in found
    if not down and not up:
        return [sentence("D11", none + "giảm hoặc cải thiện vượt mức dao động thường.")]
    if not down:
        return [sentence("D10", none + "giảm vượt mức dao động thường.")]
    if not up:
        return [sentence("D12", none + "cải thiện vượt mức dao động thường.") | {"rank": 65}]
    return []


def _ordinary(heard: Sequence[Unit], down: bool, slots: Slots) -> list[dict[str, Any]]:
    """Without a signal, name the largest fall that is ordinary variation (D04)."""
    fell = [u for u in heard if u.verdict == Verdict.NORMAL and (change(u, slots.places) or 0) < 0]
    if down or not fell:
        return []
    return [_line(max(fell, key=lambda u: _affected(u, slots.places)), "dep", slots, rank=20)]


def _small(heard: Sequence[Unit], slots: Slots) -> list[dict[str, Any]]:
    """Name the unit with few dossiers due and the most of them missed (D08)."""
    few = [u for u in heard if u.verdict == Verdict.SMALL and _missed(u)]
    if not few:
        return []
    unit = max(few, key=_missed)
    pairs = slots.pair(f"{_key(unit, 'dep')}.nd", *pair(unit.now), "on_time_due", unit.name or "")
    text = f"{_label(unit, 'dep', slots)}: {pairs} hồ sơ đúng hạn; số nhỏ, không kết luận tăng hay giảm."
    return [sentence("D08", text) | {"rank": 10}]


def _missed(unit: Unit) -> int:
    met, due = pair(unit.now)
    return due - met
