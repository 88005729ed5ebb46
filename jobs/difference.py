"""What was learned since a past evening: every count then and now, and the dossiers that explain each change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import polars as pl

from jobs.answers import Asked, counts_of, ready, stretch
from jobs.known import Past, past
from jobs.moments import zone_of
from metrics import declared, rulebook
from metrics.cube import cube
from metrics.definitions import rates
from metrics.dossier import KEY
from metrics.evaluate import figures
from metrics.heard import Question
from metrics.rulebook import Rulebook
from metrics.scope import Period, Scope
from metrics.weekly import Counts
from store import learned, snapshot
from store.database import Store, reading
from store.snapshot import Manifest

#: The dimension that carries each dossier's own name while it is counted alone.
_CARRIER: Final = "field"
_BETWEEN: Final = "\x1f"


def difference(store: Store, asked: Asked, *, apart: bool = False) -> dict[str, Any]:
    """Give, as JSON, the figures of one period known at ``asked.known_at`` and now, judged by the same day and rules.

    ``counts``: every count of the catalogue then and now; ``rates`` likewise; ``dossiers``: those of which something
    was learned that changed a count, each with its own ``counts`` (now less then; over all dossiers they add up to the
    difference of each count) and ``changes`` (column, before, after, seen_at, run). ``apart``: a dossier that counted
    for two departments stands under each, with what it moved there. Raises ConfigError, StoreError.
    """
    with past(store, asked.known_at or "") as then:
        state = ready(store)
        before, after = counts_of(then.store, then.state), counts_of(store, state)
        period, as_of = stretch(before, then.state, asked)
        counts = pl.concat([_counted(before, asked, period, as_of), _counted(after, asked, period, as_of)])
        with reading(store) as connection:
            keys = learned.keys(connection, then.at, seq=then.state.ledger_seq, up_to=state.ledger_seq)
            moved = _moved(store, then, state, keys, asked, period, as_of, apart=apart)
            changes = learned.changes(
                connection, moved, then.at,
                seq=then.state.ledger_seq, up_to=state.ledger_seq, zone=str(zone_of(state.zones.values())),
            )  # fmt: skip
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "as_of": as_of.isoformat(),
        **then.told(),
        "data_version": {"then": then.state.data_version, "now": state.data_version},
        "counts": {name: _pair(*counts[name].to_list()) for name in _declared(counts.columns)},
        "rates": {name: {"then": rate[0], "now": rate[1]} for name, rate in _rates(counts).items()},
        "dossiers": _listed(moved, changes),
    }


def _counted(counts: Counts, asked: Asked, period: Period, as_of: date) -> pl.DataFrame:
    whole = Question(period, as_of, Scope.province(), filters=asked.filters)
    return figures(counts.of(whole), period=period, as_of=as_of, scope=whole.scope, filters=asked.filters)


def _declared(names: Iterable[str]) -> list[str]:
    """Keep the counts that the catalogue explains; the others only serve to make form II.06."""
    return [name for name in names if name in declared.COUNTS]


def _pair(then: int, now: int) -> dict[str, int]:
    return {"then": then, "now": now, "difference": now - then}


def _rates(counts: pl.DataFrame) -> dict[str, list[Any]]:
    told = rates(counts)
    return {name: told[name].to_list() for name in told.columns if name not in counts.columns}


def _moved(
    store: Store, then: Past, state: Manifest, keys: pl.DataFrame, asked: Asked, period: Period, as_of: date, *,
    apart: bool,
) -> pl.DataFrame:  # fmt: skip
    """Give source, code, department and, count by count, now less then, of the dossiers with a count that changed."""
    book = rulebook.load()
    now = _alone(snapshot.facts(store, state), keys, asked, period, as_of, book)
    was = _alone(snapshot.facts(then.store, then.state), keys, asked, period, as_of, book)
    names = _declared(now.columns)
    less = was.with_columns(-pl.col(names))
    both, last = pl.concat([now, less]), pl.col("department").first()
    by = (*KEY, "department") if apart else KEY
    summed = both.group_by(by).agg(*(() if apart else (last,)), pl.col(names).sum())
    return summed.filter(pl.any_horizontal(pl.col(name) != 0 for name in names)).sort(by)


def _alone(
    facts: pl.LazyFrame, keys: pl.DataFrame, asked: Asked, period: Period, as_of: date, book: Rulebook
) -> pl.DataFrame:
    """Count each of the dossiers ``keys`` by itself, by the very rules that count them together."""
    chosen = asked.filters.field
    name = pl.concat_str(pl.col(KEY).cast(pl.String), separator=_BETWEEN)
    here = pl.col("field").is_in(chosen) if chosen else pl.lit(True)
    rows = facts.filter(here).join(keys.lazy(), on=KEY, how="semi").collect()
    told = replace(asked.filters, field=())
    each = figures(
        cube(rows.with_columns(name.alias(_CARRIER)), book),
        period=period, as_of=as_of, scope=Scope.province(), by=(_CARRIER, "department"), filters=told,
    )  # fmt: skip
    parts = pl.col(_CARRIER).str.split_exact(_BETWEEN, 1).struct
    return each.with_columns(source=parts.field("field_0"), code=parts.field("field_1")).drop(_CARRIER)


def _listed(moved: pl.DataFrame, changes: dict[tuple[str, str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {
            **{name: row.pop(name) for name in (*KEY, "department")},
            "counts": {name: n for name, n in row.items() if n},
            "changes": changes.get((source, code), []),
        }
        for row in moved.to_dicts()
        for source, code in [(row["source"], row["code"])]
    ]
