"""Serve the made-up province over HTTP on loopback as some vendor's own JSON service would: four ways of paging, every
way of signing in, nested records.

``/api/offset``, ``/api/page``, ``/api/cursor`` and ``/api/link`` give the dossiers changed in [tu, den], oldest change
first. ``POST /oauth/token`` gives tokens that end.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
import polars as pl

from connectors.simulator.access import PASSWORD, USER
from connectors.simulator.days import wall_seconds
from connectors.simulator.faults import INSTEAD, Answering, Faults
from connectors.simulator.flow.world import World
from connectors.simulator.province import Province
from connectors.simulator.services import DOSSIERS, changed, written

KEY: Final = "khoa-gia-dinh-5f2c"
_EAST: Final = 7 * 3600  # tu and den are seconds since 1970 UTC, the province's moments wall seconds
_BASIC: Final = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@dataclass(slots=True)
class Service:
    """The province, its clock, and how the service wants to be asked. ``auth``: none, basic, bearer, key, oauth."""

    province: Province | World
    now: Callable[[], datetime]
    auth: str = "none"
    mishaps: Faults | None = None
    counts: bool = True  # whether it says how many there are
    echoes: bool = False  # whether it says the request back when it does not like it
    token_seconds: float = 3600.0
    tokens: dict[str, float] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    windows: list[tuple[int, int]] = field(default_factory=list)  # that were asked for, in wall seconds
    _kept: tuple[tuple[int, int], list[dict[str, Any]]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, since: int, until: int) -> list[dict[str, Any]]:
        """Give what changed in [since, until], kept for the pages of one pull."""
        with self._lock:
            self.windows.append((since, until))
            if self._kept is None or self._kept[0] != (since, until):
                rows = changed(self.province, DOSSIERS, since, until)
                self._kept = ((since, until), _nested(written(DOSSIERS, rows, until)))
            return self._kept[1]


def serve(service: Service, listening: socket.socket | None = None) -> ThreadingHTTPServer:
    """Serve ``service`` on ``listening``, else on a free loopback port. The caller runs ``serve_forever``."""

    class Handler(_Handler):
        pass

    Handler.service = service
    listening = listening or socket.create_server(("127.0.0.1", 0))
    server = ThreadingHTTPServer(listening.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket, server.daemon_threads = listening, True
    return server


class _Handler(Answering, BaseHTTPRequestHandler):
    service: Service
    skew: int = 0

    def do_GET(self) -> None:
        """Answer one page."""
        self._page(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        """Give a token, or answer one page whose parameters came as JSON."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if urlsplit(self.path).path == "/oauth/token":
            return self._token(dict(parse_qsl(body.decode())))
        try:
            asked = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError:
            asked = None
        if not isinstance(asked, dict):
            return self.answer(400, orjson.dumps({"message": "the body is no JSON object"}))
        return self._page(asked)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Show the province's clock, off by as much as a fault says."""
        return format_datetime(self.service.now() + timedelta(seconds=self.skew), usegmt=True)

    def _token(self, form: dict[str, str]) -> None:
        named = form.get("client_id") == USER and form.get("client_secret") == PASSWORD
        if form.get("grant_type") != "client_credentials" or not (named or self.headers.get("Authorization") == _BASIC):
            return self.answer(401, b'{"error":"invalid_client"}')
        self.service.asked["token"] += 1
        token = secrets.token_hex(16)
        self.service.tokens[token] = time.monotonic() + self.service.token_seconds
        return self.answer(200, orjson.dumps({"access_token": token, "expires_in": self.service.token_seconds}))

    def _page(self, asked: dict[str, str]) -> None:
        faults = self.service.mishaps or Faults(0)
        fault = faults.next()
        self.skew = faults.skewed() if fault == "skew" else 0
        if fault in INSTEAD:
            return self.fail(fault, faults)
        if fault == "expire":
            self.service.tokens.clear()
        if not self._signed_in():
            said = repr(dict(self.headers)) if self.service.echoes else ""
            return self.answer(401, orjson.dumps({"message": f"unauthorised {said}"}))
        way = urlsplit(self.path).path.rpartition("/")[2]
        self.service.asked[way] += 1
        if way not in _WAYS:
            return self.answer(404, b"{}")
        try:
            told, headers = _answered(self.service, way, asked, fault)
        except (ValueError, KeyError, OverflowError):
            return self.answer(400, orjson.dumps({"message": _WANTED}))
        return self.answer(200, faults.spoiled(fault, orjson.dumps(told), "henTra"), **headers)

    def _signed_in(self) -> bool:
        shown, auth = self.headers.get("Authorization", ""), self.service.auth
        if auth == "oauth":
            return self.service.tokens.get(shown.removeprefix("Bearer "), 0.0) > time.monotonic()
        if auth == "key":
            return self.headers.get("X-Api-Key") == KEY
        return shown == {"basic": _BASIC, "bearer": f"Bearer {KEY}"}.get(auth, shown)


_WANTED: Final = "tu and den are whole seconds since 1970 UTC; trang, viTri and soLuong are whole numbers"
_WAYS: Final = ("offset", "page", "cursor", "link")


def _answered(service: Service, way: str, asked: dict[str, str], fault: str) -> tuple[Any, dict[str, str]]:
    """Give one page and its headers: rows under ``ketQua.hoSo``, the total and the next cursor under ``trang``."""
    now = wall_seconds(service.now())
    until = min(int(asked["den"]) + _EAST, now) if asked.get("den") else now
    since = int(asked["tu"]) + _EAST if asked.get("tu") else 0
    rows, size = service.rows(since, until), int(asked.get("soLuong", 50))
    start = int(asked["trang"]) * size - size if way == "page" else int(asked.get("viTri", 0))
    shown = start + size if fault == "duplicate_page" else start
    page = rows[shown : shown + size]
    page = page[: len(page) // 2] if fault == "missing_page" else page
    count = {"tong": len(rows)} if service.counts else {}
    told: dict[str, Any] = {"ketQua": {"hoSo": page}, "trang": count}
    headers = {"X_Total_Count": str(len(rows))} if service.counts else {}
    if way == "cursor" and start + size < len(rows):
        told["trang"] |= {"sau": start + size}
    if way == "link" and start + size < len(rows):
        query = urlencode({**asked, "viTri": start + size})
        headers["Link"] = f'</api/link?viTri=0>; rel="first", </api/link?{query}>; rel="next"'
    return told, headers


def _nested(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Write dossiers of the exchange as this vendor does."""
    refused = (pl.col("TrangThaiHoSo") == "3") & (pl.col("NgayTiepNhan") != "")
    return rows.select(
        soHoSo=pl.col("MaHoSo"),
        tinhTrang=pl.struct(ma=pl.when(refused).then(pl.lit("TL")).otherwise("TrangThaiHoSo")),
        thuTuc=pl.struct(ma=pl.col("MaTTHC"), ten=pl.col("TenTTHC"), linhVuc=pl.col("TenLinhVuc")),
        donVi=pl.concat_list(pl.struct(ten=pl.col("DonViXuLy"))),
        kenh=pl.col("KenhThucHien"),
        thoiGian=pl.struct(
            nop=_iso("NgayNopHoSo"), tiepNhan=_iso("NgayTiepNhan"), henTra=_iso("NgayHenTra"),
            ketThuc=pl.when(refused).then(_iso("NgayTuChoi")).otherwise(_iso("NgayKetThucXuLy")), tra=_iso("NgayTra"),
            tuChoi=pl.when(~refused).then(_iso("NgayTuChoi")), capNhat=_iso("NgayCapNhat"),
        ),
        nguoiNop=pl.struct(hoTen=pl.col("ChuHoSo"), dienThoai=pl.col("SoDienThoai")),
    ).to_dicts()  # fmt: skip


def _iso(column: str) -> pl.Expr:
    """Write yyyyMMddHHmmss in ISO with the offset of the province, "" as null, and what is no date as it stands."""
    text = pl.col(column)
    parts = [text.str.slice(at, n) for at, n in ((0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2))]
    iso = pl.format("{}-{}-{}T{}:{}:{}+07:00", *parts)
    return pl.when(text.str.contains(r"^\d{14}$")).then(iso).when(text != "").then(text)
