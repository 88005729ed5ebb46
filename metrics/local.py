"""Cut what a source said in instants into the local time of that source: days for the law, minutes for the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from metrics.dossier import CLOSED, EXTENSIONS, SUSPENSIONS, WITH_RESULT, WITHOUT_RESULT, Status
from metrics.local_letters import with_recorded
from metrics.terms import Terms

STAMPS: Final = ("submitted", "received", "resolved", "returned", "rejected", "changed")
_STATUS: Final = pl.col("status")
#: Lists that an observed part holds (store.snapshot.observe), and which of their fields are instants.
_LISTS: Final = {
    "promises": ("due_at", "happened_at", "seen_at"),
    "turns": ("at",),
    "places": ("at",),
    "steps": ("at",),
    "corrections": ("due_at", "at"),
    "letters_recorded": ("at", "issued_at", "due_at"),
}


def local(part: pl.DataFrame, terms: Mapping[str, Terms]) -> pl.DataFrame:
    """Add the local time of every stamp, source by source, and settle what closed means.

    Adds Date columns ``submitted_on received_on rejected_on closed_on first_seen_on``; local Datetime columns (without
    zone) ``submitted_local received_local closed_local answered_local due_local status_since_local``; the lists
    ``promises turns places corrections halts letters`` with local instants (``letters``: those the source tells and
    those that people recorded, metrics.local_letters); ``with_result``, ``without_result``; and
    the source's terms as flags ``by_minutes to_the_minute reckons as_told``.
    """
    cut = [_of_source(rows, terms[str(name[0])]) for name, rows in part.partition_by("source", as_dict=True).items()]
    frame = pl.concat(cut) if cut else _of_source(part, Terms(zone="UTC"))
    accepted = _STATUS != Status.NOT_ACCEPTED  # phiếu từ chối: never received, in no settlement figure
    closed = _STATUS.is_in(sorted(CLOSED))
    turned_down = pl.coalesce(*(f"{s}_local" for s in ("rejected", "returned", "resolved", "changed", "submitted")))
    frame = frame.with_columns(
        received_local=pl.when(accepted).then("received_local"),
        closed_local=pl.when(closed).then(pl.coalesce("resolved_local", "returned_local")),
        rejected_local=pl.when(~accepted).then(pl.coalesce(turned_down, "received_local")),
        with_result=_STATUS.is_in(sorted(WITH_RESULT)),
        without_result=_STATUS.is_in(sorted(WITHOUT_RESULT)),
    ).with_columns(answered_local=pl.coalesce("received_local", "rejected_local", "closed_local"))
    days = {f"{s}_on": pl.col(f"{s}_local").dt.date() for s in ("submitted", "received", "rejected", "closed")}
    return frame.with_columns(**days, observed_due_on=pl.col("due_local").dt.date()).drop(
        "resolved_local", "returned_local", "changed_local", "rejected_local"
    )


def _of_source(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    def here(stamp: pl.Expr) -> pl.Expr:
        return stamp.dt.convert_time_zone(terms.zone).dt.replace_time_zone(None)

    lists = {name: _local_list(rows, name, stamps, terms.zone) for name, stamps in _LISTS.items()}
    since = pl.coalesce("status_since_at", "changed_at", "first_seen_at")
    letters = _told(rows, "extensions", EXTENSIONS, ("at", "due_before", "due_after"), terms.zone)
    cut = rows.with_columns(
        *(here(pl.col(f"{s}_at")).alias(f"{s}_local") for s in STAMPS),
        **lists,
        due_local=here(pl.col("due_at")),
        status_since_local=here(since),
        first_seen_on=here(pl.col("first_seen_at")).dt.date(),
        halts=_told(rows, "suspensions", SUSPENSIONS, ("from_at", "to_at", "due_before", "due_after"), terms.zone),
        letters=letters,
        by_minutes=pl.lit(terms.counting == "minutes"),
        to_the_minute=pl.lit(terms.precision == "minute"),
        reckons=pl.lit(terms.promise == "computed"),
        as_told=pl.lit(terms.moves == "as_told"),
    ).drop("status_since_at")
    return with_recorded(cut)


def _local_list(rows: pl.DataFrame, column: str, stamps: tuple[str, ...], zone: str) -> pl.Expr:
    """Move the instants inside a list column to local time; other fields stay."""
    element = pl.element().struct
    here = [element.field(s).dt.convert_time_zone(zone).dt.replace_time_zone(None) for s in stamps]
    rest = [element.field(f.name) for f in rows.schema[column].inner.fields if f.name not in stamps]  # type: ignore[attr-defined]
    return pl.col(column).list.eval(pl.struct(*rest, *here))


def _told(rows: pl.DataFrame, column: str, kind: pl.List, stamps: tuple[str, ...], zone: str) -> pl.Series:
    """Read a JSON list column (metrics.dossier) with its instants in local time."""
    listed = rows[column].str.json_decode(kind)
    element = pl.element().struct
    cut = {
        s: pl.from_epoch(element.field(s), "us")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(zone)
        .dt.replace_time_zone(None)
        for s in stamps
    }
    rest = [element.field(f.name) for f in kind.inner.fields if f.name not in stamps]  # type: ignore[union-attr]
    return listed.list.eval(pl.struct(*rest, *(stamp.alias(name) for name, stamp in cut.items())))
