"""What a sync says where no bar can be drawn: that a source begins, how far it is, what is tried again, its end."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from rich.console import Console
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks
from werkzeug import Response

from config.errors import SourceError
from connectors import rest, retries
from jobs.sync import sync_all
from jobs.sync_screen import EVERY_ROWS, EVERY_SECONDS, Lines, progress
from store.database import Store


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    before = get_on_retry_hooks()
    yield
    set_on_retry_hooks(before)


def console() -> tuple[Console, io.StringIO]:
    said = io.StringIO()
    return Console(file=said, width=40), said


def test_off_a_terminal_a_line_says_that_a_source_begins() -> None:
    shown, said = console()
    with progress(shown, "exchange", "Trục [liên thông]") as tell:
        tell(100, 200)
    assert said.getvalue() == "exchange: reading Trục [liên thông]\n", "100 rows at once are nothing to tell"


def test_progress_is_told_every_so_many_rows_or_seconds_and_no_oftener() -> None:
    shown, said = console()
    now = [0.0]
    tell = Lines(shown, "x", clock=lambda: now[0])
    for read in range(1000, 2 * EVERY_ROWS + 1, 1000):
        tell(read, 90_000)
    assert said.getvalue() == "  x: 20,000 of 90,000 rows read\n  x: 40,000 of 90,000 rows read\n"
    now[0] = EVERY_SECONDS
    tell(40_200, 0)
    assert said.getvalue().endswith("  x: 40,200 rows read\n")


def test_a_retry_is_one_plain_sentence(httpserver: HTTPServer) -> None:
    answers = iter([Response(status=503), Response(status=503)])
    httpserver.expect_request("/list").respond_with_handler(lambda _: next(answers, Response("{}")))
    told: list[str] = []
    retries.tell(told.append)
    with rest.connect(httpserver.url_for(""), place='source "exchange"', attempts=5) as wire:
        assert rest.get(wire, "/list", {"key": "secret"}).body == b"{}"
    assert [t.replace("in 2 s", "in 1 s") for t in told] == [
        "exchange: the server answered 503, trying again in 1 s (2 of 5)",
        "exchange: the server answered 503, trying again in 1 s (3 of 5)",
    ]


def test_a_server_that_is_away_is_said_so_while_it_is_tried() -> None:
    told: list[str] = []
    retries.tell(told.append)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        with rest.connect(address, place='source "x"', attempts=2) as wire, pytest.raises(SourceError):
            rest.get(wire, "/list")
    assert told == ["x: the server cannot be reached, trying again in 1 s (2 of 2)"]


@pytest.mark.parametrize("quiet", [False, True])
def test_a_failing_source_is_said_once_and_quiet_leaves_only_that(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, quiet: bool
) -> None:
    (tmp_path / "hop").mkdir()
    (tmp_path / "x.toml").write_text('source = "x"\n[columns]\ncode = "ma"\nreceived_at = "nhan"\n', encoding="utf-8")
    told = '[[source]]\nname = "{}"\nkind = "folder"\nmapping = "x.toml"\n[source.folder]\npath = "{}"\n'
    text = told.format("good", "hop") + told.format("gone", "khong-co")
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    shown, said = console()
    assert sync_all(store, console=shown, quiet=quiet) == ("gone",)
    first = said.getvalue().splitlines()
    [failed] = [line for line in first if line.startswith("✗")]
    assert failed.startswith(f'✗ sources.toml, source "gone": there is no folder {tmp_path / "khong-co"}. Create it')
    assert ("good: reading" in first) is not quiet
    assert any(line.startswith("✓ good: 0 read") for line in first) is not quiet
    assert "sync_failed" not in capsys.readouterr().out, "the log's own line is not for a terminal"
