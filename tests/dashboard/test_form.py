"""Form II.06 on its page: laid out by hand, and equal to its lists, its workbook and the command line."""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any, Final

import fastexcel
import polars as pl
import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboard import data, form_asked, forms, periods, shapes
from dashboard.answers import form
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from dashboard.period_lists import COLUMNS, column_code
from jobs import cli
from metrics.form_ii06 import CELLS, Form, Notes
from metrics.scope import Scope
from reports import period_form
from store.database import Store
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_pages import texts

MONDAY: Final = date(2026, 11, 16)
#: Received 5 + 3 + 4 carried = 12 = resolved (2 + 1 + 1) + pending (6 + 2); Y: 2 = 0 + 2.
X: Final = dict(zip(CELLS, (12, 5, 3, 4, 4, 2, 1, 1, 8, 6, 2), strict=True))
Y: Final = dict(zip(CELLS, (2, 0, 2, 0, 0, 0, 0, 0, 2, 2, 0), strict=True))
BOTH: Final = {c: X[c] + Y[c] for c in CELLS}
NOTES: Final = Notes(1, 0, 0, 1, 3, 0, 0)


def made(*rows: dict[str, Any], total: dict[str, int] = BOTH) -> Form:
    return Form(pl.DataFrame([r | {"handed_in": 0, "handed_out": 0} for r in rows]), total, NOTES)


def choice(code: str, **told: Any) -> Choice:
    return Choice(TODAY, MONDAY, named=periods.of_code(code), **told)


def asked(rows: str = "department", code: str = "2026-K12") -> period_form.Asked:
    named = periods.of_code(code)
    assert named is not None
    return period_form.Asked(named.period, periods.words(named), TODAY, rows, "Toàn tỉnh", "v-1")


FILLED: Final = made({"name": None, **Y}, {"name": "Sở <b>X</b>", **X})


def test_the_form_opens_on_the_last_period_that_is_over(visit: Visit) -> None:
    app = visit(shapes.FORM)  # 20/11/2026: the period of December began on 15/11
    assert app.selectbox(key="_ky").value == "2026-K11"


def test_the_total_stands_first_and_every_number_opens_its_list() -> None:
    lines = period_form.lines(FILLED, asked())
    table = form.table(choice("2026-K12", field="Đất đai"), FILLED, lines, "department")
    assert [(row.number, row.name) for row in table.rows] == [("1", "Sở <b>X</b>"), ("2", "Không ghi cơ quan, đơn vị")]
    assert [cell.count for cell in table.total.cells] == [14, 5, 5, 4, 4, 2, 1, 1, 10, 8, 2]
    assert table.total.cells[0].query == {"ky": "2026-K12", "linh_vuc": "Đất đai", "nhom": "bm-3"}
    late = table.rows[0].cells[-1]
    assert (late.count, late.query) == (
        2, {"ky": "2026-K12", "linh_vuc": "Đất đai", "don_vi": "Sở <b>X</b>", "nhom": "bm-13"}
    )  # fmt: skip
    nobody = {"ky": "2026-K12", "linh_vuc": "Đất đai", "don_vi": "-"}
    queries = [cell.query for cell in table.rows[1].cells]
    assert queries[0] == nobody | {"nhom": "bm-3"}
    assert [query is None for query in queries] == [n == 0 for n in Y.values()]  # what is nothing opens nothing


def test_hostile_names_are_text_in_the_table() -> None:
    lines = period_form.lines(FILLED, asked())
    shown = forms.html(form.table(choice("2026-K12"), FILLED, lines, "department"), 'x" onclick="y')
    assert "Sở &lt;b&gt;X&lt;/b&gt;" in shown and "<b>X" not in shown
    assert 'onclick="y' not in shown


def test_a_form_that_balances_says_so() -> None:
    lines = period_form.lines(FILLED, asked())
    assert form.balance(FILLED, lines) == (
        True, "✓ Cân đối: tiếp nhận **14** = giải quyết **4** + tồn **10**; đúng ở cả 2 dòng"
    )  # fmt: skip


def test_a_form_that_does_not_balance_says_where() -> None:
    broken = made({"name": "Sở X", **X, "c11": 7}, {"name": "Sở Y", **Y})
    told = form.balance(broken, period_form.lines(broken, asked()))
    assert told == (
        False, "Không cân đối: Sở X tiếp nhận 12 ≠ giải quyết 4 + tồn 7; cột (11): tổng 10, các dòng cộng lại 9"
    )  # fmt: skip


def test_the_notes_lead_to_the_dossiers_they_count() -> None:
    links = form.note_links(choice("2026-K12"), FILLED)
    assert [(link.label, link.query["nhom"]) for link in links] == [
        ("1 tiếp nhận, không xác định hạn", "bm-undetermined-received"),
        ("1 đang giải quyết, không xác định hạn", "bm-undetermined-pending"),
        ("3 rút, trả lại, dừng giải quyết", "bm-without-result"),
    ]


def ask(chosen: Choice, scope: Scope) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope, chosen)


def random_questions() -> list[tuple[str, str, Choice, Scope]]:
    dice = random.Random(20261120)
    codes = ["2026-W44", "2026-T09", "2026-T11", "2026-K11", "2026-K12", "2026-Q3", "2026-Q4", "2026-9T", "2026"]
    units = [None, None, "Sở Xây dựng", "UBND phường Tân Vân"]
    found = []
    for code in codes:
        told = {"department": dice.choice(units), "channel": dice.choice([None, "online", "counter"])}
        scope = dice.choice([Scope.province(), Scope.province(), Scope.of("Sở Xây dựng", "Sở Tư pháp")])
        found.append((code, dice.choice(list(form.BY)), choice(code, **told), scope))
    return found


def excel(told: dict[str, Any]) -> dict[str, list[int]]:
    """Read the sheet back: name of the row → columns (3) to (13)."""
    sheet = fastexcel.read_excel(period_form.workbook(told)).load_sheet(0, header_row=None, dtypes="string").to_polars()
    rows = [row for row in sheet.iter_rows() if row[1] is not None and row[12] is not None]
    found = {row[1]: [int(float(v)) for v in row[2:13]] for row in rows if re.fullmatch(r"[\d.]+", row[2] or "")}
    assert len(found) > 0
    return found


@pytest.mark.parametrize(("code", "rows", "chosen", "scope"), random_questions(), ids=lambda v: str(v)[:12])
def test_page_list_and_workbook_are_equal(in_use: Store, code: str, rows: str, chosen: Choice, scope: Scope) -> None:
    question = ask(chosen, scope)
    filled = form_asked.filled(question, rows)
    lines = period_form.lines(filled.form, filled.asked)
    table = form.table(chosen, filled.form, lines, rows)
    sheet = excel(form_asked.content(filled))
    assert list(sheet) == [*(row.name for row in table.rows), "Tổng cộng"]
    assert filled.form.balanced
    for row in (*table.rows, table.total):
        assert [cell.count for cell in row.cells] == sheet[row.name]
    behind = {c: data.listed(question, LISTS[column_code(c)]) for c in COLUMNS}
    assert [behind[c].height for c in COLUMNS] == [cell.count for cell in table.total.cells]
    for line in lines:
        of_row = pl.col(rows).cast(pl.String).eq_missing(pl.lit(line.key, pl.String))
        mine = [found.filter(of_row).height for found in behind.values()]
        assert mine == list(line.cells.values())


def test_the_list_that_a_number_opens_has_as_many_rows(visit: Visit, in_use: Store) -> None:
    chosen = choice("2026-Q4")
    filled = form_asked.filled(ask(chosen, Scope.province()), "field")
    lines = period_form.lines(filled.form, filled.asked)
    cell = form.table(chosen, filled.form, lines, "field").rows[0].cells[7]
    assert cell.query is not None and cell.count > 0
    app = visit(shapes.WORKLIST, **cell.query)
    assert len(app.dataframe[0].value) == cell.count
    assert "Quý IV/2026 · 15/09–14/12/2026" in texts(app)


def test_the_command_line_tells_the_same(
    in_use: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = in_use.engine.url.render_as_string(hide_password=False)
    for code, rows, units in (
        ("2026-K11", "department", []),
        ("2026-Q3", "field", ["Sở Xây dựng"]),
        ("2026", "level", []),
    ):
        chosen = choice(code, department=units[0] if units else None)
        period = chosen.period
        words = ["--from", f"{period.start}", "--to", f"{period.end}", "--as-of", f"{TODAY}", "--rows", rows, "--json"]
        where = [word for unit in units for word in ("--department", unit)]
        monkeypatch.setattr(sys, "argv", ["dunghan", "form", *words, *where, "--store", url])
        capsys.readouterr()
        with pytest.raises(SystemExit):
            cli.main()
            raise SystemExit(0)
        told = json.loads(capsys.readouterr().out)
        filled = form_asked.filled(ask(chosen, Scope.province()), rows)
        assert told["total"] == filled.form.total
        assert told["rows"] == filled.form.rows.to_dicts()
        assert told["notes"] == {name: getattr(filled.form.notes, name) for name in told["notes"]}


def shown(app: AppTest) -> str:
    """Give the table of a page as it is written."""
    return " ".join(str(getattr(each, "value", "")) for each in app.get("html"))


def test_a_head_gets_the_form_of_the_own_units_only(visit: Visit, in_use: Store) -> None:
    filled = form_asked.filled(ask(choice("2026-Q4"), Scope.of("Sở Xây dựng")), "department")
    assert filled.form.rows["name"].to_list() == ["Sở Xây dựng"]
    assert filled.asked.where == "Sở Xây dựng"
    assert filled.form.total["c3"] > 0
    said = shown(visit(shapes.FORM, who="truongphong", ky="2026-Q4"))
    assert "Sở Xây dựng" in said and "Sở Tư pháp" not in said
    assert "Sở Tư pháp" in shown(visit(shapes.FORM, ky="2026-Q4"))


def test_the_page_keeps_period_and_rows_in_the_address(visit: Visit) -> None:
    app = visit(shapes.FORM, ky="2026-Q3", dong="field")
    assert not app.exception
    assert app.selectbox(key="_ky").value == "2026-Q3"
    assert "✓ Cân đối" in texts(app)
    assert "Số liệu đến hết ngày 14/09/2026" in texts(app).replace("\\", "")
    assert app.query_params["ky"] == "2026-Q3"


def test_a_period_without_dossiers_is_a_designed_nothing(visit: Visit) -> None:
    assert "Không có hồ sơ trong kỳ đã chọn" in texts(visit(shapes.FORM, ky="2024-Q1"))


def test_the_paper_holds_every_number_its_balance_and_the_version_of_the_data(in_use: Store) -> None:
    filled = form_asked.filled(ask(choice("2026-Q3"), Scope.province()), "department")
    pages = PdfReader(BytesIO(form_asked.file(filled, "pdf"))).pages
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert "Quý III/2026 · 15/06–14/09/2026" in said and filled.asked.data_version in said
    assert "ở mọi hàng; hàng tổng bằng tổng các hàng" in said
    total = " ".join(f"{n:,}".replace(",", ".") for n in filled.form.total.values())
    assert f"Tổng cộng {total}" in said
    assert "Người lập biểu" in pages[-1].extract_text() and "Số liệu đến hết ngày" in pages[-1].extract_text()


def test_equal_forms_give_equal_files(in_use: Store) -> None:
    filled = form_asked.filled(ask(choice("2026-T10"), Scope.province()), "field")
    again = replace(filled)
    assert form_asked.file(filled, "pdf") == form_asked.file(again, "pdf")
    assert form_asked.file(filled, "xlsx") == form_asked.file(again, "xlsx")
