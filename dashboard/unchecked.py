"""Charts as they are: Streamlit would hold every value of every chart against Plotly's schema at every redraw.

That is a third of what a redraw costs a server, for charts that our own code writes; tests/dashboard/test_specs.py
holds what every page draws against the schema instead.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from dashboard.template import Spec


def plotly_chart(spec: Spec, **more: Any) -> Any:
    """Draw a chart spec as ``st.plotly_chart`` does."""
    return st.plotly_chart(_figure()(spec), **more)


@cache
def _figure() -> type[Any]:
    """Give the class of figures that are taken as they are: Plotly is loaded with the first chart, not with a page."""
    from plotly.basedatatypes import BaseFigure

    class Plain(BaseFigure):  # type: ignore[misc]
        def __init__(self, spec: Spec) -> None:  # the base's would check it
            self.spec = spec

        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        def to_dict(self) -> Spec:
            return self.spec

    return Plain
