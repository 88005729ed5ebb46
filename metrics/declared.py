"""Every figure that code counts, by kind: what config/metrics.toml has to explain, and nothing else."""

from __future__ import annotations

from typing import Final

from metrics import definitions
from metrics.events import Event
from metrics.publication import PUBLISHED

#: Those of the daily counts, and the one that two sources are paired for.
SHARES: Final = frozenset({*definitions.RATES, PUBLISHED})
#: The counts that a share is made of, whether ``dunghan figures`` lists them or not.
_PARTS: Final = frozenset(
    name
    for rate in definitions.RATES.values()
    for part in (rate.numerator, rate.denominator)
    for name in part.meta.root_names()
)
#: What left the due cohorts: shown beside the headline.
_BESIDE: Final = frozenset({Event.EXTENDED_OUT.value, Event.SUSPENDED_OUT.value})
COUNTS: Final = frozenset({*definitions.COUNTS, *definitions.AGES}) | _PARTS | _BESIDE
DURATIONS: Final = frozenset(definitions.DURATIONS)
