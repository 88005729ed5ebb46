"""Readers speak as browsers do, a page whose numbers are wrong is caught, what falls short is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks import readers, readers_told
from benchmarks.dashboard_browser import Server, WrongNumbersError
from benchmarks.readers import Found
from benchmarks.readers_crowd import Measured, Wanted
from benchmarks.readers_house import ours, peer, port_of, proxied, read, signed_in
from benchmarks.readers_layout import Laid, lay_out
from benchmarks.readers_line import Reader
from tests.conftest import do_without

T = TypeVar("T")
ROWS = 20_000


def _apart(work: Callable[[], T]) -> T:
    """Work in a thread of its own: in that of the tests a browser's loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    return lay_out(ROWS, tmp_path_factory.mktemp("readers"), tell=lambda _: None)


@pytest.fixture(scope="module")
def server(laid: Laid) -> Iterator[Server]:
    with ours(laid, 1) as servers:
        yield servers[0]


def test_ours_and_a_plain_page_show_what_was_worked_out(laid: Laid, server: Server) -> None:
    found = Found(ROWS, 1)
    _apart(lambda: readers._beside(laid, server, signed_in(laid, 1)[0], ["kept"], found, lambda _: None))
    assert len(found.fresh) == len(found.again) == found.units > 0
    assert found.peers["kept"]


@pytest.mark.parametrize("way", ["each", "kept"])
def test_a_page_that_shows_another_number_is_caught(laid: Laid, way: str) -> None:
    due, met, late = laid.counts[None] if None in laid.counts else next(iter(laid.counts.values()))  # type: ignore[index]
    name = next(name for name, told in laid.counts.items() if told == (due, met, late))
    wrong = replace(laid, counts=laid.counts | {name: (due, met, late + 1)})
    with peer(laid, way, str(laid.table)) as page, pytest.raises(WrongNumbersError, match="is right"):
        _apart(lambda: asyncio.run(readers._timed(wrong, port_of(page), "", [], [])))


def test_readers_behind_a_proxy_choose_and_go_on_without_an_error(
    laid: Laid, server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if shutil.which("nginx") is None:
        do_without(request, "nginx is not installed (Debian: nginx-light)")
    with proxied([server], readers._free(), tmp_path / "proxy") as port:
        told = read(Wanted(port, signed_in(laid, 4), 8.0, 0.5))
    assert told.wrong == {}
    assert told.change
    assert told.open


def test_a_second_reader_is_told_what_the_first_one_was(laid: Laid, server: Server) -> None:
    async def asked(token: str) -> list[list[str]]:
        reader, seen = Reader(port_of(server), token), []
        await reader.open()
        for unit in readers._largest(laid)[:2]:
            seen.append((await reader.choose("Đơn vị", unit)).words)
        await reader.leave()
        return seen

    first, second = (_apart(partial(asyncio.run, asked(token))) for token in signed_in(laid, 2))
    assert first == second
    assert first[0] != first[1]


def test_a_figure_that_falls_short_is_told() -> None:
    quick = Measured(change=[0.1] * 20, seconds=10.0)
    found = Found(ROWS, 2, fresh=[0.05], again=[0.04], peers={"kept": [0.2]}, full=quick, memory=(0.5, 300.0))
    found.crowds = {100: replace(quick, change=[0.1] * 90 + [0.7] * 10), 200: replace(quick, wrong={"broken": 1})}
    missed = {line.what for line in readers_told.judged(found) if not line.there}
    assert missed == {
        "100 readers: p95 of a change", "200 readers: p95 of a change", "drawings a second of one process",
        "a pandas frame kept for all, × ours",
    }  # fmt: skip
    assert "**not yet**" in readers_told.chapter(found, ["--rows", "20000"], "2026-11-23", "a machine")
