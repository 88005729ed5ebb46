"""What a province is made of: which field lies with which department, and how long each procedure may take.

The same for every size and seed, so that the rulebook of a benchmark is one and the same in every process.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

_SEED: Final = 2016
DEPARTMENTS, FIELDS, SHARED, PROCEDURES = 40, 120, 24, 12  # 24 fields lie with two departments; 12 procedures a field
LIMITS: Final = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30)  # working days
LIMIT_SHARES: Final = (0.06, 0.10, 0.10, 0.20, 0.18, 0.12, 0.12, 0.07, 0.03, 0.02)


@cache
def pairs() -> pl.DataFrame:
    """Give field and department numbers and how often each pair is asked for."""
    rng = np.random.default_rng([_SEED, 1])
    field = np.concatenate([np.arange(FIELDS), rng.choice(FIELDS, SHARED, replace=False)])
    home = np.arange(FIELDS) % DEPARTMENTS
    department = np.concatenate([home, (home[field[FIELDS:]] + 7) % DEPARTMENTS])
    weight = 1.0 / (1 + rng.permutation(FIELDS))[field]
    weight[FIELDS:] *= 0.25
    return pl.DataFrame({"field": field, "department": department, "weight": weight / weight.sum()})


@cache
def limits() -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Give the working days allowed, per field and procedure."""
    rng = np.random.default_rng([_SEED, 2])
    return rng.choice(np.array(LIMITS, np.int32), (FIELDS, PROCEDURES), p=LIMIT_SHARES)


def procedure(field: int, number: int) -> str:
    """Give the code of a procedure."""
    return f"1.{field * 100 + number:06}"
