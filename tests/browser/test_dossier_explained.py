"""What a head of department does with a late dossier: open it, read why, unfold its days, on a desk and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.conftest import Sign, settled
from tests.browser.test_everyone_can_read import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def opened(sign_in: Sign, *, phone: bool = False, scheme: Literal["light", "dark"] = "light") -> Page:
    """Open the first overdue dossier and unfold its days."""
    page = sign_in("/ho-so-can-xu-ly?nhom=qua-han", phone=phone, scheme=scheme)
    page.get_by_role("link", name="Mở hồ sơ").first.click()
    page.wait_for_url("**/ho-so?*")
    settled(page)
    page.get_by_text("Theo ngày hẹn có hiệu lực").click()
    page.get_by_role("table").first.wait_for()
    settled(page)
    return page


def test_the_days_of_a_late_dossier_unfold_and_count_up_to_the_days_used(sign_in: Sign) -> None:
    page = opened(sign_in)
    assert page.get_by_role("heading", name="Các lần hẹn trả").is_visible()
    assert page.get_by_text(re.compile("Đang có hiệu lực")).is_visible()
    assert page.get_by_text(re.compile("Tính: là ngày hẹn đầu tiên")).is_visible()
    assert page.get_by_role("heading", name="Đối chiếu với thời hạn").is_visible()
    weeks = page.get_by_role("table").first.get_by_role("row").all_inner_texts()
    assert "ngày tiếp nhận" in weeks[1]
    numbers = [int(n) for line in weeks[1:] for n in re.findall(r"\d+", line.split("\t")[1])]
    used = re.search(r"(\d+) / (\d+) ngày", page.get_by_text(re.compile(r"^\d+ / \d+ ngày")).first.inner_text())
    assert used
    assert numbers[-1] == int(used[1])
    assert int(used[1]) >= int(used[2])


def test_every_day_stands_behind_its_tab_with_its_rule(sign_in: Sign) -> None:
    page = opened(sign_in)
    page.get_by_role("tab", name="Từng ngày").click()
    settled(page)
    table = page.locator("[data-testid=stDataFrame]:visible").first
    assert table.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_unfolded_page_has_no_barrier(sign_in: Sign, scheme: Literal["light", "dark"]) -> None:
    assert violations(opened(sign_in, scheme=scheme)) == []


def test_a_phone_shows_it_without_sideways_scrolling(sign_in: Sign) -> None:
    page = opened(sign_in, phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
