"""What every engine is asked, word for word the same: keys and values of each answer, and what may not differ.

No frame library is imported here: the process of each engine loads its own and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SOURCES: Final = ("mot-cua", "lien-thong")
DIMENSIONS: Final = ("source", "department", "field", "procedure", "level", "channel", "receiving_unit")
#: Events of the cube that follow from the days of a dossier and the one promise that counts at its end. The rest of
#: the catalogue needs the history of promises and halts, which plain columns do not hold: only we work it out.
EVENTS: Final = (
    "submitted", "not_accepted", "received", "resolved_early", "resolved_on_time", "resolved_overdue",
    "resolved_undetermined", "withdrawn", "refused", "stopped", "awaiting_acceptance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, a sentence for the reader, and the columns of the answer."""

    name: str
    title: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


COUNTS: Final = Question(
    "counts",
    "five counts by department × field × week",
    ("department", "field", "week"),
    ("received", "early", "on_time", "overdue", "undetermined"),
)
DURATIONS: Final = Question(
    "durations",
    "results with exact p50 and p90 of working days, by department × field × week",
    ("department", "field", "week"),
    ("n", "p50", "p90"),
)
TOOK: Final = Question(
    "took",
    "the same as we publish it, days of suspension left out",
    DURATIONS.keys,
    DURATIONS.values,
)
RECOMPUTE: Final = Question(
    "recompute",
    "daily counts of all months, derived again from disk",
    ("day", *DIMENSIONS, "event"),
    ("n",),
)
QUARTER: Final = Question(
    "quarter",
    "the last three months alone, derived again from disk",
    RECOMPUTE.keys,
    RECOMPUTE.values,
)
QUESTIONS: Final = {q.name: q for q in (COUNTS, DURATIONS, TOOK, RECOMPUTE, QUARTER)}
