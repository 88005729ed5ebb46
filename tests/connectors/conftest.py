"""A folder to watch, for every test that puts files into one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors import watched


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return watched.made(tmp_path)
