"""The runs of the last two days by source and hour: what each hour brought, and where one failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import polars as pl

from dashboard import wording
from dashboard.wording import LOCAL, clock, number

HOURS: Final = 48
State = Literal["failed", "news", "quiet"]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one source: when it began (where the centre is, ISO), the place of the source, what happened."""

    at: str
    line: int
    state: State
    hover: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The hours in which anything was read, the sources from above, the first and last moment, and it all in words."""

    names: Sequence[str]
    hours: Sequence[Hour]
    begin: str
    end: str
    text: str


def begin(now: datetime) -> datetime:
    """Give the moment at which the strip begins."""
    return now - timedelta(hours=HOURS)


def strip(runs: pl.DataFrame, names: Mapping[str, str], now: datetime) -> Strip:
    """Lay runs (store.runs.since) out by source and hour; sources that were never read keep their empty line."""
    order = {source: at for at, source in enumerate(sorted(names, key=lambda s: wording.sort_key(names[s])))}
    told = _by_hour(runs).filter(pl.col("source").is_in(list(order)))
    hours = [_hour(row, order, names) for row in told.to_dicts()]
    failed = int(told["failed"].sum())
    text = (
        f"{HOURS} giờ qua: {number(int(told['runs'].sum()))} lần đọc, {number(failed)} lần lỗi, "
        f"{number(int(told['new'].sum()))} hồ sơ mới, {number(int(told['changed'].sum()))} thay đổi."
    )
    whole = now.astimezone(LOCAL).replace(minute=0) + timedelta(hours=1)  # the mark of an hour stands in its middle
    return Strip([names[source] for source in order], hours, _iso(begin(now)), _iso(whole), text)


def _by_hour(runs: pl.DataFrame) -> pl.DataFrame:
    hour = pl.col("started_at").dt.convert_time_zone(LOCAL.key).dt.truncate("1h")
    return (
        runs.group_by("source", hour=hour)
        .agg(
            pl.col("new", "changed", "quarantined").sum(), runs=pl.len(), failed=(pl.col("state") == "failed").sum()
        )
        .sort("source", "hour")
    )  # fmt: skip


def _hour(row: Mapping[str, Any], order: Mapping[str, int], names: Mapping[str, str]) -> Hour:
    news = row["new"] + row["changed"]
    state: State = "failed" if row["failed"] else "news" if news else "quiet"
    begun = row["hour"]
    lines = [
        f"<b>{wording.in_chart(names[row['source']], 60)}</b>",
        f"{clock(begun)}–{clock(begun + timedelta(hours=1))} {wording.day_month(begun.date())}: "
        f"{number(row['runs'])} lần đọc" + (f", {number(row['failed'])} lỗi" if row["failed"] else ""),
        f"{number(row['new'])} mới, {number(row['changed'])} thay đổi, {number(row['quarantined'])} cách ly",
    ]
    return Hour(_iso(begun + timedelta(minutes=30)), order[row["source"]], state, "<br>".join(lines))


def _iso(moment: datetime) -> str:
    return moment.astimezone(LOCAL).isoformat(timespec="minutes")[:16]
