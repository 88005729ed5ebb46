"""`dunghan procedures load`: shown first, written whole or not at all, the same list twice changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import procedures, register_writing, registered
from tests.register.conftest import Load

HEAD = "Mã TTHC,Tên TTHC,Lĩnh vực,Cấp thực hiện,Thời hạn giải quyết,Thời hạn cam kết,Mức độ DVC,Qua bưu chính\n"
ONE = "1.000001,Cấp giấy phép A,Đất đai,Cấp tỉnh,10 ngày làm việc,7 ngày làm việc,Toàn trình,Có\n"
TWO = '1.000002,"Xác nhận B, lần đầu",Hộ tịch,"Cấp huyện, Cấp xã",trong ngày,,Một phần,Không\n'


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    file = folder / "danh-muc.csv"
    file.write_text(head + "".join(rows), encoding="utf-8")
    return file


def counts(told: dict[str, object]) -> tuple[object, ...]:
    refused = told["refused"]
    assert isinstance(refused, list)
    return *(told[name] for name in ("read", "new", "changed", "unchanged", "ended", "merged")), len(refused)


def test_a_list_is_shown_before_it_is_written(load: Load, office: Path, tmp_path: Path) -> None:
    code, told = load(written(tmp_path, ONE, TWO))
    assert (code, counts(told)) == (0, (2, 2, 0, 0, 0, 0, 0))
    assert told["levels"] == {"province": 1, "district": 1, "commune": 1}
    assert told["written"] is None and not list(office.iterdir())


def test_what_is_written_is_read_back_as_limits_and_as_facts(load: Load, office: Path, tmp_path: Path) -> None:
    load(written(tmp_path, TWO, ONE), "--basis", "QĐ 1/QĐ-UBND", "--write")
    one, two = registered.load()
    assert (one.procedure, one.name, one.field, one.levels) == ("1.000001", "Cấp giấy phép A", "Đất đai", ("province",))
    assert (one.online, one.post, one.centre, one.basis) == ("fully", True, None, "QĐ 1/QĐ-UBND")
    assert (two.name, two.levels, two.online, two.post) == (
        "Xác nhận B, lần đầu",
        ("district", "commune"),
        "partly",
        False,
    )
    limits = [(line.procedure, line.statutory, line.committed) for line in procedures.load()]
    assert limits == [("1.000001", "10wd", "7wd"), ("1.000002", "0wd", "")]
    assert [file.name for file in office.iterdir()] == ["procedures.csv"]


def test_the_same_list_twice_changes_nothing(load: Load, office: Path, tmp_path: Path) -> None:
    file = written(tmp_path, ONE, TWO)
    load(file, "--write")
    before = (office / "procedures.csv").read_bytes()
    code, told = load(file, "--write")
    assert (code, counts(told), told["written"]) == (0, (2, 0, 0, 2, 0, 0, 0), None)
    assert (office / "procedures.csv").read_bytes() == before


def test_a_change_is_a_new_line_from_its_day_and_the_old_one_stays(load: Load, tmp_path: Path) -> None:
    load(written(tmp_path, ONE, TWO), "--write")
    shorter = ONE.replace("7 ngày", "5 ngày")
    _, told = load(written(tmp_path, shorter, TWO), "--from", "2026-07-01", "--basis", "QĐ 9", "--write")
    assert counts(told) == (2, 0, 1, 1, 0, 0, 0)
    lines = [(line.procedure, line.from_on, line.committed, line.basis) for line in procedures.load()]
    always = date(1990, 1, 1)
    assert lines == [
        ("1.000001", always, "7wd", ""), ("1.000001", date(2026, 7, 1), "5wd", "QĐ 9"), ("1.000002", always, "", ""),
    ]  # fmt: skip


def test_another_name_is_a_line_without_a_limit_so_that_no_rule_changes(load: Load, tmp_path: Path) -> None:
    load(written(tmp_path, ONE, TWO), "--write")
    before = procedures.load()
    _, told = load(written(tmp_path, ONE.replace("phép A", "phép A mới"), TWO), "--from", "2026-07-01", "--write")
    assert counts(told)[2] == 1
    assert [line.name for line in registered.load()][1] == "Cấp giấy phép A mới"
    assert procedures.load() == before


def test_without_a_day_a_change_holds_from_today_and_once_more_today_it_replaces_itself(
    load: Load, tmp_path: Path
) -> None:
    load(written(tmp_path, ONE), "--write")
    load(written(tmp_path, ONE.replace("10 ngày", "9 ngày")), "--write")
    load(written(tmp_path, ONE.replace("10 ngày", "8 ngày")), "--write")
    old, new = procedures.load()
    assert (old.statutory, new.statutory, new.committed) == ("10wd", "8wd", "7wd")
    assert new.from_on == datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


def test_an_empty_cell_is_not_said_and_takes_nothing_away(load: Load, tmp_path: Path) -> None:
    load(written(tmp_path, ONE), "--write")
    _, told = load(written(tmp_path, "1.000001,Cấp giấy phép A,,,,,,\n"), "--write")
    assert counts(told) == (1, 0, 0, 1, 0, 0, 0)


def test_a_row_that_cannot_be_meant_is_put_aside_with_its_place_and_reason(
    load: Load, office: Path, tmp_path: Path
) -> None:
    rows = (
        ONE,
        "1.000003,C,Đất đai,Cấp tĩnh,10 ngày làm việc,,,\n",  # a level with the wrong tone
        "1.000004,D,Đất đai,Cấp tỉnh,mười ngày,,,\n",
        ",E,Đất đai,Cấp tỉnh,3 ngày,,,\n",
        "1.000006,G,Đất đai,Cấp tỉnh,5 ngày làm việc,7 ngày làm việc,,\n",
        "1.000007,H,Đất đai,Cấp tỉnh,,7 ngày làm việc,,\n",
        "1.00008,I,Đất đai,Cấp tỉnh,,,,\n",  # a spreadsheet took the last nought
        ONE,
        ONE.replace("phép A", "phép khác"),
        "1.000010,K,Đất đai,Cấp tỉnh,05 ngày làm việc (từ ngày nhận đủ hồ sơ),,,\n",
        "1.000011,L,Đất đai,Cấp tỉnh,05 ngày (phức tạp: 10 ngày),,,\n",
    )
    aside = tmp_path / "aside.csv"
    code, told = load(written(tmp_path, *rows), "--strict", "--write", "--refused", str(aside))
    assert (code, counts(told)) == (1, (11, 2, 0, 0, 0, 1, 8))
    why = {row["place"].rpartition(" ")[2]: row["reason"] for row in told["refused"]}
    assert 'Did you mean "cấp tỉnh"?' in why["3"]
    assert '"mười ngày" is no limit in statutory' in why["4"]
    assert why["5"] == "it has no code"
    assert "7wd is longer than the statutory one, 5wd" in why["6"]
    assert "no statutory limit is known" in why["7"]
    assert "has lost noughts" in why["8"]
    assert "its code stands in danh-muc.csv, row 2 already, with another name" in why["10"]
    assert '"05 ngày (phức tạp: 10 ngày)" is no limit' in why["12"]
    assert [line.procedure for line in registered.load()] == ["1.000001", "1.000010"]
    kept = aside.read_text(encoding="utf-8-sig").splitlines()
    assert kept[0].startswith("place,code,reason,procedure,name") and len(kept) == 9


def test_a_whole_list_ends_what_it_does_not_name(load: Load, tmp_path: Path) -> None:
    load(written(tmp_path, ONE, TWO), "--write")
    _, told = load(written(tmp_path, ONE), "--from", "2026-07-01", "--complete", "--write")
    assert counts(told) == (1, 0, 0, 1, 1, 0, 0)
    assert [(r.procedure, r.from_on.year, r.ended) for r in registered.load()] == [
        ("1.000001", 1990, False), ("1.000002", 1990, False), ("1.000002", 2026, True),
    ]  # fmt: skip
    assert [line.procedure for line in procedures.load()] == ["1.000001", "1.000002"]
    _, again = load(written(tmp_path, ONE), "--from", "2026-07-01", "--complete", "--write")
    assert counts(again) == (1, 0, 0, 1, 0, 0, 0)
    _, back = load(written(tmp_path, ONE, TWO), "--from", "2026-09-01", "--write")
    assert counts(back) == (2, 0, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    "refused", [TWO.replace("trong ngày", "hai ngày"), TWO.replace("1.000002", ""), TWO.replace("1.000002", "1.00002")]
)
def test_a_whole_list_ends_nothing_while_a_row_of_it_is_refused(
    load: Load, office: Path, tmp_path: Path, refused: str
) -> None:
    load(written(tmp_path, ONE, TWO, ONE.replace("1.000001", "1.000003")), "--write")
    before, aside = (office / "procedures.csv").read_bytes(), tmp_path / "aside.csv"
    list_ = written(tmp_path, ONE.replace("phép A", "phép A mới"), ONE.replace("1.000001", "1.000003"), refused)
    code, told = load(list_, "--complete")
    assert (code, counts(told), told["spared"]) == (0, (3, 0, 1, 1, 0, 0, 1), 1)
    code, told = load(list_, "--complete", "--write", "--refused", str(aside))
    said = " ".join(str(told["error"]).split())
    assert (
        code == 3 and "danh-muc.csv, row 4: refused (" in said and "no row taken names (1): a refused row may" in said
    )
    assert "Mend these rows or the mapping, or load without --complete." in said
    assert (office / "procedures.csv").read_bytes() == before
    assert len(aside.read_text(encoding="utf-8-sig").splitlines()) == 2
    _, told = load(list_, "--write")
    assert counts(told) == (3, 0, 1, 1, 0, 0, 1) and not any(line.ended for line in registered.load())


def test_nothing_is_written_before_a_later_line(load: Load, tmp_path: Path) -> None:
    load(written(tmp_path, ONE), "--from", "2026-07-01", "--write")
    code, told = load(
        written(tmp_path, ONE.replace("10 ngày", "9 ngày")), "--from", "2026-01-01", "--write", "--strict"
    )
    assert (code, counts(told)) == (1, (1, 0, 0, 0, 0, 0, 1))
    assert "load with --from 2026-07-01 or later" in told["refused"][0]["reason"]


def test_remarks_and_lines_of_hand_stay_where_they_stand(load: Load, office: Path, tmp_path: Path) -> None:
    mine = "# của ta\nprocedure,statutory,source\n# một cửa\n2.000001,5wd,mot-cua\n1.000001,10wd,\n"
    (office / "procedures.csv").write_text(mine, encoding="utf-8")
    load(written(tmp_path, ONE), "--from", "2026-07-01", "--write")
    text = (office / "procedures.csv").read_text(encoding="utf-8").splitlines()
    assert (text[0], text[2], text[3][:15]) == ("# của ta", "# một cửa", "mot-cua,2.00000")
    assert text[1].startswith("source,procedure,from,statutory")
    assert [line.split(",")[1:4] for line in text[4:]] == [["1.000001", "", "10wd"], ["1.000001", "2026-07-01", "10wd"]]


def test_a_register_that_cannot_be_read_back_is_not_written(
    load: Load, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "procedure,statutory,level\n1.000009,10 ngày,province\n"
    (office / "procedures.csv").write_text(broken, encoding="utf-8")
    code, told = load(written(tmp_path, ONE), "--write")
    assert code == 3 and "not a limit" in str(told["error"])
    assert (office / "procedures.csv").read_text(encoding="utf-8") == broken
    assert [file.name for file in office.iterdir()] == ["procedures.csv"]


def test_without_a_folder_of_its_own_nothing_is_written(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUNGHAN_CONFIG")
    code, told = load(written(tmp_path, ONE), "--write")
    assert code == 3 and "shipped files are not written" in str(told["error"])
    assert register_writing.lines() is None


def test_a_list_that_does_not_say_whose_a_procedure_is_leaves_it_whose_it_was(
    load: Load, office: Path, tmp_path: Path
) -> None:
    lines = (
        "source,procedure,from,statutory,kind,name",
        ",1.000001,,10wd,vertical,Cấp giấy phép",
        ",1.000001,2026-01-01,8wd,,",  # of the limit alone
        "mot-cua,1.000001,,9wd,,",
    )
    (office / "procedures.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    registered.forget()
    head, row = "Mã TTHC,Tên TTHC\n", "1.000001,Cấp giấy phép A\n"
    for source in ((), ("--source", "mot-cua")):
        assert load(written(tmp_path, row, head=head), *source, "--from", "2026-06-01", "--write")[0] == 0
    kinds = {(line.source, line.from_on): (line.name, line.kind) for line in registered.load()}
    assert kinds["", date(2026, 6, 1)] == ("Cấp giấy phép A", "vertical")
    assert kinds["mot-cua", date(2026, 6, 1)] == ("Cấp giấy phép A", "")


def test_a_row_refused_by_its_limits_is_counted_nowhere_and_put_aside_as_it_came(
    load: Load, office: Path, tmp_path: Path
) -> None:
    longer = ONE.replace("1.000001", "1.000003").replace("7 ngày làm việc", "15 ngày làm việc")
    aside = tmp_path / "refused.csv"
    _, told = load(written(tmp_path, TWO, longer), "--refused", str(aside))
    assert counts(told) == (2, 1, 0, 0, 0, 0, 1)
    assert told["levels"] == {"district": 1, "commune": 1}
    (line,) = aside.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert "1.000003" in line
    assert "15 ngày làm việc" in line
    assert "Cấp tỉnh" in line
