"""An empty store to copy: making its tables takes longer than filling it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import open_store


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.engine.dispose()
    return file
