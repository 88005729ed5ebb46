"""Cảnh báo: what somebody has to see to now, why, since when, who was told, and who sees to it."""

from __future__ import annotations

from dashboard import alerting, components, data, filters, frame
from dashboard import speaking as st
from dashboard.answers import alerts, sources

reach = frame.begin_without_figures("Cảnh báo")
st.caption(alerts.MEANS)
rows, titles = alerting.standing(reach), sources.titles(data.sources())

with components.card():
    names = alerts.groups(rows)
    code = filters.tabs(list(names), names, what="Nhóm cảnh báo")
    row = alerting.listed(alerts.chosen(rows, code), code, titles)
    alerting.one(row, frame.person(), titles)
