"""Which promise was in force when: the first one, and every later move with whether it counts, and why not."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar

EVER: Final = date(2999, 12, 31)  # a span that has not ended
BEFORE: Final = date(1900, 1, 1)  # the first promise counts from the beginning


class Move(StrEnum):
    """What moved a promise."""

    RETURN = "return"  # the source wrote the new due date beside the return from a suspension
    WAITED = "waited"  # nobody wrote one: the due day moves by the working days waited
    EXTENSION = "extension"  # a letter with a new date
    CORRECTION = "correction"  # an operator recorded it with a reason
    UNEXPLAINED = "unexplained"  # the source shows another date and does not say why


class Verdict(StrEnum):
    """Why a move counts or does not."""

    COUNTS = "counts"
    AS_TOLD = "as_told"  # counts because the source's terms say so ("theo nguồn")
    LATE_NOTICE = "late_notice"
    ONE_LETTER_TOO_MANY = "one_letter_too_many"
    AFTER_DUE = "after_due"
    AFTER_CLOSING = "after_closing"
    LATE_BEFORE = "late_before"  # already overdue when the clock stopped: it stays overdue


#: Every move of a promise, in order, as facts keep it.
MOVES: Final = pl.List(pl.Struct({"on": pl.Date, "due_on": pl.Date, "kind": pl.String, "verdict": pl.String}))
COUNTING: Final = (Verdict.COUNTS, Verdict.AS_TOLD)


def first_promise(rows: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, due_on, minute, promised_on (the source's own): the first promise ever made.

    The source's own notes may reach further back than what we saw. Where the office reckons for the source
    (Terms.promise "computed") and knows the limit, its own due day stands; where no promise was ever made, the first
    correction does.
    """
    noted = (
        halts.filter(pl.col("due_before").is_not_null())
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").first().dt.date())
    )
    lettered = (
        _letters(rows)
        .group_by("id", maintain_order=True)
        .agg(pl.col("due_before").drop_nulls().first().dt.date().alias("due_lettered"))
    )
    first_told = pl.col("promises").list.first().struct.field("due_at")
    told = rows.select(
        "id",
        reckoned=pl.when("reckoned").then("expected_first_on"),
        told=pl.coalesce(first_told, "due_local").dt.date(),
        minute=pl.coalesce(first_told, "due_local"),
    )
    both = told.join(noted, on="id", how="left").join(lettered, on="id", how="left")
    source = pl.coalesce(pl.min_horizontal("due_before", "due_lettered"), "told")
    corrected = rows.select(  # where no promise was ever made, the operator's is the first
        "id", corrected=pl.col("corrections").list.first().struct.field("due_at").dt.date()
    )
    both = both.join(corrected, on="id", how="left")
    minute = pl.when(pl.col("minute").dt.date() == source).then("minute")
    return both.select("id", due_on=pl.coalesce("reckoned", source, "corrected"), promised_on=source, minute=minute)


def _letters(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("id", "letters").explode("letters", empty_as_null=False, keep_nulls=False).unnest("letters")


def moves(rows: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give every later promise: id, on (the day it was made), due_on, kind (Move), halt_on (since when the clock had
    stood, for returns)."""
    seen = _seen_promises(rows, halts)
    back = _returns(rows, halts, seen)
    letters = (
        _letters(rows)
        .filter(pl.col("due_after").is_not_null())
        .select("id", on=pl.col("at").dt.date(), **_due("due_after"), kind=pl.lit(Move.EXTENSION.value))
    )
    corrected = (
        rows.select("id", "corrections")
        .explode("corrections", empty_as_null=False, keep_nulls=False)
        .unnest("corrections")
        .select("id", on=pl.col("at").dt.date(), **_due("due_at"), kind=pl.lit(Move.CORRECTION.value))
    )
    told = pl.concat([back, letters, corrected], how="diagonal")
    ours = rows.filter("reckoned")["id"].implode()
    silent = _unexplained(seen.filter(~pl.col("id").is_in(ours)), told, first)
    silent = silent.with_columns(kind=pl.lit(Move.UNEXPLAINED.value))
    return pl.concat([told, silent.select("id", "on", "due_on", "minute", "kind")], how="diagonal").sort(
        "id", "on", maintain_order=True
    )


def _due(column: str) -> dict[str, pl.Expr]:
    """Give the due day of a local stamp, and its minute."""
    return {"due_on": pl.col(column).dt.date(), "minute": pl.col(column)}


def _returns(rows: pl.DataFrame, halts: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Give what the returns from waits moved: the date written beside it, else the one shown on that day, else (WAITED)
    what the law gives, where the promise of the time before was in sight. A wait that the closing ended moves nothing
    here (``returns_at_closing``)."""
    known = rows.select("id", "reckoned", "restart", "closed_on", ours="expected_first_on")
    begun = halts.join(known, on="id", maintain_order="left").with_columns(
        since=pl.col("from_on").min().over("id", "wait"), until=pl.col("to_on").max().over("id", "wait")
    )
    ended = begun.filter("ended", ~_closed_waiting())
    shown = seen.group_by("id", to_on="on").agg(
        shown_on=pl.col("due_on").last(), shown_minute=pl.col("minute").last(), sights=pl.col("turn").max()
    )
    ended = ended.join(shown, on=["id", "to_on"], how="left", maintain_order="left").with_columns(
        shown_on=pl.when("live", pl.col("sights") > 1).then("shown_on")  # the first sight is no move
    )
    waits = pl.struct("id", "wait")
    open_then = (pl.col("to_on") < pl.col("closed_on")).fill_null(True)
    written = ended.filter(~pl.col("reckoned"), pl.col("due_after").is_not_null())
    shown_beside = pl.col("due_after").is_null() & pl.col("shown_on").is_not_null()
    beside = ended.filter(~pl.col("reckoned"), shown_beside, open_then)
    told = pl.concat([written.select(waits.alias("w")), beside.select(waits.alias("w"))])["w"]
    lasting = halts.filter(~pl.col("ended")).select(waits.alias("w"))["w"]
    silent = ended.filter(pl.col("reckoned") | (pl.col("live") & ~waits.is_in(told.implode())))
    waited = _whole_waits(silent.filter(open_then, ~waits.is_in(lasting.implode())))
    due = {"due_on": pl.col("due_after").dt.date(), "minute": pl.col("due_after")}
    return pl.concat(
        [
            written.select("id", on="to_on", **due, kind=_RETURN, halt_on="since"),
            beside.select("id", on="to_on", due_on="shown_on", minute="shown_minute", kind=_RETURN, halt_on="since"),
            waited.select(
                "id", "begun_on", "reckoned_on", "reckoned_before", "restart", on="to_on", due_on=pl.lit(None, pl.Date),
                kind=pl.lit(Move.WAITED.value), halt_on="since",
            ),
        ],
        how="diagonal",
    )  # fmt: skip


_RETURN: Final = pl.lit(Move.RETURN.value)


def _closed_waiting() -> pl.Expr:
    """Tell the waits that the closing ended, unless the source wrote a due date beside the return of that very day."""
    at_the_end = (pl.col("until") == pl.col("closed_on")).fill_null(False)
    written = pl.col("ended") & pl.col("due_after").is_not_null() & (pl.col("to_on") == pl.col("closed_on"))
    return at_the_end & ~((written & ~pl.col("reckoned")).fill_null(False).any().over("id", "wait"))


def _whole_waits(ended: pl.DataFrame) -> pl.DataFrame:
    """Join suspensions that touch or overlap: a wait told in two parts is one wait."""
    whole = ended.group_by("id", "wait", maintain_order=True).agg(
        pl.col("since", "ours", "restart").first(),
        pl.col("begun_on", "reckoned_on").sort_by("to_on").last(),
        pl.col("to_on").max(),
    )
    before = pl.col("reckoned_on").shift().over("id")
    return whole.with_columns(reckoned_before=pl.coalesce(before, "ours"))


def _unexplained(seen: pl.DataFrame, told: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Keep the promises seen that nothing explains: every note explains one sight of its due day, and the first
    promise the sight that opened. A promise put off and put back was moved twice."""
    notes = told.group_by("id", "due_on").agg(notes=pl.len())
    opened = first.select("id", opening="due_on")
    found = seen.join(notes, on=["id", "due_on"], how="left", maintain_order="left")
    found = found.join(opened, on="id", how="left", maintain_order="left").with_columns(
        sight=pl.col("due_on").cum_count().over("id", "due_on"),
        from_first=pl.col("due_on").first().over("id") == pl.col("opening"),
    )
    is_opening = ((pl.col("due_on") == pl.col("opening")) & pl.col("from_first")).fill_null(False)
    explained = pl.col("notes").fill_null(0) + is_opening.cast(pl.UInt32)
    return found.filter(pl.col("sight") > explained).select("id", "on", "due_on", "minute")


def _seen_promises(rows: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give every promise as it was seen: id, on, due_on, minute, turn (1 for the first).

    When the one seen first was made, nobody can say: it is dated at the last return before that the source wrote a due
    date beside, else at the receipt.
    """
    written = halts.filter("ended", pl.col("due_after").is_not_null())
    last = written.group_by("id").agg(pl.col("to_on").max().alias("returned_on"))
    at_first = rows.select("id", "received_on", due_on="observed_due_on", minute="due_local", turn=pl.lit(1, pl.UInt32))
    at_first = at_first.join(last, on="id", how="left")
    listed = (
        rows.select("id", "received_on", "promises")
        .explode("promises", empty_as_null=False, keep_nulls=False)
        .unnest("promises")
        .with_columns(
            turn=pl.col("id").cum_count().over("id"),
            **_due("due_at"),
            on=pl.coalesce("happened_at", "seen_at").dt.date(),
        )
        .join(last, on="id", how="left", maintain_order="left")
    )
    opening = pl.coalesce("returned_on", "received_on")
    later = listed.with_columns(on=pl.when(pl.col("turn") == 1).then(opening).otherwise("on"))
    only = at_first.join(listed, on="id", how="anti").with_columns(on=opening)
    columns = ["id", "on", "due_on", "minute", "turn"]
    return pl.concat([only.select(columns), later.select(columns)]).drop_nulls()


def judged(rows: pl.DataFrame, moves: pl.DataFrame, first: pl.DataFrame, halts: pl.DataFrame,
           calendar: WorkingCalendar) -> pl.DataFrame:  # fmt: skip
    """Judge move by move, all dossiers at once: id, on, due_on, minute, kind, verdict (Verdict), counts.

    ``rows`` gives id, closed_on, as_told and the law in force at the receipt (letter_notice_days, letters_at_most).
    """
    law = rows.select("id", "closed_on", "as_told", "letter_notice_days", "letters_at_most")
    turn = moves.join(law, on="id", how="left", maintain_order="left").with_columns(
        turn=pl.col("id").cum_count().over("id"),
        letter=(pl.col("kind") == Move.EXTENSION).cast(pl.Int32).cum_sum().over("id"),
    )
    turn = turn.join(_halted_since(turn, halts), on=["id", "turn"], how="left", maintain_order="left")
    force = first.select("id", force="due_on")
    done: list[pl.DataFrame] = []
    for k in turn["turn"].unique().sort():
        now = turn.filter(pl.col("turn") == k).join(force, on="id", how="left", maintain_order="left")
        now = now.with_columns(due_on=_moved_to(calendar)).filter(pl.col("due_on").is_not_null())
        now = now.with_columns(verdict=_verdict(calendar))
        now = now.with_columns(counts=pl.col("verdict").is_in([v.value for v in COUNTING]))
        done.append(now.select("id", "on", "due_on", "minute", "kind", "verdict", "counts"))
        taken = now.filter("counts").select("id", "due_on")
        force = force.join(taken, on="id", how="left").select("id", force=pl.coalesce("due_on", "force"))
    empty = moves.select("id", "on", "due_on", "minute", "kind", verdict=pl.lit(""), counts=pl.lit(True)).clear()
    return pl.concat([empty, *done]).sort("id", "on", maintain_order=True)


def _moved_to(calendar: WorkingCalendar) -> pl.Expr:
    """Give the new due day; where only the wait is known, the promise in force moved by the working days waited.

    A limit that begins anew ends as long after the return, never before the promise in force. Our own reckoning is
    exact for limits in days and hours of any kind, as long as it is what is in force.
    """
    force = pl.col("force")
    waited = calendar.working_days_between(pl.col("halt_on"), pl.col("on"))
    shifted = pl.when(waited > 0).then(calendar.shift(force, waited)).otherwise(force)
    ours = pl.when(pl.col("reckoned_before") == force).then("reckoned_on")
    anew = pl.when(pl.col("begun_on").is_not_null()).then(pl.max_horizontal(force, "begun_on"))
    return pl.when(pl.col("kind") == Move.WAITED).then(pl.coalesce(anew, ours, shifted)).otherwise("due_on")


def _verdict(calendar: WorkingCalendar) -> pl.Expr:
    """Say whether a move counts. Columns: kind, on, letter (how many so far), halted_since, force, closed_on, law."""
    kind, force = pl.col("kind"), pl.col("force")
    in_time = pl.coalesce("halted_since", "on") <= force
    closed = (pl.col("on") > pl.col("closed_on")).fill_null(False)
    notice = calendar.working_days_between(pl.col("on"), force) >= pl.col("letter_notice_days")  # NĐ 61/2018

    def then(verdict: Verdict) -> pl.Expr:
        return pl.lit(verdict.value)

    letter = (
        pl.when(closed)
        .then(then(Verdict.AFTER_CLOSING))
        .when(pl.col("letter") > pl.col("letters_at_most"))
        .then(then(Verdict.ONE_LETTER_TOO_MANY))
        .when(notice)
        .then(then(Verdict.COUNTS))
        .otherwise(then(Verdict.LATE_NOTICE))
    )
    silent = (
        pl.when(closed)
        .then(then(Verdict.AFTER_CLOSING))
        .when(in_time)
        .then(then(Verdict.COUNTS))
        .otherwise(then(Verdict.AFTER_DUE))
    )
    judged = (
        pl.when((kind == Move.CORRECTION) & (pl.col("on") >= pl.col("closed_on")).fill_null(False))
        .then(then(Verdict.AFTER_CLOSING))
        .when(force.is_null() | (kind == Move.CORRECTION))
        .then(then(Verdict.COUNTS))
        .when(kind.is_in([Move.WAITED.value, Move.RETURN.value]))
        .then(pl.when(pl.col("halt_on") <= force).then(then(Verdict.COUNTS)).otherwise(then(Verdict.LATE_BEFORE)))
        .when(kind == Move.EXTENSION)
        .then(letter)
        .otherwise(silent)
    )
    given = pl.col("as_told") & (kind != Move.WAITED) & ~judged.is_in([v.value for v in COUNTING])
    return pl.when(given).then(then(Verdict.AS_TOLD)).otherwise(judged)


def _halted_since(turn: pl.DataFrame, halts: pl.DataFrame) -> pl.DataFrame:
    """Give id, turn, halted_since for moves made while the clock stood: then the day of the halt is what matters."""
    inside = turn.select("id", "turn", "on").join(halts.select("id", "from_on", "to_on"), on="id")
    inside = inside.filter(pl.col("from_on") <= pl.col("on"), pl.col("on") < pl.col("to_on"))
    return inside.group_by("id", "turn").agg(halted_since=pl.col("from_on").min())


def returns_at_closing(
    rows: pl.DataFrame, halts: pl.DataFrame, first: pl.DataFrame, counted: pl.DataFrame, calendar: WorkingCalendar
) -> pl.DataFrame:
    """Closed while suspended: the due day moves by the working days waited so far (id, on, due_on)."""
    closing = rows.filter(pl.col("closed_on").is_not_null()).select("id", "closed_on", "reckoned")
    spells = halts.join(closing, on="id", maintain_order="left").with_columns(
        since=pl.col("from_on").min().over("id", "wait"), until=pl.col("to_on").max().over("id", "wait")
    )
    waited = spells.filter(_closed_waiting()).group_by("id").agg(
        from_on=pl.col("since").min(), on=pl.col("closed_on").first()
    )  # fmt: skip
    force = pl.concat([first.select("id", on=pl.lit(BEFORE), due_on="due_on"), counted.select("id", "on", "due_on")])
    force = waited.join(force, on="id", suffix="_made").filter(pl.col("on_made") <= pl.col("on"))
    force = force.sort("on_made", maintain_order=True).group_by("id").agg(pl.all().last())
    running = force.filter(pl.col("due_on") >= pl.col("from_on"))  # already late when halted: it stays late
    waited_days = running.with_columns(days=calendar.working_days_between(pl.col("from_on"), pl.col("on")))
    moved = waited_days.filter(pl.col("days") > 0)  # no day waited: a due day on a day off stays where it is
    return moved.select("id", "on", due_on=calendar.shift(pl.col("due_on"), pl.col("days")))
