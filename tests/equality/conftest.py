"""The province that questions are asked of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.database import Store
from tests.equality import province
from tests.equality.papers import Json
from tests.fresh import Databases


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The province, which the dashboard reads until the last test of a module."""
    folder = tmp_path_factory.mktemp("bang")
    with province.opened(folder, databases.migrated(folder)) as store:
        yield store


@pytest.fixture(scope="module")
def json(everything: Store) -> Json:
    """Its JSON."""
    return Json(everything)
