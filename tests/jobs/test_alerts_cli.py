"""``dunghan alerts``: a preview writes nothing, a list says what stands, who acknowledges is somebody."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
import time_machine

from jobs import cli
from store import alerts
from store.database import Store
from tests.store.alerted import ALL, at, due, look, mails, put, readers, told

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def stood(store: Store) -> Store:
    """A and B were overdue on arrival, C is due on Friday 20/11/2026; the source is heard to Monday."""
    readers(store)
    put(store, due("2026-11-10", "A", "B"), at("2026-11-19", "07:00"))
    put(store, due("2026-11-20", "C"), at("2026-11-19", "07:00"))
    look(store, at("2026-11-19", "08:00"))
    put(store, due("2026-11-20", "C").clear(), at("2026-11-23", "07:29"))
    return store


@pytest.fixture
def run(stood: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``dunghan alerts`` on Monday 23/11/2026 at eight; gives the exit code and what it prints."""

    def told_by(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", "alerts", *words, "--store", stood.url])
        with time_machine.travel(at("2026-11-23"), tick=False), pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return told_by


def test_a_preview_says_who_would_be_told_what_and_writes_nothing(stood: Store, run: Run) -> None:
    before = told(stood)
    found = json.loads(run("preview", "--as-of", "2026-11-23", "--json")[1])
    assert found["counts"]["overdue"] == 2, "the line of A and B, and C, which would be new"
    written = {mail["to"]: mail["body"] for mail in found["mails"]}
    assert "Hồ sơ quá hạn: 3; 1 mới; 2 có từ trước khi theo dõi." in written["xaydung@example.vn"]
    assert written["yte@example.vn"] is None
    assert told(stood) == before
    assert mails(stood) == []
    sunday = json.loads(run("preview", "--as-of", "2026-11-22", "--json")[1])
    assert {mail["body"] for mail in sunday["mails"]} == {None}
    assert "xaydung@example.vn (head)" in run("preview")[1]


def test_what_stands_is_listed_and_acknowledged_by_somebody_who_may(stood: Store, run: Run) -> None:
    (line,) = [row for row in json.loads(run("list", "--json")[1]) if row["rule"] == "overdue"]
    assert line["detail"] == '{"n":2}'
    number = str(line["id"])
    assert run("acknowledge", number, "--by", "yte")[0] == 3, "another unit's head"
    assert run("acknowledge", number, "--by", "nobody")[0] == 3
    assert run("acknowledge", number, "--by", "xaydung", "--note", "Đã họp")[0] == 0
    taken = alerts.standing(stood, ALL).filter(state="acknowledged")
    assert taken.select("id", "acknowledged_by", "note").rows() == [(line["id"], "xaydung", "Đã họp")]
    assert "acknowledged" in run("list")[1]
