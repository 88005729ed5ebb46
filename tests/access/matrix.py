"""Every reader on every road: nobody sees what is not theirs, and on each road those who may do see it.

The director walks each road first, to the same address, so that the caches are warm with the whole province when a
head comes after; and once more after a head, so that nothing of a head's is kept for the director. One world serves all
cells of a module; each database has a module of its own, which another worker may take.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pytest

from dashboard import shapes
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.planted import MOVED, READERS, REFUSED
from tests.access.roads import ROADS, Road

LAST: Final = "giamdoc, again"
GROUPS: Final = ("dang-giai-quyet", "trong-han", "da-nhan-13-tuan")


def cells(readers: Iterable[str]) -> list[object]:
    """Give each of ``readers``, and the director once more, on every road: (road, reader)."""
    walked = (*readers, LAST)
    return [pytest.param(road, reader, id=f"{road.name}-{reader}") for road in ROADS for reader in walked]


def sees_the_own_units_and_no_other(browser: Browser, road: Road, reader: str) -> None:
    name = reader.partition(",")[0]
    _, own, _, may = READERS[name]
    for unit in asked_for(road, may):
        browser.visit("cygnus" if reader == LAST else "giamdoc", road.page, road.address(unit))
        content = browser.visit(name, road.page, road.address(unit), files=road.files, again=reader == LAST)
        seen = planted.seen_in(content)
        assert seen <= may, f"{sorted(seen - may)} seen"
        assert own is None or REFUSED.encode() not in content
        if name in road.whom:
            own_seen = seen & {unit} if road.aimed else seen
            most = len({unit} & may) if road.aimed else len(may)
            assert len(own_seen) >= min(road.shows, most), f"only {sorted(own_seen)} seen: no control of this road"


def asked_for(road: Road, may: frozenset[str]) -> list[str]:
    """Give the units to ask for: one that is the reader's, and one that is not, where there is one."""
    if not road.aimed:
        return [planted.UNITS[0]]
    others = [unit for unit in planted.UNITS if unit not in may]
    return [min(may), *others[:1]]


def a_dossier_that_moved_on_counts_with_whom_it_was(browser: Browser, group: str) -> None:
    query = {"nhom": group, "ban_do": "khi-do", "ky": "2026-W46"}
    for reader, told in (("cygnus", {"Cygnus"}), ("giamdoc", set(planted.UNITS))):
        for files in (False, True):
            content = browser.visit(reader, shapes.WORKLIST, query, files=files)
            assert MOVED.encode() in content, "a list is as long as its figure"
            assert planted.seen_in(content) == told
    today = query | {"ban_do": ""}
    assert MOVED.encode() not in browser.visit("cygnus", shapes.WORKLIST, today)
    assert MOVED.encode() not in browser.visit("aquila", shapes.WORKLIST, query)


def only_the_province_sees_what_was_refused(browser: Browser) -> None:
    assert REFUSED.encode() in browser.visit("vanhanh", shapes.SOURCES)
    assert REFUSED.encode() not in browser.visit("aquila", shapes.SOURCES)
