"""The roads that leave the pages: form II.06 with its workbook, lists in Excel, the JSON, the Friday report."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import fastexcel
import httpx2
import polars as pl
from pypdf import PdfReader
from starlette.applications import Starlette

from dashboard import api, data, form_asked, fridays
from dashboard.answers import form
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from dashboard.periods import Named
from metrics.scope import Period
from reports import period_form
from store import tokens
from store.database import Store
from tests.dashboard.loops import answered
from tests.equality import province
from tests.equality.province import NOW, PEOPLE
from tests.equality.roads import Road

_FORM: Final = "Biểu II.06"


def of_form(road: Road) -> None:
    """Biểu II.06: page, lists behind its cells, workbook, notes, balance; and the figures of the same days."""
    question, choice = road.question, road.question.named
    ask = question.ask(choice)
    filled = form_asked.filled(ask, question.rows)
    lines = period_form.lines(filled.form, filled.asked)
    table = form.table(choice, filled.form, lines, question.rows)
    road.same("form, balanced", filled.form.balanced, True)
    sheet = _sheet(period_form.workbook(form_asked.content(filled)), _FORM)
    for row in (*table.rows, table.total):
        road.same(f"form and workbook, {row.name}", [cell.count for cell in row.cells], sheet.get(row.name))
    cells = [(row.name, cell) for row in (*table.rows, table.total) for cell in row.cells if cell.query is not None]
    for name, cell in road.few(cells, 7):
        road.same(f"form, {name} → {cell.query}", cell.count, road.addresses.length(cell.query))
    road.opens("form, notes", form.note_links(choice, filled.form), 3)
    figures = data.figures(ask).row(0, named=True)
    notes, total = filled.form.notes, filled.form.total
    late = figures["pending_overdue"]
    road.same("form, column (13), and the stock of the same evening", total["c13"], late)
    received = figures["received"] - notes.undetermined_received
    road.same("form, columns (4) + (5), and what was received", total["c4"] + total["c5"], received)


def _sheet(content: bytes, name: str) -> dict[str, list[int]]:
    """Read the form's sheet: name of the row → columns (3) to (13)."""
    book = fastexcel.read_excel(content)
    sheet = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    rows = [row for row in sheet.iter_rows() if row[1] is not None and row[12] is not None]
    return {row[1]: [int(float(v)) for v in row[2:13]] for row in rows if re.fullmatch(r"[\d.]+", row[2] or "")}


def of_lists(road: Road) -> None:
    """Lists taken away as Excel and CSV: as many lines as the page shows, and the same dossiers."""
    choice = road.question.week
    for code in road.few(sorted(LISTS), 2):
        query = choice.query(nhom=code)
        shown = road.addresses.rows(query)
        for ending in ("xlsx", "csv"):
            taken = road.addresses.taken(query, ending)
            road.same(f"list {code} as {ending}", shown["code"].to_list(), taken["Mã hồ sơ"].to_list())
        road.same(f"list {code}: one line a dossier", *_doubled(shown, code))


def _doubled(rows: pl.DataFrame, code: str) -> tuple[int, int]:
    """Count the lines and the dossiers of a list; what happens often stands there as often."""
    if LISTS[code].kind == "event":
        return 0, 0
    return rows.height, rows.select("source", "code").unique().height


class Json:
    """The JSON for other systems, each asked with a token of the reader's scope."""

    def __init__(self, store: Store) -> None:
        self._app = Starlette(routes=api.ROUTES)
        self._secrets = {name: self._issued(store, name) for name in PEOPLE}

    def _issued(self, store: Store, name: str) -> str:
        units = PEOPLE[name][1]
        return tokens.issue(store, f"bang-{name}", kind="api", departments=units, by="quantri", at=NOW)[1]

    def get(self, path: str, who: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """Ask as another system does. Fails unless it answers."""

        async def go() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self._app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
                head = {"Authorization": f"Bearer {self._secrets[who]}"}
                return await client.get(path, params=dict(asked), headers=head)

        answer = answered(go)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def walk(self, road: Road) -> None:
        """Ask for the figures of the week and for the overdue, of units as they are today: it tells no other."""
        choice = replace(road.question.week, on_map="today")
        ask, who = road.question.ask(choice), road.question.who.name
        where = {"department": choice.department, "field": choice.field, "channel": choice.channel}
        asked = {name: value for name, value in where.items() if value}
        days = {"from": f"{choice.week.start}", "to": f"{choice.week.end}"}
        figures = data.figures(ask).row(0, named=True)
        (rate,) = self.get("/api/figures/on_time_due", who, asked | days)["groups"]
        road.same("JSON, on time", (rate["numerator"], rate["denominator"]), (figures["due_met"], figures["due"]))
        for name in road.few(("pending_overdue", "pending", "received", "resolved", "awaiting_acceptance"), 2):
            (group,) = self.get(f"/api/figures/{name}", who, asked | days)["groups"]
            road.same(f"JSON, {name}", group["value"], figures[name])
        told = self.get("/api/overdue", who, asked)
        now = Choice(choice.today, province.TODAY, choice.department, choice.field, choice.channel)
        shown = road.addresses.rows(now.query(nhom="qua-han"))["code"].to_list()
        road.same("JSON, the overdue", [told["count"], [d["code"] for d in told["dossiers"]]], [len(shown), shown])


def of_report(road: Road) -> None:
    """The Friday report of the reader's scope: tiles, tables, form, list, against the pages for the same days."""
    question = road.question
    ask = question.ask(Choice(province.TODAY, question.week.monday))
    content = fridays.friday_report(ask, question.issued_on)
    told = content["edition"]["period"]
    start, end = (_day(told[name]) for name in ("start", "end"))
    days = Named("tuan", "", "", Period(start, end))
    same_days = question.ask(Choice(province.TODAY, question.week.monday, named=days))
    figures = data.figures(same_days).row(0, named=True)
    numbers = content["figures"]
    tile = numbers.get("due.rate", {})
    road.same("report, on time", (tile.get("n", 0), tile.get("d", 0)), (figures["due_met"], figures["due"]))
    road.same("report, overdue", numbers["stock"]["v"], figures["pending_overdue"])
    listed = data.listed(same_days, LISTS["qua-han"])
    overdue = content["tables"]["overdue"]
    codes = sorted(row["code"] for row in overdue)
    road.same("report, list of the overdue", codes, sorted(listed["code"].to_list()))
    _units(road, same_days, content)
    total = form_asked.filled(same_days, "department").form.total
    road.same("report, form", [cell["v"] for cell in content["form"]["total"]["cells"]], list(total.values()))
    if road.question.number % 5 == 0:
        _printed(road, ask, content)


def _units(road: Road, ask: Ask, content: Mapping[str, Any]) -> None:
    by_unit = {row["department"]: row for row in data.figures(ask, by=["department"]).to_dicts()}
    for line in content["tables"]["departments"]:
        row = by_unit.get(line["name"], {})
        found = tuple(int(row.get(name) or 0) for name in ("due", "due_met", "pending_overdue"))
        road.same(f"report, {line['name']}", (line["d"], line["n"], line["overdue"]), found)


def _printed(road: Road, ask: Ask, content: Mapping[str, Any]) -> None:
    """Hold workbook and paper against the content: the total of the form, and the two tiles."""
    issued_on = road.question.issued_on
    total = [cell["v"] for cell in content["form"]["total"]["cells"]]
    sheet = _sheet(fridays.friday_file(ask, issued_on, "xlsx"), _FORM)
    road.same("report's workbook, form", sheet.get("Tổng cộng"), total)
    paper = PdfReader(io.BytesIO(fridays.friday_file(ask, issued_on, "pdf")))
    words = " ".join(page.extract_text() for page in paper.pages[:1])
    road.same("report on paper, overdue", True, content["figures"]["stock"]["t"] in words)


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)
