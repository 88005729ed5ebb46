"""Tổng quan: is anything breaking now, where, whose, and how sure are the data? Ready values for its cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from config import insight
from config.catalogue import CatalogueFile, Metric
from dashboard import charts, wording
from dashboard.answers import signalled, yearly
from dashboard.answers.flow import Flow as Flow
from dashboard.answers.flow import flow as flow
from dashboard.answers.weeks import Weeks as Weeks
from dashboard.answers.weeks import told as told
from dashboard.answers.weeks import ways
from dashboard.answers.weeks import weeks_of as weeks_of
from dashboard.answers.why_links import why
from dashboard.charts import WeekRate
from dashboard.filters import AGE, AGES, GROUP, Choice
from dashboard.shapes import Due, Headline, Tone
from dashboard.template import Theme
from dashboard.wording import number, percent
from metrics import signals
from metrics.calendar import WorkingCalendar
from metrics.charts_of_control import Limits, begun_at
from metrics.scope import Period
from metrics.signals import Judged

AGE_COLUMNS: Final = ("overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30")
TREND_WEEKS: Final = 78
PHONE_WEEKS: Final = 26
SPARK_WEEKS: Final = 13


def trend_period(choice: Choice, weeks: int) -> Period:
    """Give the weeks a trend shows and, before them, those its first limits need."""
    return Period(choice.monday - timedelta(weeks=weeks + insight.load().signal.before - 1), choice.week.end)


def on_time(
    choice: Choice, weeks: Weeks, catalogue: CatalogueFile, year_ago: yearly.Figures | None = None
) -> Headline:  # fmt: skip
    """Say how many of the promises that fell due in the week were kept (``told`` says in which). ``year_ago``: figures
    of that week a year ago."""
    metric, asked = catalogue["on_time_due"], choice
    choice, weeks = told(asked, weeks)
    rates = weeks.rates()
    met, due = rates[-1] or (0, 0)
    before = (rates[-2] if len(rates) > 1 else None) or (0, 0)
    few = 0 < due < catalogue.small
    change = None if few else wording.points((met, due), before)
    judged = signals.judge_rates(rates, insight.load().signal)
    return Headline(
        key="on_time_due",
        title=metric.title,
        value=f"n = {due}" if few else percent(met, due),
        meaning=meaning(metric),
        parts=_parts(met, due, few) + ("" if choice == asked else f". {instead(choice)}"),
        verdict=signalled.VERDICTS[judged.verdict],
        why=signalled.why(judged),
        change=change,
        against=_against(choice) if change else None,
        trend=[n / d if d else None for n, d in (r or (0, 0) for r in rates[-SPARK_WEEKS:])],
        target=metric.target,
        notes=_on_time_notes(weeks.now, metric.target, yearly.rate((met, due), year_ago, small=catalogue.small)),
        links=(
            *ways(due, "đến hẹn", choice.query(**{GROUP: "den-hen"})),
            *ways(due - met, "trễ hẹn", choice.query(**{GROUP: "tre-hen"})),
        ),
        explained=why(choice, "on_time_due") if due else None,
    )  # fmt: skip


def _parts(met: int, due: int, few: bool) -> str:
    if not due:
        return "Chưa có hồ sơ đến ngày hẹn"
    return f"**{number(met)}** / {number(due)} hồ sơ đến ngày hẹn" + ("" if few else spread((met, due)))


def spread(pair: tuple[int, int]) -> str:
    """Say behind its parts how far chance alone may carry a share; "" of many."""
    between = wording.within(*pair)
    return f" · {between}" if between else ""


def instead(choice: Choice) -> str:
    """Say that another week is told than the one that runs."""
    return f"Tuần này chưa có hồ sơ đến hẹn; đang xem {wording.week_number(choice.monday).lower()}"


def _on_time_notes(now: dict[str, int], target: float | None, then: str) -> str:
    goal = f"mục tiêu {number(100 * target)}\u00a0%" if target else ""
    first = percent(now.get("due_first_met", 0), now.get("due_first", 0))
    aside = f"dời hẹn {number(now.get('extended_out', 0))} · tạm dừng {number(now.get('suspended_out', 0))}"
    return _in_lines(" · ".join(text for text in (goal, then) if text), f"theo hẹn lần đầu {first} · {aside}")


def _in_lines(*lines: str) -> str:
    """Write what there is to say one line under the other, each beginning with a capital."""
    return "  \n".join(line[:1].upper() + line[1:] for line in lines if line)


def overdue(
    choice: Choice, weeks: Weeks, oldest: int | None, catalogue: CatalogueFile, theme: Theme,
    year_ago: yearly.Figures | None = None,
) -> Headline:  # fmt: skip
    """Say how many pending dossiers are past their promise, and for how long. ``year_ago``: figures of then."""
    metric = catalogue["pending_overdue"]
    stocks = weeks.column("pending_overdue")
    now = stocks[-1]
    judged, moved = stock_judged(weeks), stock_change(choice, weeks)
    ages = [weeks.now.get(name, 0) for name in AGE_COLUMNS]
    return Headline(
        key="pending_overdue",
        title=metric.title,
        value=number(now),
        meaning=meaning(metric),
        parts=f"Tuổi theo ngày làm việc; cũ nhất **{number(oldest)}** ngày" if oldest else "Không có hồ sơ quá hạn",
        verdict=signalled.VERDICTS[judged.verdict],
        why=signalled.why(judged),
        change=moved[0] if moved else None,
        against=moved[1] if moved else None,
        trend=[float(n) for n in stocks[-SPARK_WEEKS:]],
        figure=charts.age_strip(ages, tuple(AGES), theme=theme),
        links=(
            *ways(now, "quá hạn", choice.query(**{GROUP: "qua-han"})),
            *ways(ages[-1], "trên 30 ngày", choice.query(**{GROUP: "qua-han", AGE: "> 30"})),
        ),
        notes=_in_lines(
            f"trên {number(weeks.now.get('pending', 0))} hồ sơ đang giải quyết",
            yearly.stock(now, year_ago, "pending_overdue"),
        ),
        explained=why(choice, "pending_overdue"),
    )  # fmt: skip


def stock_judged(weeks: Weeks) -> Judged:
    """Judge the overdue stock of now by the weeks before; the wall tells it by the same."""
    now = weeks.column("pending_overdue")[-1]
    return signals.judge_stocks([*_known(weeks, "pending_overdue")[:-1], now], insight.load().signal)


def stock_change(choice: Choice, weeks: Weeks) -> tuple[str, str] | None:
    """Give by how many the overdue stock of now differs from that of the end of last week, and against what; None
    where that is not known."""
    stocks = weeks.column("pending_overdue")
    known = len(weeks.rows) > 1 and bool(weeks.rows[-2])
    return (wording.signed(stocks[-1] - stocks[-2]), _against(choice)) if known else None


def _known(weeks: Weeks, name: str) -> list[int | None]:
    return [row[name] if row else None for row in weeks.rows]


def meaning(metric: Metric) -> str:
    """Give what stands behind the question mark: meaning, what it is not, its first weakness, basis; short, for the
    rest is in the handbook."""
    care = f"Lưu ý: {' '.join(text for text in (metric.is_not, *metric.weaknesses[:1]) if text)}"
    basis = f"Căn cứ: {metric.legal_basis}. " if metric.legal_basis else ""
    return f"{metric.meaning}\n\n{care}\n\n{basis}Công thức, người chịu trách nhiệm, điểm yếu khác: Sổ tay chỉ số."


def _against(choice: Choice) -> str:
    return f"so với {wording.week_number(choice.monday - timedelta(weeks=1)).lower()}"


def trend(choice: Choice, weeks: Weeks, *, days: int = 7, breaks: Sequence[date] = ()) -> list[WeekRate]:
    """Give each week's rate with its limits from the weeks before it, back to the last of ``breaks``.

    ``days``: how long each of ``weeks`` is, where few dossiers are told by several weeks together.
    """
    rates, rules = weeks.rates(), insight.load().signal
    points = []
    for i in range(rules.before, len(rates)):
        first = begun_at(weeks.mondays, i, days, breaks)
        judged = signals.judge_rates(rates[first : i + 1], rules)
        points.append(_week_rate(choice, weeks.mondays[i], rates[i], judged, days))
    begun = next((i for i, point in enumerate(points) if point.rate is not None), 0)
    return points[begun:]


def _week_rate(choice: Choice, monday: date, rate: tuple[int, int] | None, judged: Judged, days: int) -> WeekRate:
    met, due = rate or (0, 0)
    few = due < insight.load().signal.small
    limits = None if few else judged.limits
    last = monday + timedelta(days=days - 1)
    running = last >= choice.today
    return WeekRate(
        monday=monday,
        rate=None if few else met / due,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        signal=judged.verdict is signals.Verdict.WORSE,
        running=running,
        label=percent(met, due),
        hover=_week_hover(monday, last, (met, due), limits, judged, running),
        met=met,
        due=due,
    )


def _week_hover(
    monday: date, last: date, rate: tuple[int, int], limits: Limits | None, judged: Judged, running: bool
) -> str:  # fmt: skip
    met, due = rate
    name = wording.week(monday) if (last - monday).days == 6 else wording.days_between(monday, last)
    lines = [
        f"<b>{name}</b>" + (" (chưa hết)" if running else ""),
        f"{percent(met, due)}: {number(met)} / {number(due)} hồ sơ đúng hạn",
    ]
    if limits:
        low, high = (number(100 * v, 1) for v in (limits.lower, limits.upper))
        lines.append(f"Dao động thường {low}–{high}\u00a0%")
    if said := signalled.why(judged, _noun(monday, last)):
        lines.append(f"{said[:1].upper()}{said[1:]}")
    return "<br>".join(lines)


def _noun(first: date, last: date) -> str:
    return "tuần" if (last - first).days == 6 else "kỳ"


def due_soon(choice: Choice, rows: pl.DataFrame, calendar: WorkingCalendar) -> list[Due]:
    """Say what falls due in the next three working days, and what waits to be accepted."""
    day = choice.as_of
    counts = rows.select(
        today=(pl.col("days_left") == 0).sum(),
        one=(pl.col("days_left") == 1).sum(),
        more=pl.col("days_left").is_between(2, 3).sum(),
        waiting=(pl.col("standing") == "awaiting_acceptance").sum(),
    ).row(0, named=True)
    days = [calendar.add(day, i) for i in (1, 2, 3)]
    late = late_acceptance(rows)
    waiting: tuple[str, Tone] = (f"{number(late)} quá 8 giờ", "red") if late else ("trong 8 giờ", "gray")
    pressing: Tone = "orange" if counts["today"] else "gray"
    later = wording.days_between(days[1], days[2])[: -len("/2026")]
    return [
        Due("◆", "Hôm nay", counts["today"], wording.weekday(day), pressing, _to(choice, "hom-nay")),
        Due("◆", "Còn 1 ngày", counts["one"], wording.weekday(days[0]), "gray", _to(choice, "con-1-ngay")),
        Due("●", "Còn 2–3 ngày", counts["more"], later, "gray", _to(choice, "con-2-3-ngay")),
        Due("◆", "Chờ tiếp nhận", counts["waiting"], waiting[0], waiting[1], _to(choice, "cho-tiep-nhan")),
    ]


def _to(choice: Choice, group: str) -> dict[str, str]:
    return choice.query(**{GROUP: group})


def late_acceptance(rows: pl.DataFrame) -> int:
    """Count online dossiers that wait too long for an answer: those of the list "cho-qua-8-gio"."""
    return int(rows["answer_overdue"].sum())


def trend_in_words(points: Sequence[WeekRate]) -> str:
    """Say what the trend shows, for readers who do not see it."""
    signals = [wording.week_number(w.monday) for w in points if w.signal]
    last = next((w for w in reversed(points) if w.rate is not None), None)
    if last is None:
        return "Chưa có tuần nào có hồ sơ đến ngày hẹn"
    odd = f"; tuần xấu bất thường: {', '.join(signals)}" if signals else "; không có tuần xấu bất thường"
    return f"Tỷ lệ đúng hạn theo ngày hẹn từng tuần, gần nhất {last.label}{odd}"
