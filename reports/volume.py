"""How much came in and was finished: of the period, online by department, and since a day the office names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.report import Friday
from metrics import heard, state_year
from metrics.scope import Period
from reports import formats
from reports.editions import judged_on
from reports.measure import Asked, Counts, Unit, pair
from reports.slots import Sentence, Slots, sentence

#: What page one gives up first when it is full.
_RANKS: Final = {"H21": 4, "H22": 5}
#: Departments named with what came in online; the rest are one number.
_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Since:
    """Counts from a day on to the end of the period."""

    start: date
    counts: Counts


def since(asked: Asked, settings: Friday) -> Since | None:
    """Count from the day that the office names, or from the beginning of the year; None when it names none.

    The calendar year for weeks, the state's (from 15/12) for the state's periods.
    """
    start = _start(asked, settings)
    if start is None or start > asked.week.end:
        return None
    whole = Period(start, asked.week.end)
    question = heard.Question(whole, judged_on(whole), asked.scope)
    return Since(start, heard.told(asked.cube, question, asked.silent, asked.calendar).row(0, named=True))


def _start(asked: Asked, settings: Friday) -> date | None:
    if settings.cumulative_since != "year":
        return settings.cumulative_since or None
    if asked.edition.id == "friday":
        return date(asked.week.end.year, 1, 1)
    return state_year.containing(asked.week.end, 12).start


def flow(
    whole: Unit, departments: Sequence[Unit], told: Since | None, settings: Friday, slots: Slots
) -> list[Sentence]:
    """Write H20, and where they are asked for H21 and H22."""
    found = [_came_and_went(whole, slots)]
    if settings.online_by_department:
        found += _online(whole, departments, slots)
    if told is not None:
        found += _cumulative(told, slots)
    return found


def _came_and_went(whole: Unit, slots: Slots) -> Sentence:
    came, (online, known) = whole.count("received"), pair(whole.now, "online_share")
    text = f"Trong {slots.noun} tiếp nhận {slots.count('rec', came, 'received')} hồ sơ"
    if known:
        base = "" if known == came else " số có ghi kênh nộp"
        text += f" (trực tuyến {slots.rate('on.sh', online, known, 'online_share')}{base})"
    done, (ok, judged) = whole.count("resolved"), pair(whole.now, "on_time_resolved")
    text += f", giải quyết {slots.count('res', done, 'resolved')} hồ sơ"
    if judged:
        base = _base(judged, done)
        in_time = slots.count("res.ok", ok, "resolved_early_or_on_time")
        text += f", trong đó trước hạn và đúng hạn {in_time} hồ sơ"
        text += f" ({slots.rate('res.rate', ok, judged, 'on_time_resolved')} {base})"
    return sentence("H20", text + ".")


def _base(judged: int, done: int) -> str:
    """Name what a share of the resolved is of: those without a usable due date are in none."""
    return "số đã giải quyết" if judged == done else "số đã giải quyết có ngày hẹn trả"


def _online(whole: Unit, departments: Sequence[Unit], slots: Slots) -> list[Sentence]:
    """Say which departments received most online (H21)."""
    total = whole.count("received_online")
    if not total:
        return []
    named = [u for u in departments if u.name and u.count("received_online")]
    most = sorted(named, key=lambda u: (-u.count("received_online"), u.name or ""))[:_NAMED]
    told = [_one(u, at, slots) for at, u in enumerate(most, start=1)]
    rest = total - sum(u.count("received_online") for u in most)
    told += [f"các đơn vị khác {slots.count('on.rest', rest, 'received_online')}"] if rest else []
    text = f"Tiếp nhận trực tuyến {slots.count('on.n', total, 'received_online')} hồ sơ: {', '.join(told)}."
    return [sentence("H21", text) | {"rank": _RANKS["H21"]}]


def _one(unit: Unit, at: int, slots: Slots) -> str:
    name = slots.name(f"on.{at}.name", str(unit.name))
    return f"{name} {slots.count(f'on.{at}', unit.count('received_online'), 'received_online', str(unit.name))}"


def _cumulative(told: Since, slots: Slots) -> list[Sentence]:
    """Say what came in and how it was answered since a day (H22)."""
    counts, day = told.counts, slots.day("cum.start", told.start)
    came, done = int(counts["received"]), int(counts["resolved"])
    if not came and not done:
        return []
    text = f"Lũy kế từ ngày {day}: giải quyết {slots.count('cum.res', done, 'resolved')} hồ sơ"
    text += f", tiếp nhận {slots.count('cum.rec', came, 'received')} hồ sơ"
    (ok, judged), (early, in_time) = pair(counts, "on_time_resolved"), pair(counts, "early_of_on_time")
    if judged:
        text += f"; trước hạn và đúng hạn {slots.count('cum.ok', ok, 'resolved_early_or_on_time')}"
        text += f" ({_share('cum.rate', ok, judged, 'on_time_resolved', slots)} {_base(judged, done)})"
        text += f", riêng trước hạn {slots.count('cum.early', early, 'resolved_early')}"
        text += (
            f" ({_share('cum.early.rate', early, in_time, 'early_of_on_time', slots)} trong số đó)" if in_time else ""
        )
        text += f"; quá hạn {slots.count('cum.late', judged - ok, 'resolved_overdue')}"
        text += f" ({_share('cum.late.rate', judged - ok, judged, 'on_time_resolved.missed', slots)})"
    return [sentence("H22", text + ".") | {"rank": _RANKS["H22"]}]


def _share(key: str, n: int, d: int, metric: str, slots: Slots) -> str:
    """Write a share with one decimal, as the published reports do; it is compared with no other week."""
    return slots.put(key, formats.percent(n, d, 1), v=n / d, metric=metric, n=n, d=d)
