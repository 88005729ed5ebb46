"""The first block: at most three sentences that say what is out of the ordinary, who, and since when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from config import insight
from dashboard import wording
from dashboard.answers import fresh, signalled
from dashboard.filters import DEPARTMENT, FIELD, GROUP, Choice
from dashboard.shapes import SOURCES, Alarm, Link
from dashboard.wording import number
from metrics import signals
from metrics.charts_of_control import begun_at
from metrics.scope import Period
from metrics.signals import Judged

MOST: Final = 3
Breaks = Callable[[str], Sequence[date]]
UNBROKEN: Final[Breaks] = lambda _: ()  # noqa: E731  a value: no unit of the question was ever rearranged


def stock_period(choice: Choice) -> Period:
    """Give the weeks that stocks are compared over: those of the chosen week and of the one before."""
    return Period(choice.monday - timedelta(weeks=insight.load().signal.before + 1), choice.week.end)


@dataclass(frozen=True, slots=True)
class Growth:
    """The overdue stock of one department and field, worse than usual; by how many it grew in the week of
    ``monday``, and by which rule it is a signal."""

    department: str
    field: str
    now: int
    more: int
    monday: date
    judged: Judged


def growths(choice: Choice, stocks: pl.DataFrame, breaks: Breaks = UNBROKEN) -> list[Growth]:
    """Find the stocks that grew beyond the usual, the largest growth first.

    ``stocks``: metrics.evaluate by department, field, week over ``stock_period``; ``breaks``: gives the days at which
    the limits of a unit restart (config.breaks).
    """
    wide = stocks.select("department", "field", "week", "pending_overdue").drop_nulls()
    found = [
        _growth(choice, str(names[0]), str(names[1]), rows, breaks(str(names[0])))
        for names, rows in wide.partition_by("department", "field", as_dict=True).items()
    ]
    return sorted((g for g in found if g is not None), key=lambda g: -g.more)


def _growth(
    choice: Choice, department: str, field: str, rows: pl.DataFrame, breaks: Sequence[date]
) -> Growth | None:  # fmt: skip
    """Judge the chosen week; one that still runs is short, so what grew in the week before is said until it falls."""
    known = dict(rows.select("week", "pending_overdue").iter_rows())
    rules = insight.load().signal
    mondays = [choice.monday - timedelta(weeks=i) for i in range(rules.before + 1, -1, -1)]
    stocks = [int(known.get(monday, 0)) for monday in mondays][begun_at(mondays, len(mondays) - 1, 7, breaks) :]
    found = signals.growing(stocks, rules) if choice.running else signals.grown_by(stocks, rules)
    if found is None:
        return None
    return Growth(department, field, stocks[-1], found.more, mondays[-1 - found.ago], found.judged)


def during(choice: Choice, monday: date) -> str:
    """Say in which week something grew: in this one, or in one before."""
    return "trong tuần" if monday == choice.monday else f"trong {wording.week_number(monday).lower()}"


def alarms(
    choice: Choice, stocks: pl.DataFrame, *, waiting: int, sources: pl.DataFrame, now: datetime,
    breaks: Breaks = UNBROKEN,
) -> Sequence[Alarm]:  # fmt: skip
    """Say what breaks now: growing stocks, applicants without an answer, silent sources."""
    grown = [_growth_words(choice, g) for g in growths(choice, stocks, breaks)[:2]]
    unanswered = [_waiting_words(choice, waiting)] if waiting else []
    silent = [
        Alarm("data", wording.plain(text), Link("Xem nguồn", {}, SOURCES)) for text in fresh.late(sources, now)[:1]
    ]
    return (grown[: MOST - len(unanswered) - len(silent)] + unanswered + silent)[:MOST]


def _growth_words(choice: Choice, g: Growth) -> Alarm:
    who = f"**{wording.plain(g.department, 60)}, {wording.plain(g.field.lower(), 60)}:**"
    grown = f"tăng {number(g.more)} {during(choice, g.monday)}; {signalled.why(g.judged)}"
    text = f"{who} {number(g.now)} hồ sơ quá hạn, {grown}"
    query = choice.query(**{GROUP: "qua-han", DEPARTMENT: g.department, FIELD: g.field})
    return Alarm("overdue", text, Link("Mở danh sách", query))


def _waiting_words(choice: Choice, waiting: int) -> Alarm:
    text = f"**{number(waiting)} hồ sơ trực tuyến** chờ tiếp nhận quá 8 giờ làm việc, chưa được tiếp nhận hoặc từ chối"
    return Alarm("due_soon", text, Link("Mở danh sách", choice.query(**{GROUP: "cho-qua-8-gio"})))
