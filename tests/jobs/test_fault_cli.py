"""``dunghan fault``: a fault gets its number, what becomes of it is kept, its vendor gets a workbook of no person."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import fastexcel
import polars as pl
import pytest
import time_machine

from jobs import cli
from metrics.dossier import REJECTS
from store import audit
from store.database import Store
from store.ingest import begin_run
from tests.store.alerted import LIVE, at, due, put, readers

Run = Callable[..., tuple[int, str, str]]
REPORT = ("report", "mot-cua", "--title", "Mất ngày hẹn trả", "--vendor", "VNPT", "--kind", "data")


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a morning; gives the exit code, what it prints, and what it says of trouble."""
    readers(store)
    put(store, due("2026-11-10", "H01-A", "H01-B", due_at=None), at("2026-11-19"))
    bad = [{"place": "dòng 2", "code": "H01-X", "reasons": ["started"], "found": "", "raw": "{}"}]
    with begin_run(store, LIVE, kind="sync", origin="test", seen_at=at("2026-11-19")) as reading:
        reading.batch(due("2026-11-10", "H01-C"), pl.DataFrame(bad, schema=REJECTS))

    def told(day: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", "fault", *words, "--store", store.url])
        with time_machine.travel(at(day), tick=False), pytest.raises(SystemExit) as ended:
            cli.main()
        found = capsys.readouterr()
        return int(ended.value.code or 0), found.out, found.err

    return told


def test_a_fault_is_reported_followed_and_listed(run: Run) -> None:
    assert run("2026-11-20", *REPORT, "--on", "2026-11-13", "--by", "vanhanh")[:2] == (0, "fault 1 of mot-cua.\n")
    assert run("2026-11-23", "act", "1", "mended", "--by", "giamdoc")[1] == "fault 1: mended on 2026-11-23.\n"
    (fault,) = json.loads(run("2026-11-24", "list", "--json")[1])
    assert [fault[name] for name in ("state", "mended_on", "mend_days")] == ["mended", "2026-11-23", 6]
    assert "Mất ngày hẹn trả" in run("2026-11-24", "list", "--source", "mot-cua")[1]
    assert json.loads(run("2026-11-24", "list", "--source", "khac", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*REPORT, "--by", "xaydung"), "may not keep"),
        ((*REPORT, "--by", "nobody"), "nobody of that name"),
        ((*REPORT[:-1], "dat", "--by", "vanhanh"), 'Did you mean "data"?'),
        (("act", "9", "mended", "--by", "vanhanh"), "there is none"),
        (("export", "mot-cu", "x.xlsx", "--by", "vanhanh"), 'Did you mean "mot-cua"?'),
        (("export", "mot-cua", "x.xlsx", "--by", "xaydung"), "may not read"),
    ],
)
def test_what_may_not_be_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run("2026-11-20", *words)
    assert (code, out) == (3, "")
    assert said in " ".join(err.split())


def test_the_vendor_gets_its_faults_and_numbers_and_no_dossier_unless_chosen(
    run: Run, tmp_path: Path, store: Store
) -> None:
    run("2026-11-20", *REPORT, "--on", "2026-11-13", "--by", "vanhanh")
    run("2026-11-20", "act", "1", "answered", "--text", "Sẽ vá", "--by", "vanhanh")
    files = {name: tmp_path / f"{name}.xlsx" for name in ("plain", "again", "codes")}
    for name, file in files.items():
        more = ("--codes",) if name == "codes" else ()
        assert run("2026-11-20", "export", "mot-cua", str(file), "--by", "vanhanh", *more)[0] == 0
    assert files["plain"].read_bytes() == files["again"].read_bytes()
    book = fastexcel.read_excel(str(files["plain"]))
    (fault,) = book.load_sheet("Sổ lỗi").to_polars().to_dicts()
    assert [fault[n] for n in ("Số", "Lỗi", "Tình trạng", "Ngày chờ trả lời", "Ngày chờ khắc phục")] == [
        1, "Mất ngày hẹn trả", "Đã trả lời, chưa khắc phục", 5, 5,
    ]  # fmt: skip
    assert book.load_sheet("Diễn biến").to_polars()["Nội dung"].to_list() == ["Sẽ vá"]
    weeks = book.load_sheet("Theo tuần").to_polars()
    assert weeks.filter(pl.col("Lần đọc") > 0).select("Lần đọc", "Đọc được", "Dòng bị giữ lại").rows() == [(2, 2, 1)]
    assert weeks["Thiếu ngày hẹn trả"].sum() == 2
    told = {name: _inside(file) for name, file in files.items()}
    assert "H01-" not in told["plain"]
    assert "vanhanh" not in told["plain"]
    assert "H01-X" in told["codes"]
    assert audit.read(store, act="export")["detail"].to_list() == ["mot-cua"] * 3


def _inside(file: Path) -> str:
    with ZipFile(BytesIO(file.read_bytes())) as book:
        return "".join(book.read(name).decode(errors="ignore") for name in book.namelist())
