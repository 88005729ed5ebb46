"""One small province, laid out once for all tests of the benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.layout import lay_out
from benchmarks.province import Province

PROVINCE = Province(rows=20_000, months=4)


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a province of 20,000 dossiers in four months, as every engine reads it."""
    folder = tmp_path_factory.mktemp("bench")
    lay_out(PROVINCE, folder)
    return folder
