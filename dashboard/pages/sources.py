"""Nguồn dữ liệu: are the sources fresh and complete, what was refused and why?"""

from __future__ import annotations

import streamlit as st

from dashboard import components, data, feeds, filters, frame
from dashboard.answers import sources

ask = frame.begin("Nguồn dữ liệu", filters.of_nothing)
frame.watch(ask.version)
now, found = filters.now(), data.sources()
names = sources.titles(found)

with components.card("Các nguồn"):
    st.markdown(sources.summary(found, now))
    feeds.sources(sources.table(found, now))
    components.lines(sources.trouble(found, now))
with components.card("Các lần đọc"):
    feeds.runs(sources.runs(data.run_history(limit=100), names))
with components.card("Cách ly"):
    feeds.refused(sources.refused(data.quarantined(ask.scope), names))
