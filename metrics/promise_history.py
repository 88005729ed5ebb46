"""Every promise of one dossier, first to last, and why each counts or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from config.rules import Rules
from metrics.explanation import Promise
from metrics.reasons import BY_OFFICE, FIRST, Case, why
from metrics.verdicts import COUNTING, Move, Verdict
from metrics.worktime import WorkTime

Row = dict[str, Any]


def told_first(told: Row, row: Row) -> date | None:
    """Give the source's own first promise, also where our reckoning counts instead."""
    if told["reckons"]:
        seen = [p["due_at"].date() for p in told["promises"] or () if p["due_at"]]
        day: date | None = seen[0] if seen else told["observed_due_on"]
        return day
    first: date | None = row["first_due_on"]
    return first


def promises(row: Row, told: Row, stood: Sequence[Row], work: WorkTime, law: Rules, until: date) -> tuple[Promise, ...]:
    """List every promise of one dossier in order, each with what it met, and mark the one in force on ``until``.

    ``row``: its facts (metrics.clocks.facts); ``told``: what its source said, in local time (metrics.local);
    ``stood``: its suspensions (metrics.halts); ``law``: the rules in force on the day of receipt.
    """
    force: date | None = row["first_due_on"]
    listed, letters = _first(row, told, law), 0
    for move in row["moves"] or ():
        letters += move["kind"] == Move.EXTENSION
        case = Case(**move, force=force, letter=letters, closed_on=row["closed_on"], **_beside(move, told, stood, work))
        listed.append(_promise(case, law))
        force = move["due_on"] if listed[-1].counts else force
    return _with_force(listed, until)


def _first(row: Row, told: Row, law: Rules) -> list[Promise]:
    """Tell the first promise; none where the source never made one (a correction may stand alone)."""
    due_on = row["first_due_on"]
    if due_on is None:
        return []
    first = _promise(Case(FIRST, Verdict.COUNTS, row["received_on"], due_on), law)
    reckoned = told["reckons"] and due_on != told_first(told, row)
    return [replace(first, rule=BY_OFFICE) if reckoned else first]


def _promise(case: Case, law: Rules) -> Promise:
    said, rule = why(case, law)
    counts = case.verdict in COUNTING
    return Promise(case.on, case.due_on, case.kind, case.verdict, counts, said, rule, case.note, case.by)


def _with_force(listed: Sequence[Promise], day: date) -> tuple[Promise, ...]:
    """Mark the promise in force on ``day``: the last that counts and was made by then."""
    made = [n for n, p in enumerate(listed) if p.counts and (p.kind == FIRST or p.on is None or p.on <= day)]
    return tuple(replace(p, in_force=n in made[-1:]) for n, p in enumerate(listed))


def _beside(move: Row, told: Row, stood: Sequence[Row], work: WorkTime) -> Row:
    """Find what stood beside a move: the wait that ended on its day, who corrected and why, the letter's number."""
    match move["kind"]:
        case Move.CORRECTION:
            said = {(c["at"].date(), c["due_at"].date()): c for c in told["corrections"] or ()}
            found = said.get((move["on"], move["due_on"]))
            return {"note": found["reason"], "by": found["by"]} if found else {}
        case Move.EXTENSION:
            sent = {(x["at"].date(), x["due_after"].date()): x for x in told["letters"] if x["due_after"]}
            found = sent.get((move["on"], move["due_on"]))
            return {"note": found["letter"] or "", "by": found["by"]} if found else {}
        case Move.RETURN | Move.WAITED:
            begun = [h for h in stood if h["to_on"] == move["on"]]
            if begun:  # of several that ended on one day, the longest
                return {
                    "wait": begun[0]["kind"],
                    "waited": work.calendar.between(begun[0]["from_on"], move["on"]),
                }
    return {}
