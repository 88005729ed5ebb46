"""Cause, answer, letter and note of a dossier, as an operator records them on the command line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import fastexcel
import polars as pl

from config import causes
from metrics import rulebook
from metrics.scope import Scope
from store import people, recorded
from store.database import open_store
from tests.jobs.shell import Shell


def kept(shell: Shell, code: str) -> pl.DataFrame:
    store = open_store(shell.store)
    told = recorded.of_dossier(store, "mot-cua", code, Scope.province())
    store.engine.dispose()
    return told


def next_working_day() -> str:
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    return rulebook.load().calendar.add(today, 1).isoformat()


def test_each_kind_is_recorded_and_the_ones_before_are_kept(shell: Shell) -> None:
    shell.load()
    for words in (
        ("--cause", "T02"),
        ("--cause", "T99", "--note", "Chờ họp"),
        ("--answer", "Đã trả lời"),
        ("--note", "Gọi lại"),
        ("--letter", "7/XL", "--dated", "2026-03-10", "--due", next_working_day()),
    ):
        code, out, said = shell("record", "H01-3", *words, "--by", "vanhanh")
        assert (code, "recorded by vanhanh" in out) == (0, True), said
    told = kept(shell, "H01-3").select("kind", "cause", "text", "number", "recorded_by").rows()
    assert told == [
        ("letter", None, None, "7/XL", "vanhanh"),
        ("note", None, "Gọi lại", None, "vanhanh"),
        ("answer", None, "Đã trả lời", None, "vanhanh"),
        ("cause", "T99", "Chờ họp", None, "vanhanh"),
        ("cause", "T02", None, None, "vanhanh"),
    ]


def test_the_list_of_the_overdue_to_take_away_holds_what_was_recorded(shell: Shell) -> None:
    shell.load()
    shell("record", "H01-3", "--answer", "Đã gọi cho người nộp", "--by", "vanhanh")
    shell("record", "H01-3", "--cause", "T02", "--by", "vanhanh")
    file = shell.folder / "late.xlsx"
    shell("overdue", "--as-of", "2026-03-20", "--xlsx", str(file))
    row = fastexcel.read_excel(file).load_sheet(0, header_row=2).to_polars().row(0, named=True)
    assert (row["Mã hồ sơ"], row["Trả lời người nộp"]) == ("H01-3", "Đã gọi cho người nộp")
    assert row["Nguyên nhân"] == causes.lateness()["T02"].title


def test_what_cannot_be_recorded_is_said_in_words(shell: Shell) -> None:
    shell.load()
    for words, found in (
        ((), "nothing is to be recorded"),
        (("--cause", "T02", "--answer", "x"), "each is a record of its own"),
        (("--cause", "T77"), 'no cause has the code "T77"'),
        (("--letter", "7/XL", "--due", "mai"), "is no day"),
        (("--letter", "7/XL", "--due", "2026-03-11"), "no working day after today"),
    ):
        code, _, said = shell("record", "H01-3", *words, "--by", "vanhanh")
        assert (code, found in " ".join(said.split())) == (3, True), said


def test_where_people_sign_in_one_of_them_records_and_only_who_may(shell: Shell) -> None:
    shell.load()
    store = open_store(shell.store)
    people.add(store, "van-hanh", "Mật khẩu dài", role="operator", title="Người vận hành")
    people.add(store, "kiem-tra", "Mật khẩu dài", role="auditor", title="Người kiểm tra")
    people.add(store, "y-te", "Mật khẩu dài", role="head", title="Chánh Văn phòng", departments=("Sở nào đó",))
    store.engine.dispose()
    said = {by: shell("record", "H01-3", "--cause", "T02", "--by", by) for by in ("van-hahn", "kiem-tra", "y-te")}
    assert [code for code, _, _ in said.values()] == [3, 3, 3]
    assert 'Did you mean "van-hanh"?' in said["van-hahn"][2]
    assert "may not record anything (auditor)" in said["kiem-tra"][2]
    assert "it has no dossier H01-3" in said["y-te"][2]
    assert shell("record", "H01-3", "--cause", "T02", "--by", "van-hanh")[0] == 0
