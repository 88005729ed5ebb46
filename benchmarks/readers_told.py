"""What readers waited for, as a chapter of RESULTS.md: every figure beside what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.readers import Found
    from benchmarks.readers_crowd import Measured

#: Readers at once → p95 of a change of a filter in seconds.
P95: Final = {100: 0.5, 200: 2.0}
A_SECOND: Final = 40.0
A_READER: Final = 2.0
A_PART: Final = 0.3
SLOWER: Final = {"each": 50.0, "kept": 5.0, "sql": 8.0}
PEERS: Final = {
    "each": "SQL into pandas on each run", "kept": "a pandas frame kept for all", "sql": "SQL aggregates on PostgreSQL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside what is wanted."""

    what: str
    found: str
    wanted: str
    there: bool

    def __str__(self) -> str:
        return f"| {self.what} | {self.found} | {self.wanted}: {'there' if self.there else '**not yet**'} |"


def milliseconds(seconds: Sequence[float]) -> str:
    """Say the median of some times."""
    return f"{1000 * median(seconds):.0f} ms" if seconds else "nothing"


def p(seconds: Sequence[float], share: int) -> float:
    """Give a percentile, of one or two values the largest; 0 of none."""
    if len(seconds) < 3:
        return max(seconds, default=0.0)
    return quantiles(seconds, n=100, method="inclusive")[share - 1]


def judged(found: Found) -> list[Line]:
    """Hold every figure against what is wanted."""
    lines = []
    for count, told in found.crowds.items():
        if count in P95:
            late, most = p(told.change, 95), P95[count]
            there = bool(told.change) and late < most and not told.wrong
            shown = f"{1000 * late:.0f} ms, {sum(told.wrong.values())} errors"
            lines.append(Line(f"{count} readers: p95 of a change", shown, f"< {1000 * most:.0f} ms, no error", there))
    drawn = (len(found.full.change) + len(found.full.move)) / (found.full.seconds or 1)
    none = not found.full.wrong
    lines.append(
        Line("drawings a second of one process", f"{drawn:.1f}", f"≥ {A_SECOND:g}", none and drawn >= A_SECOND)
    )
    heavy = found.memory[0]
    lines.append(Line("memory a reader", f"{heavy:.2f} MB", f"< {A_READER:g} MB", 0 <= heavy < A_READER))
    if found.parts:
        part = median(found.parts)
        lines.append(Line("a part of a page changed, in Chromium", f"{1000 * part:.0f} ms", "< 300 ms", part < A_PART))
    for way, seconds in found.peers.items():
        times = median(seconds) / median(found.fresh)
        lines.append(Line(f"{PEERS[way]}, × ours", f"{times:.1f}", f"≥ {SLOWER[way]:g}", times >= SLOWER[way]))
    return lines


def chapter(found: Found, given: Sequence[str], on: str, machine: str) -> str:
    """Write the chapter."""
    told = list(given)
    if "--keep" in told:
        del told[told.index("--keep") : told.index("--keep") + 2]
    return "\n".join([
        f"## Readers of {found.rows:,} dossiers",
        "",
        f'`make bench-readers ARGS="{" ".join(told)}"` on {on}. {machine}.',
        "",
        "Sessions of Streamlit's own protocol from a process beside the servers, four roles, "
        f"{found.processes} dashboards behind nginx that keeps each reader at one; 5 s of thought; mixed pages; units, "
        "fields, weeks, channels chosen at random, and open pages that ask by themselves. A change is timed until its "
        "last message is read.",
        "",
        "| | found | wanted |",
        "|---|--:|---|",
        *(str(line) for line in judged(found)),
        "",
        "| readers | changes a second | p50 ms | p95 ms | p99 ms | opens p95 ms | parts p95 ms | drawings | errors |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(_crowd(count, told) for count, told in found.crowds.items()),
        "",
        f"One process, {len(found.full.change) + len(found.full.move):,} drawings without a pause: p50 "
        f"{1000 * p(found.full.change, 50):.0f} ms, p95 {1000 * p(found.full.change, 95):.0f} ms at "
        f"{found.full_cpu:.2f} processors (one interpreter lock); errors: {sum(found.full.wrong.values())}.",
        "",
        f"One reader alone, {found.units} units; due, kept and overdue compared on every page with what was worked "
        "out; the others read a tenth of the dossiers, all that make these numbers, so the ratios are the least.",
        "",
        "| one reader alone | s of a change (median) | × ours, first time |",
        "|---|--:|--:|",
        f"| ours, a choice for the first time | {median(found.fresh):.3f} | 1.0 |",
        f"| ours, asked before | {median(found.again):.3f} | {median(found.again) / median(found.fresh):.2f} |",
        *(
            f"| {PEERS[way]} | {median(seconds):.3f} | {median(seconds) / median(found.fresh):.1f} |"
            for way, seconds in found.peers.items()
        ),
        "",
        f"The first page of a fresh process takes {max(found.cold, default=0):.1f} s; it holds "
        f"{found.memory[1]:.0f} MB of its own before the readers come.",
    ])  # fmt: skip


def _crowd(count: int, told: Measured) -> str:
    drawn = len(told.change) + len(told.move) + len(told.open) + len(told.part)
    cells = [
        f"{count}", f"{len(told.change) / told.seconds:.1f}",
        *(f"{1000 * p(told.change, share):.0f}" for share in (50, 95, 99)),
        f"{1000 * p(told.move + told.open, 95):.0f}", f"{1000 * p(told.part, 95):.0f}", f"{drawn:,}",
        f"{sum(told.wrong.values())}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
