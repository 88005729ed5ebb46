"""Where the province is in trouble, told relative to the day it was opened, so that every demo shows the same story."""

from __future__ import annotations

from typing import Final

import numpy as np

from connectors.simulator.days import Floats, Ints

#: UBND phường Tân Vân, đất đai: most land officers away since five weeks; late dossiers show three weeks ago.
WORSENING_UNIT: Final = "H99.32"
WORSENING_FIELD: Final = "Đất đai"
WORSENING_DAYS: Final = (-38, 25)
WORSENING_CAPACITY: Final = 0.07
#: New roads, new plots: this ward has many times the land dossiers of others.
WORSENING_LOAD: Final = 4.0

#: Sở Y tế: one dossier in five late until four months ago, in order since last month.
IMPROVING_UNIT: Final = "H99.06"
IMPROVING: Final = ((-130, -30), (0.21, 0.015))

#: Chi nhánh khu vực III: late all the time, and long.
CHRONIC_UNIT: Final = "H99.18"
CHRONIC_LATE: Final = 0.11

#: Sở Xây dựng: a bad stretch half a year ago.
SEASONAL_UNIT: Final = "H99.02"
SEASONAL: Final = ((-215, -190, -160, -130), (0.02, 0.10, 0.10, 0.02))


def chance_of_lateness(unit_codes: list[str], unit: Ints, received_day: Ints, opened_on: int, usual: Floats) -> Floats:
    """Give each dossier's chance to run past its due day for reasons of its own; ``usual``: one value per unit."""
    since = received_day - opened_on
    chance = usual[unit]
    chance = np.where(unit == unit_codes.index(IMPROVING_UNIT), np.interp(since, *IMPROVING), chance)
    chance = np.where(unit == unit_codes.index(CHRONIC_UNIT), CHRONIC_LATE, chance)
    return np.where(unit == unit_codes.index(SEASONAL_UNIT), np.interp(since, *SEASONAL), chance)
