"""Every reader on every road: nobody sees what is not theirs, and on each road those who may do see it.

The director walks each road first, so that the caches are warm with the whole province when a head comes after; and
once more at the end, so that nothing of a head's is kept for the director.
"""

from __future__ import annotations

import pytest

from dashboard import shapes
from tests.access import planted
from tests.access.conftest import Browser
from tests.access.planted import MOVED, READERS, REFUSED
from tests.access.roads import ROADS, Road

LAST = "giamdoc, again"
#: On PostgreSQL the database parts scopes, not roles: one reader of each scope, and the director once more.
OF_EACH_SCOPE = ("giamdoc", "aquila", "aquila-ca", "cygnus")


def cells() -> list[object]:
    return [
        pytest.param(engine, road, reader, id=f"{engine}-{road.name}-{reader}")
        for engine, readers in (("sqlite", tuple(READERS)), ("postgresql", OF_EACH_SCOPE))
        for road in ROADS
        for reader in (*readers, LAST)
    ]


@pytest.mark.parametrize(("world", "road", "reader"), cells(), indirect=["world"])
def test_a_reader_sees_the_own_units_and_no_other(browser: Browser, road: Road, reader: str) -> None:
    name = reader.partition(",")[0]
    _, own, _, may = READERS[name]
    for unit in asked_for(road, may):
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


@pytest.mark.parametrize("group", ["dang-giai-quyet", "trong-han", "da-nhan-13-tuan"])
def test_a_dossier_that_moved_on_counts_with_whom_it_was_and_tells_of_its_present_to_whom_it_is_with(
    browser: Browser, group: str
) -> None:
    query = {"nhom": group, "ban_do": "khi-do", "ky": "2026-W46"}
    for reader, told in (("cygnus", {"Cygnus"}), ("giamdoc", set(planted.UNITS))):
        for files in (False, True):
            content = browser.visit(reader, shapes.WORKLIST, query, files=files)
            assert MOVED.encode() in content, "a list is as long as its figure"
            assert planted.seen_in(content) == told
    today = query | {"ban_do": ""}
    assert MOVED.encode() not in browser.visit("cygnus", shapes.WORKLIST, today)
    assert MOVED.encode() not in browser.visit("aquila", shapes.WORKLIST, query)


def test_only_the_province_sees_what_was_refused(browser: Browser) -> None:
    assert REFUSED.encode() in browser.visit("vanhanh", shapes.SOURCES)
    assert REFUSED.encode() not in browser.visit("aquila", shapes.SOURCES)
