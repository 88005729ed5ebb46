"""An empty store to copy: making its tables takes longer than filling it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh import Databases
from tests.known.histories import Empty


@pytest.fixture(scope="session")
def empty(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empty]:
    url = databases.migrated(tmp_path_factory.mktemp("empty"), "empty")
    yield Empty(databases, url)
    databases.drop(url)


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one store after the other."""
    return tmp_path_factory.mktemp("replay") / "store"
