"""Which promise was in force when: the first one, and every later move with whether it counts, and why not."""

from __future__ import annotations

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.returns import returns
from metrics.verdicts import COUNTING, Move, Verdict


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
    back = returns(rows, halts, seen)
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
