"""The buttons that take a list away, as a workbook and as CSV; whoever does is logged with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import polars as pl

from config import catalogue
from dashboard import filters, frame, kept, offering, ready
from dashboard import speaking as st
from dashboard.answers import taken as words
from dashboard.data import Ask
from dashboard.wording import number
from metrics.scope import Period, Scope
from reports import taken
from reports.taken import About, Ending
from store.people import Person

_ENDINGS: Final[tuple[Ending, ...]] = ("xlsx", "csv")


def files(make: Callable[[Ending], bytes], name: str, *, key: str) -> None:
    """Offer a list as a workbook and as CSV; a file is made when it is asked for. ``name``: of the files, and day."""
    day = filters.today()
    with st.container(horizontal=True, width="content", gap="small"):
        for ending in _ENDINGS:
            file = taken.file_name(name, day, ending)
            offering.button(ending, partial(make, ending), file, key=f"{key}_{ending}")


def maker(rows: pl.DataFrame, about: About, who: Person, name: str) -> Callable[[Ending], bytes]:
    """Give what makes the file of ``rows``; without an entry in the audit log there is none."""
    return kept.taken(partial(taken.make, rows, about), who, name, f"{number(rows.height)} dòng, {about.data_version}")


def figures(ask: Ask, rows: pl.DataFrame, name: str, days: Period | None = None) -> None:
    """Offer a table of figures (``name``: of answers.taken.FIGURES), numbers as numbers; nothing where it is empty.
    ``days``: what it is told for, None for what stands on the choice's day."""
    if rows.height:
        ready.live(partial(_figures, ask, rows, name, days))


def _figures(ask: Ask, rows: pl.DataFrame, name: str, days: Period | None) -> None:
    about = words.of_figures(ask, name, days, catalogue.load(), filters.now())
    files(maker(rows, about, frame.person(), name), name, key=f"tai_{name}")


def table(
    rows: pl.DataFrame, title: str, means: str, who: Person, *, name: str, scope: Scope, version: str = ""
) -> None:  # fmt: skip
    """Offer a table of texts as it is shown; nothing where it is empty. ``means``: what its lines are."""
    if rows.height:
        about = words.of(title, means, (), scope, version, filters.now())
        files(maker(rows, about, who, name), name, key=f"tai_{name}")


def of_choice(ask: Ask, rows: pl.DataFrame, title: str, means: str, *, name: str) -> None:
    """Offer a table of texts of the chosen unit, or of what the reader may see; ``means``: what to know of it."""
    where = ask.choice.department or words.reach(ask.scope) or words.WHOLE
    table(rows, title, f"{where}. {means}", frame.person(), name=name, scope=ask.scope, version=ask.version)
