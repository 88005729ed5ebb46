"""Find one dossier by either of its codes and explain it, as plain values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config.errors import ConfigError, StoreError, nearest
from jobs.answers import day_of, ready
from metrics import rulebook
from metrics.explain import explain
from metrics.explanation import Day, Explanation
from metrics.terms import Terms
from store import snapshot
from store.database import Store, reading
from store.snapshot import Manifest

#: Codes that a mistyped one is compared with.
COMPARED: Final = 5_000


def explained(store: Store, code: str, *, source: str = "", as_of: str | None = None) -> tuple[Explanation, str]:
    """Explain the dossier ``code`` (or known by it in its second code) on a day; give also the data version.

    Raises StoreError when there is none, or several and ``source`` does not decide; ConfigError for a day before it.
    """
    state = ready(store)
    observed = find(store, state, code.strip(), source)
    day = day_of(as_of, state)
    with reading(store) as connection:
        terms = snapshot.terms(connection)
    told = explain(observed, terms, rulebook.load(), day)
    if told is None:
        begun = _begun(observed, terms)
        raise ConfigError(f"--as-of {day}", f"dossier {code} was not there yet.", f"Ask for {begun} or later.")
    return told, state.data_version


def _begun(observed: pl.DataFrame, terms: dict[str, Terms]) -> date:
    row = observed.row(0, named=True)
    first: datetime = row["submitted_at"] or row["received_at"]
    return first.astimezone(ZoneInfo(terms[row["source"]].zone)).date()


def find(store: Store, state: Manifest, code: str, source: str = "") -> pl.DataFrame:
    """Give the observed row of one dossier. Raises StoreError."""
    if source and source not in state.terms:
        known = f"Known: {', '.join(sorted(state.terms))}."
        raise StoreError(f"--source {source}", f"there is no such source.{nearest(source, state.terms)}", known)
    known_by = (pl.col("code") == code) | (pl.col("other_code") == code)
    months = [snapshot.read(store, state, "observed", [month]).filter(known_by) for month in state.parts]
    found = pl.concat(pl.collect_all(months), how="diagonal")  # parts may differ in the order of their columns
    here = found.filter(pl.col("source") == source) if source else found
    own = here.filter(pl.col("code") == code)
    mine = here.filter((pl.col("code") == code) | ~pl.col("source").is_in(own["source"].unique().implode()))
    if mine.height == 1:
        return mine
    raise _none(snapshot.facts(store, state), code, source, found) if mine.is_empty() else _several(code, mine)


def _several(code: str, found: pl.DataFrame) -> StoreError:
    names = found["source"].unique().sort().to_list()
    if len(names) > 1:
        told = " and ".join(f'"{name}"' for name in names)
        return StoreError(f"dossier {code}", f"it stands in the sources {told}.", f"Decide with --source {names[0]}.")
    codes = ", ".join(found["code"].sort().to_list())
    return StoreError(f"dossier {code}", f"{found.height} dossiers have it as second code.", f"Ask for one: {codes}.")


def _none(every: pl.LazyFrame, code: str, source: str, elsewhere: pl.DataFrame) -> StoreError:
    if not elsewhere.is_empty():
        found = f'source "{source}" has no such dossier, but "{elsewhere["source"][0]}" has.'
        return StoreError(f"dossier {code}", found, "Name that source, or none.")
    step = "Check the code; dunghan quarantine lists rows that were refused."
    return StoreError(f"dossier {code}", f"no source has it.{nearest(code, _alike(every, code))}", step)


def _alike(every: pl.LazyFrame, code: str) -> list[str]:
    """Give codes that begin or end like ``code``: comparing with every one of a province would take minutes."""
    part = max(4, len(code) // 2)
    codes = pl.concat([every.select("code"), every.select(code=pl.col("other_code")).drop_nulls()])
    like = pl.col("code").str.starts_with(code[:part]) | pl.col("code").str.ends_with(code[-part:])
    close = pl.col("code").str.len_chars().is_between(len(code) - 3, len(code) + 3)
    found: list[str] = codes.filter(like & close).unique().sort("code").head(COMPARED).collect()["code"].to_list()
    return found


def as_json(told: Explanation, data_version: str) -> dict[str, Any]:
    """Give the explanation with the keys of docs/explain.md; days ISO, times with the offset of the source's zone."""
    plain = asdict(told)
    ours, law, note = (plain.pop(name) for name in ("expectation", "law", "law_note"))
    ahead = {name: plain.pop(name) for name in ("ahead_first", "ahead")}
    plain |= {
        "data_version": data_version,
        "expected": ours
        and _expected(ours) | {"days": _days(told.expectation.days if told.expectation else ())} | ahead,
        "rules": {"id": law.id, "basis": law.basis, "note": note or None},
        "suspensions": plain.pop("halts"),
        "days": _days(told.days),
    }
    if told.acceptance:
        plain["acceptance"] |= {"days": _days(told.acceptance.days)}
    written: dict[str, Any] = _written(plain, ZoneInfo(told.terms.zone))
    return written


def _expected(ours: dict[str, Any]) -> dict[str, Any]:
    """Put the limit and the line that gives it beside the due day."""
    line, limit = ours["allowed"], ours["limit"]
    names = ("statutory", "committed", "cutoff", "on_return", "basis", "place")
    told = {name: line[name] or None for name in names}
    days = {name: ours[name] for name in ("due_first_on", "due_on", "due_at")}
    return {"limit": f"{limit['size']}{limit['unit']}"} | told | days


def _days(days: tuple[Day, ...]) -> list[dict[str, Any]]:
    return [
        {"day": day.on, "counted": day.counted} | {n: v for n, v in asdict(day).items() if n != "on"} for day in days
    ]


def _written(value: Any, zone: ZoneInfo) -> Any:
    match value:
        case dict():
            return {name: _written(one, zone) for name, one in value.items()}
        case list() | tuple():
            return [_written(one, zone) for one in value]
        case datetime():
            return value.replace(tzinfo=zone).isoformat()
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Enum():
            return value.value
    return value
