"""Every reader on every road (tests/access/matrix.py), with the database guarding its rows too."""

from __future__ import annotations

import pytest

from tests.access import matrix
from tests.access.conftest import Browser
from tests.access.roads import Road

#: The database parts scopes, not roles: one reader of each scope.
OF_EACH_SCOPE = ("giamdoc", "aquila", "aquila-ca", "cygnus")


@pytest.fixture(scope="module")
def engine() -> str:
    return "postgresql"


@pytest.mark.parametrize(("road", "reader"), matrix.cells(OF_EACH_SCOPE))
def test_a_reader_sees_the_own_units_and_no_other(browser: Browser, road: Road, reader: str) -> None:
    matrix.sees_the_own_units_and_no_other(browser, road, reader)


@pytest.mark.parametrize("group", matrix.GROUPS)
def test_a_dossier_that_moved_on_counts_with_whom_it_was_and_tells_of_its_present_to_whom_it_is_with(
    browser: Browser, group: str
) -> None:
    matrix.a_dossier_that_moved_on_counts_with_whom_it_was(browser, group)


def test_only_the_province_sees_what_was_refused(browser: Browser) -> None:
    matrix.only_the_province_sees_what_was_refused(browser)
