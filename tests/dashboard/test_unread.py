"""What the address asks for and there is not is said; and a settings file that cannot be read, to whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, scope, shapes
from tests.dashboard.conftest import MAIN, Visit
from tests.dashboard.test_pages import texts


def warned(app: AppTest) -> list[str]:
    assert not app.exception
    return [each.value for each in app.warning]


@pytest.mark.parametrize(
    ("page", "name", "label"),
    [
        (shapes.OVERVIEW, "linh_vuc", "Lĩnh vực"),
        (shapes.OVERVIEW, "kenh", "Kênh"),
        (shapes.OVERVIEW, "tuan", "Tuần"),
        (shapes.WORKLIST, "linh_vuc", "Lĩnh vực"),
        (shapes.WORKLIST, "nhom", "Nhóm hồ sơ"),
        (shapes.WORKLIST, "ky", "Kỳ báo cáo"),
        (shapes.WORKLIST, "tuoi", "Tuổi quá hạn (ngày làm việc)"),
        (shapes.WORKLIST, "ban_do", "Bản đồ đơn vị"),
        (shapes.WORKLIST, "im_lang", "Nơi không có dữ liệu"),
        (shapes.WORKLIST, "nguyen_nhan", "Nguyên nhân"),
        (shapes.FORM, "ky", "Kỳ"),
        (shapes.FORM, "linh_vuc", "Lĩnh vực"),
        (shapes.QUALITY, "kenh", "Kênh"),
        (shapes.FIELDS, "kenh", "Kênh"),
    ],
)
def test_a_choice_that_is_none_is_said_and_not_passed_over(visit: Visit, page: str, name: str, label: str) -> None:
    said = warned(visit(page, **{name: "không-có"}))
    assert [text.split(" trong địa chỉ")[0] for text in said] == [f"{label} “không\\-có”"]


def test_a_choice_that_there_is_and_no_choice_need_no_words(visit: Visit) -> None:
    assert warned(visit(shapes.OVERVIEW)) == []
    assert warned(visit(shapes.WORKLIST, linh_vuc="Đất đai", kenh="online", nhom="hom-nay", tuoi="4–10")) == []


def test_of_the_page_of_one_field_the_page_itself_says_that_there_is_none(visit: Visit) -> None:
    app = visit(shapes.FIELDS, linh_vuc="không có")
    assert warned(app) == []
    assert "Lĩnh vực không tồn tại hoặc ngoài phạm vi được xem" in texts(app)


@pytest.fixture
def broken_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An office whose rules.toml cannot be read since the process began."""
    (tmp_path / "rules.toml").write_text("[[rules\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    for kept in (data.calendar, data.book):
        kept.cache_clear()
    yield
    for kept in (data.calendar, data.book):
        kept.cache_clear()


@pytest.mark.usefixtures("broken_rules", "in_use")
def test_a_page_says_which_file_of_the_office_is_broken_and_what_to_do(
    sessions: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "token", lambda: sessions["giamdoc"])
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    assert [t.value for t in app.title] == ["Tổng quan"]
    assert "Chưa đọc được tệp cấu hình rules\\.toml" in texts(app)
    assert "Chi tiết: not readable as TOML" in texts(app)
    assert "`dunghan doctor`" in texts(app)
    assert tmp_path.name not in texts(app)
    assert not app.metric


@pytest.mark.usefixtures("broken_rules")
def test_the_page_of_the_administrator_goes_on_below_it(visit: Visit) -> None:
    app = visit(shapes.ADMIN, nhom="quy-tac")
    assert not app.exception
    assert "Chưa đọc được tệp cấu hình rules\\.toml" in texts(app)
    assert "Thời hạn từng thủ tục" in [each.value for each in app.header]
