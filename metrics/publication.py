"""Which dossiers of the one-stop system are on the national portal: two sources, paired by their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from metrics.scope import Period

#: The name of the share in the catalogue.
PUBLISHED: Final = "published_share"
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
