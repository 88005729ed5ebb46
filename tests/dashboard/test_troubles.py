"""What went wrong is said in Vietnamese, and an error is known by words that errors are truly made with."""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from config.errors import DunghanError
from config.mapping import parse_mapping
from config.troubles import KNOWN, UNKNOWN, trouble
from connectors import rest
from connectors.files import refuse_empty
from connectors.readers import read_file
from dashboard.answers import sources, upload
from store.database import Store, broken
from store.ingest import Source, begin_run
from tests.architecture.tracked import code, nodes

NOON: Final = datetime(2026, 11, 2, 5, tzinfo=UTC)
#: Said by the system and by SQLite.
OF_OTHERS: Final = {"no space left", "disk is full", "database is locked"}
WORDS: Final = [w for pattern, _ in KNOWN for w in re.split(r"\|(?![^(]*\))", pattern.pattern) if w not in OF_OTHERS]


@cache
def written() -> tuple[str, ...]:
    """Give every text of the places that raise errors; where a value is put in stands a number."""
    return tuple(text for path in code("config", "connectors", "jobs", "store") for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            for value in ("503", "404"):
                yield "".join(str(v.value) if isinstance(v, ast.Constant) else value for v in node.values)


@pytest.mark.parametrize("words", WORDS)
def test_some_error_is_made_with_the_words_it_is_known_by(words: str) -> None:
    assert any(re.search(words, text, re.IGNORECASE) for text in written())


def server_away() -> None:
    with socket.socket() as held:  # a port that nobody listens on
        held.bind(("127.0.0.1", 0))
        with rest.connect(f"http://127.0.0.1:{held.getsockname()[1]}", place='source "x"', attempts=1) as wire:
            rest.get(wire, "/dossiers")


def broken_mapping() -> None:
    parse_mapping('source = "x"\ncolums = 1\n', place="x.toml")


def file_of_nothing() -> None:
    refuse_empty(b"\n", "a.csv")


def web_page() -> None:
    read_file(b"<html><body>Xin ch\xc3\xa0o</body></html>", name="a.xls", mapping=None)


def column_gone() -> None:
    told = 'source = "x"\n[columns]\ncode = "Ma so"\nreceived_at = "Ngay nhan"\n'
    read_file(b"Ma ho so,Ngay nhan\n1,02/11/2026\n", name="a.csv", mapping=parse_mapping(told))


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        (server_away, "Không kết nối được với nguồn"),
        (broken_mapping, "Bảng ánh xạ hoặc tệp cấu hình viết chưa đúng"),
        (file_of_nothing, "Tệp không có dòng nào"),
        (web_page, "Không hiểu được tệp"),
        (column_gone, "Không thấy cột mà ánh xạ cần"),
    ],
)
def test_what_happens_often_has_a_title(fault: Callable[[], None], title: str) -> None:
    with pytest.raises(DunghanError) as caught:
        fault()
    assert trouble(str(caught.value)).title == title


def test_a_second_run_and_a_full_disk_have_titles_too(store: Store) -> None:
    office = Source("x", "Asia/Ho_Chi_Minh")
    with (
        begin_run(store, office, kind="sync", origin="", seen_at=NOON),
        pytest.raises(DunghanError) as caught,
        begin_run(store, office, kind="sync", origin="", seen_at=NOON),
    ):
        raise AssertionError("the second run began")
    assert trouble(str(caught.value)).title == "Đang có một lần đọc khác của nguồn này"
    assert trouble(str(broken(store, OSError("database or disk is full")))).title == "Đĩa của máy chủ đã đầy"


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ('source "x": /dossiers answered 203 2 times, which in OpenCPS means: not signed in. Check …', "mã 203"),
        ('source "x": /d did not answer in time, 5 tries. Check the address …', "quá chậm"),
        ('source "x": /d answered 401: it does not take our sign-in, or not for this. Check …', "từ chối đăng nhập"),
        ('source "x": /d answered 503 after 5 tries. Ask its operator.', "bảo trì"),
        ('source "x": /d answered 404. Check url and the paths of this source.', "Địa chỉ"),
        ("something else", UNKNOWN.title),
    ],
)
def test_what_a_server_says_has_a_title(error: str, title: str) -> None:
    assert title in trouble(error).title


def test_an_upload_that_is_refused_in_english_words_still_has_a_title() -> None:
    told = upload.failed(
        {"place": "a.xlsx", "found": "has 90000 columns, more than 5000: that is no table.", "next_step": "Go."}
    )
    assert "Không hiểu được tệp" in told
    assert "90000 columns" in told, "the detail is there for who asks the one that runs the machine"


def test_an_upload_that_is_refused_in_known_words_needs_no_second_title() -> None:
    told = upload.failed({"place": "a.xlsx", "found": "is empty.", "next_step": "Ask the source to export it again."})
    assert told == "**a\\.xlsx:** tệp rỗng\\. Đề nghị nơi gửi xuất lại\\."


def test_a_file_that_was_read_now_and_is_old_says_both() -> None:
    row = {
        "name": "a", "title": "Tệp xã", "kind": "folder", "time_zone": "Asia/Ho_Chi_Minh", "last_state": "done",
        "last_error": None, "last_ok_at": NOON, "heard_at": NOON - timedelta(days=40), "cadence_minutes": None,
        "dossiers": 3, "refused": 0,
    }  # fmt: skip
    read, shown = ("Lần đọc xong gần nhất", sources.table(pl.DataFrame([row]), NOON))
    assert shown[read][0].startswith("đọc lúc ") and "số liệu đến " in shown[read][0]
    assert "23/09/2026" in shown[read][0]
    now = sources.table(pl.DataFrame([row | {"heard_at": NOON}]), NOON)
    assert "số liệu" not in now[read][0]


def test_the_page_says_a_failure_in_vietnamese_with_its_detail() -> None:
    error = 'source "a": /d did not answer in time, 5 tries. Check the address and the network; nothing is lost.'
    row = {"name": "a", "title": "Cổng tỉnh", "last_state": "failed", "last_error": error}
    [said] = sources.trouble(pl.DataFrame([row]))
    assert said.startswith("**Cổng tỉnh:** Nguồn trả lời quá chậm")
    assert "did not answer in time" in said
    [said] = sources.trouble(pl.DataFrame([row]), everybody=False)
    assert "did not answer" not in said, "an error may quote a row of another unit"
