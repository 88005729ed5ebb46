"""Fees, digitisation and the national portal in words: ready values, without a page and without a store."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from config import catalogue
from config.catalogue import CatalogueFile
from dashboard.answers import admin_rules, digital, fees, publication
from dashboard.compared import Pair
from dashboard.filters import Choice
from dashboard.periods import Named, of_code
from metrics.freshness import Silent
from tests.dashboard.conftest import TODAY

OCTOBER = "2026-T10"


def period(code: str) -> Named:
    found = of_code(code)
    assert found is not None
    return found


CHOICE = Choice(TODAY, date(2026, 11, 16), named=period(OCTOBER))
BOOK: CatalogueFile = catalogue.load()


def row(procedure: str | None, paid: int, known: int, unknown: int, fee: int) -> dict[str, Any]:
    return {
        "procedure": procedure, "charged": known, "paid_online": paid, "charged_unknown": unknown, "fees": fee,
        "online_payment": {"numerator": paid, "denominator": known, "value": paid / known if known else None},
    }  # fmt: skip


def told(*rows: dict[str, Any]) -> fees.Fees:
    by = pl.DataFrame(list(rows), schema_overrides={"procedure": pl.String})
    return fees.fees(CHOICE, by.sum().row(0, named=True), by, {"1.1": "Cấp giấy phép A"}, BOOK)


def test_a_procedure_is_paid_online_when_one_dossier_was_and_none_is_known_of_is_in_neither_part() -> None:
    found = told(row("1.1", 1, 30, 0, 5), row("1.2", 0, 10, 2, 3), row("1.3", 0, 0, 7, 3), row(None, 5, 5, 0, 1),
                 row("1.4", 0, 0, 0, 0))  # fmt: skip
    assert "**1** / 2 thủ tục có thu có hồ sơ nộp trực tuyến." in found.lines
    assert "1 thủ tục có thu không rõ cách nộp của hồ sơ nào." in found.lines
    assert found.table is not None
    assert found.table.lines.rows() == [
        ("Cấp GP A", "30", "1", "3,3\u00a0% (0,6–16,7)", "0", "5 đồng"), ("1.2", "12", "0", "n = 10", "2", "3 đồng"),
        ("1.3", "7", "0", "—", "7", "3 đồng"), ("Chưa ghi thủ tục", "5", "5", "n = 5", "0", "1 đồng"),
    ]  # fmt: skip
    assert [link.label for link in found.table.links[1]] == ["12 có phí", "10 nộp trực tiếp", "2 không rõ"]
    assert found.table.links[1][0].query == {"ky": OCTOBER, "thu_tuc": "1.2", "nhom": "thu-phi"}


def test_without_a_fee_there_is_a_dash_and_a_sentence_and_no_table() -> None:
    found = told(row("1.1", 0, 0, 0, 0))
    assert (found.value, found.table, found.links) == ("—", None, [])
    assert found.lines == ["Chưa hồ sơ nào trong kỳ có ghi phí, lệ phí."]


@pytest.mark.parametrize(
    ("pair", "said"),
    [((80, 100), "Đạt"), ((79, 100), "Chưa đạt"), ((7_996, 10_000), "Chưa đạt"), ((15, 19), "Chưa đủ số liệu"),
     ((0, 0), "—")],
)  # fmt: skip
def test_a_target_is_reached_by_the_exact_share_and_of_few_nobody_says(pair: tuple[int, int], said: str) -> None:
    goal = BOOK["results_digital_share"].target_of("province", TODAY)
    assert digital.verdict(pair, goal, BOOK.small) == said
    assert digital.verdict(pair, None, BOOK.small) == "—"


def level(name: str | None, have: int, of: int) -> dict[str, Any]:
    share = {"numerator": have, "denominator": of, "value": have / of if of else None}
    nothing = {"numerator": 0, "denominator": 0, "value": None}
    return {"level": name, "results_known": of, "results_digital": have, "results_digital_share": share,
            "components_known": 0, "components_digitised_share": nothing}  # fmt: skip


def test_levels_stand_in_their_order_and_a_share_that_rounds_to_its_target_is_written_out() -> None:
    rows = [level("commune", 5, 10), level(None, 1, 2), level("province", 7_996, 10_000), level("district", 70, 100)]
    found = digital.by_level(CHOICE, pl.DataFrame(rows), BOOK)
    assert found is not None
    shown = found.lines.select("Cấp", "Tỷ lệ", "Mục tiêu", "So với mục tiêu").rows()
    assert shown == [
        ("Cấp tỉnh", "79,96\u00a0%", "80\u00a0%", "Chưa đạt"),
        ("Cấp huyện", "70,0\u00a0% (60,4–78,1)", "70\u00a0%", "Đạt"),
        ("Cấp xã", "n = 10", "60\u00a0%", "Chưa đủ số liệu"), ("Chưa ghi cấp", "n = 2", "—", "—"),
    ]  # fmt: skip
    assert "cap" in found.links[3][0].query
    assert digital.by_level(CHOICE, pl.DataFrame([level("commune", 0, 0)]), BOOK) is None


def sources(*rows: tuple[str, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, name.upper(), kind, n, f'{{"figures": "{figures}"}}') for name, kind, n, figures in rows],
        schema=["name", "title", "kind", "dossiers", "terms"], orient="row",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ([("mc", "rest", 9, "counted"), ("qg", "national_portal", 5, "beside")], ("mc", "qg")),
        ([("mc", "folder", 9, "counted"), ("tep", "folder", 5, "beside")], ("mc", "tep")),
        ([("a", "rest", 3, "counted"), ("b", "rest", 9, "counted"), ("qg", "national_portal", 99, "counted")],
         ("b", "qg")),
        ([("kho", "folder", 99, "beside"), ("mc", "rest", 9, "counted"), ("qg", "national_portal", 5, "beside")],
         ("mc", "qg")),
        ([("mc", "rest", 9, "counted"), ("dd", "rest", 5, "counted")], publication.NO_PORTAL),
        ([("qg", "national_portal", 9, "counted"), ("mc", "rest", 0, "counted")], publication.NO_ONE_STOP),
        ([], publication.NO_PORTAL),
    ],
)  # fmt: skip
def test_the_portal_is_the_source_of_that_kind_or_the_one_that_stands_beside(
    known: list[tuple[str, str, int, str]], found: tuple[str, str] | str
) -> None:
    frame = sources(*known) if known else sources(("x", "rest", 0, "counted"))
    told_as = publication.pair(frame)
    assert (told_as.a, told_as.b) == found if isinstance(told_as, Pair) else told_as == found


def test_the_administration_lists_the_targets_of_each_level() -> None:
    told = dict(admin_rules.thresholds(BOOK).select("Chỉ số", "Mục tiêu").iter_rows())
    assert told["Tỷ lệ số hóa kết quả giải quyết"] == (
        "Cấp tỉnh: 80\u00a0% (01/01/2022); Cấp huyện: 70\u00a0% (01/01/2022); Cấp xã: 60\u00a0% (01/01/2022)"
    )
    assert (told["Đúng hạn theo ngày hẹn"], told["Tiếp nhận"]) == ("98\u00a0%", "—")


def test_a_portal_that_was_never_heard_is_told_so_and_a_unit_of_it_is_not_the_portal() -> None:
    both = Pair("mc", "qg", "Một cửa", "Cổng")
    said = "**Nguồn Cổng: không có dữ liệu** lần nào nên chưa có tỷ lệ."
    assert publication.unheard(both, [Silent("qg", None, None, None)]) == [said]
    assert publication.unheard(both, [Silent("qg", "Sở Y tế", None, None), Silent("x", None, None, None)]) == []
