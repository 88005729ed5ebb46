"""Every figure that code counts, by kind: what config/metrics.toml has to explain, and nothing else."""

from __future__ import annotations

from typing import Final

from metrics import definitions, procedures_register
from metrics.events import Event
from metrics.publication import PUBLISHED

#: Those of the daily counts, and the one that two sources are paired for.
SHARES: Final = frozenset({*definitions.RATES, *procedures_register.RATES, PUBLISHED})
#: The counts that a share is made of, whether ``dunghan figures`` lists them or not.
_PARTS: Final = frozenset(
    name
    for rate in definitions.RATES.values()
    for part in (rate.numerator, rate.denominator)
    for name in part.meta.root_names()
)
#: What left the due cohorts: shown beside the headline.
_BESIDE: Final = frozenset({Event.EXTENDED_OUT.value, Event.SUSPENDED_OUT.value})
#: Those of the register of procedures, which are of a day and of no dossier.
REGISTER: Final = frozenset({*procedures_register.COUNTS, procedures_register.RESIDUAL, *procedures_register.RATES})
COUNTS: Final = frozenset({*definitions.COUNTS, *definitions.AGES}) | _PARTS | _BESIDE | (REGISTER - SHARES)
DURATIONS: Final = frozenset(definitions.DURATIONS)
