"""Every road by which a question is answered, and where two of them told different numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config import catalogue
from dashboard import analysed, data, served
from dashboard.answers import (
    analysis,
    channels,
    digital,
    durations,
    fees,
    fresh,
    heat,
    likewise,
    overview,
    procedures,
    quality,
)
from dashboard.data import Ask
from dashboard.shapes import WORKLIST, Link
from dashboard.wording import number
from tests.equality.lists import Addresses, Pickers, first_number
from tests.equality.questions import Question

SMALL: Final = 20


@dataclass(frozen=True, slots=True)
class Differs:
    """Two roads to one number that do not meet."""

    place: str
    told: object
    found: object

    def __str__(self) -> str:
        return f"{self.place}: {self.told} but {self.found}"


class Road:
    """One question under way: it holds numbers against each other and notes where they differ."""

    def __init__(self, question: Question, seed: int, pickers: Pickers) -> None:
        self.question = question
        self.addresses = Addresses(question, pickers)
        self.dice = random.Random(f"{seed} {question.number}")
        self.wrong: list[Differs] = []
        self.compared = 0

    def same(self, place: str, told: object, found: object) -> None:
        """Note the two when they differ."""
        self.compared += 1
        if told != found:
            self.wrong.append(Differs(place, told, found))

    def opens(self, place: str, links: Iterable[Link], most: int = 99) -> None:
        """Follow links to the work list: as many dossiers as the label says. What leads to another page has no list."""
        every = [link for link in links if link.page == WORKLIST]
        for link in self.dice.sample(every, min(most, len(every))):
            where = f"{place} → {dict(link.query)}"
            self.same(where, first_number(link.label), self.addresses.length(link.query))

    def few(self, several: Sequence[Any], most: int) -> list[Any]:
        """Take some of many."""
        return self.dice.sample(list(several), min(most, len(several)))


def of_overview(road: Road) -> None:
    """Tổng quan: headlines, due-soon board, flow, heat table; each number against its list and the JSON's figures."""
    ask, book = road.question.ask(road.question.week), catalogue.load()
    choice = ask.choice
    span = overview.trend_period(choice, 26)
    weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span)
    rows = data.open_dossiers(ask)
    figures = data.figures(ask).row(0, named=True)
    for name in ("due", "due_met", "pending", "pending_overdue", "received", "resolved"):
        road.same(f"overview, {name}: trend's last week, week", weeks.now.get(name, 0), figures[name])
    road.opens("overview, on time", overview.on_time(choice, weeks, book).links)
    late = overview.overdue(choice, weeks, data.oldest(rows), book, "light")
    road.same("overview, overdue", first_number(late.value), figures["pending_overdue"])
    road.opens("overview, overdue", late.links)
    road.opens("overview, flow", overview.flow(choice, weeks).links)
    for due in overview.due_soon(choice, rows, data.calendar()):
        road.same(f"overview, {due.name}", due.count, road.addresses.length(due.query))
    _heat(road, ask)


def _heat(road: Road, ask: Ask) -> None:
    table = heat.heat(
        ask.choice, data.figures(ask, period=heat.period(ask.choice), by=["department", "field"]), small=SMALL
    )
    cells = [
        (cell, query)
        for line, queries in zip(table.cells, table.queries, strict=True)
        for cell, query in zip(line, queries, strict=True)
        if query is not None
    ]
    for cell, query in road.few(cells, 5):
        late = query["nhom"].startswith("tre-hen")
        road.same(f"heat → {query}", cell.due - cell.met if late else cell.due, road.addresses.length(query))


def of_analysis(road: Road) -> None:
    """Cơ quan, Lĩnh vực: headline, trend's table, backlog, procedures, mixes, officers."""
    ask, book = road.question.ask(road.question.week), catalogue.load()
    choice, figures = ask.choice, data.figures(ask).row(0, named=True)
    breaks = analysis.breaks(data.book().units, choice)
    span = analysis.trend_period(choice)
    weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span)
    card = overview.on_time(choice, analysis.since_break(weeks, tuple(breaks)), book)
    road.opens("analysis, on time", card.links)
    trend = analysis.trend(choice, weeks, breaks, narrow=False)
    if figures["due"] and trend.days == 7:
        told = f"{number(figures['due_met'])} / {number(figures['due'])} hồ sơ đúng hạn"
        road.same("trend's table, newest line", trend.table["Đúng hạn"][0].split(": ")[1], told)
    backlog = analysis.backlog(choice, data.open_dossiers(ask))
    road.same("backlog, all", sum(map(sum, backlog.counts)), figures["pending"])
    road.opens("backlog", _flat(backlog.table.links), 4)
    counts = analysed.by_procedure(ask)
    limits, names = analysed.limits(ask, counts), analysed.names(ask)
    lines = procedures.lines(choice, counts, analysed.took(ask), limits, names, small=SMALL)
    table = procedures.table(lines, small=SMALL)
    road.opens("procedures", _flat(table.links), 6)
    road.opens("mix of units", _flat(procedures.mix_of_units(choice, analysed.by_unit(ask)).table.links), 2)
    road.opens("reductions", procedures.reductions(choice, counts, limits, book).links)
    officers = likewise.officers(choice, data.open_dossiers(ask))
    if officers is not None:
        road.opens("officers", _flat(officers.links), 3)


def _flat(several: Sequence[Sequence[Link]]) -> list[Link]:
    return [link for links in several for link in links]


def of_quality(road: Road) -> None:
    """Chất lượng phục vụ: the parts of every share, the tiles, channels by month, durations."""
    ask, book = road.question.ask(road.question.named), catalogue.load()
    choice = ask.choice
    counts = served.told(ask, choice.period).row(0, named=True)
    for share in (*quality.SHARES, *quality.PAYING, *quality.DIGITAL):
        pair = (int(counts[share]["numerator"] or 0), int(counts[share]["denominator"] or 0))
        told = quality.Told(share, [None, pair], counts)
        road.opens(f"quality, {share}", quality.links(choice, told), 2)
    for card in quality.TILES:
        tiles = quality.tiles(choice, counts, card, book)
        told_of = [(first_number(tile.value), tile.to.query) for tile in tiles if tile.to]
        for n, query in road.few(told_of, 3):
            road.same(f"quality, {card} → {query}", n, road.addresses.length(query))
    _amounts(road, ask, counts)
    months = channels.months(choice)
    mix = channels.mix(choice, months, served.told(ask, quality.whole(months), ["month"]), small=SMALL)
    road.opens("channels by month", _flat(mix.table.links), 4)
    results = served.results(ask)
    took = durations.took(choice, served.lasted(ask, ["field"]), results, small=SMALL)
    for each in road.few([t for t in took if t.query], 3):
        road.same(f"durations of {each.name}", each.listed, road.addresses.length(each.query))
    _, to = durations.summary(choice, served.lasted(ask).row(0, named=True), results, small=SMALL)
    road.opens("durations", to)


def _amounts(road: Road, ask: Ask, counts: dict[str, Any]) -> None:
    """Fees, the procedures that charge, levels: each number against its list, the parts against the whole."""
    choice, book, by = ask.choice, catalogue.load(), served.told(ask, ask.choice.period, ["procedure"])
    told = fees.fees(choice, counts, by, analysed.names(ask), book)
    road.opens("fees", told.links)
    if told.table is not None:
        values = told.table.values
        road.same("fees, procedures, all", values["Phí, lệ phí (đồng)"].sum(), counts["fees"])
        road.same(
            "procedures paid online, all", sum(row["paid_online"] for row in by.to_dicts()), counts["paid_online"]
        )
        road.opens("fees, procedures", _flat(told.table.links), 4)
        listed = road.addresses.rows(told.links[0].query)
        road.same("fees, dossiers of the list", listed["fee"].sum(), counts["fees"])
    levels = digital.by_level(choice, served.told(ask, choice.period, ["level"]), book)
    if levels is not None:
        road.opens("digitisation by level", _flat(levels.links), 4)


def of_silence(road: Road) -> None:
    """Where somebody is silent, rates are told of the others: the page must say so in words, or nothing is left out."""
    for choice in (road.question.week, road.question.named):
        ask = road.question.ask(choice)
        everybody = Ask(ask.version, ask.scope, choice)
        whole, heard = (data.figures(each).row(0, named=True) for each in (everybody, ask))
        words = fresh.unheard(data.left_out(ask), fresh.titles(data.sources()))
        if whole["due"] != heard["due"]:
            road.same("due of all, due of those who were heard: said in words", True, any(words))
        else:
            road.same("due of all, due of those who were heard", whole["due"], heard["due"])
        for name in ("pending", "pending_overdue", "received", "resolved"):
            road.same(f"{name} of all, as the page tells it", whole[name], heard[name])
