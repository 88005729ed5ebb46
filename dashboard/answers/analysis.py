"""One unit, or one field, over time: its trend with break marks, and its backlog by step and age. Ready values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

import polars as pl

from config import breaks as known_breaks
from config import insight
from config.annotated import Annotation
from config.breaks import Break
from config.units import Units
from dashboard import lists, wording
from dashboard.answers import overview
from dashboard.answers.overview import Weeks
from dashboard.charts import WeekRate
from dashboard.filters import AGE, AGES, DEPARTMENT, GROUP, MAP, NONE, STEP, WEEK, Choice, week_code
from dashboard.shapes import DEPARTMENTS, Lined, Link
from dashboard.wording import number
from metrics.charts_of_control import begun_at
from metrics.scope import Period
from metrics.standing import PENDING, Standing

#: Weeks that are told as one point where single weeks have too few dossiers for a rate.
TOGETHER: Final = 4
POINTS: Final = 20
#: How many points are shown, by whether four weeks make one, and whether it is a phone.
_SHOWN: Final = {
    (False, False): overview.TREND_WEEKS, (False, True): overview.PHONE_WEEKS, (True, False): POINTS, (True, True): 13,
}  # fmt: skip
MOST_STEPS: Final = 6
MOST_MARKS: Final = 3
#: How the pending are split: in term, without a usable promise, and overdue by age.
SEGMENTS: Final = ("Trong hạn", "Không xác định", *AGES)
_GROUPS: Final = ("trong-han", "khong-xac-dinh", *("qua-han" for _ in AGES))


def trend_period(choice: Choice) -> Period:
    """Give the weeks that a trend needs, told by single weeks or by several together, with those before its limits."""
    weeks = TOGETHER * (POINTS + insight.load().signal.before)
    return Period(choice.monday - timedelta(weeks=weeks - 1), choice.week.end)


@dataclass(frozen=True, slots=True)
class Mark:
    """A day at which the past is not the like of what follows, and why; ``is_break`` False: a day to know of, or the
    days up to ``last``, told as ``said``."""

    day: date
    words: str
    is_break: bool = True
    last: date | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """The points of a trend, each of ``days`` days, its marks, what it shows in words and as a table, and the list
    behind each point."""

    title: str
    points: Sequence[WeekRate]
    days: int
    marks: Sequence[Mark]
    text: str
    table: pl.DataFrame
    queries: Sequence[dict[str, str] | None] = ()

    @property
    def period(self) -> Period:
        """The days that its points are told for."""
        return Period(self.points[0].monday, self.points[-1].monday + timedelta(days=self.days - 1))

    @property
    def values(self) -> pl.DataFrame:
        """The points to take away, the newest first; of few dossiers and of none there is no share."""
        rows = [(p.monday, p.monday + timedelta(days=self.days - 1), *_point(p)) for p in reversed(self.points)]
        heads = dict.fromkeys(("Từ ngày", "Đến ngày"), pl.Date) | dict.fromkeys(("Đến hẹn", "Đúng hạn"), pl.Int64)
        shares = ("Tỷ lệ đúng hạn (%)", "Giới hạn dưới (%)", "Giới hạn trên (%)")
        return pl.DataFrame(rows, schema=heads | dict.fromkeys(shares, pl.Float64), orient="row")


def _point(point: WeekRate) -> tuple[float | None, ...]:
    share = None if point.rate is None else wording.share(point.met, point.due)
    limits = (None if limit is None else round(100 * limit, 1) for limit in (point.lower, point.upper))
    return point.due, point.met, share, *limits


def breaks(units: Units, choice: Choice) -> tuple[Break, ...]:
    """Give the breaks of the chosen unit, or of the whole where none is chosen (config.breaks)."""
    return known_breaks.load(units).of(choice.department)


def since_break(weeks: Weeks, told: Sequence[Break]) -> Weeks:
    """Leave out the weeks before the last break: no verdict rests on them."""
    first = begun_at(weeks.mondays, len(weeks.mondays) - 1, 7, [each.day for each in told])
    earlier = [row if i >= first else None for i, row in enumerate(weeks.rows[:-1])]
    return replace(weeks, rows=[*earlier, weeks.rows[-1]])


def trend(
    choice: Choice, weeks: Weeks, told: Sequence[Break], *, narrow: bool,
    notes: Sequence[Annotation] = (), outages: Sequence[Mark] = (),
) -> Trend:  # fmt: skip
    """Tell the rate of each week, or of four together where single weeks are too few. ``narrow``: on a phone;
    ``notes``: days that the operator marked; ``outages``: when sources were not heard; of each the newest are shown."""
    few = _few(weeks)
    days = 7 * TOGETHER if few else 7
    kept = _SHOWN[few, narrow]
    at = [each.day for each in told]
    points = overview.trend(choice, _together(weeks) if few else weeks, days=days, breaks=at)[-kept:]
    marks = [Mark(each.day, _why(choice, each)) for each in told if points and each.day > points[0].monday]
    noted = _noted(choice, notes, points[0].monday) if points else []
    unheard = [each for each in outages if points and (each.last or each.day) >= points[0].monday][-MOST_MARKS:]
    text = overview.trend_in_words(points)
    title = f"Đúng hạn theo ngày hẹn, từng {TOGETHER} tuần" if few else "Đúng hạn theo ngày hẹn, từng tuần"
    shown = [*marks[-MOST_MARKS:], *noted, *unheard]
    queries = [_point_query(choice, point, days) for point in points]
    return Trend(
        title, points, days, shown, _with_marks(text, marks, [*noted, *unheard]), _trend_table(points), queries
    )


def _noted(choice: Choice, notes: Sequence[Annotation], since: date) -> list[Mark]:
    """Keep the newest notes of the shown time, of all units or of the chosen one."""
    mine = [each for each in notes if not each.restarts and (not each.units or choice.department in each.units)]
    shown = [Mark(each.day, each.words, False) for each in mine if since <= each.day <= choice.week.end]
    return shown[-MOST_MARKS:]


def _point_query(choice: Choice, point: WeekRate, days: int) -> dict[str, str] | None:
    """Give the list of a point: who was late in its time, or all who were due where nobody was."""
    if point.rate is None:
        return None
    group = "tre-hen" if point.rate < 1 else "den-hen"
    last = point.monday + timedelta(days=days - 7)
    span = "" if days == 7 else f"-{days // 7}-tuan"
    return choice.query(**{GROUP: group + span, WEEK: week_code(last)})


def _few(weeks: Weeks) -> bool:
    """Say whether most weeks of the last half year have fewer dossiers than a rate needs."""
    lately = [due for _, due in (rate or (0, 0) for rate in weeks.rates()[-27:-1])]
    return median(lately or [0]) < insight.load().signal.small


def _together(weeks: Weeks) -> Weeks:
    """Add up weeks by four, so that the last four end with the chosen week."""
    begun = len(weeks.rows) % TOGETHER
    starts = range(begun, len(weeks.rows), TOGETHER)
    return Weeks([weeks.mondays[i] for i in starts], [_added(weeks.rows[i : i + TOGETHER]) for i in starts])


def _added(rows: Sequence[dict[str, int] | None]) -> dict[str, int] | None:
    known = [row for row in rows if row is not None]
    if not known:
        return None
    return {name: sum(row[name] for row in known) for name in ("due", "due_met")}


def _why(choice: Choice, told: Break) -> str:
    if told.kind != "units":
        return told.words if told.kind == "told" else f"quy định mới {told.words}"
    names = told.names
    if list(names) == [choice.department]:
        return "đổi cấp hoặc cơ quan cấp trên"
    return (
        f"nhận việc của {number(len(names))} đơn vị"
        if choice.department
        else f"{number(len(names))} đơn vị sắp xếp lại"
    )


def _with_marks(text: str, marks: Sequence[Mark], noted: Sequence[Mark]) -> str:
    said = [f"{wording.day(mark.day)}: {mark.words}, tính lại giới hạn" for mark in marks]
    said += [mark.said or f"{wording.day(mark.day)}: {mark.words}" for mark in noted]
    return "; ".join([text, *said])


def _trend_table(points: Sequence[WeekRate]) -> pl.DataFrame:
    """Lay the points out as lines, the newest first."""
    lines = [(point.hover.replace("<b>", "").replace("</b>", "").split("<br>")) for point in reversed(points)]
    rows = [(line[0], line[1], line[2] if len(line) > 2 else wording.NOTHING) for line in lines]
    return pl.DataFrame(rows, schema=["Kỳ", "Đúng hạn", "Giới hạn"], orient="row")


@dataclass(frozen=True, slots=True)
class Backlog:
    """The pending by step, each split by SEGMENTS; the list behind every part (None where it is empty)."""

    steps: Sequence[str]
    counts: Sequence[Sequence[int]]
    queries: Sequence[Sequence[dict[str, str] | None]]
    text: str
    table: Lined


def backlog(choice: Choice, rows: pl.DataFrame) -> Backlog:
    """Say at which step the pending stand and how old the overdue are. ``rows``: the open dossiers of the day."""
    pending = rows.filter(pl.col("standing").is_in([s.value for s in PENDING])).with_columns(part=_segment())
    counts = _by_step(pending)
    queries = [[_query(choice, step, i) if n else None for i, n in enumerate(parts)] for step, parts in counts.items()]
    named = [wording.flat(step or "Chưa ghi bước", 40) for step in counts]
    late = sum(sum(parts[2:]) for parts in counts.values())
    text = f"Đang giải quyết **{number(pending.height)}**, quá hạn **{number(late)}**."
    return Backlog(named, list(counts.values()), queries, text + _unknown(counts), _lined(named, counts, queries))


def _segment() -> pl.Expr:
    """Number the part of SEGMENTS that a pending dossier belongs to."""
    parts = [pl.col("standing") == Standing.IN_TERM.value, pl.col("standing") == Standing.UNDETERMINED.value]
    parts += [lists.age(band) for band in AGES.values()]
    return pl.coalesce(pl.when(part).then(i) for i, part in enumerate(parts))


def _by_step(pending: pl.DataFrame) -> dict[str | None, list[int]]:
    """Count the parts of each step, those with the most overdue first."""
    told = pending.select(pl.col("step").cast(pl.String), "part").group_by("step", "part").len()
    steps: dict[str | None, list[int]] = {}
    for step, part, n in told.iter_rows():
        steps.setdefault(step, [0] * len(SEGMENTS))[part] = n
    return dict(sorted(steps.items(), key=lambda each: (-sum(each[1][2:]), -sum(each[1]), each[0] or "")))


def _query(choice: Choice, step: str | None, part: int) -> dict[str, str]:
    age = SEGMENTS[part] if part >= 2 else None
    return choice.query(**{GROUP: _GROUPS[part], STEP: step or NONE, AGE: age})


def _unknown(counts: Mapping[str | None, Sequence[int]]) -> str:
    held = sum(counts.get(None, ()))
    return f" {number(held)} hồ sơ nguồn chưa ghi bước." if held else ""


def _lined(
    names: Sequence[str], counts: Mapping[Any, Sequence[int]], queries: Sequence[Sequence[dict[str, str] | None]]
) -> Lined:
    lines = [(name, *(number(n) for n in parts)) for name, parts in zip(names, counts.values(), strict=True)]
    links = [
        [Link(f"{number(n)} {_part(i)}", query) for i, (n, query) in enumerate(zip(parts, told, strict=True)) if query]
        for parts, told in zip(counts.values(), queries, strict=True)
    ]
    values = pl.DataFrame(
        [(name, *parts) for name, parts in zip(names, counts.values(), strict=True)],
        schema={"Bước": pl.String} | dict.fromkeys(map(_heading, SEGMENTS), pl.Int64), orient="row",
    )  # fmt: skip
    return Lined(pl.DataFrame(lines, schema=["Bước", *SEGMENTS], orient="row"), links, values=values)


def _heading(segment: str) -> str:
    """Name a part where no chart says what its numbers are; a spreadsheet would read 1–3 as a day."""
    return f"Quá hạn {segment} ngày làm việc" if segment in AGES else segment


def _part(part: int) -> str:
    return SEGMENTS[part].lower() if part < 2 else f"quá hạn {SEGMENTS[part]} ngày"


def ended(units: Units, choice: Choice) -> tuple[str, Sequence[Link]] | None:
    """Say of a chosen unit that is no more who does its work today; None of one that is."""
    unit = choice.department
    after = units.today(unit)
    if unit is None or after is None or after == unit or choice.on_map == "then":
        return None
    last = units.handed[unit][0] if unit in units.handed else None
    since = f" từ sau ngày {wording.day(last)}" if last else ""
    text = f"Việc của **{wording.plain(unit)}** do **{wording.plain(after)}** nhận{since}; số liệu tính vào đơn vị đó."
    return text, (
        Link("Mở đơn vị đó", choice.query(**{DEPARTMENT: after}), DEPARTMENTS),
        Link("Xem như khi đó", choice.query(**{MAP: "khi-do"}), DEPARTMENTS),
    )
