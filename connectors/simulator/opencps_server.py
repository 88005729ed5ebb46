"""Serve the made-up province over HTTP on loopback as a site of OpenCPS would, with its traps.

``GET {prefix}/dossiers`` gives [start, end) of a list, ten records where nobody says how many; days are its filter and
ten thousand its window. Without a sign-in it answers 203 and a good-looking empty list, without groupId 403.
``/dossiers/{id}``, its ``/sequences``, ``/holidays``, ``/worktimes`` answer too. It counts what nobody may ask.
"""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson
import polars as pl

from config import calendar
from connectors.simulator.access import PASSWORD, USER
from connectors.simulator.days import wall_seconds
from connectors.simulator.faults import INSTEAD, Answering, Faults
from connectors.simulator.flow.world import World
from connectors.simulator.opencps_records import FIRST_ID, records, sequences
from connectors.simulator.province import Province

GROUP: Final = "55301"
PREFIX: Final = "/o/rest/v2"
_BASIC: Final = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_FILTERS: Final = {"Receive": "received_on", "Release": "released_on", "Finish": "finished_on"}
_DAYS: Final = ("received_on", "released_on", "finished_on")


@dataclass(slots=True)
class Site:
    """The province, its clock, and what a test wants of the site. ``asked`` counts the requests by path."""

    province: Province | World
    now: Callable[[], datetime]
    mishaps: Faults | None = None
    window: int = 10_000
    hides_total_beyond_window: bool = False
    hides_single: bool = False  # the account may read lists only
    token: str = ""  # a Bearer token that it takes beside the password
    holidays: tuple[str, ...] | None = None  # dd/MM/yyyy; None: those of the office
    asked: Counter[str] = field(default_factory=Counter)
    recalculated: int = 0
    _kept: tuple[int, pl.DataFrame] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def records(self) -> pl.DataFrame:
        """Give what the site shows now, kept while its clock stands."""
        with self._lock:
            now = wall_seconds(self.now())
            if self._kept is None or self._kept[0] != now:
                self._kept = (now, records(self.province, now))
            return self._kept[1]


def serve(site: Site, listening: socket.socket | None = None) -> ThreadingHTTPServer:
    """Serve ``site`` on ``listening``, else on a free loopback port. The caller runs ``serve_forever``."""

    class Handler(_Handler):
        pass

    Handler.site = site
    listening = listening or socket.create_server(("127.0.0.1", 0))
    server = ThreadingHTTPServer(listening.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket, server.daemon_threads = listening, True
    return server


class _Handler(Answering, BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        """Answer one request, or fail as the site's faults say."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        self.site.recalculated += "recalculate" in {name.lower() for name in asked}
        faults = self.site.mishaps or Faults(0)
        fault = faults.next()
        if fault in INSTEAD:
            return self.fail(fault, faults)
        if not self._signed_in() or fault == "expire":
            return self.answer(203, b'{"total":0,"data":[]}')
        if self.headers.get("groupId") != GROUP or "json" not in self.headers.get("Accept", ""):
            return self.answer(403, b"{}")
        status, told = self._told(parts.path.removeprefix(PREFIX), asked, fault)
        return self.answer(status, faults.spoiled(fault, orjson.dumps(told), "dueDate"))

    def _signed_in(self) -> bool:
        shown = self.headers.get("Authorization", "")
        return shown == _BASIC or bool(self.site.token and shown == f"Bearer {self.site.token}")

    def _told(self, path: str, asked: dict[str, str], fault: str) -> tuple[int, Any]:
        steps = path.strip("/").split("/")
        self.site.asked["/".join("{id}" if step.isdecimal() else step for step in steps)] += 1
        if steps == ["dossiers"]:
            return 200, _listed(self.site, asked, fault)
        if steps == ["holidays"]:
            return 200, _holidays(self.site, int(asked.get("year", 0)))
        if steps == ["worktimes"]:
            return 200, {"total": 5, "data": [{"day": d, "hours": "07:30-11:30,13:00-17:00"} for d in range(2, 7)]}
        if len(steps) == 2 and steps[0] == "dossiers":
            found = [] if self.site.hides_single else _one(self.site, steps[1])
            return (200, found[0]) if found else (403, {})
        if len(steps) == 3 and steps[2] == "sequences" and _one(self.site, steps[1]):
            now = wall_seconds(self.site.now())
            told = sequences(self.site.province, int(steps[1]) - FIRST_ID, now)
            return 200, {"total": len(told), "data": told}
        return 403, {}


def _listed(site: Site, asked: dict[str, str], fault: str) -> dict[str, Any]:
    """Give a page of the list: [start, end) of what the filters leave, never beyond the window."""
    found = site.records()
    for name, column in _FILTERS.items():
        first, last = (_day(asked.get(f"{end}{name}Date")) for end in ("from", "to"))
        if first or last:
            found = found.filter(pl.col(column).is_between(first or date(1, 1, 1), last or date(9999, 12, 31)))
    if "status" in asked:
        found = found.filter(pl.col("dossierStatus").is_in(asked["status"].split(",")))
    if "agency" in asked:
        found = found.filter(pl.col("govAgencyCode") == asked["agency"])
    start = int(asked.get("start", 0))
    end = min(int(asked.get("end", start + 10)), site.window)
    if fault == "duplicate_page":  # the page after it; what is asked for next comes again
        start, end = end, end + (end - start)
    rows = found.slice(start, max(0, end - start)).drop(_DAYS).to_dicts()
    total = min(found.height, site.window) if site.hides_total_beyond_window else found.height
    return {"total": total, "data": rows[: len(rows) // 2] if fault == "missing_page" else rows}


def _one(site: Site, number: str) -> list[dict[str, Any]]:
    by = pl.col("dossierId") == int(number) if number.isdecimal() else pl.col("referenceUid") == number
    return site.records().filter(by).drop(_DAYS).to_dicts()


def _holidays(site: Site, year: int) -> dict[str, Any]:
    ours = [d.strftime("%d/%m/%Y") for d in calendar.load().off if d.year == year]
    days = site.holidays if site.holidays is not None else ours
    return {"total": len(days), "data": [{"holidayDate": f"{d} 00:00:00", "holidayType": 0} for d in days]}


def _day(text: str | None) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a day has no zone
