"""Of a refused cell of a date, an amount or a status: what an operator must see, and nobody's name or number."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest

from connectors.shapes import Kind, shapes, shown

NOBODY: tuple[tuple[Kind, str], ...] = (
    ("date", "32/13/2026"), ("date", "hôm qua"), ("date", "ngày 3 tháng 4 năm 2026"), ("date", "3 APR 2026 08:30 PM"),
    ("date", "thứ hai, 25/04/2026"), ("date", "46342.3541667"), ("date", "20261332000000"), ("date", "1770000000"),
    ("date", "2026-03-04T08:30:00.123456789+07:00[Asia/Ho_Chi_Minh]"), ("date", "08:30 - 31/02/2026"),
    ("amount", "1.250.000 đ"), ("amount", "miễn phí"), ("amount", "-5"), ("amount", "1e999"),
    ("status", "Treo"), ("status", "TREO"), ("status", "15"), ("status", "pending_payment"), ("status", "Chờ ký số"),
    ("status", "Hồ sơ bị trả lại"), ("status", "Da tra ket qua"), ("status", "Waiting for approval"),
)  # fmt: skip
PEOPLE: tuple[tuple[Kind, str, str], ...] = (
    ("date", "21/11/2026 Nguyễn Thị Kín", "21/11/2026 …"), ("date", "21/11/2026 Kín nộp", "21/11/2026 aaa aaa"),
    ("date", "Mai Kín", "aaa aaa"), ("date", "0912.34.56.78", "…"), ("date", "0912.34.5678", "…"),
    ("date", "123456789", "999999999"), ("date", "x21/11/2026", "a99/99/9999"), ("amount", "Mai Kín 2", "aaa aaa 2"),
    ("amount", "0912345678", "…"), ("status", "Mai Kín", "aaa aaa"),
    ("status", "Đang chờ Kín duyệt", "Đang chờ aaa duyệt"),
    ("status", "Chờ Kín 12345678", "Chờ aaa 99999999"), ("status", "9\x00", "9\ufffd"),
    ("status", "ồ" * 5000, "a" * 12), ("date", "Kín " * 40, ("aaa " * 40)[:60] + "…"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "cell"), NOBODY)
def test_what_an_operator_must_recognise_stays(kind: Kind, cell: str) -> None:
    assert shapes(pl.Series([cell, None]), kind).to_list() == [cell, None]


@pytest.mark.parametrize(("kind", "cell", "left"), PEOPLE)
def test_of_what_people_wrote_into_it_the_shape_is_left(kind: Kind, cell: str, left: str) -> None:
    assert shapes(pl.Series([cell]), kind).to_list() == [left]
    assert shapes(pl.Series([unicodedata.normalize("NFD", cell)]), kind).to_list() == [left]


def test_the_words_of_the_office_s_own_statuses_are_known() -> None:
    assert shapes(pl.Series(["Gác máy bà Kín"]), "status", ["gác máy"]).to_list() == ["Gác máy aa aaa"]


def test_an_expression_tells_the_same_and_nothing_stays_nothing() -> None:
    frame = pl.DataFrame({"a": ["Mai Kín", None]}).select(shown(pl.col("a"), "date"))
    assert frame["a"].to_list() == ["aaa aaa", None]
    assert pl.DataFrame({"a": pl.Series([None], dtype=pl.Null)}).select(shown(pl.col("a"), "date"))["a"].to_list() == [
        None
    ]
