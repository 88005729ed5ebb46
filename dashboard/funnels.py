"""The units beside each other as they are drawn: words first, then a funnel whose points open the page of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import analysed, funnel_chart, tables, taking
from dashboard import speaking as st
from dashboard.answers import funnel
from dashboard.components import card, clickable, phone, state, theme
from dashboard.data import Ask
from dashboard.shapes import DEPARTMENTS
from dashboard.wording import bracketed, plain
from metrics.funnel import FEWEST

#: Which trace holds the units: the two before it are the limits.
_UNITS: Final = 2
_COLUMNS: Final[Mapping[str, Any]] = {
    "Đơn vị": st.column_config.TextColumn(width=320),
    "Đến hẹn": st.column_config.TextColumn(width=90, alignment="right"),
    "Đúng hạn": st.column_config.TextColumn(width=150, alignment="right"),
    "So với mức chung": st.column_config.TextColumn(width=190),
}


def shown(ask: Ask) -> None:
    """Show who lies outside what chance makes of their size; units out of scope are in the common rate alone."""
    found = analysed.funnel(ask)
    with card("Đơn vị so với mức chung, 13 tuần"):
        if found is None:
            state("empty", "Chưa so được", f"Cần từ {FEWEST} đơn vị có đủ hồ sơ đến ngày hẹn.")
            return
        told = funnel.told(ask.choice, found, ask.scope)
        if not told.units:
            state("empty", "Chưa so được", "Chưa đơn vị nào trong phạm vi được xem có đủ hồ sơ đến ngày hẹn.")
            return
        st.markdown(told.text)
        spec = funnel_chart.funnel(found, told.units, told.hover, theme=theme(), named=not phone())
        alt = funnel_chart.in_words(found, plain(told.text.replace("**", "")))
        chosen = clickable(spec, "funnel", alt, height=320)
        if chosen and chosen[0] == _UNITS:
            st.switch_page(DEPARTMENTS, query_params=told.queries[chosen[1]])
        st.caption(" ".join([*told.notes, "Bấm một điểm để mở đơn vị."]))
        with st.expander("Xem bảng"):
            tables.lined(told.table, "Đơn vị so với mức chung", _COLUMNS, key="bang_pheu")
            st.caption(bracketed())
            taking.figures(ask, told.table.values, "don-vi-muc-chung", analysed.quarter(ask.choice))
