"""How the first page is drawn: what is out of the ordinary, the numbers of the week, and where they come from."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from config import annotated, breaks, catalogue
from dashboard import cards, charts, components, data, filters, operated, outages, tables, taking, trends
from dashboard import speaking as st
from dashboard.answers import alarms, analysis, due, heat, overview, units
from dashboard.answers.overview import Weeks
from dashboard.answers.why_links import why
from dashboard.data import Ask
from metrics.definitions import AGES


def page(ask: Ask) -> None:
    """Draw the first page of what was chosen."""
    choice, book = ask.choice, data.book().units
    span = overview.trend_period(choice, overview.TREND_WEEKS)
    weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span, unheard=bool(data.left_out(ask)))
    known = breaks.load(book)
    marks = known.of(choice.department)
    with components.card(border=False):
        _alarms(ask, known)
    _numbers(ask, weeks, analysis.since_break(weeks, marks))
    told = outages.marks(ask, span)
    trend = analysis.trend(choice, weeks, marks, narrow=components.phone(), notes=annotated.load(), outages=told)
    wide, side = st.columns([2, 1])
    with wide, components.card(trend.title):
        trends.shown(ask, trend)
    with side, components.card("Tồn tăng, giảm mỗi tuần"):
        _flow(ask, weeks)
    with components.card("Đúng hạn theo đơn vị và lĩnh vực"):
        _heat(ask)


def _alarms(ask: Ask, known: breaks.Breaks) -> None:
    choice, period = ask.choice, alarms.stock_period(ask.choice)
    stocks = data.figures(ask, period=period, by=["department", "field", "week"], of=AGES)
    waiting = overview.late_acceptance(data.standings(ask))
    sources, now = data.sources(), filters.now()
    cards.alarms(alarms.alarms(choice, stocks, waiting=waiting, sources=sources, now=now, breaks=known.days))


def _numbers(ask: Ask, weeks: Weeks, since: Weeks) -> None:
    """Show the numbers, and only then what is drawn of them."""
    choice, meaning, rows = ask.choice, catalogue.load(), data.standings(ask)
    then = data.year_ago(replace(ask, choice=overview.told(choice, weeks)[0]))
    first, second, third = st.columns(3)
    with first:
        kept = cards.numbers(overview.on_time(choice, since, meaning, then))
    with second:
        oldest, year_ago = data.oldest(rows), data.year_ago(ask)
        late = cards.numbers(overview.overdue(choice, since, oldest, meaning, components.theme(), year_ago))
    with third, components.card("Sắp đến hạn"):
        cards.due_board(due.board(choice, rows, data.calendar()), why(choice, "due_soon"))
    components.numbers_first()
    kept()
    late()


def _flow(ask: Ask, weeks: Weeks) -> None:
    flow = overview.flow(ask.choice, weeks)
    spec = charts.net_bars(*flow.bars, theme=components.theme(), running=flow.running)
    components.chart(spec, "net", flow.text, height=180)
    cards.text_and_links(flow.text, flow.links)
    take = partial(taking.figures, ask, name="dong-ho-so", days=flow.days)
    tables.below(flow.table, "Nhận, giải quyết, tồn từng tuần", key="dong", take=take)


def _heat(ask: Ask) -> None:
    choice, meaning, period = ask.choice, catalogue.load(), heat.period(ask.choice)
    counts = data.figures(ask, period=period, by=["department", "field"], of=heat.EVENTS)
    take = partial(taking.figures, ask, name="don-vi-linh-vuc", days=period)
    cards.heat_table(heat.heat(choice, counts, small=meaning.small), small=meaning.small, steps=meaning.heat, take=take)
    components.lines(units.marked(operated.strangers(counts)))
