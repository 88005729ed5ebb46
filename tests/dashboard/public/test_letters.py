"""Letters of apology by code alone; nothing that people typed, and no markup of others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest

from dashboard import data, public
from dashboard.answers import public as words
from dashboard.data import Ask
from dashboard.filters import Choice
from metrics.scope import Period, Scope
from store.database import Store
from tests.dashboard.conftest import TODAY
from tests.dashboard.public.conftest import HOSTILE, SECRET, WEEK, Get, told


@pytest.mark.usefixtures("opened")
def test_letters_are_those_that_are_counted(get: Get, in_use: Store) -> None:
    found = told(get)["letters"]
    state = data.manifest()
    assert state is not None
    ask = Ask(state.data_version, Scope.province(), Choice(TODAY, WEEK.start))
    days = Period(date.fromisoformat(found["from"]), date.fromisoformat(found["to"]))
    assert days == Period(date(2026, 8, 17), WEEK.end)
    assert found["count"] == data.figures(ask, period=days).row(0, named=True)["letters_issued"] == 3
    assert {one["code"]: (one["number"], one["issued_on"], one["new_due_on"]) for one in found["newest"]} == {
        "X-0": ("77/XL-SNNMT", "2026-11-11", "2026-11-30"),
        "X-1": ("345/2026/UBND-VP", "2026-11-10", "2026-12-01"),
        "X-2": ("—", "2026-11-12", "2026-12-01"),
    }
    assert {one["department"] for one in found["newest"]} == {HOSTILE}


def test_only_so_many_letters_are_listed_and_that_is_said(get: Get, opened: Callable[..., None]) -> None:
    opened(most_letters=2)
    found = told(get)["letters"]
    assert (found["count"], [one["code"] for one in found["newest"]]) == (3, ["X-2", "X-1"])
    assert "3 văn bản ghi nhận trong 17/08–15/11/2026; dưới đây là 2 văn bản mới nhất" in get().text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("12/PXL-TTPVHCC", "12/PXL-TTPVHCC"), ("123", "123"), (" 12 / XL ", "12/XL"),
        ("7a/2026/XL-SXD", "7a/2026/XL-SXD"),
        ("0912345678", "—"), ("12/XL gửi bà Lê Thị Hoa", "—"), ("12/NGUYEN-VAN-A", "—"), ("<b>1</b>", "—"),
        ("001085012345", "—"), ("12/a@b.vn", "—"), (None, "—"), ("", "—"),
    ],
)  # fmt: skip
def test_of_what_people_type_a_number_is_told_alone(typed: str | None, shown: str) -> None:
    assert words.number_of(typed) == shown


def test_a_code_that_holds_a_person_is_not_told() -> None:
    assert words.code_of("H01.023-261105-0012") == "H01.023-261105-0012"
    assert words.code_of("HS 0912345678") == words.code_of("HS Nguyễn Văn Kín") == "—"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [public.PATH, public.MACHINES])
def test_nothing_personal_and_no_markup_of_others_comes_out(get: Get, path: str) -> None:
    text = unescape(get(path).text)
    assert [word for word in (*SECRET, "CB-1", "giamdoc", "Thẩm định") if word in text] == []
    raw = get(public.PATH).text
    assert "<script" not in raw
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &quot;Ngoặc&quot;" in raw
    assert not re.search(r"""https?://|\son\w+=|style=""", raw)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", [public.PATH, public.MACHINES])
def test_headers_let_nothing_in(get: Get, path: str) -> None:
    headers = get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["content-type"] == ("text/html" if path == public.PATH else "application/json") + "; charset=utf-8"
