"""Walk every road of every question, and say where two numbers for one thing were found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store.database import Store
from tests.equality import papers, roads
from tests.equality.lists import Pickers
from tests.equality.papers import Json
from tests.equality.questions import Question, drawn
from tests.equality.roads import Differs, Road

Walk = Callable[[Road], None]
WALKS: Final[Sequence[Walk]] = (
    roads.of_overview, roads.of_analysis, roads.of_quality, roads.of_silence, papers.of_form, papers.of_lists,
    papers.of_report,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a hunt found: how many pairs of numbers were held against each other, and where they differed."""

    questions: int
    compared: int
    wrong: Sequence[tuple[Question, Differs]]

    @property
    def words(self) -> str:
        """The first differences, one a line."""
        return "\n".join(f"{question}\n  {differs}" for question, differs in self.wrong[:12])


def hunt(
    walks: Sequence[Walk], *, count: int, seed: int, said: Callable[[Road], None] = lambda _: None
) -> Told:  # fmt: skip
    """Ask ``count`` questions of ``seed``; ``said`` is told of each as it ends."""
    walked, pickers = [], Pickers()
    for question in drawn(count, seed):
        road = Road(question, seed, pickers)
        for walk in walks:
            walk(road)
        walked.append(road)
        said(road)
    wrong = [(road.question, differs) for road in walked for differs in road.wrong]
    return Told(len(walked), sum(road.compared for road in walked), wrong)


def every_walk(store: Store) -> tuple[Walk, ...]:
    """Give every road, that of the JSON among them, with a token for every reader."""
    return (*WALKS, Json(store).walk)
