"""The explanation of one dossier as it is shown: promises, our own reckoning, days, acceptance, who held it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard import speaking as st
from dashboard.answers import explained as words
from dashboard.components import card, lines
from metrics.explanation import Acceptance, Day, Explanation

DAYS: Final[dict[str, Any]] = {
    "Ngày": st.column_config.DateColumn(format="DD/MM/YYYY", width=100),
    "Thứ": st.column_config.TextColumn(width=80),
    "Ngày thứ": st.column_config.NumberColumn(width=76),
    "Ghi chú": st.column_config.TextColumn(width=330),
    "Quy tắc": st.column_config.TextColumn(width=330),
    "Văn bản": st.column_config.TextColumn(width=150),
}


def show(told: Explanation) -> None:
    """Show why a dossier stands where it stands."""
    left, right = st.columns([1.5, 1])
    with left, card("Các lần hẹn trả"):
        _promises(told)
    with right, card("Đối chiếu với thời hạn"):
        _compared(told)
    with card("Từng ngày của đồng hồ"):
        if stands := words.stands(told):
            st.markdown(stands)
        _days("Theo ngày hẹn có hiệu lực", told.days, told)
        if told.expectation:
            _days("Theo thời hạn, hệ thống tự tính", told.expectation.days, told)
    if told.acceptance:
        with card("Tiếp nhận hồ sơ trực tuyến"):
            _acceptance(told.acceptance)
    if told.steps:
        with card("Các bước và người giữ"):
            lines(words.steps(told))


def _promises(told: Explanation) -> None:
    if not told.promises:
        st.markdown("Nguồn chưa ghi ngày hẹn trả.")
    for one in words.promises(told):
        with st.container(gap=None):
            st.markdown(one.line)
            st.caption(one.why)
    for halt in words.halts(told):
        st.markdown(f":material/pause_circle: {halt}")


def _compared(told: Explanation) -> None:
    lines(words.beside(told))
    st.markdown(words.compared(told))
    for text in words.taken(told):
        st.markdown(f":material/flag: {text}")


def _days(title: str, days: Sequence[Day], told: Explanation) -> None:
    if not days:
        return
    with st.expander(title):
        by_week, by_day = st.tabs(["Gộp theo tuần", "Từng ngày"])
        with by_week:
            if words.too_long(days):
                st.caption(f"{words.MOST_WEEKS} tuần gần nhất; đủ mọi ngày ở thẻ Từng ngày.")
            st.markdown(words.by_week(days))
        with by_day:
            st.dataframe(words.by_day(days, told), hide_index=True, column_config=DAYS, placeholder="", alt=title)


def _acceptance(clock: Acceptance) -> None:
    _facts(words.acceptance(clock))
    st.caption(words.acceptance_basis(clock))


def _facts(known: Sequence[tuple[str, str]]) -> None:
    with st.grid(len(known), min_column_width=150, gap="small"):
        for name, value in known:
            with st.container(gap=None):
                st.caption(name)
                st.markdown(f"**{value}**")
