"""What the sources page shows: how each source stands, its runs, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard.answers.sources import Refused
from dashboard.components import state

ROW: Final = 36
MOST_ROWS: Final = 12
#: In words: the browser may not count in Vietnamese.
_COUNT: Final = st.column_config.TextColumn(width=84, alignment="right")
SOURCE_COLUMNS: Final = {"Tình trạng": st.column_config.TextColumn(width=120), "Hồ sơ": _COUNT, "Cách ly": _COUNT}
REFUSED_COLUMNS: Final = {
    "Vì sao": st.column_config.TextColumn(width=270),
    "Thấy gì": st.column_config.TextColumn(width=260),
}
RUN_COLUMNS: Final = {name: _COUNT for name in ("Đọc", "Mới", "Đổi", "Không đổi", "Gộp", "Cách ly")} | {
    "Bắt đầu": st.column_config.TextColumn(width=170)
}


def _table(rows: pl.DataFrame, alt: str, columns: Mapping[str, Any]) -> None:
    height = ROW * (min(rows.height, MOST_ROWS) + 1) + 2
    st.dataframe(rows, hide_index=True, row_height=ROW, height=height, column_config=columns, alt=alt)


def sources(rows: pl.DataFrame) -> None:
    """Show how each source stands."""
    if rows.is_empty():
        state("empty", "Chưa có nguồn dữ liệu", "Nạp một tệp bằng lệnh dunghan load, hoặc khai báo một nguồn.")
        return
    _table(rows, "Tình trạng từng nguồn", SOURCE_COLUMNS)


def strange(summary: str, rows: pl.DataFrame, alt: str) -> None:
    """Show the names that a register does not know."""
    st.markdown(summary)
    if not rows.is_empty():
        _table(rows, alt, {name: _COUNT for name in ("Hồ sơ", "Đang giải quyết", "Quá hạn")})


def runs(rows: pl.DataFrame) -> None:
    """Show what was read, newest first."""
    if rows.is_empty():
        state("empty", "Chưa có lần đọc nào", "Lần đọc đầu tiên hiện ra ở đây khi nó bắt đầu.")
        return
    _table(rows, "Các lần đọc nguồn", RUN_COLUMNS)
    st.caption("Đọc = mới + đổi + không đổi + gộp + cách ly.")


def refused(found: Refused, *, everybody: bool) -> None:
    """Show how many rows each reason refused, and the rows; to those who may see ``everybody``'s."""
    if not everybody:
        state(
            "no_access", "Dòng cách ly chưa biết của đơn vị nào",
            "Người vận hành và lãnh đạo tỉnh xem, vì trong đó có thể có hồ sơ của đơn vị khác.",
        )  # fmt: skip
        return
    if found.rows.is_empty():
        state("empty", "Không có dòng nào bị cách ly", "Mọi dòng đã đọc đều được nhận.")
        return
    st.markdown(found.reasons)
    _table(found.rows, "Các dòng bị cách ly", REFUSED_COLUMNS)
    st.caption(
        "Dòng cách ly được giữ nguyên, không tính vào số liệu nào. Sửa ở nguồn hoặc sửa bảng ánh xạ rồi nạp lại."
    )
