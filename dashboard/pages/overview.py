"""Tổng quan: is anything breaking now, where, whose, how sure are the data?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from config import annotated, breaks, catalogue
from dashboard import cards, charts, components, data, filters, frame, operated, outages, tables, taking, trends
from dashboard import speaking as st
from dashboard.answers import alarms, analysis, due, heat, overview, units
from dashboard.answers.why_links import why
from metrics.definitions import AGES

ask = frame.begin("Tổng quan", filters.of_overview)
choice, phone, theme, meaning = ask.choice, components.phone(), components.theme(), catalogue.load()
frame.watch(ask.version)

span = overview.trend_period(choice, overview.TREND_WEEKS)
weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span, unheard=bool(data.left_out(ask)))
rows, year_ago = data.open_dossiers(ask), data.year_ago(ask)
then = data.year_ago(replace(ask, choice=overview.told(choice, weeks)[0]))
known = breaks.load(data.book().units)
since = analysis.since_break(weeks, marks := known.of(choice.department))

with components.card(border=False):
    stocks = data.figures(ask, period=alarms.stock_period(choice), by=["department", "field", "week"], of=AGES)
    waiting, sources, now = overview.late_acceptance(rows), data.sources(), filters.now()
    cards.alarms(alarms.alarms(choice, stocks, waiting=waiting, sources=sources, now=now, breaks=known.days))

first, second, third = st.columns(3)
with first:
    kept = cards.numbers(overview.on_time(choice, since, meaning, then))
with second:
    late = cards.numbers(overview.overdue(choice, since, data.oldest(rows), meaning, theme, year_ago))
with third, components.card("Sắp đến hạn"):
    cards.due_board(due.board(choice, rows, data.calendar()), why(choice, "due_soon"))

components.numbers_first()
kept()
late()

trend = analysis.trend(choice, weeks, marks, narrow=phone, notes=annotated.load(), outages=outages.marks(ask, span))
wide, side = st.columns([2, 1])
with wide, components.card(trend.title):
    trends.shown(ask, trend)
with side, components.card("Tồn tăng, giảm mỗi tuần"):
    flow = overview.flow(choice, weeks)
    components.chart(charts.net_bars(*flow.bars, theme=theme, running=flow.running), "net", flow.text, height=180)
    cards.text_and_links(flow.text, flow.links)
    take = partial(taking.figures, ask, name="dong-ho-so", days=flow.days)
    tables.below(flow.table, "Nhận, giải quyết, tồn từng tuần", key="dong", take=take)

with components.card("Đúng hạn theo đơn vị và lĩnh vực"):
    counts = data.figures(ask, period=heat.period(choice), by=["department", "field"], of=heat.EVENTS)
    table = heat.heat(choice, counts, small=meaning.small)
    take = partial(taking.figures, ask, name="don-vi-linh-vuc", days=heat.period(choice))
    cards.heat_table(table, small=meaning.small, steps=meaning.heat, take=take)
    components.lines(units.marked(operated.strangers(counts)))
