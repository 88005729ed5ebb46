"""How the values of a question become the key of its kept answer; the scope is in every key, and only here."""

from __future__ import annotations

from typing import Any, Final

from dashboard.behind_flows import About
from metrics.freshness import Silent
from metrics.heard import Question
from metrics.scope import Filters, Period, Scope

HASH: Final[dict[Any, Any]] = {
    Scope: lambda s: None if s.departments is None else sorted(s.departments),
    Filters: repr,
    Period: repr,
    Silent: repr,
    Question: repr,
    About: repr,
}
