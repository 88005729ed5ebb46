"""One cluster, and one session in it, for all tests of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.conftest import do_without
from tests.spark.cluster import Cluster, cluster, missing


@pytest.fixture(scope="module")
def at_spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and two workers."""
    if lacks := missing():
        do_without(request, lacks)
    with cluster(tmp_path_factory.mktemp("spark")) as told, patch.dict(os.environ, told.environment):
        yield told


@pytest.fixture(scope="module")
def session(at_spark: Cluster) -> Iterator[Any]:
    """A session at that master, opened as a rebuild opens it."""
    from jobs import spark

    with spark.session(at_spark.master) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where parts are laid out, in sight of the workers."""
    return tmp_path_factory.mktemp("parts")
