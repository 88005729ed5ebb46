"""A trend as it is drawn: the control chart with its marks, every point a way to its list, and the same as a table."""

from __future__ import annotations

from config import catalogue, insight
from dashboard import charts, dots, tables, taking
from dashboard import speaking as st
from dashboard.answers.analysis import Trend
from dashboard.components import clickable, phone, state, theme
from dashboard.data import Ask
from dashboard.shapes import WORKLIST


def shown(ask: Ask, told: Trend) -> None:
    """Show a trend; a click on a point opens the dossiers behind it."""
    if not any(point.rate is not None for point in told.points):
        state("empty", "Quá ít hồ sơ để vẽ", "Chưa kỳ nào có đủ hồ sơ đến ngày hẹn để tính tỷ lệ.")
        return
    target = catalogue.load()["on_time_due"].target
    spec = charts.control_chart(told.points, target=target, theme=theme(), days=told.days)
    marked = dots.with_breaks(spec, told.marks, theme=theme(), words=not phone())
    chosen = clickable(marked, "trend", told.text, height=300)
    query = told.queries[chosen[1]] if chosen and chosen[1] < len(told.queries) else None
    if query is not None:
        st.switch_page(WORKLIST, query_params=query)
    st.caption(
        f"Dải nền: giới hạn dao động thường, tính từ {insight.load().signal.before} kỳ trước. ▼ xấu bất thường. "
        f"Lời tại điểm nói theo quy tắc nào. Bấm một điểm để mở danh sách.{_marks(told)}"
    )
    for mark in (each for each in told.marks if each.said):
        st.caption(f"{mark.said}.")
    with st.expander("Xem bảng"):
        column = {"Đúng hạn": st.column_config.TextColumn(width=300)}
        tables.shown(told.table, "Đúng hạn theo ngày hẹn, từng kỳ", column)
        taking.figures(ask, told.values, "dung-han-tung-ky", told.period)


def _marks(told: Trend) -> str:
    said = " Đường chấm: ngày tính lại giới hạn." if any(mark.is_break for mark in told.marks) else ""
    noted = any(not mark.is_break and not mark.said for mark in told.marks)
    said += " Chữ dưới chân: việc đã xảy ra ngày đó." if noted else ""
    return said + (" Dải xám: không nghe được nguồn, ba lần gần nhất." if any(mark.said for mark in told.marks) else "")
