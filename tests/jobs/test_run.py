"""``make run`` for real: the whole product starts, says where it is, shows figures, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT
from tests.jobs.test_processes import eventually

ADDRESS = re.compile(r"^Đúng Hạn: http://localhost:(\d+)$", re.MULTILINE)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The product in a folder of its own, on a port of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DUNGHAN_")}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs.run"],
            cwd=ROOT,
            env=environment | {"DUNGHAN_HOME": str(tmp_path / "var")},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        yield process
    if process.poll() is None:
        process.terminate()
        process.wait(20)


def said(tmp_path: Path) -> str:
    return (tmp_path / "said").read_text(encoding="utf-8")


def belonging_to(home: Path) -> list[str]:
    """The command lines of all processes that were told to live in ``home``."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"DUNGHAN_HOME={home}".encode() in environment.read_bytes():
                found.append((environment.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it ended, or is not ours
            continue
    return found


def shows_figures(port: str) -> bool:
    """Whether the page's figures were made from dossiers; those of an empty store have a version too."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        version = json.load(answer)["data_version"]
    return version is not None and not version.startswith("empty")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc which processes are left")
def test_the_product_starts_shows_figures_and_leaves_nothing_behind(
    product: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert eventually(lambda: bool(ADDRESS.search(said(tmp_path))) or product.poll() is not None, seconds=90), said(
        tmp_path
    )
    addresses = ADDRESS.findall(said(tmp_path))
    assert len(addresses) == 1, said(tmp_path)
    assert eventually(lambda: shows_figures(addresses[0]), seconds=120), said(tmp_path)
    assert len(belonging_to(tmp_path / "var")) >= 4  # itself, the demo, the worker, the dashboard

    _assert_a_second_run_is_refused(tmp_path)
    _assert_it_stops(product, tmp_path)


def _assert_a_second_run_is_refused(tmp_path: Path) -> None:
    environment = os.environ | {"DUNGHAN_HOME": str(tmp_path / "var")}
    second = subprocess.run(
        [sys.executable, "-m", "jobs.run"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "already runs here" in second.stderr
    assert "Traceback" not in second.stderr


def _assert_it_stops(product: subprocess.Popen[bytes], tmp_path: Path) -> None:
    began = time.monotonic()
    product.send_signal(signal.SIGTERM)
    assert product.wait(20) == 0, said(tmp_path)
    assert time.monotonic() - began < 10
    assert eventually(lambda: belonging_to(tmp_path / "var") == [])
    assert "Traceback" not in said(tmp_path)
