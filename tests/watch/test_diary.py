"""The diary: one line an event in either form, with what it is of, and nobody's name and no secret in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any, Final

import pytest

from config import diary, withheld
from config.errors import ConfigError
from jobs import commands
from store.database import Store
from store.ingest import Source, begin_run

Lines = Callable[[], list[dict[str, Any]]]
NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)
log = diary.diary("test")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    monkeypatch.setenv(diary.SETTING, "json")
    diary.only()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    diary.only()


def test_a_run_a_turn_and_a_page_are_written_beside_what_happens_in_them(lines: Lines, store: Store) -> None:
    def turn() -> None:
        with begin_run(store, Source("mot-cua", "Asia/Ho_Chi_Minh"), kind="load", origin="a", seen_at=NOW):
            log.info("inside")
        log.info("after", rows=3)

    diary.a_turn("sync", turn)()
    diary.a_turn("sync", turn)()
    log.info("outside")
    told = lines()
    assert [(each["event"], each.get("run"), each.get("job")) for each in told] == [
        ("inside", 1, "sync"), ("after", 1, "sync"), ("inside", 2, "sync"), ("after", 2, "sync"),
        ("outside", None, None),
    ]  # fmt: skip
    assert told[0]["task"] == told[1]["task"] != told[2]["task"]
    assert all(each["time"].endswith("Z") and each["level"] == "info" and each["log"] == "test" for each in told)


def test_threads_do_not_write_of_each_other(lines: Lines) -> None:
    with diary.about(request="mine"):
        other = Thread(target=lambda: log.info("other"))
        other.start()
        other.join()
        log.info("mine")
    assert [each.get("request") for each in lines()] == [None, "mine"]


def test_nobody_and_no_secret_stands_in_a_line(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    withheld.keep("bi-mat-cua-cong")
    try:
        secret, account = "bi-mat-cua-cong", ".".join(("lan", "nt"))
        raise RuntimeError(f"ông Nguyễn Văn An, 0912345678, {secret}, postgresql://a:b@db/x\nDETAIL:  ({account})")
    except RuntimeError:
        log.exception("broken", why=["Trần Thị Bình", {"at": "Authorization: Bearer abcdefgh"}], at="/x?khoa=12345")
    (told,) = lines()
    text = json.dumps(told, ensure_ascii=False).replace('secret = \\"…\\"', "")
    for planted in ("Nguyễn", "0912345678", "bi-mat", "a:b@", "=abc", "Bình", "lan.nt", "abcdefgh", "12345"):
        assert planted not in text
    assert told["traceback"].startswith("Traceback") and "RuntimeError" in told["traceback"]


def test_what_a_library_logs_and_warns_of_is_a_line_too() -> None:
    code = (
        "import logging, warnings\nfrom config import diary\n"
        "logging.basicConfig()\nlogging.getLogger('uvicorn.error').addHandler(logging.StreamHandler())\n"
        "diary.begin('worker')\nlogging.getLogger('uvicorn.error').error('two\\nlines %s', 1)\n"
        "warnings.warn('careful')\n"
        "import streamlit.logger\nfrom dashboard import begun\nbegun.begin()\n"
        "streamlit.logger.get_logger('streamlit.late').warning('late')\n"
        "streamlit.logger.get_logger('streamlit.error_util').error('Uncaught app execution')\n"
        "import threading\nother = threading.Thread(target=lambda: 1 / 0)\nother.start()\nother.join()\n"
        "raise RuntimeError('ông Nguyễn Văn An')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"DUNGHAN_LOG": "json", "PYTHONUTF8": "1"}
    )
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(each["process"], each["log"]) for each in told] == [
        ("worker", "uvicorn.error"), ("worker", "py.warnings"), ("dashboard", "streamlit.late"),
        ("dashboard", "process"), ("dashboard", "process"),
    ]  # fmt: skip
    assert ["ZeroDivisionError" in told[3]["traceback"], told[4]["traceback"][-15:]] == [True, "RuntimeError: …"]
    assert (done.stdout, done.returncode) == ("", 1)


def test_text_is_for_people_and_no_event_makes_a_second_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(diary.SETTING, "text")
    log.warning("forged\n2026-01-01 [info] all is well", place="a\nb")
    (line,) = capsys.readouterr().err.splitlines()
    assert "[warning" in line and "forged 2026" in line


def test_a_form_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(diary.SETTING, "xml")
    with pytest.raises(ConfigError, match="json or text"):
        diary.begin("worker")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("store backup /x", "store backup"),
        ("sync mot-cua", "sync"),
        ("person add lan.nt", "person add"),
        ("--help", ""),
    ],
)
def test_a_command_is_named_without_what_it_is_given(typed: str, name: str) -> None:
    assert commands.named(typed.split(), {"store", "person"}) == name


def test_a_command_that_fails_where_nobody_looks_on_is_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", "due", "--received", "2026-04-29T09:00", "--limit", "vô hạn"],
        capture_output=True, text=True, env={"DUNGHAN_LOG": "json", "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [(each["process"], each["code"]) for each in told] == [("dunghan due", done.returncode)] and done.returncode
    assert "Traceback" not in done.stderr
