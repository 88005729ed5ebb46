"""``dunghan urging``: a slip gets its number, a unit answers, the list says what is late; the rest is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
import time_machine

from jobs import cli
from store.database import Store
from tests.store.alerted import at, due, put, readers

Run = Callable[..., tuple[int, str, str]]
ASKED = ("issue", "Sở Xây dựng", "--ask", "Đề nghị giải quyết dứt điểm", "--answer-by", "2026-11-24")


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a morning; gives the exit code, what it prints, and what it says of trouble."""
    readers(store)
    put(store, due("2026-11-10", "A", "B"), at("2026-11-19"))

    def told(day: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", "urging", *words, "--store", store.url])
        with time_machine.travel(at(day), tick=False), pytest.raises(SystemExit) as ended:
            cli.main()
        found = capsys.readouterr()
        return int(ended.value.code or 0), found.out, found.err

    return told


def test_a_slip_is_issued_answered_and_listed(run: Run) -> None:
    urged = run("2026-11-20", *ASKED, "--dossier", "A", "--dossier", "B", "--by", "giamdoc")
    assert urged[:2] == (0, "slip 1/2026 to Sở Xây dựng, 2 dossiers.\n")

    def state(day: str) -> tuple[str, str, list[list[str]]]:
        (slip,) = json.loads(run(day, "list", "--json")[1])
        return slip["number"], slip["state"], slip["dossiers"]

    both = [["mot-cua", "A"], ["mot-cua", "B"]]
    assert state("2026-11-24") == ("1/2026", "waits", both)
    assert state("2026-11-25") == ("1/2026", "late", both)
    assert run("2026-11-25", "answer", "1/2026", "--text", "Đã trả kết quả", "--by", "xaydung")[0] == 0
    assert state("2026-11-25") == ("1/2026", "answered", both)
    assert "Đã trả kết quả" in run("2026-11-25", "list")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ASKED, "--dossier", "A", "--by", "xaydung"), "may not urge"),
        ((*ASKED, "--dossier", "NOBODY", "--by", "giamdoc"), "NOBODY"),
        ((*ASKED, "--dossier", "A", "--by", "nobody"), "nobody"),
        (("answer", "first", "--text", "x", "--by", "xaydung"), "no number of a slip"),
        (("answer", "9/2026", "--text", "x", "--by", "xaydung"), "there is none"),
    ],
)
def test_what_may_not_be_is_said_in_words(run: Run, words: tuple[str, ...], said: str) -> None:
    code, _, trouble = run("2026-11-20", *words)
    assert (code, said in trouble, "Traceback" in trouble) == (3, True, False)
