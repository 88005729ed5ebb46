"""The names under which the night keeps what it counted of steps (store.insight)."""

from __future__ import annotations

from typing import Final

from metrics.step_figures import CHOSEN

#: metrics.step_figures.TIMES, metrics.step_losses.LOSSES and COMPARED, metrics.step_ways.WAYS.
TIMES: Final = "step_times"
LOST: Final = "step_losses"
LATE_KNOWN: Final = "step_late"
ROUTES: Final = "step_ways"
#: OF_SOURCES.
KNOWN: Final = "step_known"
#: By officer: department, procedure, handler, step, unit, kind, halves, n, minutes.
HANDS: Final = "step_hands"
#: How far steps are known: dossiers, those of which steps were told, and those of which some were only seen.
OF_SOURCES: Final = (*CHOSEN, "source", "dossiers", "told", "seen")
