"""Figures and overdue dossiers as JSON for other systems: read-only, each within the scope of its token."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import catalogue, insight
from config.errors import StoreError, nearest
from dashboard import bearing, compared, data, filters, hearing, lists, watched, watching
from dashboard.answers import publication
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.links import read
from metrics import intervals
from metrics.definitions import COUNTS, RATES
from metrics.evaluate import STRETCHES
from metrics.publication import PRESENCES, PUBLISHED, counted, of_period
from metrics.scope import Period
from store import audit
from store.tokens import Token

PREFIX: Final = "/api/"
#: Groupings that may be asked for; the others of metrics.evaluate are questions of the command line.
BY: Final = ("department", "field", "procedure", "channel", "level", "day", "week", "month")
#: What is told of an overdue dossier: nothing of people, not even pseudonyms.
TOLD: Final = (
    "source", "code", "procedure", "procedure_name", "field", "department", "channel", "received_on", "first_due_on",
    "due_on", "days_late", "step",
)  # fmt: skip
#: Those by which two sources that are paired can be told.
_PAIRED_BY: Final = ("department", "field")
_PARTS: Final = {"from", "to", "by", "department", "field", "channel"}
_NO_STORE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class WrongQuestionError(Exception):
    """What was asked cannot be answered; the words say why and what can be asked."""


Answer = Callable[[Request, Token], dict[str, Any]]


def answered(answer: Answer) -> Callable[[Request], Any]:
    """Give an endpoint that lets only a token of kind ``api`` in and says in JSON what is wrong."""

    async def endpoint(request: Request) -> Response:
        try:
            token = await bearing.token_of(request)
            if token is None:
                said = {
                    "error": "A valid token is needed: Authorization: Bearer … (dunghan token issue NAME --kind api)."
                }
                return JSONResponse(said, 401, {**_NO_STORE, "WWW-Authenticate": "Bearer"})
            return JSONResponse(await to_thread.run_sync(answer, request, token), 200, _NO_STORE)
        except WrongQuestionError as wrong:
            return JSONResponse({"error": str(wrong)}, 400, _NO_STORE)
        except bearing.TooOftenError as often:
            wait = math.ceil(often.seconds)
            said = {"error": f"Too many questions. Ask again in {wait} s."}
            return JSONResponse(said, 429, {**_NO_STORE, "Retry-After": f"{wait}"})
        except StoreError as error:
            told = watching.for_machines(watched.incident(error), "The store does not answer. Try again later.")
            return JSONResponse(told, 503, _NO_STORE)

    return endpoint


def figure(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/figures/{id}``: a count or a rate of a period, with its parts, whole or by ``by``.

    Raises WrongQuestionError.
    """
    known = (*COUNTS, *RATES, PUBLISHED)
    wanted = request.path_params["id"]
    if wanted not in known:
        raise WrongQuestionError(f'There is no figure "{wanted}".{nearest(wanted, known)}')
    ask, period, by = asked_of(request, token)
    if wanted == PUBLISHED:
        return _published(ask, period, by)
    rows = data.figures(ask, period=period, by=by)
    rate = RATES.get(wanted)
    told = (
        rows.select(*by, numerator=rate.numerator, denominator=rate.denominator) if rate else rows.select(*by, wanted)
    )
    return (
        stamped(ask)
        | _of(wanted, period)
        | {
            "groups": [_group(row, by, wanted) for row in told.to_dicts()],
            "silent": _silent(ask),
        }
    )


def _silent(ask: Ask) -> list[dict[str, Any]]:
    return [{"source": s.source, "department": s.department} for s in hearing.known_to(ask.silent, ask.scope)]


def _of(wanted: str, period: Period) -> dict[str, Any]:
    days = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    return {"id": wanted, "title": catalogue.load()[wanted].title} | days


def _published(ask: Ask, period: Period, by: tuple[str, ...]) -> dict[str, Any]:
    """Tell what the national portal has of the one-stop system's dossiers; where not both are loaded there is no group.
    Where one of them is silent nothing is compared: its groups have no value.

    Raises WrongQuestionError.
    """
    if wrong := [name for name in by if name not in _PAIRED_BY] or ["channel"] * bool(ask.choice.channel):
        raise WrongQuestionError(f'{PUBLISHED} is not told by "{wrong[0]}". Known: {", ".join(_PAIRED_BY)}.')
    both = publication.pair(data.sources())
    told = stamped(ask) | _of(PUBLISHED, period) | {"silent": _silent(ask)}
    if isinstance(both, str):
        return told | {"sources": None, "groups": []}
    rows = of_period(publication.of_choice(ask.choice, compared.rows(ask, both)), period)
    heard = not publication.unheard(both, data.gone(ask, period))
    nobody = {} if heard else dict.fromkeys(PRESENCES, 0)
    groups = [_presence(row | nobody, by) for row in counted(rows, by).to_dicts()]
    return told | {"sources": {"one_stop": both.a, "portal": both.b}, "groups": groups}


def _presence(row: dict[str, Any], by: tuple[str, ...]) -> dict[str, Any]:
    over, under = row["published"], row["published"] + row["missing"] + row["undecided"]
    told: dict[str, Any] = {"by": {name: row[name] for name in by}} if by else {}
    parts = {"numerator": over, "denominator": under, "undecided": row["undecided"]}
    return told | {"value": over / under if under else None} | parts | between(over, under)


def between(over: int, under: int) -> dict[str, float | None]:
    """Say how far chance alone may carry a share of few (metrics.intervals.bounds)."""
    return intervals.bounds(over, under, below=insight.load().signal.interval_below)


def _group(row: dict[str, Any], by: tuple[str, ...], wanted: str) -> dict[str, Any]:
    told: dict[str, Any] = {"by": {name: plain(row[name]) for name in by}} if by else {}
    if wanted in row:
        return told | {"value": row[wanted]}
    over, under = row["numerator"], row["denominator"]
    parts = {"value": over / under if under else None, "numerator": over, "denominator": under}
    return told | parts | between(over, under)


def overdue(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/overdue``: pending dossiers past their due day, the longest overdue first; kept in the audit log.

    Raises WrongQuestionError.
    """
    ask, _, _ = asked_of(request, token)
    rows = data.listed(ask, lists.LISTS["qua-han"]).select(pl.col(name) for name in TOLD)
    audit.keep(
        data.store(), person=f"token {token.name}", act="export", at=filters.now(), what="/api/overdue",
        detail=f"{rows.height} dossiers, {ask.version}",
    )  # fmt: skip
    dossiers = [{name: plain(value) for name, value in row.items()} for row in rows.to_dicts()]
    return stamped(ask) | {"count": rows.height, "dossiers": dossiers}


def asked_of(
    request: Request, token: Token, *, parts: Collection[str] = _PARTS, groupings: Sequence[str] = BY
) -> tuple[Ask, Period, tuple[str, ...]]:
    """Read a question: what is asked, of which days, by what. ``parts``: of which it may be made; ``groupings``: by
    which it may be asked. Raises WrongQuestionError."""
    asked = request.query_params
    if unknown := sorted(set(asked) - set(parts)):
        known = ", ".join(sorted(parts)) or "none"
        raise WrongQuestionError(f'"{unknown[0]}" is no part of a question. Known: {known}.')
    manifest = data.manifest()
    if manifest is None:
        raise WrongQuestionError("Nothing was read yet: there are no figures.")
    today = data.today(manifest)
    monday = today - timedelta(days=today.weekday())
    choice = Choice(
        today, monday, department=read(asked.get("department", "")) or None, field=read(asked.get("field", "")) or None,
        channel=asked.get("channel") or None,
    )  # fmt: skip
    by = tuple(name for text in asked.getlist("by") for name in text.split(",") if name)
    if wrong := [name for name in by if name not in groupings]:
        raise WrongQuestionError(f'"{wrong[0]}" is no grouping. Known: {", ".join(groupings)}.')
    if len(set(by)) < len(by) or sum(name in STRETCHES for name in by) > 1:
        raise WrongQuestionError("Name each grouping once, and at most one of day, week, month.")
    start, end = _day(asked.get("from"), monday), _day(asked.get("to"), choice.week.end)
    if end < start:
        raise WrongQuestionError(f"The period ends {end} before it starts {start}.")
    silent = hearing.silent(data.store(), manifest, today)
    return Ask(manifest.data_version, token.scope, choice, silent), Period(start, end), by


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise WrongQuestionError(f'"{text}" is no day: write 2026-11-20.') from None


def stamped(ask: Ask) -> dict[str, Any]:
    """Say which state of the figures answers, and by which day it judges."""
    return {"data_version": ask.version, "as_of": ask.choice.today.isoformat(), "asked_at": filters.now().isoformat()}


def plain(value: Any) -> Any:
    """Write a day and an instant as ISO text; anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def nothing(_: Request) -> Response:
    """Answer 404 to every other address: a program should not be given the page that people see."""
    said = {"error": "There is nothing here: docs/api.md lists what can be asked."}
    return JSONResponse(said, 404, _NO_STORE)


ROUTES: Final = (
    Route(PREFIX + "figures/{id}", answered(figure), methods=["GET"]),
    Route(PREFIX + "overdue", answered(overdue), methods=["GET"]),
)
#: After every other route under the same prefix.
REST: Final = (Route(PREFIX + "{rest:path}", nothing, methods=["GET"]),)
