"""As JSON, what stands beside the figures: survey slips, entered figures, the register, the estimate of Index 766."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from starlette.requests import Request
from starlette.routing import Route

from config import catalogue, indicators
from dashboard import data, index766_asked, registry, slips
from dashboard.api import PREFIX, WrongQuestionError, answered, asked_of, between, plain, stamped
from metrics import procedures_register, satisfaction
from metrics.index766 import Scored
from metrics.indicators import code_of
from metrics.scope import Period
from store.tokens import Token

_OF_SLIPS: Final = ("department", "field", "procedure")
_OF_REGISTER: Final = ("department", "level", "field", "ministry")


def satisfied(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/satisfaction``: slips of a period by their scores, and how many people were asked.

    Raises WrongQuestionError, also for a channel: slips do not tell it.
    """
    ask, period, by = asked_of(request, token, groupings=_OF_SLIPS)
    if ask.choice.channel:
        raise WrongQuestionError("Slips do not tell the channel of a dossier. Ask by department, field, procedure.")
    mine = slips.slips(token.scope)
    rows = satisfaction.counts(mine, period, token.scope, by, ask.choice.filters).to_dicts()
    bare = not (by or ask.choice.department or ask.choice.field)
    response = satisfaction.response(mine, slips.asked(token.scope), period) if bare else None
    said = {"answered": response.answered, "asked": response.asked, "rate": response.rate} if response else None
    days = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    return stamped(ask) | days | {"response": said, "groups": [_slips(row, by) for row in rows]}


def _slips(row: dict[str, Any], by: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"by": {name: row[name] for name in by}} if by else {}
    over, under = row["satisfied"], row["n"]
    scores = {str(score): row[f"score_{score}"] for score in satisfaction.SCORES}
    parts = {"value": over / under if under else None, "numerator": over, "denominator": under}
    return told | parts | between(over, under) | {"scores": scores}


def entered(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/indicators``: the figures that people entered and that hold now. Raises WrongQuestionError."""
    ask, _, _ = asked_of(request, token, parts=())
    known = indicators.load()
    rows = slips.holding(token.scope).to_dicts()
    return stamped(ask) | {
        "indicators": [_entered(row, known[row["indicator"]].title) for row in rows if row["indicator"] in known]
    }


def _entered(row: dict[str, Any], title: str) -> dict[str, Any]:
    period = code_of(Period(row["from_on"], row["to_on"]))
    told = {name: plain(row[name]) for name in ("department", "value", "stated_by", "stated_on", "entered_at")}
    return {"id": row["indicator"], "title": title, "period": period, "origin": "entered"} | told


def procedures(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/procedures``: the register as it stands today, every share with its parts. Raises
    WrongQuestionError."""
    ask, _, by = asked_of(request, token, parts=("by",), groupings=_OF_REGISTER)
    columns = ["levels" if name == "level" else name for name in by]
    rows = registry.rows(ask.choice.today, data.sources())
    told = procedures_register.counted(procedures_register.each(rows), columns)
    shares = {
        name: pl.struct(numerator=rate.numerator, denominator=rate.denominator)
        for name, rate in procedures_register.RATES.items()
    }
    titles = catalogue.load()
    figures = [*procedures_register.COUNTS, procedures_register.RESIDUAL]
    groups = [
        _register(row, dict(zip(by, columns, strict=True)), figures) for row in told.with_columns(**shares).to_dicts()
    ]
    return stamped(ask) | {"titles": {name: titles[name].title for name in (*figures, *shares)}, "groups": groups}


def _register(row: dict[str, Any], by: dict[str, str], figures: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"by": {name: row[column] for name, column in by.items()}} if by else {}
    shares = {
        name: row[name]
        | {"value": row[name]["numerator"] / row[name]["denominator"] if row[name]["denominator"] else None}
        for name in procedures_register.RATES
    }
    return told | {"counts": {name: row[name] for name in figures}, "shares": shares}


def index766(request: Request, token: Token) -> dict[str, Any]:
    """Answer ``/api/index766``: the estimate of a period, every item with its parts; null where it is not known.
    Raises WrongQuestionError."""
    ask, period, _ = asked_of(request, token, parts=("from", "to", "department"))
    told = index766_asked.told(ask, period)
    days = {"from": period.start.isoformat(), "to": period.end.isoformat(), "estimate": True}
    if told is None:
        return stamped(ask) | days | {"decision": None, "points": None, "known": 0, "unknown": 0, "items": []}
    whole, table = told.estimate.whole, told.estimate.table
    said = {"decision": table.decision, "points": float(whole.points) if whole.known else None}
    sums = {"known": float(whole.known), "unknown": float(whole.unknown)}
    return stamped(ask) | days | said | sums | {"items": [_item(each) for each in told.estimate.items]}


def _item(each: Scored) -> dict[str, Any]:
    over, under = (None, None) if each.parts is None else (float(each.parts[0]), each.parts[1])
    return {
        "id": each.item.id, "group": each.item.group, "title": each.item.title, "weight": float(each.weight),
        "points": None if each.points is None else float(each.points), "numerator": over, "denominator": under,
        "few": each.few, "verified": each.item.verified,
    }  # fmt: skip


ROUTES: Final = (
    Route(PREFIX + "satisfaction", answered(satisfied), methods=["GET"]),
    Route(PREFIX + "indicators", answered(entered), methods=["GET"]),
    Route(PREFIX + "procedures", answered(procedures), methods=["GET"]),
    Route(PREFIX + "index766", answered(index766), methods=["GET"]),
)
