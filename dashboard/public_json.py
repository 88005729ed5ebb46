"""The same as the page for everybody, for machines: what is withheld there is withheld here."""

from __future__ import annotations

import json
from typing import Any, Final

from config import catalogue, insight
from dashboard.answers.public import CUTS, TITLE, TOLD, Beside, Content, Letter, Line, Share, Stock
from metrics import intervals
from metrics.definitions import AGES
from metrics.scope import Period

_PERIODS: Final = ("week", "year")


def text(told: Content) -> str:
    """Write the content as JSON."""
    known = catalogue.load()
    said: dict[str, Any] = {
        "title": TITLE, "data_version": told.version, "known_to": told.known_to, "smallest": told.smallest,
        "week": _days(told.week), "year": _days(told.year), "silent": list(told.silent),
        "whole": _line(told.whole) | {"beside": dict(zip(_PERIODS, map(_beside, told.beside), strict=True))},
        **{f"by_{cut}": [_line(line) for line in told.cuts[cut]] for cut in CUTS},
        "letters": {**_days(told.letters_of), "count": told.letters_all, "newest": [_letter(x) for x in told.letters]},
        "definitions": {name: {"title": known[name].title, "meaning": known[name].meaning} for name in TOLD},
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1)


def _days(days: Period) -> dict[str, str]:
    return {"from": days.start.isoformat(), "to": days.end.isoformat()}


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name, "on_time_due": dict(zip(_PERIODS, map(_share, line.due), strict=True)),
        "pending_overdue": _stock(line.stock),
        "on_time_resolved": dict(zip(_PERIODS, map(_share, line.resolved), strict=True)),
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    if share.withheld:
        return {"withheld": share.withheld}
    value = share.over / share.under if share.under else None
    parts = {"value": value, "numerator": share.over, "denominator": share.under}
    return parts | intervals.bounds(share.over, share.under, below=insight.load().signal.interval_below)


def _stock(stock: Stock) -> dict[str, Any]:
    if stock.withheld:
        return {"withheld": stock.withheld}
    return {"value": stock.overdue, **dict(zip(AGES, stock.ages, strict=True)), "pending": stock.pending}


def _beside(told: Beside) -> dict[str, Any]:
    return {
        "extended_out": told.extended, "suspended_out": told.suspended, "on_time_due_first": _share(told.first),
        "resolved_undetermined": told.undetermined,
    }  # fmt: skip


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "code": letter.code, "department": letter.department, "number": letter.number,
        "issued_on": letter.issued_on.isoformat(),
        "new_due_on": letter.new_due_on.isoformat() if letter.new_due_on else None,
    }  # fmt: skip
