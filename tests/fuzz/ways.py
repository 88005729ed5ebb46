"""The ways by which bytes reach our readers, each the very one the product goes: a file, a payload, an HTTP answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import polars as pl

from config import calendar
from config.mapping import parse_mapping
from config.sources import Exchange, Source
from connectors import exchange, exchange_steps, payload, readers, registry
from connectors import translate as translating
from connectors.base import Batch, Reading, Shift
from metrics.calendar import WorkingCalendar
from tests.fuzz.case import Case

NOW: Final = datetime(2026, 11, 22, 3, tzinfo=UTC)
ZONE: Final = "Asia/Ho_Chi_Minh"
#: What the sources are signed in with; it may stand in no message.
SECRETS: Final = {"FUZZ_USER": "tai-khoan-7f3a", "FUZZ_PASSWORD": "mat-khau-91bd"}
SESSION: Final = "phien-5c20e8"
_LOGIN: Final = f'{{"session": "{SESSION}"}}'.encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows, batch by batch. ``laid``: rows of the raw table; ``skipped`` were no dossiers."""

    good: tuple[pl.DataFrame, ...]
    rejects: tuple[pl.DataFrame, ...]
    merged: int
    read: int
    laid: int | None = None
    skipped: int = 0
    kept: tuple[pl.DataFrame, ...] = ()
    steps: tuple[pl.DataFrame, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """A server that gives one answer to whoever has signed in, whatever is asked; sources point at it."""

    url: str
    folder: Path
    answer: bytes = b""
    sources: dict[str, Source] = field(default_factory=dict)


@contextmanager
def line(folder: Path) -> Iterator[Line]:
    """Start the server on a free port."""
    here = Line("", folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(_LOGIN if self.path.endswith("/login") else here.answer)

        def do_GET(self) -> None:
            self._say(here.answer)

        def _say(self, body: bytes) -> None:
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: thousands of requests are asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


@cache
def _shift() -> Shift:
    return WorkingCalendar(calendar.load()).shift


def by_file(case: Case, _: Line) -> Outcome:
    """Read a file of any kind through its mapping."""
    mapping = parse_mapping(case.mapping)
    table = readers.read_file(case.data, name=case.name, mapping=mapping)
    done = translating.translate(table, mapping, shift=_shift())
    words = (*map(str, table.notes), *done.dropped)
    return Outcome(
        (done.good,), (done.rejects,), done.merged, done.n_read, table.frame.height, done.skipped, words=words
    )


def by_payload(case: Case, _: Line) -> Outcome:
    """Read a file that holds a payload of the national exchange."""
    told = payload.parse(case.data, place=case.name, changed=Exchange().changed)
    done = exchange.translate(told.dossiers, Exchange(), source="fuzz", time_zone=ZONE, origin=case.name)
    kept = exchange.raw(told.dossiers)
    return Outcome((done.good,), (done.rejects,), done.merged, done.read, told.dossiers.height, kept=(kept,))


def by_steps(case: Case, _: Line) -> Outcome:
    """Read an answer of the step service."""
    page = exchange_steps.parse_steps(case.data, case.name)
    words = exchange_steps.DEFAULT_STEPS
    batch = exchange_steps.steps_batch(page, words, source="fuzz", time_zone=ZONE, origin=case.name)
    return _together([batch], page.rows.height)


def by_wire(kind: str) -> Callable[[Case, Line], Outcome]:
    """Give the way of a source that is asked: it gets the case as its answer."""

    def way(case: Case, here: Line) -> Outcome:
        here.answer = case.data
        source = here.sources.setdefault(kind, _source(kind, here))
        return _together(list(registry.CONNECTORS[kind].pull(source, Reading(NOW))))

    return way


def _together(batches: Sequence[Batch], laid: int | None = None) -> Outcome:
    return Outcome(
        tuple(b.good for b in batches),
        tuple(b.rejects for b in batches),
        sum(b.merged for b in batches),
        sum(b.read for b in batches),
        laid,
        kept=tuple(b.raw for b in batches if b.raw is not None),
        steps=tuple(b.steps for b in batches if b.steps is not None),
        words=tuple(str(n) for b in batches for n in b.notes),
    )


API_MAPPING: Final = """
source = "fuzz"
[columns]
code = "soHoSo"
status = "tinhTrang.ma"
procedure = "thuTuc"
department = "donVi.0.ten"
received_at = "tiepNhan"
due_at = "henTra"
resolved_at = "ketThuc"
[status]
known = ["national"]
"""
_SIGNED: Final = {"user_secret": "FUZZ_USER", "password_secret": "FUZZ_PASSWORD"}


def _source(kind: str, here: Line) -> Source:
    (here.folder / "api.toml").write_text(API_MAPPING, encoding="utf-8")
    own: dict[str, dict[str, Any]] = {
        "national_portal": {"office": "H01", "request": {"attempts": 1}},
        "opencps": {
            "opencps": {"group_id": "1", "attempts": 1, "steps": "none", "calendar": False, "first_day": "2026-11-01"}
        },
        "json_api": {"mapping": "api.toml", "json_api": {"path": "/api", "rows": "data", "attempts": 1}},
    }
    told = {"name": "fuzz", "kind": kind, "url": here.url, **_SIGNED, **own[kind]}
    return Source.model_validate(told).model_copy(update={"beside": here.folder})


WAYS: Final[dict[str, Callable[[Case, Line], Outcome]]] = {
    "csv": by_file,
    "gz": by_file,
    "xlsx": by_file,
    "xls": by_file,
    "json_lines": by_file,
    "json": by_file,
    "parquet": by_file,
    "xes": by_file,
    "zip": by_file,
    "payload": by_payload,
    "payload_answer": by_wire("national_portal"),
    "steps": by_steps,
    "opencps": by_wire("opencps"),
    "json_api": by_wire("json_api"),
}
