"""Every reader on every road (tests/access/matrix.py), with the store in a file."""

from __future__ import annotations

import pytest

from tests.access import matrix
from tests.access.conftest import Browser
from tests.access.planted import READERS
from tests.access.roads import Road


@pytest.fixture(scope="module")
def engine() -> str:
    return "sqlite"


@pytest.mark.parametrize(("road", "reader"), matrix.cells(READERS))
def test_a_reader_sees_the_own_units_and_no_other(browser: Browser, road: Road, reader: str) -> None:
    matrix.sees_the_own_units_and_no_other(browser, road, reader)


@pytest.mark.parametrize("group", matrix.GROUPS)
def test_a_dossier_that_moved_on_counts_with_whom_it_was_and_tells_of_its_present_to_whom_it_is_with(
    browser: Browser, group: str
) -> None:
    matrix.a_dossier_that_moved_on_counts_with_whom_it_was(browser, group)


def test_only_the_province_sees_what_was_refused(browser: Browser) -> None:
    matrix.only_the_province_sees_what_was_refused(browser)
