"""What a fault came to: how often, at which points, what was lost or doubled, and how soon all was well again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain


@dataclass(slots=True)
class Tally:
    """One fault. ``must``: points of which each has to be hit; ``recovered``: seconds, one a time; ``skipped``: why it
    was not tried."""

    name: str
    must: tuple[str, ...]
    times: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)
    skipped: str = ""

    def hit(self, point: str) -> None:
        """Count a fault at a point."""
        self.times += 1
        self.hits[point] += 1

    @property
    def never(self) -> tuple[str, ...]:
        """The points that had to be hit and were not."""
        return () if self.skipped else tuple(point for point in self.must if not self.hits[point])

    @property
    def wrong(self) -> list[str]:
        """What stands against it, as sentences; nothing when it was survived."""
        told = [f"lost: {what}" for what in self.lost] + [f"doubled: {what}" for what in self.doubled]
        return [f"{self.name}: {what}" for what in (*told, *(f"never hit: {point}" for point in self.never))]


HEAD = ("fault", "times", "points hit", "lost", "doubled", "recovered in s")


def row(tally: Tally) -> tuple[str, ...]:
    """Write a fault as a line of the table."""
    if tally.skipped:
        return (tally.name, "-", f"not tried: {tally.skipped}", "-", "-", "-")
    points = ", ".join(f"{point} {tally.hits[point]}" for point in dict.fromkeys(chain(tally.must, sorted(tally.hits))))
    took = sorted(tally.recovered)
    soon = f"{took[len(took) // 2]:.1f} (longest {took[-1]:.1f})" if took else "-"
    return (tally.name, str(tally.times), points, str(len(tally.lost)), str(len(tally.doubled)), soon)


def table(tallies: Iterable[Tally]) -> str:
    """Write the table of all faults, as Markdown does."""
    rows: Sequence[tuple[str, ...]] = [HEAD, ("---",) * len(HEAD), *(row(tally) for tally in tallies)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
