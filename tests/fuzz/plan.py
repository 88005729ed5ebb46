"""What is fed in one go: of every way made cases, and damaged ones of those ways that have samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hypothesis.strategies import SearchStrategy

from tests.fuzz.answers import RECORDS, answers
from tests.fuzz.case import Case
from tests.fuzz.damage import damaged
from tests.fuzz.files import WRITERS, files
from tests.fuzz.ways import WAYS

#: Shares of the whole; a workbook and an answer cost more than a line of text.
_SHARES: Final = {"csv": 4, "json": 2, "json_lines": 2, "payload": 3, "steps": 2, "xls": 1, "xlsx": 2}
_CHEAP: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a run: what it is called, where its cases come from, and how many."""

    name: str
    cases: SearchStrategy[Case]
    times: int


def made(way: str) -> SearchStrategy[Case]:
    """Give made cases of one way."""
    return files(way) if way in WRITERS else answers(way)


def damaged_answers(way: str) -> SearchStrategy[Case]:
    """Give made answers that were damaged on the way."""
    return answers(way).flatmap(lambda case: damaged((Case(way, case.data, case.name, made=case.made),)))


def plan(cases: int, samples: tuple[Case, ...]) -> list[Part]:
    """Share ``cases`` out: half of them made, half of them damaged."""
    whole = sum(_SHARES.get(way, _CHEAP) for way in WAYS)
    half = {way: -(-cases * _SHARES.get(way, _CHEAP) // (2 * whole)) for way in WAYS}
    parts = [Part(f"{way}, made", made(way), times) for way, times in half.items()]
    for way, times in half.items():
        whole_files = tuple(s for s in samples if s.way == way)
        source = damaged(whole_files) if whole_files else damaged_answers(way) if way in RECORDS else made(way)
        parts.append(Part(f"{way}, damaged", source, times))
    return parts
