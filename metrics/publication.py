"""Which dossiers of the one-stop system are on the national portal: two sources, paired by their codes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from metrics.scope import Period

#: The name of the share in the catalogue.
PUBLISHED: Final = "published_share"
#: The kind of source that the national portal is.
PORTAL: Final = "national_portal"
#: What a dossier of A is: on the portal; not there; or its codes lead to several dossiers, so that nobody can tell.
PRESENCES: Final = {"published": "both", "missing": "only_a", "undecided": "ambiguous_a"}


@dataclass(frozen=True, slots=True)
class Publication:
    """Of ``received`` dossiers of the one-stop system ``published`` are on the portal.

    Of ``undecided`` nobody can tell: they count as not published, and are told beside it."""

    published: int
    missing: int
    undecided: int

    @property
    def received(self) -> int:
        """All that the one-stop system received."""
        return self.published + self.missing + self.undecided

    @property
    def share(self) -> float | None:
        """The share published, 0–1; None of nothing."""
        return self.published / self.received if self.received else None


def portal_of(sources: pl.DataFrame) -> str | None:
    """Name the national portal among the sources (store.runs.latest) that hold dossiers: one of its kind, else the one
    that stands beside the others for reconciliation alone; None where there is none."""
    held = _held(sources)
    portals = [each for each in held if each["kind"] == PORTAL] or [each for each in held if _beside(each)]
    return str(min(portals, key=lambda each: not _beside(each))["name"]) if portals else None


def pair(sources: pl.DataFrame) -> tuple[str, str] | None:
    """Name the one-stop system, of those that figures count the one with the most dossiers, and the portal; None
    without both."""
    portal = portal_of(sources)
    worked = [each["name"] for each in _held(sources) if each["name"] != portal and not _beside(each)]
    return (worked[0], portal) if portal is not None and worked else None


def _held(sources: pl.DataFrame) -> list[dict[str, Any]]:
    rows = sources.sort("dossiers", "name", descending=[True, False]).to_dicts()
    return [each for each in rows if each["dossiers"]]


def _beside(source: Mapping[str, Any]) -> bool:
    return bool(json.loads(source["terms"] or "{}").get("figures") == "beside")


def of_period(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Keep of metrics.reconcile.reconciled what source A received in the period, by A's own day of receipt."""
    return rows.filter(pl.col("a_received_on").is_between(period.start, period.end))


def published(rows: pl.DataFrame, period: Period) -> Publication:
    """Count the publication of ``period``. ``rows``: metrics.reconcile.reconciled, A the one-stop system, B the portal.

    What A turned down or has not accepted was never received: it is in neither part.
    """
    return Publication(**counted(of_period(rows, period), ()).row(0, named=True))


def counted(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Count PRESENCES of rows of A by names such as ``department``: columns ``by`` and those names, one row without."""
    counts = [(pl.col("presence") == presence).sum().cast(pl.Int64).alias(name) for name, presence in PRESENCES.items()]
    return rows.group_by(by).agg(counts).sort(by, nulls_last=True) if by else rows.select(counts)
