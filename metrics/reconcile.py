"""Two sources on the same dossiers: who has which, where they differ, and which of the overdue are really late.

Source A is the one in which the dossiers are worked, source B the one that is told of it: the province's one-stop
system and the national portal. In one province 61 % of what was called overdue was late or wrong synchronisation; the
same question is asked here of every dossier that either source calls overdue, and its answer is one of four classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.dossier import Status
from metrics.pairing import SIDES, Link, paired
from metrics.standing import PENDING, Standing


class Overdue(StrEnum):
    """What lies behind a dossier that A or B calls overdue: exactly one of these."""

    REAL = "real"  # late by A's own record
    SYNCHRONISATION = "synchronisation"  # in time in A; B was told late or wrongly
    NOT_CLOSED = "not_closed"  # finished in time in one, and the other holds it open past its due day
    UNCONFIRMED = "unconfirmed"  # late in B alone, and A cannot say; or nobody can tell which dossier it is


class Why(StrEnum):
    """The case within its class."""

    LATE_IN_BOTH = "late_in_both"
    LATE_IN_A_ONLY = "late_in_a_only"  # B has it in time: it hides what is late
    ONLY_IN_A = "only_in_a"
    TOLD_LATE = "told_late"  # closed in time in A, and in B on a day after its due day there
    ON_ITS_WAY = "on_its_way"  # closed in time in A a moment ago, B still has it open
    OTHER_PROMISE = "other_promise"  # B judges by another due day
    PAUSE_NOT_TOLD = "pause_not_told"  # suspended in A
    NOT_RECEIVED_IN_A = "not_received_in_a"  # awaiting acceptance or turned down there
    OPEN_IN_B = "open_in_b"
    OPEN_IN_A = "open_in_a"  # B closed it by the promise that A still counts
    ONLY_IN_B = "only_in_b"
    NO_PROMISE_IN_A = "no_promise_in_a"
    AMBIGUOUS_CODES = "ambiguous_codes"  # its codes lead to several dossiers of the other source


CLASS_OF: Final[Mapping[Why, Overdue]] = {
    Why.LATE_IN_BOTH: Overdue.REAL,
    Why.LATE_IN_A_ONLY: Overdue.REAL,
    Why.ONLY_IN_A: Overdue.REAL,
    Why.TOLD_LATE: Overdue.SYNCHRONISATION,
    Why.ON_ITS_WAY: Overdue.SYNCHRONISATION,
    Why.OTHER_PROMISE: Overdue.SYNCHRONISATION,
    Why.PAUSE_NOT_TOLD: Overdue.SYNCHRONISATION,
    Why.NOT_RECEIVED_IN_A: Overdue.SYNCHRONISATION,
    Why.OPEN_IN_B: Overdue.NOT_CLOSED,
    Why.OPEN_IN_A: Overdue.NOT_CLOSED,
    Why.ONLY_IN_B: Overdue.UNCONFIRMED,
    Why.NO_PROMISE_IN_A: Overdue.UNCONFIRMED,
    Why.AMBIGUOUS_CODES: Overdue.UNCONFIRMED,
}


class Stage(StrEnum):
    """How far a dossier is, in words that two systems share."""

    AWAITING = "awaiting"
    NOT_RECEIVED = "not_received"  # turned down, or withdrawn before anybody accepted it
    OPEN = "open"
    SUSPENDED = "suspended"
    WITH_RESULT = "with_result"
    WITHOUT_RESULT = "without_result"


#: What is taken of a source's rows (metrics.standing.standing).
TAKEN: Final = (
    "code", "other_code", "department", "field", "procedure", "procedure_name", "status", "standing", "stage",
    "received_on", "due_on", "closed_on", "received_at", "due_at", "closed_at",
)  # fmt: skip
#: Closed in A not longer ago than so many working days, a dossier may still be on its way to B.
ON_ITS_WAY_DAYS: Final = 1
_RESOLVED: Final = [s.value for s in Standing if s.startswith("resolved")]
_LATE: Final = [Standing.OVERDUE.value, Standing.RESOLVED_OVERDUE.value]
_NO_PROMISE: Final = [Standing.UNDETERMINED.value, Standing.RESOLVED_UNDETERMINED.value]
_AMBIGUOUS: Final = (pl.col("link") == Link.AMBIGUOUS).fill_null(False)
_IN_BOTH: Final = pl.col("a_code").is_not_null() & pl.col("b_code").is_not_null()


def reconciled(
    a: pl.DataFrame,
    b: pl.DataFrame,
    *,
    as_of: date,
    calendar: WorkingCalendar,
    on_its_way_days: int = ON_ITS_WAY_DAYS,
    tolerance_minutes: int | None = None,
) -> pl.DataFrame:
    """Put the dossiers of two sources side by side; ``a`` and ``b``: metrics.standing.standing of one day.

    Columns: a_… and b_… (TAKEN), copies_a, copies_b, ``link``, ``link_code`` (metrics.pairing), ``code``,
    ``department``, ``field``, ``procedure_name`` (A's, else B's), ``presence`` (both, only_a, only_b, and ambiguous_a,
    ambiguous_b: its codes lead to several dossiers, so that none is taken for its other half), ``stage_differs``,
    ``received_differs``, ``due_differs``, ``finish_differs`` (false unless both have it), ``late_a``, ``late_b``,
    ``why`` (Why) and ``overdue`` (Overdue), both null for what neither calls overdue. Days are compared, each cut in
    its own source's zone; with ``tolerance_minutes`` the instants are, and differ when they lie further apart. A
    dossier that vanished from a source (status gone) is absent from it, from the day on which it did.
    """
    rows = paired(_taken(a), _taken(b)).with_columns(
        **{name: pl.coalesce(f"a_{name}", f"b_{name}") for name in ("code", "department", "field", "procedure_name")},
        presence=pl.when(_IN_BOTH).then(pl.lit("both")).otherwise(
            pl.when(_AMBIGUOUS).then(pl.lit("ambiguous_")).otherwise(pl.lit("only_"))
            + pl.when(pl.col("a_code").is_not_null()).then(pl.lit("a")).otherwise(pl.lit("b"))
        ),
        stage_differs=_IN_BOTH & pl.col("a_stage").ne_missing(pl.col("b_stage")),
        received_differs=_IN_BOTH & _apart("received", tolerance_minutes),
        due_differs=_IN_BOTH & _apart("due", tolerance_minutes),
        finish_differs=_IN_BOTH & _apart("closed", tolerance_minutes),
        **{f"late_{side}": pl.col(f"{side}_standing").is_in(_LATE).fill_null(False) for side in SIDES},
    )  # fmt: skip
    rows = rows.with_columns(why=_why(pl.lit(as_of), calendar, on_its_way_days))
    classes = {why.value: told.value for why, told in CLASS_OF.items()}
    return rows.with_columns(overdue=pl.col("why").replace_strict(classes, return_dtype=pl.String))


def _taken(rows: pl.DataFrame) -> pl.DataFrame:
    """Give TAKEN of the dossiers a source has; what closed only later is open on the day that is asked for."""
    standing = pl.col("standing")
    done = standing.is_in(_RESOLVED)
    stage = (
        pl.when(done & pl.col("with_result")).then(pl.lit(Stage.WITH_RESULT.value))
        .when(done).then(pl.lit(Stage.WITHOUT_RESULT.value))
        .when(standing == Standing.AWAITING).then(pl.lit(Stage.AWAITING.value))
        .when(~standing.is_in([s.value for s in PENDING])).then(pl.lit(Stage.NOT_RECEIVED.value))
        .when("suspended").then(pl.lit(Stage.SUSPENDED.value))
        .otherwise(pl.lit(Stage.OPEN.value))
    )  # fmt: skip
    vanished = done & (pl.col("status").cast(pl.String) == Status.GONE)
    here = rows.filter(~vanished).with_columns(
        stage=stage,
        closed_on=pl.when(done).then("closed_on"),
        closed_at=pl.when(done).then(pl.coalesce("resolved_at", "returned_at")),
    )
    return here.select(TAKEN)


def _apart(name: str, minutes: int | None) -> pl.Expr:
    """Say whether two sources put something on different days, or on instants further apart than ``minutes``."""
    if minutes is None:
        return pl.col(f"a_{name}_on").ne_missing(pl.col(f"b_{name}_on"))
    ours, theirs = pl.col(f"a_{name}_at"), pl.col(f"b_{name}_at")
    far = (ours - theirs).abs() > pl.duration(minutes=minutes)
    return far.fill_null(ours.is_null() != theirs.is_null())


def _why(day: pl.Expr, calendar: WorkingCalendar, on_its_way_days: int) -> pl.Expr:
    """Name the case, the first that fits; A's promise rules wherever A has one."""
    late_a, late_b, stage = pl.col("late_a"), pl.col("late_b"), pl.col("a_stage")
    a_done, b_done = pl.col("a_closed_on").is_not_null(), pl.col("b_closed_on").is_not_null()
    just_now = calendar.working_days_between(pl.col("a_closed_on"), day) <= on_its_way_days
    cases = {
        Why.AMBIGUOUS_CODES: (late_a | late_b) & _AMBIGUOUS,
        Why.ONLY_IN_A: late_a & ~_IN_BOTH,
        Why.ONLY_IN_B: late_b & ~_IN_BOTH,
        Why.OPEN_IN_A: late_a & ~a_done & b_done & (pl.col("b_closed_on") <= pl.col("a_due_on")),
        Why.LATE_IN_BOTH: late_a & late_b,
        Why.LATE_IN_A_ONLY: late_a,
        Why.NO_PROMISE_IN_A: late_b & pl.col("a_standing").is_in(_NO_PROMISE),
        Why.TOLD_LATE: late_b & a_done & b_done & (pl.col("a_closed_on") <= pl.col("b_due_on")),
        Why.ON_ITS_WAY: late_b & a_done & ~b_done & just_now,
        Why.OPEN_IN_B: late_b & a_done & ~b_done,
        Why.PAUSE_NOT_TOLD: late_b & (stage == Stage.SUSPENDED),
        Why.NOT_RECEIVED_IN_A: late_b & stage.is_in([Stage.AWAITING.value, Stage.NOT_RECEIVED.value]),
        Why.OTHER_PROMISE: late_b,
    }
    return pl.coalesce(pl.when(fits.fill_null(False)).then(pl.lit(why.value)) for why, fits in cases.items())


#: What is counted, and by the same words what each list holds: a number and its list cannot disagree.
LISTS: Final[Mapping[str, pl.Expr]] = {
    "dossiers": pl.col("code").is_not_null(),
    "both": pl.col("presence") == "both",
    "only_a": pl.col("presence") == "only_a",
    "only_b": pl.col("presence") == "only_b",
    "ambiguous_a": pl.col("presence") == "ambiguous_a",
    "ambiguous_b": pl.col("presence") == "ambiguous_b",
    "twice_a": pl.col("copies_a") > 1,
    "twice_b": pl.col("copies_b") > 1,
    "stage_differs": pl.col("stage_differs"),
    "received_differs": pl.col("received_differs"),
    "due_differs": pl.col("due_differs"),
    "finish_differs": pl.col("finish_differs"),
    "late_a": pl.col("late_a"),
    "late_b": pl.col("late_b"),
    "overdue": pl.col("overdue").is_not_null(),
    **{each.value: (pl.col("overdue") == each.value).fill_null(False) for each in Overdue},
    "real_b": ((pl.col("overdue") == Overdue.REAL) & pl.col("late_b")).fill_null(False),
    "not_real_b": (
        pl.col("late_b") & pl.col("overdue").is_in([Overdue.SYNCHRONISATION.value, Overdue.NOT_CLOSED.value])
    ).fill_null(False),
    **{each.value: (pl.col("why") == each.value).fill_null(False) for each in Why},
}
BY: Final = ("department", "field")


def counted(rows: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Count each of LISTS, by names of BY; without ``by`` there is one row. Sums over groups are the whole."""
    counts = rows.select(*by, *(fits.cast(pl.Int64).alias(name) for name, fits in LISTS.items()))
    sums = [pl.col(name).sum() for name in LISTS]
    return counts.group_by(by).agg(sums).sort(by, nulls_last=True) if by else counts.select(sums)


def listed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Give the dossiers behind one count, by unit and code. Raises KeyError for a name that is not in LISTS."""
    return rows.filter(LISTS[name]).sort("department", "code", nulls_last=True)
