"""pandas, the way an analyst writes it: read the columns, cut the days, group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from benchmarks.questions import COUNTS, DIMENSIONS, DURATIONS, TOOK, Question

if TYPE_CHECKING:
    import polars as pl

_KEYS: Final = ["department", "field", "week"]
_CLOSED: Final = ["resolved", "returned", "withdrawn", "refused", "stopped"]
_STAMPS: Final = ["submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at"]
_DAYS: Final = ["submitted_on", "rejected_on", "received_on", "closed_on", "due_on"]


def open_(folder: Path, source: str) -> Path:
    """Nothing to open: every question reads the files."""
    return folder


def ask(folder: Path, question: Question, source: str) -> pd.DataFrame:
    """Answer as a frame with the keys as columns."""
    if question is TOOK:
        return _took(folder)
    dimensions = list(DIMENSIONS) if question.name == "recompute" else ["department", "field"]
    rows = _plain(folder, dimensions) if source == "plain" else _snapshot(folder, dimensions)
    if question is COUNTS:
        return _counts(rows)
    return _durations(rows, folder) if question is DURATIONS else _recompute(rows, dimensions)


def _plain(folder: Path, dimensions: list[str]) -> pd.DataFrame:
    rows = pd.read_parquet(folder / "plain", columns=[*dimensions, "status", *_STAMPS])
    days = rows[_STAMPS].apply(lambda stamps: stamps.dt.normalize())
    turned_down = rows["status"] == "not_accepted"
    return rows[[*dimensions, "status"]].assign(
        with_result=rows["status"].isin(["resolved", "returned"]),
        submitted_on=days["submitted_at"],
        rejected_on=days["rejected_at"].fillna(days["submitted_at"]).where(turned_down),
        received_on=days["received_at"].where(~turned_down),
        closed_on=days["resolved_at"].fillna(days["returned_at"]).where(rows["status"].isin(_CLOSED)),
        due_on=days["due_at"],
    )


def _snapshot(folder: Path, dimensions: list[str]) -> pd.DataFrame:
    rows = pd.read_parquet(folder / "facts", columns=[*dimensions, "status", "with_result", *_DAYS])
    return rows.assign(**{day: pd.to_datetime(rows[day]) for day in _DAYS})


def _week(days: pd.Series[Any]) -> pd.Series[Any]:
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def _left(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the closed dossiers with the day they left: never before they came."""
    closed = rows[rows["received_on"].notna() & rows["closed_on"].notna()]
    return closed.assign(left_on=closed[["closed_on", "received_on"]].max(axis=1))


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    taken = rows[rows["received_on"].notna()]
    received = taken.assign(week=_week(taken["received_on"])).groupby(_KEYS, dropna=False).size().rename("received")
    closed = _left(rows)
    judged = closed.assign(
        week=_week(closed["left_on"]),
        early=closed["closed_on"] < closed["due_on"],
        on_time=closed["closed_on"] == closed["due_on"],
        overdue=closed["closed_on"] > closed["due_on"],
        undetermined=closed["due_on"].isna(),
    )
    outcomes = judged.groupby(_KEYS, dropna=False)[["early", "on_time", "overdue", "undetermined"]].sum()
    return pd.concat([received, outcomes], axis=1).fillna(0).reset_index()


def _durations(rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    table = pd.read_parquet(folder / "working_days.parquet")
    worked = table.set_index(pd.to_datetime(table["day"]))["worked"]
    done = rows[rows["with_result"]]
    days = done["closed_on"].map(worked) - done["received_on"].map(worked)
    taken = done.assign(week=_week(done["closed_on"]), days=days.clip(lower=0))
    return _percentiles(taken)


def _took(folder: Path) -> pd.DataFrame:
    columns = ["department", "field", "received_on", "closed_on", "taken_days"]
    rows = pd.read_parquet(folder / "facts", columns=columns)
    rows = rows[rows["taken_days"].notna() & rows["closed_on"].notna()]
    left = pd.to_datetime(rows["closed_on"]).clip(lower=pd.to_datetime(rows["received_on"]))
    return _percentiles(rows.assign(week=_week(left), days=rows["taken_days"]))


def _percentiles(taken: pd.DataFrame) -> pd.DataFrame:
    """Take the nearest rank out of the sorted rows of each group: ``quantile`` knows no such rule, and is slower."""
    line = taken[[*_KEYS, "days"]].sort_values([*_KEYS, "days"])
    n = line.groupby(_KEYS, dropna=False).size()
    before, days = (n.cumsum() - n).to_numpy(), line["days"].to_numpy()
    ranked = {name: days[before + (n.to_numpy() * tenths + 9) // 10 - 1] for name, tenths in (("p50", 5), ("p90", 9))}
    return pd.DataFrame({"n": n, **ranked}, index=n.index).reset_index()


def _recompute(rows: pd.DataFrame, dimensions: list[str]) -> pd.DataFrame:
    closed = _left(rows)
    standing = np.select(
        [closed["due_on"].isna(), closed["closed_on"] < closed["due_on"], closed["closed_on"] == closed["due_on"]],
        ["resolved_undetermined", "resolved_early", "resolved_on_time"],
        "resolved_overdue",
    )
    asked = rows[rows["submitted_on"].notna()]
    answered = asked["received_on"].fillna(asked["rejected_on"]).fillna(asked["closed_on"])
    answered = answered.where(answered.isna() | (answered > asked["submitted_on"]), asked["submitted_on"])
    told = [
        _events(rows, rows["submitted_on"], "submitted"),
        _events(rows, rows["rejected_on"], "not_accepted"),
        _events(rows, rows["received_on"], "received"),
        _events(closed, closed["left_on"], standing),
        _events(gone := closed[~closed["with_result"]], gone["left_on"], gone["status"]),
        _events(asked, asked["submitted_on"], "awaiting_acceptance"),
        _events(asked, answered, "awaiting_acceptance", -1),
    ]
    keys = ["day", *dimensions, "event"]
    parts = [part.groupby(keys, dropna=False, observed=True)["n"].sum() for part in told]
    summed = pd.concat(parts).reset_index().groupby(keys, dropna=False)["n"].sum()
    return summed[summed != 0].reset_index()


def _events(rows: pd.DataFrame, day: Any, event: Any, n: int = 1) -> pd.DataFrame:
    told = rows[list(DIMENSIONS)].assign(day=day, event=event, n=n)
    return told[told["day"].notna()]


def told(answer: pd.DataFrame) -> pl.DataFrame:
    """Give an answer as the comparison reads it."""
    import polars as pl

    days = [name for name in ("day", "week") if name in answer]
    return pl.from_pandas(answer).with_columns(pl.col(days).cast(pl.Date))
