"""Who reads in English is told in English that something broke; the number stays what it is."""

from __future__ import annotations

import pytest

from dashboard import english, watched
from dashboard.watching import _PAGE, words

CODE = "1A2B-3C4D"


@pytest.mark.parametrize(
    "said",
    [
        f"Lỗi đã được ghi lại (mã sự cố {CODE}). Tải lại trang; nếu vẫn gặp, báo quản trị trung tâm mã này.",
        f"Lỗi đã được ghi lại (mã sự cố {CODE}). Tải lại trang; các phần khác vẫn dùng được.",
        "Chưa hiển thị được trang này", f"Chưa ghi được (mã sự cố {CODE}); thử lại sau ít phút.",
        watched._UNMADE.format(code=CODE), watched._GONE,
    ],
)  # fmt: skip
def test_what_broke_is_said_in_english(said: str) -> None:
    told = english.text(said)
    assert told.isascii() and (CODE in told) == (CODE in said)


def test_the_page_of_an_incident_is_english_throughout() -> None:
    told = english.page(_PAGE.substitute(code=CODE)).replace(" · Đúng Hạn", "").replace("Đúng Hạn", "")
    assert told.isascii() and CODE in told


def test_one_line_for_whoever_asked_for_no_page() -> None:
    assert CODE in words(CODE) and "\n" not in words(CODE)
