"""Serve the made-up province over HTTP on loopback in the national exchange format: login, then one call.

``POST /mapi/login`` {username, password} → {error_code, session}. ``POST /mapi/g`` {session, madonvi, service, tuNgay,
denNgay, trang, soLuong} → {error_code, service, isUpdating, tongSo, data}. Times are yyyyMMddHHmmss of the province.
Services: DongBoHoSoMC gives dossiers; CapNhatTienDoHoSoMC gives steps (steps.py), of the dossiers listed in ``maHoSo``
where it is there, else of all; both by the moment of the last change, in [tuNgay, denNgay].
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from connectors.simulator.access import OFFICE, PASSWORD, USER
from connectors.simulator.days import TIME_ZONE, wall_seconds
from connectors.simulator.faults import INSTEAD, Faults, fail_instead
from connectors.simulator.flow.world import World
from connectors.simulator.province import Province, build
from connectors.simulator.services import DOSSIERS, SERVICES, STEPS, changed, steps_of, written
from connectors.simulator.state import STAMP

SESSION_SECONDS: Final = 900.0
SERVICE: Final = DOSSIERS
LARGEST_PAGE: Final = 10_000
#: Pages of a real system shift while they are read; here the last rows of a page come again on the next.
REPEATED_ROWS: Final = 3
SUCCESS, WRONG_LOGIN, NO_SESSION, BAD_REQUEST = "0", "1", "401", "400"


@dataclass(slots=True)
class Desk:
    """What the server knows: the province or a played scenario, its clock, sessions, and the faults asked for."""

    province: Province | World
    now: Callable[[], datetime]
    sessions: dict[str, float] = field(default_factory=dict)
    #: Taken one per data request: "500", "503", "cut", "slow", "expire", "garbage".
    faults: deque[str] = field(default_factory=deque)
    #: Drawn for each data request for which none of those above is left.
    mishaps: Faults | None = None
    served: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    _last: dict[str, tuple[tuple[int, int], pl.DataFrame]] = field(default_factory=dict)

    def changed(self, service: str, since: int, until: int) -> pl.DataFrame:
        """Give the plans (or steps) of what changed, kept for the pages of one pull."""
        with self.lock:
            self._reach(until)
            kept = self._last.get(service)
            if kept is None or kept[0] != (since, until):
                kept = self._last[service] = ((since, until), changed(self.province, service, since, until))
            return kept[1]

    def _reach(self, until: int) -> None:
        """Draw more of the future when the clock comes near its end; the past stays. A scenario has an end."""
        if isinstance(self.province, World):
            return
        day = datetime(1970, 1, 1) + timedelta(seconds=until)  # noqa: DTZ001 - wall time has no zone
        if day.date() + timedelta(days=14) > self.province.until:
            old = self.province
            self.province = build(old.seed, old.opened_on, day.date() + timedelta(days=28), size=old.size)


def speeded(opened_at: datetime, speed: float, now: Callable[[], datetime]) -> Callable[[], datetime]:
    """Give a clock that runs ``speed`` times as fast from ``opened_at`` on; 1 is the time of day."""
    return now if speed == 1 else lambda: opened_at + (now() - opened_at) * speed


def serve(desk: Desk, listening: socket.socket | None = None) -> ThreadingHTTPServer:
    """Serve the province on ``listening``, else on any free loopback port. The caller runs ``serve_forever``."""

    class Handler(_Handler):
        pass

    Handler.desk = desk
    listening = listening or socket.create_server(("127.0.0.1", 0))
    server = ThreadingHTTPServer(listening.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket, server.daemon_threads = listening, True
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement
    desk: Desk

    def do_GET(self) -> None:
        """Say that the province is awake."""
        self._answer(200, b'{"status":"ok"}')

    def do_POST(self) -> None:
        """Answer a login or a call."""
        try:
            asked = orjson.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        except (orjson.JSONDecodeError, ValueError):
            return self._answer(200, _told(BAD_REQUEST, "Nội dung không phải JSON"))
        if self.path == "/mapi/login":
            return self._answer(200, _login(self.desk, asked))
        if self.path != "/mapi/g":
            return self._answer(404, b"{}")
        if self.desk.faults:
            return self._failing(self.desk.faults.popleft(), asked)
        return self._mishap(asked) if self.desk.mishaps else self._answer(200, _data(self.desk, asked))

    def _failing(self, fault: str, asked: dict[str, Any]) -> None:
        """Answer with a fault that a test asked for by its name."""
        if fault in _FAULTS:
            return _FAULTS[fault](self)
        if fault == "expire":
            self.desk.sessions.clear()
        return self._answer(200, _data(self.desk, asked))

    def _mishap(self, asked: dict[str, Any]) -> None:
        """Answer with a fault drawn by chance, or without."""
        mishaps = self.desk.mishaps or Faults(0)
        fault = mishaps.next()
        if fault in INSTEAD:
            return fail_instead(self, fault, mishaps)
        if fault == "expire":
            self.desk.sessions.clear()
        body = _data(self.desk, _wrongly(asked, fault))
        if fault == "skew":
            off = datetime.strptime(_text(wall_seconds(self.desk.now())), STAMP)  # noqa: DTZ007 - wall time
            told = orjson.loads(body)
            body = orjson.dumps(told | {"denNgay": (off + timedelta(seconds=mishaps.skewed())).strftime(STAMP)})
        return self._answer(200, mishaps.spoiled(fault, body, "NgayHenTra"))

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b'{"error_code":"0","data":[{"MaHoSo":')
        self.close_connection = True

    def _sleep(self) -> None:
        time.sleep(1.5)
        self._answer(200, _told(BAD_REQUEST, "quá chậm"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Stay silent: a request line may carry what must not be in a log."""


_FAULTS: Final[dict[str, Callable[[_Handler], None]]] = {
    "500": lambda handler: handler._answer(500, b"<html>Internal Server Error</html>"),
    "503": lambda handler: handler._answer(503, b"{}", Retry_After="1"),
    "garbage": lambda handler: handler._answer(200, b"<html>login page</html>"),
    "cut": _Handler._cut,
    "slow": _Handler._sleep,
}


def _wrongly(asked: dict[str, Any], fault: str) -> dict[str, Any]:
    """Give the request as a server takes it that mixes its pages up: another page, or one far behind the last."""
    page = int(asked.get("trang") or 1)
    other = {"duplicate_page": page + 1, "missing_page": page + 1_000_000}.get(fault, page)
    return asked | {"trang": str(other)} if other != page else asked


def _told(code: str, message: str, **more: Any) -> bytes:
    return orjson.dumps({"error_code": code, "error_message": message, **more})


def _login(desk: Desk, asked: dict[str, Any]) -> bytes:
    right = secrets.compare_digest(str(asked.get("username")), USER) and secrets.compare_digest(
        str(asked.get("password")), PASSWORD
    )
    if not right:
        return _told(WRONG_LOGIN, "Sai tên đăng nhập hoặc mật khẩu")
    session = secrets.token_hex(16)
    desk.sessions[session] = time.monotonic() + SESSION_SECONDS
    return _told(SUCCESS, "", session=session, expires_in=str(int(SESSION_SECONDS)))


def _data(desk: Desk, asked: dict[str, Any]) -> bytes:
    """Answer one page of a service: what changed in [tuNgay, denNgay], oldest change first."""
    if desk.sessions.get(str(asked.get("session")), 0.0) < time.monotonic():
        return _told(NO_SESSION, "Phiên làm việc không tồn tại hoặc đã hết hạn")
    service = str(asked.get("service"))
    if service not in SERVICES or asked.get("madonvi") != OFFICE:
        return _told(BAD_REQUEST, "Không có dịch vụ hoặc mã đơn vị này")
    try:
        since, until, page, size = _window(asked, wall_seconds(desk.now()))
    except ValueError:
        return _told(BAD_REQUEST, "tuNgay, denNgay, trang, soLuong không hợp lệ")
    if service == STEPS and isinstance(codes := asked.get("maHoSo"), list):
        rows = steps_of(desk.province, [str(c) for c in codes], since, until)
    else:
        rows = desk.changed(service, since, until)
    start = max(0, (page - 1) * size - REPEATED_ROWS)
    shown = rows[start : page * size]
    text = written(service, shown, until)
    desk.served += 1
    head = _told(SUCCESS, "", service=service, isUpdating="True", tongSo=str(rows.height), denNgay=_text(until))
    return head[:-1] + b',"data":' + (text.write_json().encode() if shown.height else b"[]") + b"}"


def _window(asked: dict[str, Any], now: int) -> tuple[int, int, int, int]:
    """Read the request: since, until (wall seconds, until never after now), page from 1, rows a page."""
    since = _second(asked.get("tuNgay")) or 0
    until = min(_second(asked.get("denNgay")) or now, now)
    page, size = int(asked.get("trang", 1)), int(asked.get("soLuong", 1000))
    if page < 1 or not 1 <= size <= LARGEST_PAGE:
        raise ValueError
    return since, until, page, size


def _second(text: object) -> int | None:
    if not text:
        return None
    local = datetime.strptime(str(text), STAMP).replace(tzinfo=ZoneInfo(TIME_ZONE))
    return wall_seconds(local)


def _text(second: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(seconds=second)).strftime(STAMP)  # noqa: DTZ001 - wall time has no zone
