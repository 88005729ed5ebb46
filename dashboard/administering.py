"""How the page of the administration is drawn: one tab each for what is looked after; what is law and limits is shown,
never changed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from config import calendar, catalogue, procedures, rules, units
from dashboard import admin_people, admin_tokens, components, data, filters, scope, tables, taking
from dashboard import speaking as st
from dashboard.answers import admin as words
from dashboard.answers import admin_log, admin_rules
from dashboard.answers.admin_rules import File
from dashboard.shapes import UNITS, Link
from dashboard.wording import plain
from store import audit, people, rulebooks
from store.people import Person

YEAR, WHO, ACT, SPAN = "nam", "nguoi", "viec", "tu"
_WIDE: Final[Mapping[str, Any]] = {
    name: st.column_config.TextColumn(width=width)
    for name, width in (
        ("Ngày", 170),
        ("Lý do", 320),
        ("Đơn vị", 300),
        ("Căn cứ", 380),
        ("Thủ tục", 170),
        ("Chỉ số", 320),
    )
}
_LOG: Final[Mapping[str, Any]] = {
    name: st.column_config.TextColumn(width=width)
    for name, width in (("Lúc", 150), ("Người", 150), ("Việc", 150), ("Với", 300), ("Chi tiết", 420))
}


def page(who: Person) -> None:
    """Draw the chosen tab for those who may see it; for others words that tell nothing."""
    if not scope.may_look_after(who):
        components.state(
            "no_access", "Trang này dành cho quản trị", "Cần xem hoặc đổi quyền, liên hệ quản trị trung tâm."
        )
        return
    chosen = filters.tabs(tuple(words.TABS), words.TABS, what="Mục quản trị")
    if not scope.may_administer(who):
        st.caption(f"{scope.ROLES[who.role]}: chỉ xem. Thêm, đổi, thu hồi do người có vai trò Quản trị làm.")
    _DRAWN[chosen](who)


def _people(who: Person) -> None:
    admin_people.tab(who)


def _tokens(who: Person) -> None:
    admin_tokens.tab(who)


def _calendar(_: Person) -> None:
    file = admin_rules.read("calendar.toml", calendar.load)
    with components.card("Lịch làm việc"):
        if not file.wrong:
            days = calendar.load()
            years = {str(year): f"Năm {year}" for year in admin_rules.years(days, filters.today())}
            with st.columns([1, 3])[0]:
                year = int(filters.select(YEAR, "Năm", years, default=str(filters.today().year), collapsed=False))
            for each in sorted({year, filters.today().year + 1}):
                sure, told = admin_rules.confirmed(days, each)
                st.markdown(f":blue[:material/check_circle:] {told}" if sure else f":orange[◆] **{told}**")
            _table(
                admin_rules.calendar(days, year), f"Ngày nghỉ, làm bù năm {year}", "Năm này chưa có ngày nào được ghi"
            )
        _told(file)


def _units(_: Person) -> None:
    file = admin_rules.read("units.toml, units.csv", units.load)
    with components.card("Đơn vị"):
        if not file.wrong:
            _table(admin_rules.units(units.load()), "Danh mục đơn vị", "Chưa có danh mục đơn vị")
        components.link(Link("Tên mà nguồn ghi nhưng danh mục chưa có", {}, UNITS))
        _told(file)


def _rules(_: Person) -> None:
    with components.card("Văn bản áp dụng, theo ngày tiếp nhận"):
        file = admin_rules.read("rules.toml", rules.load)
        if not file.wrong:
            _table(admin_rules.law(rules.load()), "Quy tắc theo văn bản và ngày áp dụng", "Chưa có quy tắc")
        _told(file)
    with components.card("Thời hạn từng thủ tục"):
        file = admin_rules.read("procedures.csv", procedures.load)
        if not file.wrong:
            _table(admin_rules.limits(procedures.load()), "Thời hạn từng thủ tục", "Chưa ghi thời hạn thủ tục nào")
        _told(file)


def _thresholds(_: Person) -> None:
    with components.card("Mục tiêu và ngưỡng"):
        file = admin_rules.read("metrics.toml", catalogue.load)
        if not file.wrong:
            st.markdown(admin_rules.steps(catalogue.load()))
            _table(admin_rules.thresholds(catalogue.load()), "Mục tiêu của từng chỉ số", "Chưa có chỉ số")
        _told(file)


def _log(who: Person) -> None:
    people_, acts = sorted(people.names(data.store())), {"": "Mọi việc"} | dict(admin_log.ACTS)
    with components.card("Nhật ký"):
        first, second, third = st.columns(3)
        with first:
            person = filters.pick(WHO, "Người", people_, "Mọi người")
        with second:
            act = filters.select(ACT, "Việc", acts, default="", collapsed=False)
        with third:
            span = filters.select(SPAN, "Khoảng", admin_log.SPANS, default="7", collapsed=False)
        since = admin_log.since(span, filters.today())
        found = audit.read(
            data.store(), person=person or "", act=admin_log.act_of(act), since=since, limit=admin_log.MOST
        )
        rows = admin_log.table(found)
        with components.apart():
            st.markdown(admin_log.summary(rows.height), width="content")
            taking.table(admin_log.values(found), "Nhật ký", admin_log.MEANS, who, name="nhat-ky", scope=who.scope)
        _table(rows, "Nhật ký việc đã làm", "Không có việc nào trong khoảng đã chọn", _LOG)


def _table(rows: pl.DataFrame, alt: str, empty: str, columns: Mapping[str, Any] = _WIDE) -> None:
    if rows.is_empty():
        components.state("empty", empty, "Bỏ bớt bộ lọc, hoặc ghi vào tệp dưới đây.")
        return
    tables.shown(rows, alt, columns)


def _told(file: File) -> None:
    """Say where the file is written, what is wrong in it, and by which rules figures are now made."""
    if file.wrong:
        components.state("error", f"Chưa đọc được {file.name}", plain(file.wrong, 600))
    used = rulebooks.in_use(data.store(), filters.now())
    st.markdown(f"Tệp: `{file.where}`" + (f" · số liệu đang tính theo quy tắc phiên bản `{used}`" if used else ""))
    st.markdown(admin_rules.ONE_PLACE)


_DRAWN: Final[Mapping[str, Callable[[Person], None]]] = {
    "nguoi-dung": _people, "ma-truy-cap": _tokens, "lich": _calendar, "don-vi": _units, "quy-tac": _rules,
    "nguong": _thresholds, "nhat-ky": _log,
}  # fmt: skip
