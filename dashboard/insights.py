"""What pages read of the analyses of the night: one table by its name, within scope; kept by the file it is in."""

from __future__ import annotations

import polars as pl

from dashboard import cached, data, still
from dashboard import speaking as st
from dashboard.answers import nights
from dashboard.components import state
from dashboard.keys import HASH
from metrics.scope import Scope
from store import insight
from store.insight import Made


def made() -> Made | None:
    """Give what was made last, None before the first night; asked once for a page."""
    return still.once("insight", lambda: insight.read_made(data.store()))


def head(analysis: str) -> bool:
    """Say of which evening the results of ``analysis`` (a name of jobs.insights.MAKERS) are; False, and said, when
    nothing was made yet."""
    found = made()
    if found is None:
        state("empty", *nights.NONE)
        return False
    st.caption(nights.said(found, analysis))
    return True


def table(name: str, scope: Scope) -> pl.DataFrame | None:
    """Give the rows of one table that ``scope`` reaches (by its column ``department``); None where none was made."""
    found = made()
    file = found.tables.get(name) if found else None
    return _table(name, file, scope) if file else None


@cached.resource(max_entries=64, hash_funcs=HASH)
def _table(name: str, file: str, scope: Scope) -> pl.DataFrame | None:
    whole = _whole(name, file)
    return None if whole is None else whole.filter(scope.expr())


@cached.resource(max_entries=16)
def _whole(name: str, file: str) -> pl.DataFrame | None:
    """Read a table; whoever asks of it needs a scope. None: its file went while this page was drawn."""
    found = insight.read_made(data.store())
    rows = insight.table(data.store(), found, name) if found and found.tables.get(name) == file else None
    return None if rows is None else rows.collect()
