"""A one-stop system of a few dossiers in the national exchange format, whose every row and minute the test decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from config.sources import Request, Source
from connectors.simulator.access import OFFICE
from connectors.simulator.faults import Answering

HERE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
#: Monday 2 March 2026, 10:15 in the province: by day, when no sweep is due.
MORNING: Final = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
_STAMP: Final = "%Y%m%d%H%M%S"


def stamp(moment: datetime) -> str:
    """Write a moment as the exchange does."""
    return moment.astimezone(HERE).strftime(_STAMP)


@dataclass(slots=True)
class Office:
    """What the system holds. ``now`` is its clock; ``broken`` its answers that fail, one a request."""

    now: datetime = MORNING
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)
    asked: int = 0

    def put(self, *codes: str, at: datetime | None = None, status: str = "4", **told: str) -> None:
        """Make or change dossiers; ``at`` is the stamp they get, by default the clock."""
        for code in codes:
            began = self.rows.get(code, {}).get("NgayTiepNhan") or stamp(MORNING - timedelta(days=20))
            ended = stamp(at or self.now) if status in ("9", "10") else ""
            self.rows[code] = {
                "MaHoSo": code, "TrangThaiHoSo": status, "NgayTiepNhan": began, "DonViXuLy": "Sở Xây dựng",
                "NgayHenTra": stamp(MORNING + timedelta(days=9)), "NgayKetThucXuLy": ended, "TenTTHC": "Cấp phép",
                "NgayCapNhat": stamp(at or self.now),
            } | told  # fmt: skip

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one page: what is stamped in [tuNgay, denNgay], oldest first."""
        until = min(str(asked.get("denNgay") or stamp(self.now)), stamp(self.now))
        held = sorted(self.rows.values(), key=lambda row: (row["NgayCapNhat"], row["MaHoSo"]))
        shown = [row for row in held if str(asked.get("tuNgay", "")) <= row["NgayCapNhat"] <= until]
        page, size = int(asked["trang"]), int(asked["soLuong"])
        rows = shown[(page - 1) * size : page * size]
        return {"error_code": "0", "tongSo": str(len(shown)), "denNgay": until, "data": rows}


@contextmanager
def open_office(office: Office, port: int = 0) -> Iterator[Source]:
    """Let the office answer over HTTP while the block runs; gives the source that reads it."""

    closed = threading.Event()

    class Desk(Answering):
        def do_POST(self) -> None:  # noqa: N802 - the name of the standard library
            asked = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/login"):
                return self.answer(200, b'{"error_code": "0", "session": "s"}')
            office.asked += 1
            self.close_connection = closed.is_set()  # also of those who are connected
            if closed.is_set():
                return None
            if office.broken:
                return self.answer(office.broken.pop(0), b"{}")
            return self.answer(200, orjson.dumps(office.answer(asked)))

    server = ThreadingHTTPServer(("127.0.0.1", port), Desk)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield source_at(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def source_at(url: str, **more: object) -> Source:
    """Give the source at an address: small pages, so that a reading has several batches."""
    told = {
        "name": "mot-cua", "kind": "demo", "url": url, "office": OFFICE, "overlap_minutes": 2,
        "request": Request(rows_a_page=8, timeout_seconds=2.0, attempts=2),
    }  # fmt: skip
    return Source.model_validate(told | more)
