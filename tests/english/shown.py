"""Every text that a page shows, as the browser shows it: bodies, labels, helps, choices, cells, headings, charts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from streamlit.testing.v1 import AppTest

VIETNAMESE: Final = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
#: How the keys of places begin that hold state papers.
PAPER: Final = "state_paper_"
#: Parts of an element that nobody sees.
_UNSEEN: Final = frozenset({
    "data", "columns", "id", "form_id", "query_string", "url", "element_id", "query_params", "page", "file_name",
    "value", "raw_value", "raw_values", "default", "spec", "config", "icon", "tooltip_icon",
})  # fmt: skip


def texts(app: AppTest) -> Iterator[str]:
    """Give every text."""
    waiting: list[Any] = [app._tree]
    while waiting:
        node = waiting.pop()
        proto = getattr(node, "proto", None)
        if PAPER in str(getattr(proto, "id", "")):
            continue
        waiting.extend(getattr(node, "children", {}).values())
        if proto is not None:
            yield from _of(str(getattr(node, "type", "")), node, proto)


def _of(kind: str, node: Any, proto: Any) -> Iterator[str]:
    yield from _strings(proto)
    if kind in ("dataframe", "arrow_data_frame"):
        yield from _table(node, proto)
    elif kind == "plotly_chart":
        yield from _values(json.loads(proto.spec or proto.figure.spec))


def _table(node: Any, proto: Any) -> Iterator[str]:
    labels = json.loads(proto.columns or "{}")
    for name in node.value.columns:
        yield str(labels.get(name, {}).get("label") or name)
        yield from (each for each in node.value[name].unique() if isinstance(each, str))
    yield from (str(each.get("type_config", {}).get("format", "")) for each in labels.values() if each)


def _values(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _values(value)
    elif isinstance(part, list):
        for value in part:
            yield from _values(value)
    elif isinstance(part, str):
        yield part


def _strings(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name in _UNSEEN:
            continue
        several = value if not isinstance(value, str | bytes) and hasattr(value, "__iter__") else [value]
        for one in several:
            if isinstance(one, str):
                yield one
            elif hasattr(one, "ListFields"):
                yield from _strings(one)
