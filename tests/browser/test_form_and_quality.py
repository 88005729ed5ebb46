"""From a number of the form or of service quality to its list and back; another period; a file; only the own units."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import fastexcel
import pytest

from tests.browser.conftest import Sign, settled
from tests.browser.test_click_paths import list_length, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_number_of_the_form_opens_its_list_and_back_returns_to_the_form(sign_in: Sign) -> None:
    page = sign_in("/bieu-mau?dong=field")
    page.get_by_text("Thành lập doanh nghiệp").wait_for()
    cell = page.locator(".form tbody tr", has_text="Đất đai").locator("a").nth(4)
    told = whole(cell.inner_text())
    cell.click()
    page.get_by_role("heading", name="Hồ sơ cần xử lý").wait_for()
    settled(page)
    assert asked(page)["linh_vuc"] == ["Đất đai"] and asked(page)["nhom"] == ["bm-7"]
    assert list_length(page) == told
    page.go_back()
    page.get_by_text("Cân đối").wait_for()
    assert asked(page)["dong"] == ["field"]


def test_another_kind_of_period_is_in_the_address_and_in_the_file(sign_in: Sign, tmp_path: Path) -> None:
    page = sign_in("/bieu-mau")
    page.get_by_role("radio", name="Năm").click()
    page.wait_for_url(re.compile(r"ky=\d{4}$"))
    settled(page)
    assert re.fullmatch(r"\d{4}", asked(page)["ky"][0])
    total = whole(page.locator(".form .total td").nth(1).inner_text())
    with page.expect_download() as got:
        page.get_by_role("button", name="Tải Excel").click()
    content = Path(got.value.path()).read_bytes()
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars()
    (row,) = [row for row in sheet.iter_rows() if row[1] == "Tổng cộng"]
    assert int(float(row[2])) == total
    with page.expect_download() as got:
        page.get_by_role("button", name="Tải PDF").click()
    assert BytesIO(Path(got.value.path()).read_bytes()).read(5) == b"%PDF-"


def test_a_head_reads_the_form_of_the_own_unit_alone(sign_in: Sign) -> None:
    page = sign_in("/bieu-mau", who="truongphong")
    page.locator(".form tbody tr").first.wait_for()
    assert [row.inner_text() for row in page.locator(".form tbody th").all()] == ["Sở Xây dựng"]


def test_a_share_of_service_opens_its_list(sign_in: Sign) -> None:
    page = sign_in("/chat-luong")
    link = page.get_by_role("link", name=re.compile("trực tuyến")).first
    told = whole(link.inner_text())
    link.click()
    page.get_by_role("heading", name="Hồ sơ cần xử lý").wait_for()
    settled(page)
    assert asked(page)["kenh"] == ["online"]
    assert list_length(page) == told
