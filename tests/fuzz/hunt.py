"""Draw cases, feed them to our reader, and shrink what breaks a law to the smallest case that still does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from tests.fuzz.case import Case
from tests.fuzz.laws import broken
from tests.fuzz.ways import Line


class BrokenError(AssertionError):
    """A case broke a law."""


@dataclass(slots=True)
class Found:
    """What a hunt met: cases fed, seconds, and the smallest case that broke a law with the names of these."""

    cases: int = 0
    seconds: float = 0.0
    case: Case | None = None
    laws: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        return "; ".join(self.laws)


def hunt(
    cases: SearchStrategy[Case],
    line: Line,
    *,
    times: int,
    start: int,
    shrink: bool = True,
    before: Callable[[Case], None] = lambda case: None,
    judge: Callable[[Case, Line], tuple[str, ...]] = broken,
) -> Found:
    """Feed ``times`` cases, drawn from the seed ``start``, until one breaks a law; ``before`` hears of each,
    ``judge`` names the laws that it breaks."""
    found = Found()

    @seed(start)
    @settings(
        max_examples=times, database=None, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    @given(cases)
    def every(case: Case) -> None:
        before(case)
        found.cases += 1
        if laws := judge(case, line):
            found.case, found.laws = case, laws
            raise BrokenError(laws[0][:60])

    began = time.monotonic()
    with contextlib.suppress(BrokenError, Flaky):
        every()
    found.seconds = time.monotonic() - began
    return found
