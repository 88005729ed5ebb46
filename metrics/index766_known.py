"""Read the shares that Index 766 may use off the counts: what rests on nothing that anybody said is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from metrics import procedures_register
from metrics.definitions import RATES
from metrics.publication import PUBLISHED, Publication

Row = Mapping[str, Any]
#: Shares judged by the due day: where no dossier has a usable one they are not known, instead of 0.
_BY_DUE: Final = ("on_time_766", "on_time_handled", "on_time_received")
_JUDGED: Final = ("resolved_early", "resolved_on_time", "resolved_overdue", "pending_in_term", "pending_overdue")
#: Shares of the register, with what counts the lines that say nothing of it (metrics.procedures_register.BESIDE).
_UNSAID: Final = {
    "procedures_online_share": "online_unsaid", "procedures_post_share": "post_unsaid",
    "procedures_centre_share": "centre_unsaid",
}  # fmt: skip


def of_dossiers(row: Row) -> dict[str, tuple[int, int]]:
    """Give numerator and denominator of every rate of ``row`` (metrics.heard.told) that stands on something."""
    told = {name: _pair(row.get(name)) for name in RATES}
    judged = any(row.get(name) for name in _JUDGED)
    return {name: pair for name, pair in told.items() if pair[1] > 0 and (judged or name not in _BY_DUE)}


def of_register(row: Row) -> dict[str, tuple[int, int]]:
    """Give the parts of every share of the register that some line says. ``row``: of procedures_register.counted, with
    a struct of numerator and denominator for each of procedures_register.RATES."""
    told = {name: _pair(row.get(name)) for name in procedures_register.RATES}
    return {name: pair for name, pair in told.items() if pair[1] > int(row.get(_UNSAID.get(name, "")) or 0)}


def of_portal(told: Publication | None) -> dict[str, tuple[int, int]]:
    """Give the parts of the share that the national portal has; what nobody can tell counts as not there."""
    return {PUBLISHED: (told.published, told.received)} if told is not None and told.received else {}


def of_slips(row: Row) -> tuple[int, int] | None:
    """Give the satisfied of the slips of ``row`` (metrics.satisfaction.counts); None without a slip."""
    return (int(row["satisfied"]), int(row["n"])) if row.get("n") else None


def _pair(told: Row | None) -> tuple[int, int]:
    found = told or {}
    return int(found.get("numerator") or 0), int(found.get("denominator") or 0)
