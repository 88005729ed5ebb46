"""Faults planted in one reader at a time: a harness that does not find them guards nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import polars as pl
import pytest

from dashboard import api, data, form_asked, fridays, served
from dashboard.answers import overview, worklist
from dashboard.filters import Choice
from dashboard.listing import Listing
from metrics.scope import Filters, Period, Scope
from reports import period_form
from tests.equality.hunt import WALKS, hunt
from tests.equality.papers import Json

Plant = Callable[[pytest.MonkeyPatch], None]


def list_without_channel(patch: pytest.MonkeyPatch) -> None:
    """The list forgets which channel was chosen."""
    listed = data.listed

    def forgetful(ask: data.Ask, listing: Listing) -> pl.DataFrame:
        return listed(replace(ask, choice=replace(ask.choice, channel=None)), listing)

    patch.setattr(data, "listed", forgetful)


def link_without_field(patch: pytest.MonkeyPatch) -> None:
    """The links forget the field."""
    query = Choice.query
    patch.setattr(
        Choice, "query", lambda self, **more: {k: v for k, v in query(self, **more).items() if k != "linh_vuc"}
    )


def figures_a_day_short(patch: pytest.MonkeyPatch) -> None:
    """The figures begin a day late."""
    figures = data.figures

    def short(ask: data.Ask, *, period: Period | None = None, by: Any = ()) -> pl.DataFrame:
        span = period or ask.choice.period
        return figures(ask, period=Period(min(span.start + timedelta(days=1), span.end), span.end), by=by)

    patch.setattr(data, "figures", short)


def tile_of_resolved(patch: pytest.MonkeyPatch) -> None:
    """The tile counts another number of kept promises."""
    patch.setattr(overview.Weeks, "rates", lambda self: [(r["due"] - 1, r["due"]) if r else None for r in self.rows])


def file_less_one(patch: pytest.MonkeyPatch) -> None:
    """The file leaves the last line out."""
    whole = worklist.whole
    patch.setattr(worklist, "whole", lambda rows, listing: whole(rows, listing).head(max(0, rows.height - 1)))


def json_without_unit(patch: pytest.MonkeyPatch) -> None:
    """The JSON forgets the unit."""
    asked = api.asked_of

    def forgetful(request: Any, token: Any) -> Any:
        ask, period, by = asked(request, token)
        return replace(ask, choice=replace(ask.choice, department=None)), period, by

    patch.setattr(api, "asked_of", forgetful)


def form_as_printed(patch: pytest.MonkeyPatch) -> None:
    """The form's workbook prints the receipts of another column."""
    cells = period_form._cells
    patch.setattr(period_form, "_cells", lambda row: cells({**row, "c4": row["c5"], "c5": row["c4"]}))


def report_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """The report forgets its scope."""
    report = fridays.friday_report
    patch.setattr(fridays, "friday_report", lambda ask, day: report(replace(ask, scope=Scope.province()), day))


def quality_of_all_channels(patch: pytest.MonkeyPatch) -> None:
    """The page on service forgets what was chosen."""
    question = served._question

    def forgetful(ask: data.Ask, period: Period, by: Any) -> Any:
        return replace(question(ask, period, by), filters=Filters())

    patch.setattr(served, "_question", forgetful)


def silence_unsaid(patch: pytest.MonkeyPatch) -> None:
    """Rates leave somebody out, and nobody says so."""
    patch.setattr(data, "left_out", lambda ask: ())


def form_of_all_units(patch: pytest.MonkeyPatch) -> None:
    """The form counts every unit, whatever was chosen."""
    filled = form_asked.filled
    patch.setattr(
        form_asked, "filled", lambda ask, rows: filled(replace(ask, choice=replace(ask.choice, department=None)), rows)
    )


#: Each fault and the road that meets it.
PLANTS: Final[tuple[tuple[Plant, str], ...]] = (
    (list_without_channel, "of_overview"), (link_without_field, "of_overview"), (figures_a_day_short, "of_form"),
    (tile_of_resolved, "of_analysis"), (file_less_one, "of_lists"), (json_without_unit, "json"),
    (form_as_printed, "of_form"), (report_for_everybody, "of_report"), (quality_of_all_channels, "of_quality"),
    (silence_unsaid, "of_silence"), (form_of_all_units, "of_form"),
)  # fmt: skip


@pytest.mark.parametrize(("plant", "road"), PLANTS, ids=lambda told: getattr(told, "__name__", ""))
def test_a_planted_fault_is_found(json: Json, monkeypatch: pytest.MonkeyPatch, plant: Plant, road: str) -> None:
    plant(monkeypatch)
    walk = {each.__name__: each for each in WALKS} | {"json": json.walk}
    assert any(hunt([walk[road]], count=4, seed=seed).wrong for seed in range(1, 5)), f"nobody noticed: {plant.__doc__}"
