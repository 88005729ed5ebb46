"""What people recorded, and the log of who looked and took away, for the pages: asked of the store, never cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec

import polars as pl
import streamlit as st

from config.errors import StoreError
from dashboard import components, data, filters, ready
from metrics.scope import Scope
from store import audit, recorded, records, urgings
from store.people import Person
from store.records import Entry

_SEEN = "_da_xem"
P = ParamSpec("P")


def of_dossier(row: dict[str, Any], scope: Scope) -> pl.DataFrame:
    """Give everything recorded of a dossier, newest first: store.recorded.COLUMNS."""
    return recorded.of_dossier(data.store(), str(row["source"]), row["code"], scope)


def urged(row: dict[str, Any], scope: Scope) -> pl.DataFrame:
    """Give the urging slips that name a dossier, oldest first: store.urgings.of_dossier."""
    return urgings.of_dossier(data.store(), str(row["source"]), row["code"], scope)


def beside_all(lists: Mapping[str, pl.DataFrame], scope: Scope) -> dict[str, pl.DataFrame]:
    """Add to lists of dossiers within scope what was last recorded of each: store.recorded.LAST."""
    last = recorded.last(data.store(), scope)
    return {name: recorded.beside(rows, last) for name, rows in lists.items()}


def record(row: dict[str, Any], entry: Entry, by: Person) -> None:
    """Keep an entry. Raises RecordError for one that a rule refuses, StoreError when the database does."""
    place = str(row["source"]), row["code"]
    records.record(data.store(), *place, entry, by=by, at=filters.now(), calendar=data.calendar())


def viewed(row: dict[str, Any] | None, who: Person) -> dict[str, Any] | None:
    """Log that somebody looks at a dossier, on its page or beside a list, and give it; once in a session, however often
    it is drawn."""
    what = f"{row['source']} {row['code']}" if row else ""
    ready.spoil()
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if what and what not in seen:
        try:
            audit.keep(data.store(), person=who.name, act="view_dossier", at=filters.now(), what=what)
            seen.add(what)
        except StoreError as error:  # whoever works goes on; that the log is broken is said and logged
            components.show_error(error)
    return row


def taken(file: Callable[P, bytes], who: Person, what: str, detail: str) -> Callable[P, bytes]:
    """Give ``file`` so that whoever takes it away is logged with it; without the log there is no file."""
    ready.spoil()  # what is drawn with it is of this reader alone

    def logged(*form: P.args, **more: P.kwargs) -> bytes:
        made = file(*form, **more)
        audit.keep(data.store(), person=who.name, act="export", at=filters.now(), what=what, detail=detail)
        return made

    return logged
