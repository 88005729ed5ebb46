"""The questions in SQL, once for every database: what differs is how a dialect writes days, weeks and percentiles.

"Plain" is the ordinary way: one table of dossiers with local time stamps, a status, one due date, and a table of
working days. "Snapshot" is our own derived part: days already cut, the promise in force already found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.questions import COUNTS, DIMENSIONS, DURATIONS, TOOK, Question

_CLOSED: Final = "status IN ('resolved', 'returned', 'withdrawn', 'refused', 'stopped')"
_WITH_RESULT: Final = "status IN ('resolved', 'returned')"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database writes what the questions need; ``{}`` stands for the expression."""

    dossiers: str
    day: str  # the day of a stamp, or of a column that is a day already
    week: str  # the Monday of a day
    later: str  # the later one of two days
    percentile: str  # an exact one, nearest rank, of {0} at {1}; "": it knows none
    plain: bool


def text(question: Question, d: Dialect) -> str:
    """Write ``question`` for one dialect."""
    if question is COUNTS:
        return _counts(d)
    if question is TOOK:
        return _took(d)
    return _durations(d) if question is DURATIONS else _recompute(d)


def _dossiers(d: Dialect, *columns: str) -> str:
    """Give a table of dossiers by their days: in the ordinary way cut from stamps and status, else as it lies."""
    told = ", ".join(columns)
    if not d.plain:
        return (
            f"SELECT {told}, with_result, submitted_on, rejected_on, received_on, closed_on, due_on FROM {d.dossiers}"
        )
    day = d.day.format
    turned_down = "COALESCE(rejected_at, returned_at, resolved_at, submitted_at, received_at)"
    return f"""
        SELECT {told}, {_WITH_RESULT} AS with_result,
            {day("submitted_at")} AS submitted_on,
            CASE WHEN status = 'not_accepted' THEN {day(turned_down)} END AS rejected_on,
            CASE WHEN status <> 'not_accepted' THEN {day("received_at")} END AS received_on,
            CASE WHEN {_CLOSED} THEN {day("COALESCE(resolved_at, returned_at)")} END AS closed_on,
            {day("due_at")} AS due_on
        FROM {d.dossiers}"""


def _counts(d: Dialect) -> str:
    left = d.later.format("closed_on", "received_on")
    return f"""
        WITH lived AS ({_dossiers(d, "department", "field", "status")}),
        told AS (
            SELECT department, field, {d.week.format("received_on")} AS week, 1 AS received,
                0 AS early, 0 AS on_time, 0 AS overdue, 0 AS undetermined
            FROM lived WHERE received_on IS NOT NULL
            UNION ALL
            SELECT department, field, {d.week.format(left)}, 0,
                CASE WHEN closed_on < due_on THEN 1 ELSE 0 END, CASE WHEN closed_on = due_on THEN 1 ELSE 0 END,
                CASE WHEN closed_on > due_on THEN 1 ELSE 0 END, CASE WHEN due_on IS NULL THEN 1 ELSE 0 END
            FROM lived WHERE received_on IS NOT NULL AND closed_on IS NOT NULL
        )
        SELECT department, field, week, SUM(received) AS received, SUM(early) AS early, SUM(on_time) AS on_time,
            SUM(overdue) AS overdue, SUM(undetermined) AS undetermined
        FROM told GROUP BY department, field, week"""


def _durations(d: Dialect) -> str:
    """Count working days by two look-ups in a table of days, the way a database without a calendar does."""
    days = f"""
            SELECT department, field, {d.week.format("closed_on")} AS week,
                CASE WHEN closed_on > received_on THEN upto.worked - since.worked ELSE 0 END AS days
            FROM lived
            JOIN working_days AS since ON since.day = received_on
            JOIN working_days AS upto ON upto.day = closed_on
            WHERE with_result"""
    return _percentiles(d, f"WITH lived AS ({_dossiers(d, 'department', 'field', 'status')}), taken AS ({days})")


def _took(d: Dialect) -> str:
    """Read the days from our snapshot, which has them."""
    week = d.week.format(d.later.format("closed_on", "received_on"))
    days = f"SELECT department, field, {week} AS week, taken_days AS days FROM {d.dossiers}"
    return _percentiles(d, f"WITH taken AS ({days} WHERE taken_days IS NOT NULL)")


def _percentiles(d: Dialect, taken: str) -> str:
    """Ask for percentiles the dialect's own way, else by numbering the rows of each group: nearest rank."""
    if d.percentile:
        p50, p90 = (d.percentile.format("days", p) for p in (0.5, 0.9))
        return f"""{taken}
        SELECT department, field, week, COUNT(*) AS n, {p50} AS p50, {p90} AS p90
        FROM taken GROUP BY department, field, week"""
    return f"""{taken},
        ranked AS (
            SELECT department, field, week, days, COUNT(*) OVER g AS n, ROW_NUMBER() OVER (g ORDER BY days) AS place
            FROM taken WINDOW g AS (PARTITION BY department, field, week)
        )
        SELECT department, field, week, MAX(n) AS n,
            MIN(CASE WHEN place * 10 >= n * 5 THEN days END) AS p50,
            MIN(CASE WHEN place * 10 >= n * 9 THEN days END) AS p90
        FROM ranked GROUP BY department, field, week"""


def _recompute(d: Dialect) -> str:
    left = d.later.format("closed_on", "received_on")
    closed = "received_on IS NOT NULL AND closed_on IS NOT NULL"
    answered = "COALESCE(received_on, rejected_on, closed_on)"
    done = d.later.format(answered, "submitted_on")
    standing = (
        "CASE WHEN due_on IS NULL THEN 'resolved_undetermined' WHEN closed_on < due_on THEN 'resolved_early'"
        " WHEN closed_on = due_on THEN 'resolved_on_time' ELSE 'resolved_overdue' END"
    )
    events = [
        ("submitted_on", "'submitted'", 1, "submitted_on IS NOT NULL"),
        ("rejected_on", "'not_accepted'", 1, "rejected_on IS NOT NULL"),
        ("received_on", "'received'", 1, "received_on IS NOT NULL"),
        (left, standing, 1, closed),
        (left, "status", 1, f"{closed} AND status IN ('withdrawn', 'refused', 'stopped')"),
        ("submitted_on", "'awaiting_acceptance'", 1, "submitted_on IS NOT NULL"),
        (done, "'awaiting_acceptance'", -1, f"submitted_on IS NOT NULL AND {answered} IS NOT NULL"),
    ]
    told = ", ".join(DIMENSIONS)
    union = "\nUNION ALL ".join(
        f"SELECT {day} AS day, {told}, {event} AS event, {n} AS n FROM lived WHERE {where}"
        for day, event, n, where in events
    )
    return f"""
        WITH lived AS ({_dossiers(d, *DIMENSIONS, "status")}), events AS ({union})
        SELECT day, {told}, event, SUM(n) AS n FROM events GROUP BY day, {told}, event HAVING SUM(n) <> 0"""
