"""What is said of a watched folder in which several files are wrong: each by itself, with where to look."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from jobs.sync import sync_all
from store.database import Store
from tests.connectors.made import HEADER, PLAIN

SOURCE = """
[[source]]
name = "tep"
kind = "folder"
mapping = "m.toml"
[source.folder]
path = "inbox"
pattern = "*.csv"
settle_seconds = 0.01
"""
SENT = {
    "a.csv": b"", "b.csv": (HEADER + 'B,"21').encode(), "c.csv": b"%PDF-1.7", "d.csv": b"<html>", "e.csv": b" ",
    "f.csv": b"\n\n", "readme.doc": b"x",
}  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "m.toml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "sources.toml").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    for number, (name, data) in enumerate(SENT.items()):
        (tmp_path / "inbox" / name).write_bytes(data)
        os.utime(tmp_path / "inbox" / name, (1_700_000_000 + number, 1_700_000_000 + number))
    return tmp_path / "inbox"


def synced(store: Store) -> list[str]:
    """Give the lines that `dunghan sync` writes."""
    said = io.StringIO()
    sync_all(store, ("tep",), console=Console(file=said, width=300))
    return [line.strip() for line in said.getvalue().splitlines() if line.strip()]


def test_each_bad_file_is_told_with_its_own_reason_and_the_notes_stand_below(store: Store, inbox: Path) -> None:
    lines = synced(store)
    begin = next(n for n, line in enumerate(lines) if line.endswith("6 files could not be loaded:"))
    assert lines[begin + 1 : begin + 8] == [
        "a.csv: is empty.",
        "b.csv, row 2: is cut off: the quoted text there never ends.",
        "c.csv: is a PDF, not a table: what stands in which column cannot be told safely.",
        "d.csv: is a web page or XML, not a table.",
        "e.csv: is empty.",
        "and 1 more",
        f"Read their reports in {inbox.resolve() / 'failed'}.",
    ]
    assert "readme.doc: no pattern of [source.folder] fits, so nobody reads it." in lines
    lines = synced(store)
    assert (
        "6 files wait in held/ (a.csv, b.csv, c.csv, d.csv, e.csv and 1 more): mend the mapping, or take them away."
        in lines
    )
    assert "readme.doc: no pattern of [source.folder] fits, so nobody reads it." in lines


def test_the_report_of_a_bad_file_is_in_vietnamese_to_its_detail(store: Store, inbox: Path) -> None:
    synced(store)
    words = {p.name.split(".")[0]: p.read_text(encoding="utf-8") for p in inbox.glob("failed/*/*.txt")}
    assert (
        "Chi tiết:\n  b.csv, dòng 2: bị thiếu đoạn: chưa truyền xong.\n  Chờ truyền xong, hoặc gửi lại.\n" in words["b"]
    )
    assert "Lỗi: Tệp là PDF, không phải bảng dữ liệu" in words["c"]
    assert "Đề nghị đơn vị cung cấp hoặc nơi gửi xuất ra Excel (.xlsx) hoặc CSV." in words["c"]
    assert "Mở bằng Excel" not in words["c"]
    assert "  a.csv: tệp rỗng.\n  Đề nghị nơi gửi xuất lại.\n" in words["a"]


def test_a_refused_row_is_told_by_its_line_in_vietnamese(store: Store, inbox: Path) -> None:
    (inbox / "g.csv").write_text(HEADER + "A,21/11/2026,25/11/2026,\nB,hôm qua,,\n", encoding="utf-8")
    synced(store)
    [words] = [p.read_text(encoding="utf-8") for p in inbox.glob("done/*/g.csv.*.txt")]
    assert "  g.csv, dòng 3: " in words
    assert ", row " not in words
