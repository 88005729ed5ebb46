"""Every chart is one that Plotly takes: production draws specs as they are written, so they are checked here."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest
from plotly.exceptions import PlotlyError

from dashboard import shapes
from tests.dashboard.conftest import Visit

#: Page → how many charts it has at least.
PAGES = {
    shapes.OVERVIEW: ({}, 4),
    shapes.DEPARTMENTS: ({"don_vi": "Sở Xây dựng"}, 3),
    shapes.FIELDS: ({"linh_vuc": "Đất đai"}, 2),
    shapes.QUALITY: ({}, 2),
}


def checked(spec: dict[str, Any]) -> go.Figure:
    """Hold a spec against Plotly's schema. Raises ValueError, PlotlyError."""
    return go.Figure(**spec)


@pytest.mark.parametrize("page", PAGES)
def test_plotly_takes_every_chart_of_a_page(visit: Visit, page: str) -> None:
    query, least = PAGES[page]
    specs = [chart.proto.spec or chart.proto.figure.spec for chart in visit(page, **query).get("plotly_chart")]
    assert len(specs) >= least
    for spec in specs:
        assert checked(json.loads(spec)).data


@pytest.mark.parametrize("wrong", [{"data": [{"type": "bars"}]}, {"data": [], "layout": {"heigth": 3}}])
def test_a_chart_that_plotly_does_not_take_is_found(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, PlotlyError)):
        checked(wrong)
