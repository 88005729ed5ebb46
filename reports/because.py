"""Why the headline rate moved: one sentence, where it moved beyond ordinary variation, else none.

The split is that of the page "Vì sao thay đổi" (metrics.decomposition), of the very dossiers that the tile counts.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from config import catalogue
from metrics import decomposition
from metrics.decomposition import Change, Factor
from metrics.heard import Question, left_expr
from metrics.signals import SIGNALS
from reports import formats
from reports.editions import judged_on
from reports.measure import Asked, Unit, pair
from reports.slots import Slots, sentence

METRIC: Final = "on_time_due"
#: Page one keeps it longer than anything but the unit that fell most.
RANK: Final = 92
_BY: Final = {
    Factor.PERFORMANCE: "thực hiện tại",
    Factor.MIX: "tỷ trọng công việc của",
    Factor.VOLUME: "khối lượng của",
}


def because(asked: Asked, whole: Unit, slots: Slots) -> list[dict[str, Any]]:
    """Write W01: what the change of the rate is made of, and who did most; nothing without a signal.

    ``whole``: what the tile tells. Silent too where one unit alone has anything due, which its own line tells, and
    where the split is not of what the tile counts, as when a source was heard in one of the two periods alone.
    """
    if whole.before is None or whole.judged.verdict not in SIGNALS:
        return []
    change = split(asked)
    if change is None or len(change.parts) < 2 or not change.change:
        return []
    if (change.now, change.before) != (pair(whole.now), pair(whole.before)):
        return []
    up = change.change > 0
    done, mix = (_points(slots, f"why.{name}", value) for name, value in _factors(change))
    text = f"**Vì sao {'tăng' if up else 'giảm'}**: do thực hiện {done} điểm, do cơ cấu {mix} điểm"
    return [sentence("W01", text + _mostly(change, asked, slots) + ".") | {"rank": RANK}]


def split(asked: Asked) -> Change | None:
    """Split the rate of the period by department (of a unit's own sheet: by field), small ones together."""
    by = "field" if asked.edition.unit else "department"
    heard = replace(asked, cube=asked.cube.filter(~left_expr(asked.silent))) if asked.silent else asked
    now = Question(asked.week, judged_on(asked.week), asked.scope)
    then = replace(now, period=asked.edition.charted(asked.week)[-2])
    cells = decomposition.asked(heard.cube, now, then, by, METRIC)
    return decomposition.of_rate(decomposition.merged(cells, catalogue.load().small))


def _factors(change: Change) -> tuple[tuple[str, Fraction], ...]:
    return ("done", change.performance), ("mix", change.mix)


def _points(slots: Slots, key: str, value: Fraction) -> str:
    return slots.put(key, formats.signed(float(100 * value), 2), v=float(value), metric=METRIC)


def _mostly(change: Change, asked: Asked, slots: Slots) -> str:
    found = decomposition.mainly(change)
    if found is None:
        return ""
    name, few = found.part.cell.name, found.part.cell.several > 1
    if asked.edition.unit:
        told, rest = f"lĩnh vực {slots.name('why.name', formats.lowered(name or 'không ghi'))}", "các lĩnh vực ít hồ sơ"
    else:
        told, rest = slots.name("why.name", name or "hồ sơ không ghi cơ quan, đơn vị"), "các nơi ít hồ sơ"
    who = rest if few else f"**{told}**"
    return f"; nhiều nhất do {_BY[found.factor]} {who} {_points(slots, 'why.most', found.value)} điểm"
