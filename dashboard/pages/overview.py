"""Tổng quan: is anything breaking now, where, whose, how sure are the data?"""

from __future__ import annotations

import streamlit as st

from config import catalogue
from dashboard import cards, charts, components, data, filters, frame
from dashboard.answers import alarms, heat, overview, units

ask = frame.begin("Tổng quan", filters.of_overview)
choice, phone, theme, meaning = ask.choice, components.phone(), components.theme(), catalogue.load()
frame.watch(ask.version)

span = overview.trend_period(choice, overview.PHONE_WEEKS if phone else overview.TREND_WEEKS)
weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span)
rows = data.open_dossiers(ask)

with components.card(border=False):
    stocks = data.figures(ask, period=alarms.stock_period(choice), by=["department", "field", "week"])
    waiting = overview.late_acceptance(rows)
    now = filters.now()
    cards.alarms(alarms.alarms(choice, stocks, waiting=waiting, sources=data.sources(), now=now))

first, second, third = st.columns(3)
with first:
    cards.headline(overview.on_time(choice, weeks, meaning))
with second:
    cards.headline(overview.overdue(choice, weeks, data.oldest(rows), meaning, theme))
with third, components.card("Sắp đến hạn"):
    cards.due_board(overview.due_soon(choice, rows, data.calendar()))

wide, side = st.columns([2, 1])
with wide, components.card("Đúng hạn theo ngày hẹn, từng tuần"):
    points = overview.trend(choice, weeks)
    spec = charts.control_chart(points, target=meaning["on_time_due"].target, theme=theme)
    components.chart(spec, "trend", overview.trend_in_words(points), height=280)
    st.caption("Dải nền: giới hạn dao động thường của từng tuần, tính từ 12 tuần trước. ▼ tuần xấu bất thường.")
with side, components.card("Tồn tăng, giảm mỗi tuần"):
    flow = overview.flow(choice, weeks)
    spec = charts.net_bars(flow.names, flow.net, flow.hover, theme=theme)
    components.chart(spec, "net", flow.text, height=180)
    cards.text_and_links(flow.text, flow.links)

with components.card("Đúng hạn theo đơn vị và lĩnh vực"):
    table = heat.heat(choice, data.figures(ask, period=heat.period(choice), by=["department", "field"]))
    cards.heat_table(table, small=meaning.small, steps=meaning.heat)
    components.lines(units.marked(data.strangers(ask)))
