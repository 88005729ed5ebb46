"""Quản trị: who sees it, what it changes and keeps of that, and that rules are shown there, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from streamlit.testing.v1 import AppTest

from config.calendar import CalendarDays
from config.errors import ConfigError
from dashboard import scope, shapes
from dashboard.answers import admin, admin_log, admin_rules
from dashboard.answers.admin import Wanted
from store import audit, passwords, people, sessions, tokens
from store.database import Store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, Visit
from tests.dashboard.test_pages import texts

Look = Callable[..., AppTest]


@pytest.fixture(scope="module")
def staff(province: Store) -> Iterator[dict[str, str]]:
    """An open session of an administrator, an auditor and an administrator's opposite, by name."""
    fast = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: fast)
        roles: dict[str, people.Role] = {"quantri": "administrator", "kiemtra": "auditor", "vanhanh": "operator"}
        made = [people.add(province, name, made_up.PASSWORD, role=role, title=name) for name, role in roles.items()]
        yield {who.name: sessions.open_for(province, who, now=NOW) for who in made}


@pytest.fixture
def look(visit: Visit, staff: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Look:
    """Open a tab of the page as somebody: ``look("nhat-ky", who="kiemtra")``."""

    def open_tab(tab: str = "nguoi-dung", *, who: str = "quantri", **query: str) -> AppTest:
        visit(shapes.ADMIN, who="nobody")
        monkeypatch.setattr(scope, "token", lambda: staff.get(who, ""))
        app = AppTest.from_file(str(Path(scope.__file__).parent / "main.py"), default_timeout=30).run()
        app.switch_page(shapes.ADMIN)
        for name, value in {"nhom": tab, **query}.items():
            app.query_params[name] = value
        return app.run()

    return open_tab


def said(app: AppTest) -> str:
    return "\n".join([texts(app), *(e.value for kind in ("error", "success", "code") for e in getattr(app, kind))])


@pytest.mark.parametrize("tab", admin.TABS)
@pytest.mark.parametrize("who", ["quantri", "kiemtra"])
def test_every_tab_opens_for_those_who_look_after(look: Look, tab: str, who: str) -> None:
    app = look(tab, who=who)
    assert not app.exception
    assert "Chưa hiển thị được bảng này" not in texts(app)
    assert [t.value for t in app.title] == ["Quản trị"]


@pytest.mark.parametrize("tab", ["nguoi-dung", "ma-truy-cap"])
def test_an_auditor_reads_and_changes_nothing(look: Look, tab: str) -> None:
    app = look(tab, who="kiemtra")
    assert "chỉ xem" in texts(app)
    assert len(app.button) + len(app.text_input) == 0
    assert len(look(tab).button) > 0


@pytest.mark.parametrize("who", ["vanhanh", "truongphong"])
def test_others_see_nothing_of_it(visit: Visit, look: Look, who: str) -> None:
    app = look("nguoi-dung", who=who) if who == "vanhanh" else visit(shapes.ADMIN, who=who, nhom="nhat-ky")
    assert "Trang này dành cho quản trị" in texts(app)
    assert len(app.dataframe) + len(app.button) == 0


def _add(app: AppTest, name: str, unit: str = "Sở Y tế", *, sure: bool = True) -> AppTest:
    keys = {
        e.key.rsplit("_", 2)[0]: e.key for kind in ("text_input", "multiselect", "checkbox") for e in getattr(app, kind)
    }
    app.text_input(key=keys["ten"]).set_value(name)
    if unit:
        app.multiselect(key=keys["dv"]).set_value([unit])
    if sure:
        app.checkbox(key=keys["xn"]).check()
    return next(b for b in app.button if b.label == "Thêm người").click().run()


def test_a_person_is_added_with_a_password_that_is_told_once(look: Look, in_use: Store) -> None:
    app = _add(look(), "soyt")
    assert "Đã thêm soyt" in said(app)
    secret = app.code[0].value
    found = people.by_name(in_use, "soyt")
    assert found is not None
    assert (found.role, found.departments, found.must_change) == ("head", ("Sở Y tế",), True)
    assert secret in said(app.run())  # until it is copied: figures that arrive meanwhile do not take it away
    app.button(key="an_bi_mat").click().run()
    assert secret not in said(app)
    kept = audit.read(in_use, act="change_person", what="person soyt")
    assert kept["person"].to_list() == ["quantri"]
    assert secret not in str(audit.read(in_use).rows())


def test_nobody_is_added_without_units_or_a_look_at_them(look: Look, in_use: Store) -> None:
    assert admin.NO_UNIT in said(_add(look(), "khong_don_vi", unit=""))
    assert "Đánh dấu xác nhận" in said(_add(look(), "khong_xac_nhan", sure=False))
    assert "Tên này đã có người dùng" in said(_add(look(), "giamdoc"))
    assert people.names(in_use).isdisjoint({"khong_don_vi", "khong_xac_nhan"})


def _press(app: AppTest, beginning: str) -> AppTest:
    return next(b for b in app.button if b.label.startswith(beginning)).click().run()


def test_a_person_is_locked_signed_out_let_in_again_and_given_a_new_password(look: Look, in_use: Store) -> None:
    made = people.add(in_use, "tam", made_up.PASSWORD, role="operator", title="Tạm")
    one = sessions.open_for(in_use, made, now=NOW)
    assert "Đã kết thúc 1 phiên của tam" in said(_press(look(ho_so_nguoi="tam"), "Đăng xuất mọi nơi: "))
    assert sessions.person_of(in_use, one, now=NOW) is None
    assert "Đã khóa tam" in said(_press(look(ho_so_nguoi="tam"), "Khóa tài khoản: "))
    assert people.check(in_use, "tam", made_up.PASSWORD) is None
    assert "Đã mở khóa tam" in said(_press(look(ho_so_nguoi="tam"), "Mở khóa: "))
    app = _press(look(ho_so_nguoi="tam"), "Cấp mật khẩu mới: ")
    assert people.check(in_use, "tam", app.code[0].value) is not None
    told = audit.read(in_use, what="person tam")["act"].to_list()
    assert told == ["change_password", "change_person", "change_person", "sign_out_everywhere"]


def test_the_last_administrator_cannot_be_locked_or_made_something_else(look: Look, in_use: Store) -> None:
    app = look(ho_so_nguoi="quantri")
    assert not [b for b in app.button if b.label.startswith("Khóa tài khoản")]
    assert "Quản trị cuối cùng" in texts(app)
    accounts = people.everyone(in_use)
    wanted = Wanted("quantri", "", "operator", None, False)
    assert "quản trị cuối cùng" in " ".join(admin.faults(wanted, accounts, new=False, confirmed=True))


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(look: Look, in_use: Store) -> None:
    people.add(in_use, "chung", made_up.PASSWORD, role="operator", title="Chung")
    app = look(ho_so_nguoi="chung")
    people.change(in_use, "chung", role="auditor", title="Chung", departments=None, by="khac", at=NOW)
    next(c for c in app.checkbox if str(c.key).startswith("xn_chung")).check()
    app = next(b for b in app.button if b.label == "Ghi thay đổi").click().run()
    assert "Người khác vừa đổi" in said(app)
    found = people.by_name(in_use, "chung")
    assert found is not None
    assert found.role == "auditor"


def test_a_token_is_issued_told_once_and_revoked(look: Look, in_use: Store) -> None:
    app = look("ma-truy-cap")
    app.text_input[0].set_value("Sảnh tầng 1")
    app.checkbox[0].check()
    app = next(b for b in app.button if b.label == "Cấp mã").click().run()
    address = app.code[0].value
    secret = address.split("khoa=")[1]
    assert "/man-hinh?khoa=" in address
    assert tokens.by_secret(in_use, secret, "wall") is not None
    again = look("ma-truy-cap")
    assert secret not in said(again)
    _press(again, "Thu hồi: ")
    assert tokens.by_secret(in_use, secret, "wall") is None
    assert audit.read(in_use, what="token Sảnh tầng 1")["detail"].to_list() == ["revoked", "issued"]


def test_the_table_of_people_has_the_whole_width(look: Look) -> None:
    app = look()
    assert "Tình trạng" in app.dataframe[0].value.columns
    assert not any(column.dataframe for column in app.columns)


def test_the_log_is_filtered_by_person_and_act_and_told_in_words(look: Look, in_use: Store) -> None:
    audit.keep(in_use, person="giamdoc", act="export", at=NOW, what="qua-han", detail="312 dòng")
    audit.keep(in_use, person="giamdoc", act="sign_in", at=NOW - timedelta(days=40))
    shown = look("nhat-ky", nguoi="giamdoc", viec="export").dataframe[0].value
    assert shown.to_numpy().tolist() == [["10:32:00 20/11/2026", "giamdoc", "Tải về", "Quá hạn", "312 dòng"]]
    assert len(look("nhat-ky", nguoi="giamdoc", tu="").dataframe[0].value) == 2


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("person head, Sở Y", "người dùng head, Sở Y"),
        ("added: head, Sở Y tế and the units under them", "đã thêm: Thủ trưởng đơn vị, Sở Y tế và đơn vị trực thuộc"),
        ("operator, the whole province → auditor, the whole province; X",
         "Vận hành, toàn tỉnh → Kiểm tra, giám sát, toàn tỉnh; X"),
        ("revoked", "đã thu hồi"),
        ("qua-han revoked", "qua-han revoked"),
        (None, "—"),
    ],
)  # fmt: skip
def test_what_the_store_wrote_is_told_in_words(written: str | None, words: str) -> None:
    assert admin_log.in_words(written) == words


@pytest.mark.parametrize(
    ("act", "written", "words"),
    [
        ("sign_in_failed", "waits 30 s", "phải chờ 30 giây"),
        ("sign_in_failed", "4 more, not told singly", "còn 4 lần, không ghi từng lần"),
        ("sign_in_failed", "address 10.20.30.40", "địa chỉ 10.20.30.40"),
        ("sign_in_failed", "https://id.example: taken", "https://id.example: tên đã có người dùng"),
        ("change_person", "unlocked", "hết phải chờ"),
        ("sign_out_everywhere", "3", "3 phiên"),
        ("change_settings", "replay mot-cua", "nạp lại nguồn mot-cua"),
        ("record", "cause T02", "Nguyên nhân T02"),
        ("record", "mot-cua H99-1", "mot-cua H99-1"),
        ("export", "qua-han", "Quá hạn"),
        ("export", "bieu-mau", "Biểu mẫu II.06"),
        ("export", "doi-soat-that", "Đối soát: Quá hạn thật"),
        ("export", "312 dòng, 2026-11-20T03:10Z-0a1b2c3d4e5f", "312 dòng, bản số liệu 2026-11-20T03:10Z-0a1b2c3d4e5f"),
        ("export", "4 dòng, ", "4 dòng"),
        ("export", "2026-11-20", "20/11/2026"),
        ("sign_in_failed", "qua-han", "qua-han"),
    ],
)
def test_what_is_written_beside_an_act_is_told_in_words(act: str, written: str, words: str) -> None:
    assert admin_log.in_words(written, act) == words


def test_the_log_begins_where_the_span_begins() -> None:
    assert str(admin_log.since("1", date(2026, 11, 20))) == "2026-11-19 17:00:00+00:00"  # midnight at the centre
    assert str(admin_log.since("7", date(2026, 11, 20))) == "2026-11-13 17:00:00+00:00"
    assert admin_log.since("", date(2026, 11, 20)) is None
    assert admin_log.act_of("nothing") is None


def test_next_years_calendar_says_that_it_is_not_confirmed() -> None:
    days = CalendarDays({date(2026, 1, 1): "Tết"}, {date(2026, 1, 10): "làm bù"}, date(2026, 12, 31),
                        decisions={date(2026, 1, 10): "12729/VPCP"})  # fmt: skip
    assert admin_rules.confirmed(days, 2027) == (False, "Lịch 2027: chưa có ngày nghỉ được xác nhận")
    assert admin_rules.confirmed(days, 2026) == (True, "Lịch 2026: đã xác nhận")
    assert admin_rules.calendar(days, 2026).rows() == [
        ("thứ Năm 01/01/2026", "Nghỉ", "Tết", "—", "—"),
        ("thứ Bảy 10/01/2026", "Làm bù", "làm bù", "12729/VPCP", "—"),
    ]
    assert admin_rules.calendar(days, 2027).is_empty()
    assert admin_rules.years(days, date(2026, 11, 20)) == [2027, 2026]


def test_a_file_that_cannot_be_read_is_told_of_and_the_page_stands(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise ConfigError("metrics.toml", 'no key "form"', 'Did you mean "from"?')

    monkeypatch.setattr("config.catalogue.load", broken)
    app = look("nguong")
    assert "Chưa đọc được metrics.toml" in texts(app)
    assert 'no key "form"' in texts(app).replace("\\", "")


@pytest.mark.parametrize("tab", ["lich", "don-vi", "quy-tac", "nguong"])
def test_rules_are_shown_with_their_file_and_not_changed_here(look: Look, tab: str) -> None:
    app = look(tab)
    assert "Tệp: " in texts(app)
    assert "dunghan doctor" in texts(app)
    assert len(app.button) + len(app.text_input) == 0


def test_limits_are_written_in_words() -> None:
    assert [admin_rules._limit(text) for text in ("10wd", "16wh", "30d", "0wd", "", "ba ngày")] == [
        "10 ngày làm việc", "16 giờ làm việc", "30 ngày liên tục", "Trong ngày", "—", "ba ngày",
    ]  # fmt: skip
