"""The sign-in page: with a password of ours, or on to the office's provider, as access.toml and the settings say."""

from __future__ import annotations

import math
from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from config import access
from config.errors import ConfigError
from config.provider import provider
from dashboard import data, doors, filters, posted, spoken, watched
from dashboard.doors import ACCOUNT, SIGN_IN
from store import browsers, sessions, signing_in
from store.people import Person
from store.signing_in import Turned

OUTSIDE: Final = f"{SIGN_IN}/tinh"
WRONG: Final = "Tên đăng nhập hoặc mật khẩu không đúng."
EXPIRED: Final = "Trang đăng nhập đã mở quá lâu. Nhập lại để tiếp tục."
BUSY: Final = "Quá nhiều người đăng nhập cùng lúc. Thử lại sau 5 giây."
_ASK: Final = "Liên hệ quản trị của trung tâm."
#: What the address of the sign-in page may say went wrong at the provider; any other word says nothing.
TROUBLES: Final = {
    "khong-tra-loi": "Hệ thống đăng nhập của tỉnh hiện không trả lời. Thử lại sau ít phút.",
    "khong-xac-nhan": "Hệ thống đăng nhập của tỉnh không xác nhận được lần đăng nhập này. Hãy đăng nhập lại.",
    "qua-han": "Lần đăng nhập này đã quá hạn hoặc không bắt đầu từ trang này. Hãy đăng nhập lại.",
    "da-dung": "Bạn đã dừng đăng nhập ở hệ thống của tỉnh.",
    "chua-cap-quyen": f"Tài khoản của bạn chưa được cấp quyền sử dụng Đúng Hạn. {_ASK}",
    "chua-co-don-vi": f"Tài khoản của bạn chưa gắn với đơn vị nào mà Đúng Hạn biết. {_ASK}",
    "da-khoa": f"Tài khoản của bạn đã bị khóa ở Đúng Hạn. {_ASK}",
    "trung-ten": f"Tên tài khoản của bạn đã thuộc về một tài khoản khác của Đúng Hạn. {_ASK}",
    "chua-cau-hinh": f"Phần đăng nhập chưa được cấu hình đúng. {_ASK}",
}
_PAGE: Final = doors.template("signin.html")
_LOCAL: Final = doors.template("signin_local.html")


async def show(request: Request) -> Response:
    """Show the sign-in page; somebody already signed in goes straight on."""
    after = doors.wanted(request.query_params.get("tiep"))
    if await person_of(request):
        return RedirectResponse(after, status_code=303)
    trouble = TROUBLES.get(request.query_params.get("loi", ""), "")
    code = request.query_params.get("su-co", "")
    return page(request, after, error=f"{trouble} (mã sự cố {code})" if trouble and watched.is_code(code) else trouble)


async def enter(request: Request) -> Response:
    """Check name and password, end the browser's former session, set the cookie of a new one, and go on."""
    form = await posted.form(request)
    after = doors.wanted(doors.text(form, "tiep"))
    if not doors.is_ours(request, form):
        return page(request, after, error=EXPIRED, status=403)
    name, password = doors.text(form, "ten").strip(), doors.text(form, "mat_khau")
    try:
        found = await posted.PASSWORDS.do(_judged, name, password, request)
    except posted.BusyError:
        return page(request, after, name=name, error=BUSY, status=503, waits=5)
    except ConfigError as error:
        told = f"{TROUBLES['chua-cau-hinh']} (mã sự cố {watched.incident(error)})"
        return page(request, after, name=name, error=told, status=503)
    if isinstance(found, Turned):
        return _turned(request, after, name, found)
    mark = await to_thread.run_sync(browsers.mark, data.store(), found.name)
    return doors.marked(request, await opened(request, found, after), mark)


async def opened(request: Request, person: Person, after: str, *, hint: str = "") -> Response:
    """Open a session for somebody who may come in; a password of somebody else's choosing is changed first."""
    session = await to_thread.run_sync(_opened, person, doors.token(request), hint)
    return doors.let_in(request, session, f"{ACCOUNT}?tiep={quote(after, safe='')}" if person.must_change else after)


async def person_of(request: Request) -> Person | None:
    """Give who is signed in, from the cookie of a request."""
    mine = doors.token(request)
    return await to_thread.run_sync(_by_session, mine) if mine else None


def page(
    request: Request, after: str, *, name: str = "", error: str = "", status: int = 200, field: bool = False,
    waits: int = 0,
) -> Response:  # fmt: skip
    """Draw the sign-in page. ``field``: the error is about what was typed; ``waits``: seconds until another try."""
    key = doors.csrf(request)
    outside = _outside(after)
    local = _LOCAL.substitute(
        after=escape(after), name=escape(name), key=escape(key), focus="" if outside else "autofocus",
        described='aria-describedby="loi" aria-invalid="true"' if field else "",
    )  # fmt: skip
    either = outside and _are_open()
    if outside and not either:
        opened = " open" if field else ""
        local = f"<details{opened}><summary>Tài khoản khẩn cấp của Đúng Hạn</summary>{local}</details>"
    elif outside:
        local = f'<p class="either">hoặc</p>{local}'
    drawn = _PAGE.substitute(
        outside=outside, local=local, error=escape(error), state="wrong" if error else "fresh",
        either="or" if either else "one", language=spoken.link(request, SIGN_IN, after),
    )  # fmt: skip
    return doors.with_csrf(request, drawn, key, status, {"Retry-After": f"{waits}"} if waits else {})


def _outside(after: str) -> str:
    """Give the link to the office's provider, nothing where none is set."""
    try:
        if provider() is None:
            return ""
    except ConfigError:  # the doctor says what is wrong with it
        return ""
    link = escape(f"{OUTSIDE}?tiep={quote(after, safe='')}")
    return f'<a class="outside" href="{link}">Đăng nhập bằng tài khoản của tỉnh</a>'


def _are_open() -> bool:
    """Say whether passwords of ours are for everybody; where nobody can tell, what is typed is refused anyway."""
    try:
        return access.load().local.open
    except ConfigError:
        return True


def _turned(request: Request, after: str, name: str, found: Turned) -> Response:
    if not found.waits:
        return page(request, after, name=name, error=WRONG, status=401, field=True)
    seconds = math.ceil(found.waits.total_seconds())
    error = f"Đã thử sai nhiều lần. Thử lại sau {waiting(found.waits)}."
    return page(request, after, name=name, error=error, status=429, field=True, waits=seconds)


def waiting(left: timedelta) -> str:
    """Say how long somebody waits: seconds up to a minute, then whole minutes."""
    seconds = math.ceil(left.total_seconds())
    return f"{seconds} giây" if seconds <= 60 else f"{math.ceil(seconds / 60)} phút"


def trouble(which: str, after: str = "/", *, incident: str = "") -> Response:
    """Go back to the sign-in page, which says what went wrong; the address of the provider's answer is left behind."""
    code = f"&su-co={incident}" if incident else ""
    back = f"{SIGN_IN}?loi={which}{code}&tiep={quote(after, safe='')}"
    return RedirectResponse(back, 303, {"Cache-Control": "no-store"})


def _judged(name: str, password: str, request: Request) -> Person | Turned:
    may, mark = access.load().local.may, request.cookies.get(doors.MARK_COOKIE, "")
    return signing_in.with_password(
        data.store(), name, password, address=doors.address(request), at=filters.now(), may=may, mark=mark
    )


def _opened(person: Person, former: str, hint: str) -> str:
    """Open a session of its own for every sign-in: whatever session the browser brought along ends."""
    if former:
        sessions.close(data.store(), former)
    return sessions.open_for(data.store(), person, now=filters.now(), hint=hint)


def _by_session(token: str) -> Person | None:
    return sessions.person_of(data.store(), token, now=filters.now())


ROUTES: Final = (Route(SIGN_IN, show, methods=["GET"]), Route(SIGN_IN, enter, methods=["POST"]))
