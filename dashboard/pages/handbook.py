"""Sổ tay chỉ số: what every figure means, how it is worked out, what it is this week, and what the office decided."""

from __future__ import annotations

from dashboard import components, filters, frame, meant
from dashboard import speaking as st
from dashboard.answers import handbook
from reports.handbook import TITLE

reach = frame.begin_without_figures(TITLE)

with components.card(border=False):
    search, _ = st.columns([1, 1.4])
    with search:
        words = filters.search_box("Tên chỉ số, công thức, văn bản (không cần dấu)")
    found = handbook.chosen(meant.for_reader(), meant.today(reach), words)
    st.caption(handbook.said(found, words))
    meant.shown(found)
