"""What processes hold, and by how much it grows with what they do: a slope with its uncertainty, after warm-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from metrics.dispersion import student

Numbers = Sequence[float] | NDArray[np.float64] | NDArray[np.int64]
MB: Final = 1_000_000
#: Of the work that was done, this share is warm-up: caches fill, allocators find their size.
WARM_UP: Final = 0.4
#: A pool of threads gains one whenever more of its jobs meet than ever before, which by chance takes weeks.
POOLS_FILL: Final = 0.6
#: Samples that follow each other are alike; so many stretches are nearly strangers. Of each the least counts: what is
#: kept for good is held at its quietest moment too, and what a page or an analysis takes for a while is not.
STRETCHES: Final = 12
#: 95 of 100.
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds. ``own``: memory that nobody else has too (USS); ``all``: RSS; both in bytes."""

    own: int
    all: int
    files: int
    threads: int


def held(pid: int) -> Held:
    """Ask the kernel. Raises OSError when the process is gone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    told = {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}
    own = told["Private_Clean"] + told["Private_Dirty"]
    return Held(own, told["Rss"], *(len(list(Path(f"/proc/{pid}/{what}").iterdir())) for what in ("fd", "task")))


@dataclass(frozen=True, slots=True)
class Slope:
    """How something grows with each thousand of what was done: estimate, and the ends of its 95 % interval."""

    a_thousand: float
    low: float
    high: float
    done: int

    def grows(self, bound: float) -> bool:
        """Say whether it is shown to grow, and by more than ``bound``."""
        return self.low > 0 and self.a_thousand > bound

    def flat(self, bound: float) -> bool:
        """Say whether it is shown to grow by no more than ``bound``."""
        return self.high <= bound


def slope(done: Numbers, value: Numbers, warm_up: float = WARM_UP) -> Slope | None:
    """Fit a line through the least of stretches of equal work after the warm-up; None where too little was done."""
    x, y = np.asarray(done, float), np.asarray(value, float)
    if not len(x) or x[-1] <= 0:
        return None
    edges = np.linspace(x[-1] * warm_up, x[-1], STRETCHES + 1)
    within = [(x > begins) & (x <= ends) for begins, ends in zip(edges[:-1], edges[1:], strict=True)]
    if not all(some.any() for some in within):
        return None
    mx, my = np.array([x[some].mean() / 1000 for some in within]), np.array([y[some].min() for some in within])
    spread = ((mx - mx.mean()) ** 2).sum()
    found = float(((mx - mx.mean()) * (my - my.mean())).sum() / spread)
    left = my - my.mean() - found * (mx - mx.mean())
    freedom = STRETCHES - 2
    reach = student(_Z, freedom) * float(np.sqrt((left**2).sum() / freedom / spread))
    return Slope(found, found - reach, found + reach, int(x[-1] - edges[0]))
