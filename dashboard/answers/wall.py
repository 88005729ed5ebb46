"""Màn hình điều hành: what a room must see from across it. No personal data, no dossier, no handler: counts and names
of units only. Ready values; what is drawn where is in dashboard/wall_screen.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import polars as pl

from config.catalogue import CatalogueFile
from dashboard import wording
from dashboard.answers import alarms, fresh, overview, procedures, signalled
from dashboard.answers.overview import SPARK_WEEKS, Weeks
from dashboard.filters import AGES, Choice
from dashboard.shapes import Due, Headline, Tone
from dashboard.wording import number
from metrics.definitions import AGES as AGE_COLUMNS
from metrics.scope import Period

#: Screens in turn, and how long each stands.
SCREENS: Final = 3
SECONDS: Final = 20
MOST_BARS: Final = 6
MOST_SAID: Final = 4
AHEAD: Final = 8  # working days of promises before us that a small picture shows
TREND_WEEKS: Final = 26
DUE_IN: Final = ("Hôm nay", "Còn 1 ngày", "Còn 2–3 ngày")
_LONGEST: Final = 44


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the five numbers: what it is, its change, its parts, and a small picture with one point marked."""

    key: str
    label: str
    value: str
    pill: str
    tone: Tone
    note: str
    trend: Sequence[float | None]
    marked: int
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Units with their dossiers in parts, the most first, the others added up; ``parts``: what the parts are called."""

    names: Sequence[str]
    counts: Sequence[Sequence[int]]
    parts: Sequence[str]

    @property
    def words(self) -> str:
        """What the picture shows, for readers who do not see it."""
        said = [f"{name} {number(sum(row))}" for name, row in zip(self.names, self.counts, strict=True)]
        return "; ".join(said) or "không có hồ sơ"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to do now: who or what, and how it stands."""

    sign: Literal["overdue", "due_soon", "data", "usual", "listed"]
    title: str
    detail: str


def screen_at(now: datetime, held: str = "") -> int:
    """Say which screen stands at ``now``: by the clock, so that two walls agree. ``held``: one that stays."""
    if held in tuple(str(i) for i in range(1, SCREENS + 1)):
        return int(held)
    return int(now.timestamp()) // SECONDS % SCREENS + 1


def tiles(
    choice: Choice, weeks: Weeks, rows: pl.DataFrame, due: Sequence[Due], catalogue: CatalogueFile,
) -> list[Tile]:  # fmt: skip
    """Give the five numbers. ``rows``: the open dossiers; ``due``: overview.due_soon of them."""
    today, one, _, waiting = due
    ahead = ahead_of(rows)
    return [
        _kept(choice, overview.on_time(choice, weeks, catalogue), weeks),
        _late(choice, weeks),
        _coming("today", ":orange[◆] Hạn hôm nay", today, "hồ sơ chưa xong", ahead, 0),
        _coming("one", ":orange[◆] Còn 1 ngày", one, "hồ sơ chưa xong", ahead, 1),
        _waiting(weeks, waiting),
    ]


def _kept(choice: Choice, card: Headline, weeks: Weeks) -> Tile:
    then, told = overview.told(choice, weeks)
    met, due = told.rates()[-1] or (0, 0)
    between = "" if card.value.startswith("n") else wording.chance(met, due)
    parts = f"{number(met)} / {number(due)} hồ sơ đến hẹn" if due else "Chưa có hồ sơ đến hẹn"
    parts += f" · {between}\u00a0%" if between else ""
    pill = f"{card.change} {card.against}" if card.change else "chưa so sánh được"
    tone: Tone = {"good": "green", "bad": "red"}.get(card.verdict, "gray")  # type: ignore[assignment]
    bad = card.verdict == "bad"
    label = "Đúng hạn tuần này" if then == choice else f"Đúng hạn {wording.week_number(then.monday).lower()}"
    return Tile("kept", label, card.value, pill, tone, parts, *_marked(card.trend), bad=bad)


def _late(choice: Choice, weeks: Weeks) -> Tile:
    """Tell the stock of today, its change and whether that is usual: the card of the overview, from across a room."""
    stocks, moved = weeks.column("pending_overdue"), overview.stock_change(choice, weeks)
    oldest = weeks.now.get(AGE_COLUMNS[-1], 0)
    pill = " ".join(moved) if moved else "chưa so sánh được"
    verdict = signalled.VERDICTS[overview.stock_judged(weeks).verdict]
    tone: Tone = "red" if verdict == "bad" else "gray"
    trend = _marked(stocks[-SPARK_WEEKS:])
    note = f"{number(oldest)} hồ sơ trên 30 ngày"
    return Tile("late", ":red[▲] Quá hạn", number(stocks[-1]), pill, tone, note, *trend, bad=tone == "red")


def _waiting(weeks: Weeks, due: Due) -> Tile:
    trend = _marked(weeks.column("awaiting_acceptance")[-SPARK_WEEKS:])
    bad = due.tone == "red"
    return Tile(
        "waiting", ":orange[◆] Chờ tiếp nhận", number(due.count), due.note, due.tone, "hạn 8 giờ làm việc", *trend, bad
    )


def _coming(key: str, label: str, due: Due, note: str, ahead: Sequence[float | None], marked: int) -> Tile:
    return Tile(key, label, number(due.count), due.note, due.tone, note, ahead, marked)


def _marked(trend: Sequence[float | None]) -> tuple[Sequence[float | None], int]:
    return trend, max((i for i, value in enumerate(trend) if value is not None), default=0)


def ahead_of(rows: pl.DataFrame) -> list[float | None]:
    """Count the open dossiers by working days to their promise: today, in 1 day … (``AHEAD`` numbers)."""
    counts = dict(rows["days_left"].drop_nulls().value_counts().iter_rows())
    return [float(counts.get(day, 0)) for day in range(AHEAD)]


def backlog(stocks: pl.DataFrame) -> Bars:
    """Give the overdue dossiers by unit and age. ``stocks``: metrics.evaluate by department."""
    return _bars(stocks.select("department", *AGE_COLUMNS), tuple(AGES))


def due_by_unit(rows: pl.DataFrame) -> Bars:
    """Give what falls due within three working days by unit. ``rows``: the open dossiers."""
    left = pl.col("days_left")
    counts = rows.group_by("department").agg(
        today=(left == 0).sum(), one=(left == 1).sum(), more=left.is_between(2, 3).sum()
    )
    return _bars(counts.with_columns(pl.col("today", "one", "more").cast(pl.Int64)), DUE_IN)


def _bars(counts: pl.DataFrame, parts: Sequence[str]) -> Bars:
    """Keep the largest units and add up the others, in the words of the picture."""
    columns = counts.columns[1:]
    ranked = counts.with_columns(
        pl.col("department").cast(pl.String).fill_null("Chưa rõ đơn vị"), all_=pl.sum_horizontal(columns)
    )
    ranked = ranked.filter(pl.col("all_") > 0).sort("all_", "department", descending=[True, False])
    shown = MOST_BARS if ranked.height <= MOST_BARS else MOST_BARS - 1
    rest = ranked.slice(shown)
    lines = ranked.head(shown).select("department", *columns).rows()
    if rest.height:
        lines.append((f"Đơn vị khác ({number(rest.height)})", *rest.select(pl.col(columns).sum()).row(0)))
    return Bars([_named(str(line[0])) for line in lines], [line[1:] for line in lines], parts)


def _named(name: str) -> str:
    """Write a unit's name whole where there is room; else in short, for cut at the end branches would be the same."""
    return name if len(name) <= _LONGEST else procedures.short(name, _LONGEST)


def said(
    choice: Choice, stocks: pl.DataFrame, *, waiting: int, sources: pl.DataFrame, flow: dict[str, int], now: datetime,
    breaks: alarms.Breaks = alarms.UNBROKEN,
) -> list[Said]:  # fmt: skip
    """Say at most four things: growing stocks, applicants without an answer, silent sources, what today brought.

    ``stocks``: metrics.evaluate by department, field, week over alarms.stock_period; ``flow``: the counts of today.
    """
    grown = [_grown(choice, g) for g in alarms.growths(choice, stocks, breaks)[:2]]
    unanswered = [_unanswered(waiting)] if waiting else []
    silent = [
        Said("data", wording.plain(text), "số liệu của nguồn này có thể thiếu") for text in fresh.late(sources, now)[:1]
    ]
    done, came = flow.get("resolved", 0), flow.get("received", 0)
    today = Said("usual", f"{number(done)} hồ sơ có kết quả hôm nay", f"{number(came)} hồ sơ tiếp nhận")
    pressing = grown + unanswered + silent
    return [*(pressing or [Said("usual", "Không có việc bất thường", "mọi con số trong dao động thường")]), today][
        :MOST_SAID
    ]


def _grown(choice: Choice, g: alarms.Growth) -> Said:
    who = f"{wording.plain(g.department, 60)}, {wording.plain(g.field.lower(), 40)}"
    grown = f"tăng {number(g.more)} {alarms.during(choice, g.monday)}"
    return Said("overdue", who, f"{number(g.now)} hồ sơ quá hạn, {grown}")


def _unanswered(waiting: int) -> Said:
    return Said(
        "due_soon", f"{number(waiting)} hồ sơ trực tuyến chờ tiếp nhận", "quá 8 giờ làm việc, chưa được trả lời"
    )


def worst_fields(counts: pl.DataFrame, small: int, target: float | None = None) -> list[Said]:
    """Say which fields broke the most promises in four weeks, and warn of those under the ``target``. ``counts``:
    metrics.evaluate by field."""
    broken = (pl.col("due") - pl.col("due_met")).alias("broken")
    rows = counts.select("field", "due", "due_met", broken).drop_nulls().filter(pl.col("broken") > 0)
    few = pl.col("due") < small  # those are never ranked: they stand last
    worst = rows.sort(few, "broken", "field", descending=[False, True, False]).head(MOST_SAID)
    return [_field(row, small, target) for row in worst.to_dicts()] or [
        Said("usual", "Không có hồ sơ trễ hẹn", "trong bốn tuần gần nhất")
    ]


def _field(row: dict[str, Any], small: int, target: float | None) -> Said:
    due, met = row["due"], row["due_met"]
    rate = f"n = {due}" if due < small else f"{wording.rated(met, due)} đúng hạn"
    under = target is not None and due >= small and met < target * due
    goal = f", dưới mục tiêu {number(100 * target)}\u00a0%" if under and target is not None else ""
    told = f"{number(row['broken'])} trễ / {number(due)} đến hẹn · {rate}{goal}"
    return Said("overdue" if under else "listed", wording.plain(str(row["field"]), 60), told)


def today_of(day: date) -> Period:
    """Give the day whose flow the wall tells."""
    return Period(day, day)


def late_in_short(sources: pl.DataFrame, now: datetime) -> str:
    """Say in the head that the figures are a part, while they fill; else who is late: one by name, several by their
    number; empty when nobody is."""
    if fresh.progress(sources):
        return "Đang nạp dữ liệu: số liệu mới là một phần"
    late = fresh.late(sources, now)
    return "" if not late else wording.plain(late[0], 70) if len(late) == 1 else f"{len(late)} nguồn chậm"


def known_to(newest: datetime | None, now: datetime) -> str:
    """Say in the head up to when the figures are known, while nobody is late: Số liệu đến 10:15; with its day where
    that is not today, and nothing before the first."""
    if newest is None:
        return ""
    is_today = newest.astimezone(wording.LOCAL).date() == now.astimezone(wording.LOCAL).date()
    return f"Số liệu đến {wording.clock(newest) if is_today else wording.moment(newest)}"


def spoken(now: datetime) -> str:
    """Write the head's clock: **10:32** · thứ Sáu 20/11/2026."""
    local = now.astimezone(wording.LOCAL)
    return f"**{local:%H:%M}** · {wording.WEEKDAYS[local.weekday()]} {wording.day(local.date())}"
