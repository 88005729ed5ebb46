"""The tables of the forecast that a night makes and pages read: their names and columns."""

from __future__ import annotations

from typing import Final

import polars as pl

#: Names of the tables.
OPEN, EXPECTED, BACKTEST, CALIBRATION = "risk_open", "risk_expected", "risk_backtest", "risk_calibration"
#: One row per pending dossier with one or more working days to its due day and a running clock, of sources that are not
#: hidden. ``days_left``, ``elapsed`` in working days (the latter in process); ``alike``, ``n_alike``,
#: ``n_others``, ``missed_alike``: metrics.risk.alike.
OPEN_ROWS: Final = pl.Schema(
    [(c, pl.String()) for c in ("source", "code", "department", "field", "procedure", "step")]
    + [("due_on", pl.Date()), ("days_left", pl.Int64()), ("elapsed", pl.Int64())]
    + [("chance", pl.Float64()), ("alike", pl.String()), ("n_alike", pl.Int64()), ("n_others", pl.Int64())]
    + [("missed_alike", pl.Float64())]
)
#: What is expected late of the pending of each department (metrics.expected.by_department), with ``share_whole`` and
#: ``wider_whole`` (metrics.dispersion.Apart) of several departments, of which ``variance`` and ``root`` add up.
EXPECTED_ROWS: Final = pl.Schema(
    [("source", pl.String()), ("department", pl.String()), ("ahead", pl.Int64()), ("n", pl.Int64())]
    + [("expected", pl.Float64()), ("variance", pl.Float64()), ("root", pl.Float64())]
    + [("low", pl.Int64()), ("high", pl.Int64()), ("share_whole", pl.Float64()), ("wider_whole", pl.Float64())]
)
#: One row per source (metrics.risk_backtest.Backtest); ``hidden_since``: the day on which it was first hidden, null
#: where it is shown.
BACKTEST_ROWS: Final = pl.Schema(
    [("source", pl.String()), ("evening", pl.Date()), ("n", pl.Int64()), ("evenings", pl.Int64())]
    + [("from_on", pl.Date()), ("to_on", pl.Date())]
    + [(c, pl.Float64()) for c in ("brier", "brier_base", "brier_procedure", "held")]
    + [("held_n", pl.Int64()), ("hidden", pl.Boolean()), ("why", pl.String()), ("hidden_since", pl.Date())]
)
CALIBRATION_ROWS: Final = pl.Schema(
    [("source", pl.String()), ("predicted", pl.Float64()), ("observed", pl.Float64()), ("n", pl.Int64())]
)
