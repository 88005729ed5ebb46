"""How the product itself is doing, for a monitoring system: /metrics in the text format of Prometheus.

Counts and ages alone: no dossier, no unit, no person. Open to tokens of kind ``api`` that read the whole province.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import polars as pl
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.errors import StoreError
from dashboard import api, data, filters
from store import outbox, runs, sessions

PATH: Final = "/metrics"
FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
DAY: Final = timedelta(hours=24)
#: What is asked, by how its address begins; a page is whatever else is asked for.
KINDS: Final = (
    ("/api/", "api"), (PATH, "metrics"), ("/healthz", "health"), ("/_stcore/", "streamlit"), ("/static/", "static"),
    ("/app/static/", "static"), ("/media/", "download"), ("/dang-", "sign_in"),
    ("/cong-khai", "public"),
)  # fmt: skip
#: Requests since the process began, by kind and by the first digit of the answer's code.
asked: Final[Counter[tuple[str, str]]] = Counter()


@dataclass(frozen=True, slots=True)
class Family:
    """One figure: its name, its type, what it is, and its samples (labels, value)."""

    name: str
    kind: Literal["gauge", "counter"]
    words: str
    samples: Sequence[tuple[Mapping[str, str], float]]


def written(families: Sequence[Family]) -> str:
    """Write figures in the text format; one without samples is left out."""
    return "".join(line for family in families if family.samples for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    name = f"dunghan_{family.name}"
    yield f"# HELP {name} {family.words}\n"
    yield f"# TYPE {name} {family.kind}\n"
    for labels, value in family.samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{told}}} {value:.15g}\n" if told else f"{name} {value:.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def families(now: datetime) -> list[Family]:
    """Ask the store how it stands. Raises StoreError."""
    store, state = data.store(), data.manifest()
    sources = runs.latest(store).to_dicts()
    newest, built = (state.newest_at, state.built_at) if state else (None, None)
    mail = outbox.standing(store)
    version = [({"data_version": state.data_version}, 1.0)] if state else []
    return [
        Family("figures_info", "gauge", "The state of the figures that readers see.", version),
        Family("figures_age_seconds", "gauge", "Since the newest thing any source said.", _age(newest, now)),
        Family("figures_built_age_seconds", "gauge", "Since they were derived.", _age(built, now)),
        Family("dossiers", "gauge", "Stored dossiers.", _of(sources, "dossiers")),
        Family("quarantined_rows", "gauge", "Refused rows that wait.", _of(sources, "refused")),
        Family("last_run_age_seconds", "gauge", "Since the last run began.", _ages(sources, "last_run_at", now)),
        Family("last_good_run_age_seconds", "gauge", "Since the last good run ended.",
               _ages(sources, "last_ok_at", now)),
        Family("runs_last_day", "gauge", "Runs of the last 24 hours.", _states(runs.since(store, now - DAY))),
        Family("outbox_messages", "gauge", "Messages of the outbox, by how they stand.",
               [({"state": state}, float(n)) for state, n in mail.states.items()]),
        Family("outbox_age_seconds", "gauge", "Since the oldest message was put in that is not sent yet.",
               _age(mail.oldest, now)),
        Family("sessions_open", "gauge", "People signed in.", [({}, float(sessions.open_now(store, now)))]),
        Family("requests_total", "counter", "Requests since this process began.", _requests()),
    ]  # fmt: skip


_Samples = list[tuple[Mapping[str, str], float]]


def _age(moment: datetime | None, now: datetime) -> _Samples:
    return [({}, max(0.0, (now - moment).total_seconds()))] if moment else []


def _ages(sources: Sequence[Mapping[str, Any]], column: str, now: datetime) -> _Samples:
    return [({"source": s["name"]}, age) for s in sources for _, age in _age(s[column], now)]


def _of(sources: Sequence[Mapping[str, Any]], column: str) -> _Samples:
    return [({"source": s["name"]}, float(s[column])) for s in sources]


def _states(told: pl.DataFrame) -> _Samples:
    counts = told.group_by("source", "state").len().sort("source", "state")
    return [({"source": source, "state": state}, float(n)) for source, state, n in counts.iter_rows()]


def _requests() -> _Samples:
    return [({"kind": kind, "code": code}, float(n)) for (kind, code), n in sorted(asked.items())]


async def metrics(request: Request) -> Response:
    """Answer ``/metrics``: 401 without a token, 403 for one that reads less than the province, 503 without a store."""
    try:
        token = await api.token_of(request)
        if token is None:
            return PlainTextResponse("A valid token is needed.\n", 401, {**_HEADERS, "WWW-Authenticate": "Bearer"})
        if token.departments is not None:
            return PlainTextResponse("A token that reads the whole province is needed.\n", 403, _HEADERS)
        told = await to_thread.run_sync(families, filters.now())
    except StoreError:
        return PlainTextResponse("The store does not answer.\n", 503, _HEADERS)
    return Response(written(told), 200, {**_HEADERS, "Content-Type": FORMAT})


class Counted:
    """Count requests by kind and answer, before anything else sees them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        kind = kind_of(scope["path"])

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked[kind, f"{message['status'] // 100}xx"] += 1
            await send(message)

        return await self.app(scope, receive, counting)


def kind_of(path: str) -> str:
    """Name the kind of what is asked: few names, however many addresses there are."""
    return next((kind for begins, kind in KINDS if path.startswith(begins)), "page")


ROUTES: Final = (Route(PATH, metrics, methods=["GET"]),)
