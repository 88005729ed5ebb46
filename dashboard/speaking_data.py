"""Tables and charts in English: headings, words in cells, hover texts, marks, separators. Names of the data stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from dashboard import english
from dashboard.template import Spec

#: Parts of a chart's spec that are shown as texts; ticks stand where names stand.
_SHOWN: Final = frozenset(("text", "customdata", "hovertemplate", "ticksuffix", "tickprefix"))
_NAMES: Final = frozenset(("ticktext", "tickvals", "name", "x", "y", "categoryarray"))


def table(rows: Any, columns: Mapping[str, Any] | None) -> tuple[Any, dict[str, Any]]:
    """Put a table into English: its headings as labels, so that columns keep their names, and its texts."""
    if not isinstance(rows, pl.DataFrame):
        return rows, dict(columns or {})
    told = rows.with_columns(_cells(rows[name]) for name in rows.columns if rows.schema[name] == pl.String)
    return told, {name: _column(name, (columns or {}).get(name, {})) for name in rows.columns}


def renamed(rows: pl.DataFrame) -> pl.DataFrame:
    """Put a table into English that is shown line by line: cells and headings."""
    told, columns = table(rows, None)
    heads: dict[str, str] = {}
    for (
        name,
        column,
    ) in columns.items():  # two headings may be one word in English: a joiner, not seen, tells them apart
        heads[name] = column["label"] + "\u2060" * sum(h.rstrip("\u2060") == column["label"] for h in heads.values())
    found: pl.DataFrame = told.rename(heads)
    return found


def _cells(cells: pl.Series) -> pl.Series:
    put: Callable[[str], str] = english.name if cells.name in english.data_columns() else english.text
    told = {each: put(each) for each in cells.unique().drop_nulls().to_list()}
    changed = {each: words for each, words in told.items() if words != each}
    return cells.replace(list(changed), list(changed.values())) if changed else cells


def _column(name: str, told: Any) -> Any:
    """Give a column its English heading and format; a hidden one stays hidden."""
    if told is None:
        return None
    config = dict(told)
    kind = dict(config.get("type_config") or {})
    if isinstance(kind.get("format"), str):
        config["type_config"] = kind | {"format": english.text(kind["format"])}
    return config | {"label": english.text(str(config.get("label") or name))}


def chart(spec: Spec) -> Spec:
    """Put a chart's words into English: a new spec, nothing of the old one changes."""
    told: Spec = _walked(spec, "")
    return told


def _walked(part: Any, key: str) -> Any:
    if isinstance(part, dict):
        return {name: _walked(value, name) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_walked(value, key) for value in part]
    if not isinstance(part, str):
        return part
    if key == "separators":
        return ".,"
    return english.text(part) if key in _SHOWN else english.name(part) if key in _NAMES else part


def config(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give Plotly's own settings with its own English."""
    return {**(told or {}), "locale": "en"}
