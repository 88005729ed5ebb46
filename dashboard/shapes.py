"""What components show: frozen values, ready to be drawn. Words are Markdown; texts from sources come escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from dashboard.template import Spec

OVERVIEW: Final = "pages/overview.py"
WORKLIST: Final = "pages/worklist.py"
DOSSIER: Final = "pages/dossier.py"
SOURCES: Final = "pages/sources.py"
WEEKLY: Final = "pages/weekly.py"
HANDBOOK: Final = "pages/handbook.py"
UPLOAD: Final = "pages/upload.py"
RECONCILE: Final = "pages/reconcile.py"
UNITS: Final = "pages/units.py"
PROCEDURES: Final = "pages/procedures.py"
DEPARTMENTS: Final = "pages/departments.py"
FIELDS: Final = "pages/fields.py"
FORM: Final = "pages/form.py"
QUALITY: Final = "pages/quality.py"
WALL: Final = "pages/wall.py"
ADMIN: Final = "pages/admin.py"
ALERTS: Final = "pages/alerts.py"
DESK: Final = "pages/desk.py"
OFFICERS: Final = "pages/officers.py"
REVIEW: Final = "pages/review.py"
INDEX766: Final = "pages/index766.py"
WHY: Final = "pages/why.py"
STEPS: Final = "pages/steps.py"
FORECAST: Final = "pages/forecast.py"

Tone = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]
Verdict = Literal["good", "bad", "usual", "unknown"]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another view: the page, what is chosen there, and what it is called."""

    label: str
    query: Mapping[str, str]
    page: str = WORKLIST


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the first row: value, parts, change, whether the change means anything, and its lists."""

    key: str
    title: str
    value: str
    meaning: str  # definition, legal basis: behind the question mark
    parts: str  # "**12.408** / 12.731 hồ sơ đến ngày hẹn"
    verdict: Verdict
    change: str | None = None  # "+0,4 điểm"
    against: str | None = None  # "so với tuần 46"
    trend: Sequence[float | None] = ()
    figure: Spec | None = None  # above the trend
    target: float | None = None  # drawn in the trend
    notes: str = ""
    links: Sequence[Link] = ()
    why: str = ""  # which rule of signal spoke: "7 tuần liền dưới mức thường"
    explained: Link | None = None  # to what its change is made of


@dataclass(frozen=True, slots=True)
class Alarm:
    """One sentence of the first block: who, what, since when; and the list behind it."""

    sign: Literal["overdue", "due_soon", "data"]
    text: str
    to: Link


@dataclass(frozen=True, slots=True)
class Due:
    """One field of the due-soon board."""

    sign: str
    name: str
    count: int
    note: str
    tone: Tone
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lined:
    """A table of texts, ready; each line opens the lists behind its numbers. ``names``: where cells cut them.

    ``values``: the same to take away, names in full, numbers as numbers and days as days.
    """

    lines: pl.DataFrame
    links: Sequence[Sequence[Link]]
    values: pl.DataFrame
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the data are and which sources are late. ``stale``: nothing living was heard for long; in words."""

    text: str
    late: Sequence[str] = ()
    state: Literal["complete", "files", "filling", "none"] = "complete"
    stale: tuple[str, str] | None = None
