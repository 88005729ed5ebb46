"""Every text that a page hands to the browser, by what the browser does with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from streamlit.testing.v1 import AppTest

#: Parts that show their texts as they are: choices of a box, what is typed, grids of data.
_SHOWN: Final = frozenset({
    "options", "value", "raw_value", "raw_values", "default", "data", "columns", "id", "form_id", "query_string", "url",
    "placeholder", "element_id", "query_params", "page", "file_name",
})  # fmt: skip
#: Elements whose text is HTML of ours, and those whose text is a chart.
_HTML: Final = "html"
_CHART: Final = "plotly_chart"


def markdown(app: AppTest) -> Iterator[str]:
    """Give every text that is read as Markdown: bodies, labels, help; to be safe every text that is not named above."""
    for kind, proto in _elements(app):
        if kind not in (_HTML, _CHART, "arrow_data_frame"):
            yield from _texts(proto)


def html(app: AppTest) -> Iterator[str]:
    """Give our own HTML and every text of the charts, which obey some tags."""
    for kind, proto in _elements(app):
        if kind == _HTML:
            yield proto.body
        elif kind == _CHART:
            yield proto.spec or proto.figure.spec


def _elements(app: AppTest) -> Iterator[tuple[str, Any]]:
    waiting: list[Any] = [app._tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(getattr(node, "children", {}).values())
        if (proto := getattr(node, "proto", None)) is not None:
            yield str(getattr(node, "type", "")), proto


def _texts(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name in _SHOWN:
            continue
        several = value if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") else [value]
        for one in several:
            if isinstance(one, str):
                yield one
            elif hasattr(one, "ListFields"):
                yield from _texts(one)
