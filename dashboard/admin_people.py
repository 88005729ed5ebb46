"""How people are looked after: who may sign in, and the form that adds, changes, locks and signs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from config.errors import ConfigError
from dashboard import admin_secret, components, data, filters, scope, tables
from dashboard import speaking as st
from dashboard.admin_secret import Once
from dashboard.answers import admin as words
from dashboard.answers.admin import Wanted
from dashboard.wording import plain
from metrics.scope import Scope
from store import passwords, people, sessions
from store.people import ROLES, Account, Person, Role

WHOM: Final = "ho_so_nguoi"
_UNITS, _PROVINCE = "Chỉ các đơn vị đã chọn", "Toàn tỉnh"
_COLUMNS: Final[Mapping[str, Any]] = {
    name: st.column_config.TextColumn(width=width)
    for name, width in (
        ("Tên đăng nhập", 116),
        ("Chức danh", 300),
        ("Vai trò", 150),
        ("Được xem", 220),
        ("Tình trạng", 140),
    )
}


def tab(who: Person) -> None:
    """Show everybody who may sign in, and to an administrator the form."""
    accounts = people.everyone(data.store())
    _everyone(accounts)  # over the whole width: beside the form its last columns would be out of sight
    if scope.may_administer(who):
        _form(accounts, who)


def _everyone(accounts: Sequence[Account]) -> None:
    with components.card("Người dùng"):
        tables.shown(words.people(accounts), "Người dùng", _COLUMNS)
        st.caption("Người bị khóa không đăng nhập được; tên và việc đã làm của họ vẫn còn trong nhật ký.")


def _form(accounts: Sequence[Account], who: Person) -> None:
    names = {words.NEW: "Thêm người mới"} | {a.person.name: a.person.name for a in accounts}
    with components.card("Thêm, đổi người dùng"):
        admin_secret.shown()
        chosen = filters.select(WHOM, "Người", names, default=words.NEW, collapsed=False)
        account = next((a for a in accounts if a.person.name == chosen), None)
        if account is not None and account.person.outside:
            st.markdown("Vai trò và đơn vị của người này do nhà cung cấp đăng nhập khai; đổi ở đó.")
        else:
            _asked(account, accounts, who)
        if account is not None:
            _acts(account, accounts, who)


def _asked(account: Account | None, accounts: Sequence[Account], who: Person) -> None:
    """Ask what a person may see, and write it when nothing speaks against it."""
    person = account.person if account else None
    key = f"{person.name if person else ''}_{st.session_state.get('_luot_nguoi', 0)}"
    with st.form(f"nguoi_{key}", border=False):
        wanted, sure = _fields(person, key)
        sent = st.form_submit_button("Ghi thay đổi" if person else "Thêm người", type="primary")
    drawn = f"_thay_{key}"
    if not sent:
        st.session_state[drawn] = person
        return
    faults = words.faults(wanted, accounts, new=person is None, confirmed=sure)
    if st.session_state.get(drawn) != person:
        st.session_state[drawn] = person
        faults = [*faults, "Người khác vừa đổi người dùng này: xem lại bảng ở trên rồi ghi."]
    for fault in faults:
        st.error(fault, icon=":material/error:")
    if not faults:
        _done(lambda: _changed(wanted, who) if person else _added(wanted, who))


def _fields(person: Person | None, key: str) -> tuple[Wanted, bool]:
    name = person.name if person else st.text_input("Tên đăng nhập", max_chars=people.LONGEST_NAME, key=f"ten_{key}")
    title = st.text_input("Họ tên hoặc chức danh", person.title if person else "", max_chars=200, key=f"cd_{key}")
    role: Role = st.selectbox(
        "Vai trò", ROLES, ROLES.index(person.role if person else "head"), format_func=scope.ROLES.__getitem__,
        key=f"vt_{key}",
    )  # fmt: skip
    whole = person is not None and person.departments is None
    reach = st.radio("Phạm vi được xem", (_UNITS, _PROVINCE), int(whole), horizontal=True, key=f"pv_{key}")
    mine = (person.departments if person else None) or ()
    known = words.departments(data.book().units, {*seen(), *mine})
    units = st.multiselect("Đơn vị", known, mine, placeholder="Chọn đơn vị", key=f"dv_{key}")
    below = st.checkbox("Cả các đơn vị trực thuộc", bool(person and person.below), key=f"tt_{key}")
    sure = st.checkbox("Tôi đã kiểm tra vai trò và phạm vi được xem", key=f"xn_{key}")
    return Wanted(name, title, role, None if reach == _PROVINCE else tuple(units), below), sure


def seen() -> tuple[str, ...]:
    """Give the units that the data name."""
    state = data.manifest()
    return data.options(state.data_version, Scope.province(), data.today(state)).departments if state else ()


def _added(wanted: Wanted, who: Person) -> Once:
    secret = passwords.one_time()
    people.add(
        data.store(), wanted.name, secret, role=wanted.role, title=wanted.title, departments=wanted.departments,
        below=wanted.below, must_change=True, by=who.name, at=filters.now(),
    )  # fmt: skip
    return Once(f"Đã thêm {wanted.name.strip()}; phải đổi mật khẩu ở lần đăng nhập đầu.", "Mật khẩu một lần:", secret)


def _changed(wanted: Wanted, who: Person) -> Once:
    people.change(
        data.store(), wanted.name, role=wanted.role, title=wanted.title, departments=wanted.departments,
        below=wanted.below, by=who.name, at=filters.now(),
    )  # fmt: skip
    now = f"{scope.ROLES[wanted.role]}, {words.reach(wanted.departments)}"
    return Once(f"Đã ghi: {wanted.name} là {now}. Cái cũ còn trong nhật ký.")


def _acts(account: Account, accounts: Sequence[Account], who: Person) -> None:
    """Offer what is done with one press more: behind each button what it does, and the button that does it."""
    store, name, now = data.store(), account.person.name, filters.now()
    with st.container(horizontal=True, gap="small"):
        if account.disabled_at is not None:
            _behind("Mở khóa", f"**{plain(name)}** đăng nhập lại được.", name, lambda: _enable(name, who))
        elif words.is_last(name, accounts):
            st.caption("Quản trị cuối cùng: không khóa được.")
        else:
            told = f"**{plain(name)}** không đăng nhập được nữa, mọi phiên đang mở kết thúc."
            _behind("Khóa tài khoản", told, name, lambda: _disable(name, who))
        if not account.person.outside:
            told = "Mật khẩu cũ hết hiệu lực, mọi phiên đang mở kết thúc; hiện một mật khẩu dùng một lần."
            _behind("Cấp mật khẩu mới", told, name, lambda: _password(name, who))
        count = len(sessions.of(store, name, now=now))
        _behind("Đăng xuất mọi nơi", f"Kết thúc {count} phiên đang mở.", name, lambda: _signed_out(name, who))


def _behind(label: str, told: str, name: str, act: Callable[[], Once]) -> None:
    with st.popover(label):
        st.markdown(told)
        if st.button(f"{label}: {plain(name, 40)}", key=f"{label}_{name}", type="primary"):
            _done(act)


def _done(act: Callable[[], Once]) -> None:
    """Do it, and draw the page anew with what was done; what the store refuses is said."""
    try:
        admin_secret.keep(act())
    except ConfigError as error:
        st.error(f"Chưa ghi được: {plain(error.found, 300)}", icon=":material/error:")
        return
    st.session_state["_luot_nguoi"] = st.session_state.get("_luot_nguoi", 0) + 1
    st.rerun()


def _enable(name: str, who: Person) -> Once:
    people.enable(data.store(), name, by=who.name, at=filters.now())
    return Once(f"Đã mở khóa {name}.")


def _disable(name: str, who: Person) -> Once:
    people.disable(data.store(), name, by=who.name, at=filters.now())
    return Once(f"Đã khóa {name}.")


def _password(name: str, who: Person) -> Once:
    secret = people.set_password(data.store(), name, by=who.name, at=filters.now())
    return Once(f"Đã cấp mật khẩu mới cho {name}.", "Mật khẩu một lần:", secret)


def _signed_out(name: str, who: Person) -> Once:
    ended = sessions.close_all(data.store(), name, by=who.name, at=filters.now())
    return Once(f"Đã kết thúc {ended} phiên của {name}.")
