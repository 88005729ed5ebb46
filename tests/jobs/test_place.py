"""Where a run lives: free ports, and one run at a time in a folder."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.errors import ConfigError, StoreError
from jobs import place
from jobs.place import Place, alone_in, choose_place, still_there


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def test_a_busy_first_port_gives_another(busy_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_PORT", raising=False)
    monkeypatch.setattr(place, "FIRST_PORT", busy_port)
    chosen = choose_place(home=tmp_path, store="sqlite://")
    assert chosen.port not in (busy_port, chosen.demo_port)
    assert chosen.url == f"http://localhost:{chosen.port}"


def test_a_free_port_is_taken_as_asked(busy_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = int(other.getsockname()[1])
    monkeypatch.setenv("DUNGHAN_PORT", str(free))
    assert choose_place(home=tmp_path, store="sqlite://").port == free


def test_a_busy_port_that_was_asked_for_is_an_error(
    busy_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNGHAN_PORT", str(busy_port))
    with pytest.raises(ConfigError, match=f"port {busy_port} is busy"):
        choose_place(home=tmp_path, store="sqlite://")


def test_a_port_that_is_no_number_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_PORT", "web")
    with pytest.raises(ConfigError, match='"web" is no port'):
        choose_place(home=tmp_path, store="sqlite://")


def test_a_second_run_in_the_same_folder_names_the_first(tmp_path: Path) -> None:
    first = Place(home=tmp_path, store="sqlite://", port=8501, demo_port=9000)
    with (
        alone_in(first),
        pytest.raises(StoreError, match="already runs here, on http://localhost:8501"),
        alone_in(first),
    ):
        pytest.fail("two runs in one folder")


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for port in (8501, 8502):
        with alone_in(Place(home=tmp_path, store="sqlite://", port=port, demo_port=9000)):
            pass


def test_a_folder_deleted_under_a_run_is_noticed(tmp_path: Path) -> None:
    home = tmp_path / "var"
    home.mkdir()
    place = Place(home=home, store="sqlite://", port=8501, demo_port=9000)
    with alone_in(place):
        still_there(place)
        shutil.rmtree(home)
        with pytest.raises(StoreError, match="deleted while Đúng Hạn was running"):
            still_there(place)
