"""What the sources page shows: how each source stands, its runs, and the rows that were refused."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard import run_strip
from dashboard import speaking as st
from dashboard.answers.run_hours import Strip
from dashboard.answers.sources import Refused
from dashboard.components import chart, phone, state, theme
from dashboard.tables import MOST_ROWS as MOST_ROWS
from dashboard.tables import ROW as ROW
from dashboard.tables import shown

#: In words: the browser may not count in Vietnamese.
_COUNT: Final = st.column_config.TextColumn(width=78, alignment="right")
SOURCE_COLUMNS: Final = {"Tình trạng": st.column_config.TextColumn(width=120), "Hồ sơ": _COUNT, "Cách ly": _COUNT}
REFUSED_COLUMNS: Final = {
    "Vì sao": st.column_config.TextColumn(width=275),
    "Thấy gì": st.column_config.TextColumn(width=235),
    "Mã hồ sơ": st.column_config.TextColumn(width=165),
}
STRANGE_COLUMNS: Final = {
    "Nguồn ghi": st.column_config.TextColumn(width=345),
    "Hồ sơ": _COUNT,
    "Đang giải quyết": st.column_config.TextColumn(width=120, alignment="right"),
    "Quá hạn": _COUNT,
}
RUN_COLUMNS: Final = {name: _COUNT for name in ("Đọc", "Mới", "Đổi", "Không đổi", "Gộp", "Cách ly")} | {
    "Bắt đầu": st.column_config.TextColumn(width=145),
    "Ghi chú": st.column_config.TextColumn(width=320),
}


def sources(rows: pl.DataFrame) -> None:
    """Show how each source stands."""
    if rows.is_empty():
        state("empty", "Chưa có nguồn dữ liệu", "Nạp một tệp bằng lệnh dunghan load, hoặc khai báo một nguồn.")
        return
    shown(rows, "Tình trạng từng nguồn", SOURCE_COLUMNS)


def units(rows: pl.DataFrame) -> None:
    """Show how each unit with a declared rhythm stands; nothing where none is declared."""
    if not rows.is_empty():
        shown(rows, "Tình trạng từng đơn vị", {"Tình trạng": st.column_config.TextColumn(width=160)})


def volumes(rows: pl.DataFrame, note: str) -> None:
    """Show what came on the last whole day, beside what usually comes."""
    if rows.is_empty():
        state("empty", "Chưa có hồ sơ tiếp nhận", "Lượng hồ sơ hiện ra ở đây khi có ngày tiếp nhận đầu tiên.")
        return
    columns = {name: _COUNT for name in ("Ngày gần nhất", "Thường", "Hôm nay đến giờ")}
    shown(rows, "Lượng hồ sơ tiếp nhận so với thường ngày", columns)
    st.caption(note)


def strange(summary: str, rows: pl.DataFrame, alt: str) -> None:
    """Show the names that a register does not know."""
    st.markdown(summary)
    if not rows.is_empty():
        shown(rows, alt, STRANGE_COLUMNS)


def hours(told: Strip) -> None:
    """Show what was read in the last two days, hour by hour; nothing where there is no source."""
    if not told.names:
        return
    spec = run_strip.spec(told, theme=theme(), narrow=phone())
    chart(spec, "lan_doc", told.text, height=run_strip.height(told))
    st.caption(f"{told.text} Mỗi ô một giờ: ■ nhạt: không có gì mới, ■ đậm: có mới, ▲ có lần lỗi, trống: không đọc.")


def runs(rows: pl.DataFrame, quiet: str) -> None:
    """Show what was read, newest first, and in one line how often there was nothing new."""
    if rows.is_empty() and not quiet:
        state("empty", "Chưa có lần đọc nào", "Lần đọc đầu tiên hiện ra ở đây khi nó bắt đầu.")
        return
    if quiet:
        st.markdown(quiet)
    if not rows.is_empty():
        shown(rows, "Các lần đọc nguồn", RUN_COLUMNS)
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
    if found.counts.height > 1:
        shown(found.counts, "Số dòng cách ly theo lý do", {"Dòng": _COUNT})
    shown(found.rows, "Các dòng bị cách ly", REFUSED_COLUMNS)
    st.caption(
        "Dòng cách ly được giữ nguyên, không tính vào số liệu nào. Sửa ở nguồn hoặc sửa bảng ánh xạ rồi nạp lại."
    )
