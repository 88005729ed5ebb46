"""Xin lỗi, đôn đốc: what is owed to applicants today, and what units were urged to do."""

from __future__ import annotations

from dashboard import desk, filters, frame
from dashboard import speaking as st
from dashboard.answers import desk as words

ask = frame.begin("Xin lỗi, đôn đốc", filters.of_nothing)
st.caption(words.MEANS)
desk.owed(ask)
desk.slips(ask, frame.person())
