"""How tokens are looked after: what other systems and wall screens may read, issued and revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import settings
from dashboard import admin_people, admin_secret, components, data, filters, scope, tables
from dashboard import speaking as st
from dashboard.admin_secret import Once
from dashboard.answers import admin as words
from dashboard.wording import plain
from store import tokens
from store.people import Person
from store.tokens import KINDS, Token

_UNITS, _PROVINCE = "Chỉ các đơn vị đã chọn", "Toàn tỉnh"
_COLUMNS: Final[Mapping[str, Any]] = {
    name: st.column_config.TextColumn(width=width)
    for name, width in (("Tên", 120), ("Loại", 155), ("Được xem", 130), ("Tình trạng", 185), ("Cấp lúc", 130))
}


def tab(who: Person) -> None:
    """Show every token, and to an administrator the forms that issue and revoke."""
    issued = tokens.issued(data.store())
    if not scope.may_administer(who):
        _all(issued)
        return
    left, right = components.beside()
    with left:
        _all(issued)
    with right:
        with components.card("Cấp mã"):
            admin_secret.shown()
            _issue(issued, who)
        with components.card("Thu hồi"):
            _revoke(issued, who)


def _all(issued: Sequence[Token]) -> None:
    with components.card("Mã truy cập"):
        if not issued:
            components.state("empty", "Chưa cấp mã nào", "Mã cho màn hình điều hành và hệ thống khác hiện ở đây.")
            return
        tables.shown(words.tokens(issued), "Mã truy cập", _COLUMNS)
        st.caption("Mã của màn hình chỉ mở trang Màn hình điều hành; mã của hệ thống chỉ đọc JSON. Máy chủ giữ mã băm.")


def _issue(issued: Sequence[Token], who: Person) -> None:
    turn = st.session_state.get("_luot_ma", 0)
    with st.form(f"ma_{turn}", border=False):
        name = st.text_input("Tên màn hình hoặc hệ thống", max_chars=200, key=f"ma_ten_{turn}")
        kind = st.selectbox("Loại", KINDS[::-1], format_func=words.KINDS.__getitem__, key=f"ma_loai_{turn}")
        reach = st.radio("Phạm vi được xem", (_PROVINCE, _UNITS), horizontal=True, key=f"ma_pv_{turn}")
        known = words.departments(data.book().units, admin_people.seen())
        units = st.multiselect("Đơn vị", known, placeholder="Chọn đơn vị", key=f"ma_dv_{turn}")
        sure = st.checkbox("Tôi đã kiểm tra loại mã và phạm vi được xem", key=f"ma_xn_{turn}")
        sent = st.form_submit_button("Cấp mã", type="primary")
    if not sent:
        return
    departments = None if reach == _PROVINCE else tuple(units)
    faults = words.token_faults(name, departments, issued, confirmed=sure)
    for fault in faults:
        st.error(fault, icon=":material/error:")
    if not faults:
        token, secret = tokens.issue(
            data.store(), name, kind=kind, departments=departments, by=who.name, at=filters.now()
        )
        admin_secret.keep(_told(token, secret))
        st.session_state["_luot_ma"] = turn + 1
        st.rerun()


def _told(token: Token, secret: str) -> Once:
    if token.kind == "api":
        return Once(f"Đã cấp mã {token.name}.", "Mã (Authorization: Bearer …):", secret)
    here = urlsplit(settings().public_url or str(st.context.url or ""))
    address = f"{here.scheme}://{here.netloc}{tokens.address(secret)}"
    return Once(f"Đã cấp mã {token.name}.", "Mở một lần trên màn hình:", address)


def _revoke(issued: Sequence[Token], who: Person) -> None:
    living = [token.name for token in issued if token.revoked_at is None]
    if not living:
        st.caption("Không có mã nào đang dùng.")
        return
    name = st.selectbox("Mã đang dùng", living, key=f"ma_thu_{len(living)}")
    with st.popover("Thu hồi mã"):
        st.markdown(
            f"**{plain(name)}** không xem được gì nữa; màn hình tắt số liệu trong 15 giây. Mã không dùng lại được."
        )
        if st.button(f"Thu hồi: {plain(name, 40)}", type="primary", key="thu_hoi"):
            _end(name, who)


def _end(name: str, who: Person) -> None:
    try:
        tokens.revoke(data.store(), name, by=who.name, at=filters.now())
    except ConfigError as error:
        st.error(f"Chưa thu hồi được: {plain(error.found, 300)}", icon=":material/error:")
        return
    admin_secret.keep(Once(f"Đã thu hồi mã {name}."))
    st.rerun()
