"""A table of texts: a grid on a desk, a card for each line on a phone, where a grid would cut its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any, Final

import polars as pl

from dashboard import ready
from dashboard import speaking as st
from dashboard.components import links, phone
from dashboard.shapes import Lined, Link
from dashboard.wording import NOTHING, plain

ROW: Final = 36
MOST_ROWS: Final = 12
A_PAGE: Final = 8
LONGEST: Final = 160
#: Pixels: of the widest column of names, of a letter on the average, and beside the letters.
WIDEST: Final = 660
LETTER: Final = 6.8
_PAD: Final = 20
RAW: Final = "Dòng gốc"
#: A bare figure: a count, a rate with or without its interval, or the count of few.
_BARE: Final = re.compile(r"(?:n = )?[+−]?\d{1,3}(?:\.\d{3})*(?:,\d+)?(?:\s%)?(?: \([\d,]+–[\d,]+\))?")


def shown(rows: pl.DataFrame, alt: str, columns: Mapping[str, Any], *, key: str = "") -> int | None:
    """Show ``rows`` (texts, ready); with ``key`` a line can be chosen, and its number is given."""
    if phone():
        cards(rows, key or alt)
        return None
    height = ROW * (min(rows.height, MOST_ROWS) + 1) + 2
    told: dict[str, Any] = {
        "hide_index": True,
        "row_height": ROW,
        "height": height,
        "column_config": columns,
        "alt": alt,
    }
    if not key:
        st.dataframe(rows, **told)
        return None
    event: Any = st.dataframe(rows, key=key, on_select="rerun", selection_mode="single-row", **told)
    chosen = event["selection"]["rows"]
    return chosen[0] if chosen and chosen[0] < rows.height else None


def lined(told: Lined, alt: str, columns: Mapping[str, Any], *, key: str, row: int = ROW) -> None:
    """Show a table whose lines open lists: under it the links of the chosen line, the first one at first. ``row``: how
    high a line is; in high ones long texts run over several."""
    if phone():
        cards(told.lines, key, told.links, A_PAGE // 2)
        return
    ready.live(partial(_lined, told, alt, columns, key, row))


@st.fragment()
def _lined(told: Lined, alt: str, columns: Mapping[str, Any], key: str, row: int) -> None:
    """Draw the table and the links of its chosen line: choosing another draws nothing else of the page."""
    event: Any = st.dataframe(
        told.lines, key=key, hide_index=True, row_height=row,
        height=row * min(told.lines.height, MOST_ROWS * ROW // row) + ROW + 2,
        on_select="rerun", selection_mode="single-row", column_config=columns, alt=alt,
        selection_default={"selection": {"rows": [0], "columns": [], "cells": []}},
    )  # fmt: skip
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < told.lines.height:
        name = told.names[chosen[0]] if told.names else told.lines[chosen[0], 0]
        st.caption(plain(name, 2 * LONGEST))
        links(told.links[chosen[0]])


def below(told: Lined | None, alt: str, *, key: str, take: Callable[[pl.DataFrame], None]) -> None:
    """Show under a chart the same figure as a table, folded, and ``take`` it away; nothing where there is none."""
    if told is not None:
        with st.expander("Xem bảng"):
            lined(told, alt, {}, key=key)
            take(told.values)


def texts(rows: pl.DataFrame, widths: Mapping[str, int], left: Collection[str], least: int = 100) -> dict[str, Any]:
    """Give how the columns of ``rows`` are drawn: as wide as ``widths`` says, else as their heading; figures right."""
    return {
        name: st.column_config.TextColumn(
            width=widths.get(name, max(least, 7 * len(name) + 24)), alignment="left" if name in left else "right"
        )
        for name in rows.columns
    }


def counts_alone(rows: pl.DataFrame, small: int, noun: str = "hồ sơ") -> str:
    """Say what "n = …" means where a rate would stand; "" where no cell of ``rows`` (texts) has one."""
    few = any(each.str.starts_with("n = ").any() for each in rows.select(pl.col(pl.String)).iter_columns())
    return f"n = …: dưới {small} {noun}, chỉ ghi mẫu số, không ghi tỷ lệ." if few else ""


def as_long(rows: pl.DataFrame, names: Collection[str]) -> dict[str, int]:
    """Give the columns of ``names`` the width of their longest text, up to WIDEST: a grid cuts names without a sign."""
    longest = {name: rows[name].str.len_chars().max() for name in rows.columns if name in names}
    return {name: min(WIDEST, max(92, _PAD + ceil(LETTER * int(str(n or 0))))) for name, n in longest.items()}


def cut(rows: pl.DataFrame, widths: Mapping[str, int]) -> pl.DataFrame:
    """Cut what is longer than its column (``widths``: pixels), with a sign that it goes on; not on a phone."""
    told = (
        [] if phone() else [_cut(name, int((widths[name] - _PAD) / LETTER)) for name in rows.columns if name in widths]
    )
    return rows.with_columns(told)


def _cut(name: str, most: int) -> pl.Expr:
    text = pl.col(name)
    shorter = text.str.head(most - 1).str.strip_chars_end(" ,") + "…"
    return pl.when(text.str.len_chars() > most).then(shorter).otherwise(text).alias(name)


def cards(rows: pl.DataFrame, key: str, lists: Sequence[Sequence[Link]] = (), a_page: int = A_PAGE) -> None:
    """Show each line as a card, its first two columns on top; what is not known is left out, a raw row is too long.

    ``lists``: what each line opens.
    """
    pages = -(-rows.height // a_page)
    place = st.container(gap="xsmall")
    page = st.pagination(pages, key=f"trang_{key}", max_visible_pages=5) if pages > 1 else 1
    rows = st.cells(rows.drop(RAW, strict=False))
    top, others = rows.columns[:2], rows.columns[2:]
    with place:
        begun = (page - 1) * a_page
        for i, row in enumerate(rows.slice(begun, a_page).to_dicts(), start=begun):
            with st.container(border=True, gap=None):
                with st.ready():
                    st.markdown(" · ".join(f"**{_named(name, row[name])}**" for name in top if _known(row[name])))
                    told = (f"{name}: {plain(row[name], LONGEST)}" for name in others if _known(row[name]))
                    st.caption("  \n".join(told))
                links(lists[i] if lists else ())


def _named(name: str, value: str) -> str:
    """Write a value of the first line of a card; a bare figure with its heading, for nothing else says of what."""
    shown = plain(value, LONGEST)
    return f"{name}: {shown}" if _BARE.fullmatch(value) else shown


def _known(value: str | None) -> bool:
    return value not in (None, "", NOTHING)
