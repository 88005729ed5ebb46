"""One's own account: change the password, see where one is signed in, and sign out everywhere.

Whoever was given a password by somebody else comes here first, and nowhere else before it is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import data, doors, entering, filters, posted, scope, spoken, wording
from dashboard.doors import ACCOUNT, SIGN_IN
from store import sessions, signing_in
from store.passwords import SHORTEST, Fault, WeakPasswordError
from store.people import Person
from store.sessions import Session
from store.signing_in import Turned

EVERYWHERE: Final = f"{ACCOUNT}/dang-xuat-moi-noi"
OLD_WRONG: Final = "Mật khẩu hiện tại không đúng."
NOT_TWICE: Final = "Hai lần nhập mật khẩu mới không giống nhau."
STALE: Final = "Trang đã mở quá lâu. Nhập lại để tiếp tục."
FAULTS: Final[dict[Fault, str]] = {
    "short": f"Mật khẩu mới phải có ít nhất {SHORTEST} ký tự.",
    "long": "Mật khẩu mới quá dài.",
    "plain": "Mật khẩu mới quá đơn giản: chỉ toàn chữ số, hoặc quá ít ký tự khác nhau.",
    "common": "Mật khẩu mới nằm trong số những mật khẩu hay bị đoán nhất.",
    "name": "Mật khẩu mới không được là tên đăng nhập.",
    "same": "Mật khẩu mới phải khác mật khẩu hiện tại.",
}
_SHOWN: Final = 6  # sessions by their hours; of more only how many
_FORM_KEY: Final = "account"
_PAGE: Final = doors.template("account.html")
_PASSWORD: Final = doors.template("account_password.html")
_SESSIONS: Final = doors.template("account_sessions.html")
_WRONG: Final = 'aria-invalid="true"'


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says of what was just done: ``wrong`` names the field, old or new; none: it is done."""

    words: str = ""
    wrong: str = ""
    status: int = 200


async def show(request: Request) -> Response:
    """Show the account of whoever is signed in."""
    person = await entering.person_of(request)
    if person is None:
        return _to_sign_in()
    done = "Mật khẩu đã được đổi." if request.query_params.get("xong") else ""
    return await _page(request, person, Said(done), doors.wanted(request.query_params.get("tiep")))


async def change(request: Request) -> Response:
    """Change one's own password; every session ends, and a new one begins here."""
    person = await entering.person_of(request)
    if person is None:
        return _to_sign_in()
    form = await posted.form(request)
    after = doors.wanted(doors.text(form, "tiep"))
    if not doors.has_key(request, form, _key(request)):
        return await _page(request, person, Said(STALE, "old", 403), after)
    old, new = doors.text(form, "mat_khau_cu"), doors.text(form, "mat_khau")
    if new != doors.text(form, "nhac_lai"):
        return await _page(request, person, Said(NOT_TWICE, "new", 422), after)
    try:
        changed = await posted.PASSWORDS.do(_changed, person, old, new, doors.address(request))
    except posted.BusyError:
        return await _page(request, person, Said(entering.BUSY, "old", 503), after)
    except WeakPasswordError as error:
        return await _page(request, person, Said(FAULTS[error.fault], "new", 422), after)
    if isinstance(changed, Turned):
        return await _page(request, person, _turned(changed), after)
    session = await to_thread.run_sync(_opened, changed)
    return doors.let_in(request, session, after if person.must_change else f"{ACCOUNT}?xong=1&tiep={quote(after)}")


async def everywhere(request: Request) -> Response:
    """End every session of whoever is signed in."""
    person = await entering.person_of(request)
    form = await posted.form(request)
    if person is None or not doors.has_key(request, form, _key(request)):
        return RedirectResponse(ACCOUNT, status_code=303)
    await to_thread.run_sync(_closed_all, person)
    answer = _to_sign_in()
    answer.delete_cookie(scope.COOKIE, path="/")
    return answer


async def _page(request: Request, person: Person, said: Said, after: str) -> Response:
    key, link = _key(request), escape(after)
    there = await to_thread.run_sync(_open_ones, person)
    state = "error shown" if said.wrong else "done shown" if said.words else "error"
    name, title, role = escape(person.name), escape(person.title), escape(scope.ROLES[person.role])
    heading, back = "Tài khoản của tôi", f'<a href="{link}">Về Đúng Hạn</a> {spoken.link(request, ACCOUNT, after)}'
    if person.must_change:
        heading = "Đặt mật khẩu của riêng bạn"
        back = f'<a href="{escape(sign_out_link(doors.token(request)))}">Đăng xuất</a>'
    password = "" if person.outside else _password(person, said, key=key, after=link)
    drawn = _PAGE.substitute(
        heading=heading, title=title, role=role, name=name, state=state, said=escape(said.words), back=back,
        password=password, sessions="" if person.must_change else _sessions(there, key), after=link,
    )  # fmt: skip
    safe = doors.secure(request)
    return spoken.answer(request, drawn, status=said.status, headers=doors.HEADERS, secure=safe)


def _password(person: Person, said: Said, *, key: str, after: str) -> str:
    old = "Mật khẩu được cấp" if person.must_change else "Mật khẩu hiện tại"
    return _PASSWORD.substitute(
        name=escape(person.name), key=key, after=after, shortest=SHORTEST, old_label=old,
        old_wrong=_WRONG if said.wrong == "old" else "", new_wrong=_WRONG if said.wrong == "new" else "",
    )  # fmt: skip


def _sessions(there: Sequence[Session], key: str) -> str:
    told = [
        f"<li>từ {wording.moment(one.opened_at)}, gần nhất lúc {wording.clock(one.last_seen_at)}</li>"
        for one in there[:_SHOWN]
    ]
    told += [f"<li>và {left} nơi nữa</li>"] if (left := len(there) - _SHOWN) > 0 else []
    lasts, idle = (int(span.total_seconds() // 3600) for span in (sessions.LASTS, sessions.IDLE))
    return _SESSIONS.substitute(count=len(there), listed="".join(told), key=key, lasts=lasts, idle=idle)


def _turned(found: Turned) -> Said:
    if not found.waits:
        return Said(OLD_WRONG, "old", 401)
    return Said(f"Đã thử sai nhiều lần. Thử lại sau {entering.waiting(found.waits)}.", "old", 429)


def sign_out_link(token: str) -> str:
    """Give the link that ends the session of ``token``."""
    return f"{doors.SIGN_OUT}?k={doors.key(token, 'sign-out')}"


def _to_sign_in() -> Response:
    return RedirectResponse(f"{SIGN_IN}?tiep={quote(ACCOUNT, safe='')}", status_code=303)


def _key(request: Request) -> str:
    return doors.key(doors.token(request), _FORM_KEY)


def _changed(person: Person, old: str, new: str, address: str) -> Person | Turned:
    return signing_in.own_password(data.store(), person.name, old, new, address=address, at=filters.now())


def _opened(person: Person) -> str:
    return sessions.open_for(data.store(), person, now=filters.now())


def _open_ones(person: Person) -> tuple[Session, ...]:
    return sessions.of(data.store(), person.name, now=filters.now())


def _closed_all(person: Person) -> None:
    sessions.close_all(data.store(), person.name, by=person.name, at=filters.now())


ROUTES: Final = (
    Route(ACCOUNT, show, methods=["GET"]),
    Route(ACCOUNT, change, methods=["POST"]),
    Route(EVERYWHERE, everywhere, methods=["POST"]),
)
