"""The roads to a dossier through the pages: one line each. Every road has readers who do see the planted mark on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dashboard import shapes
from tests.access.planted import EVERYBODY, ONE_STOP, READERS, code

ALL: Final = frozenset(READERS)
#: Who answers for the work of officers; whoever only looks sees none of it.
WORKS: Final = frozenset(name for name, (role, *_) in READERS.items() if role in ("director", "operator", "head"))
#: Who sees what is to be checked.
CHECKS: Final = frozenset(
    name for name, (role, *_) in READERS.items() if role in ("director", "operator", "auditor", "head")
)
PROVINCE: Final = frozenset(name for name, (_, _, _, may) in READERS.items() if may == EVERYBODY)


@dataclass(frozen=True, slots=True)
class Road:
    """A page with what stands in its address. ``{unit}`` and ``{code}``: those of the unit that is asked for, which may
    be out of scope; a road without them is about all units. ``whom``: the readers who get something to see on it;
    ``shows``: of how many units at least something stands there, 0 where there are only counts; ``files``: what the
    page offers is taken away and looked into instead."""

    name: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    whom: frozenset[str] = ALL
    shows: int = len(EVERYBODY)
    files: bool = False

    @property
    def aimed(self) -> bool:
        return any("{" in value for value in self.query.values())

    def address(self, unit: str) -> dict[str, str]:
        # Words typed into the search come back in its box, so they are not those that are looked for.
        names = {"unit": f"Sở {unit}", "code": code(unit), "field": f"Lĩnh vực {unit}", "words": f"7q01 {unit.lower()}"}
        return {name: value.format(**names) for name, value in self.query.items()}


_LATE: Final = {"nhom": "qua-han"}
_LINK: Final = _LATE | {"don_vi": "{unit}", "linh_vuc": "{field}", "kenh": "counter", "tuoi": "1–3"}
_THEN: Final = {"nhom": "dang-giai-quyet", "ban_do": "khi-do", "ky": "2026-W46"}  # before planted.MOVED moved
_BOTH: Final = {"nguon_a": "mot-cua", "nguon_b": "cong"}
_FORM: Final = {"theo": "department"}
_MARK: Final = {"dau_hieu": "xong-roi-mo-lai"}
ROADS: Final = (
    Road("overview", shapes.OVERVIEW),
    Road("overview, unit guessed", shapes.OVERVIEW, {"don_vi": "{unit}"}, shows=0),
    Road("work list", shapes.WORKLIST, _LATE),
    Road("work list, taken away", shapes.WORKLIST, _LATE, files=True),
    Road("work list, unit guessed", shapes.WORKLIST, _LATE | {"don_vi": "{unit}"}),
    Road("work list, search", shapes.WORKLIST, _LATE | {"tim": "{words}"}),
    Road("work list, all that fell due", shapes.WORKLIST, {"nhom": "tre-hen-4-tuan"}),
    Road("work list, link of a mail", shapes.WORKLIST, _LINK),
    Road("work list, as the map was", shapes.WORKLIST, _LATE | {"don_vi": "{unit}", "ban_do": "khi-do"}),
    Road("work list of a past week, as the map was", shapes.WORKLIST, _THEN),
    Road("work list of a past week, as the map was, taken away", shapes.WORKLIST, _THEN, files=True),
    Road("dossier guessed", shapes.DOSSIER, {"nguon": ONE_STOP.name, "ma": "{code}"}),
    Road("dossier guessed in another source", shapes.DOSSIER, {"nguon": "cong", "ma": "{code}"}, shows=0),
    Road("departments", shapes.DEPARTMENTS),
    Road("departments, unit guessed", shapes.DEPARTMENTS, {"don_vi": "{unit}"}),
    Road("fields", shapes.FIELDS),
    Road("fields, unit guessed", shapes.FIELDS, {"don_vi": "{unit}"}),
    Road("quality", shapes.QUALITY),
    Road("why", shapes.WHY),
    Road("why, taken away", shapes.WHY, {"chi_so": "pending_overdue", "ky": "2026-W47"}, files=True),
    Road("why, unit guessed", shapes.WHY, {"don_vi": "{unit}"}),
    Road("steps", shapes.STEPS, {"theo": "noi"}),
    Road("steps, unit guessed", shapes.STEPS, {"don_vi": "{unit}"}),
    Road("steps, taken away", shapes.STEPS, files=True),
    Road("steps, list of who has it", shapes.WORKLIST, {"nhom": "o-don-vi", "don_vi": "{unit}"}),
    Road("forecast", shapes.FORECAST),
    Road("forecast, taken away", shapes.FORECAST, files=True),
    Road("forecast, unit guessed", shapes.FORECAST, {"don_vi": "{unit}"}),
    Road("form II.06", shapes.FORM, _FORM),
    Road("form II.06, taken away", shapes.FORM, _FORM, files=True),
    Road("form II.06, unit guessed", shapes.FORM, _FORM | {"don_vi": "{unit}"}),
    Road("index 766", shapes.INDEX766),
    Road("index 766, taken away", shapes.INDEX766, files=True),
    Road("index 766, unit guessed", shapes.INDEX766, {"don_vi": "{unit}"}, shows=0),
    Road("weekly report", shapes.WEEKLY, shows=3),  # the longest overdue alone
    Road("weekly report, taken away", shapes.WEEKLY, files=True),
    Road("handbook", shapes.HANDBOOK, shows=0),
    Road("alerts", shapes.ALERTS),
    Road("alerts of one rule", shapes.ALERTS, {"nhom": "qua-han"}),
    Road("apologies and urging", shapes.DESK),
    Road("apologies and urging, taken away", shapes.DESK, files=True, shows=1),  # the paper of one slip
    Road("officers", shapes.OFFICERS, whom=WORKS),
    Road("officers, taken away", shapes.OFFICERS, files=True, whom=WORKS),
    Road("officers, unit guessed", shapes.OFFICERS, {"don_vi": "{unit}"}, whom=WORKS),
    Road("software", shapes.OFFICERS, {"nhom": "phan-mem"}, shows=0),
    Road("marks", shapes.REVIEW, _MARK, whom=CHECKS),
    Road("marks, taken away", shapes.REVIEW, _MARK, files=True, whom=CHECKS),
    Road("marks, unit guessed", shapes.REVIEW, _MARK | {"don_vi": "{unit}"}, whom=CHECKS),
    Road("sources", shapes.SOURCES, shows=0),
    Road("reconciliation", shapes.RECONCILE, _BOTH),
    Road("reconciliation, taken away", shapes.RECONCILE, _BOTH, files=True),
    Road("units and procedures", shapes.UNITS),
    Road("register of procedures", shapes.PROCEDURES, shows=0),
    Road("administration", shapes.ADMIN, shows=0, whom=PROVINCE),
    Road("wall", shapes.WALL),
)
