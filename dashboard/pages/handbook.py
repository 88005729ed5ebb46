"""Sổ tay chỉ số: what every figure means, how it is worked out, and what the office has decided."""

from __future__ import annotations

import streamlit as st

from dashboard import components, frame
from reports import handbook

frame.begin_without_figures(handbook.TITLE)

with components.card(border=False):
    chapters = handbook.chapters()
    st.markdown(" · ".join(f"[{chapter.title}](#chuong-{n})" for n, chapter in enumerate(chapters, start=1)))
    for n, chapter in enumerate(chapters, start=1):
        with st.container(border=True, gap="xsmall"):
            st.header(chapter.title, anchor=f"chuong-{n}")
            st.markdown(chapter.text)
