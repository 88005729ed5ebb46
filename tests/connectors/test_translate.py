"""From rows to dossiers: statuses, copies, refusals, personal columns."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from config.calendar import load
from config.errors import MappingError
from config.mapping import parse_mapping
from connectors.columns import looks_personal
from connectors.translate import translate
from metrics.calendar import WorkingCalendar
from tests.connectors import made
from tests.connectors.made import HEADER, PLAIN, by_code, here, reasons, translated

STATUS = PLAIN + 'status = "Trạng thái"\n'
STATUS_HEADER = HEADER.replace("\n", ",Trạng thái\n")


def test_exact_copies_are_merged_and_the_last_row_of_a_code_wins() -> None:
    rows = ["A,21/11/2026,25/11/2026,", "A,21/11/2026,25/11/2026,", "A,21/11/2026,25/11/2026,24/11/2026"]
    done = translated(HEADER + "\n".join(rows) + "\n")
    assert (done.good.height, done.merged) == (1, 2)
    assert here(by_code(done)["A"]["resolved_at"]) == "2026-11-24 00:00"


def test_the_mapping_may_let_the_first_or_the_newest_row_win() -> None:
    text = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Cập nhật\n"
    text += "A,21/11/2026,25/11/2026,,23/11/2026\nA,21/11/2026,26/11/2026,,24/11/2026\nA,21/11/2026,27/11/2026,,\n"
    due = {
        keep: here(
            by_code(translated(text, f'{PLAIN}changed_at = "Cập nhật"\n[duplicates]\nkeep = "{keep}"\n'))["A"]["due_at"]
        )
        for keep in ("last", "first", "newest")
    }
    assert due == {"last": "2026-11-27 00:00", "first": "2026-11-25 00:00", "newest": "2026-11-26 00:00"}


def test_a_finish_before_the_receipt_is_kept_and_counted() -> None:
    done = translated(HEADER + "A,21/11/2026,25/11/2026,20/11/2026\n")
    assert done.good["status"].to_list() == ["resolved"]
    assert done.flags["finish_before_receipt"] == 1


def test_a_missing_due_date_is_kept_and_counted() -> None:
    done = translated(HEADER + "A,21/11/2026,,\n")
    assert (by_code(done)["A"]["due_at"], done.flags["due_missing"]) == (None, 1)


def test_an_unknown_status_word_refuses_its_row_and_names_the_word() -> None:
    done = translated(STATUS_HEADER + "A,21/11/2026,,,Đang xử lý\nB,21/11/2026,,,Treo\n", STATUS)
    assert list(by_code(done)) == ["A"]
    assert reasons(done) == {"row 3": ["unknown_status"]}
    assert done.rejects["found"].to_list() == ['status "Treo"']
    assert done.words["status"][-1] == ("Treo", None, 1)


def test_words_of_the_mapping_stand_alone_unless_it_asks_for_a_known_list() -> None:
    rows = STATUS_HEADER + "A,21/11/2026,,,Xong một nửa\nB,21/11/2026,,,đang  XỬ lý\n"
    own = STATUS + '[status.words]\n"Xong một nửa" = "processing"\n'
    assert list(by_code(translated(rows, own))) == ["A"]
    assert list(
        by_code(translated(rows, own.replace("[status.words]", '[status]\nknown = ["vietnamese"]\n[status.words]')))
    ) == ["A", "B"]


def test_the_numbers_of_the_national_exchange_are_known() -> None:
    text = STATUS_HEADER + "".join(f"H{n},21/11/2026,,22/11/2026,{n}\n" for n in range(1, 11))
    statuses = [r["status"] for r in by_code(translated(text, STATUS)).values()]
    assert statuses == [
        "submitted", "accepted", "not_accepted", "processing", "supplement", "payment", "withdrawn", "stopped",
        "resolved", "returned",
    ]  # fmt: skip


def test_stopped_without_a_date_is_a_pause() -> None:
    done = translated(STATUS_HEADER + "A,21/11/2026,,,Dừng xử lý\nB,21/11/2026,,22/11/2026,Dừng xử lý\n", STATUS)
    assert [r["status"] for r in by_code(done).values()] == ["paused", "stopped"]


def test_a_pending_row_with_a_finish_date_is_open_when_the_status_decides() -> None:
    text = STATUS_HEADER + "A,21/11/2026,,22/11/2026,Pending\nB,21/11/2026,,,Closed\nC,21/11/2026,,23/11/2026,Closed\n"
    done = translated(text, STATUS)
    assert (by_code(done)["A"]["status"], by_code(done)["A"]["resolved_at"]) == ("processing", None)
    assert by_code(done)["C"]["status"] == "resolved"
    assert done.flags["open_with_finish"] == 1
    assert reasons(done) == {"row 3": ["closed_without_finish"]}


def test_a_pending_row_with_a_finish_date_is_closed_when_the_date_decides() -> None:
    text = STATUS_HEADER + "A,21/11/2026,,22/11/2026,Pending\nB,21/11/2026,,,Closed\nC,21/11/2026,,23/11/2026,Đã rút\n"
    done = translated(text, STATUS + '[status]\nclosed_when = "finish_date"\n')
    assert {k: r["status"] for k, r in by_code(done).items()} == {"A": "resolved", "B": "processing", "C": "withdrawn"}
    assert done.flags["closed_word_without_finish"] == 1


def test_without_a_status_column_the_filled_dates_tell_the_status() -> None:
    toml = PLAIN + 'submitted_at = "Nộp"\nreturned_at = "Trả"\nrejected_at = "Từ chối"\n'
    text = HEADER.replace("\n", ",Nộp,Trả,Từ chối\n")
    text += "A,,,,1/11/2026,,\nB,,,,13/11/2026,,14/11/2026\nC,21/11/2026,,,,,\n"
    text += "D,21/11/2026,,22/11/2026,,,\nE,21/11/2026,,22/11/2026,,23/11/2026,\n"
    assert [r["status"] for r in by_code(translated(text, toml)).values()] == [
        "submitted", "not_accepted", "processing", "resolved", "returned",
    ]  # fmt: skip


def test_a_missing_status_may_be_refused_or_be_a_fixed_one() -> None:
    text = STATUS_HEADER + "A,21/11/2026,,,\n"
    assert reasons(translated(text, STATUS + '[status]\nmissing = "reject"\n')) == {"row 2": ["status_missing"]}
    assert by_code(translated(text, STATUS + '[status]\nmissing = "supplement"\n'))["A"]["status"] == "supplement"


def test_refusals_name_every_broken_rule() -> None:
    text = HEADER + ",21/11/2026,25/11/2026,\nB,hôm qua,03/04/2026,x\nC,,25/11/2026,\nD,21/11/1026,,\nE,,,22/11/2026\n"
    assert reasons(translated(text)) == {
        "row 2": ["code_missing"],
        "row 3": ["unreadable_date"],
        "row 4": ["no_start_date"],
        "row 5": ["unbelievable_year"],
        "row 6": ["no_start_date", "result_without_receipt"],
    }


def test_an_ambiguous_date_refuses_its_row() -> None:
    assert reasons(translated(HEADER + "A,03/04/2026,05/04/2026,\n")) == {"row 2": ["ambiguous_date"]}


def test_totals_blank_rows_and_repeated_headers_are_no_dossiers() -> None:
    text = HEADER + "(1),(2),(3),(4)\nA,21/11/2026,,\n,,,\n" + HEADER + "B,22/11/2026,,\nTổng cộng: 2,,,\n"
    done = translated(text)
    assert (list(by_code(done)), done.skipped, done.n_read) == (["A", "B"], 4, 2)


def test_the_operator_chooses_rows_by_their_cells() -> None:
    text = "Loại," + HEADER + "HS,A,21/11/2026,,\nTest,B,21/11/2026,,\nNhóm I,,,,\nHS,D,21/11/2026,,\n"
    for toml in ('[rows.keep]\n"Loại" = ["hs"]\n', '[rows.skip]\n"Loại" = ["Test", "Nhóm I"]\n'):
        done = translated(text, PLAIN + toml)
        assert (list(by_code(done)), done.skipped) == (["A", "D"], 2)
    assert translated(text, PLAIN + '[rows]\nskip_starting = ["Nhóm", "test"]\n').skipped == 2


def test_a_signature_is_found_by_what_the_row_itself_says_and_not_by_what_was_filled_down() -> None:
    text = "Phòng," + HEADER + "Đất đai,A,21/11/2026,,\n,B,21/11/2026,,\n,,,Người lập biểu,\n,Tổng cộng: 2,,,\n"
    done = translated(text, PLAIN + '[file]\nfill_down = ["Phòng"]\n[rows]\nskip_starting = ["Người lập"]\n')
    assert (list(by_code(done)), done.skipped, done.n_read) == (["A", "B"], 2, 2)


def test_words_for_nothing_are_empty_and_more_can_be_named() -> None:
    done = translated(
        HEADER + "A,21/11/2026,NULL,-\nB,21/11/2026,1900-01-01,n/a\n", PLAIN + '[file]\nmissing = ["1900-01-01"]\n'
    )
    assert [r["due_at"] for r in by_code(done).values()] == [None, None]


def test_the_first_filled_of_several_columns_counts_and_joined_columns_make_one_date() -> None:
    toml = """
source = "x"
[columns]
code = ["Mã mới", "Mã cũ"]
received_at = { join = ["Ngày", "Giờ"] }
[constants]
department = "Sở Xây dựng"
level = "province"
"""
    text = "Mã mới,Mã cũ,Ngày,Giờ\nH01.1-261121-0001,1,21/11/2026,14:05\n,000.00.00.H01-2,22/11/2026,\n"
    found = by_code(translated(text, toml))
    assert {k: here(r["received_at"]) for k, r in found.items()} == {
        "H01.1-261121-0001": "2026-11-21 14:05",
        "000.00.00.H01-2": "2026-11-22 00:00",
    }
    assert {(r["department"], r["level"]) for r in found.values()} == {("Sở Xây dựng", "province")}


def test_a_day_cell_and_an_hour_cell_of_a_workbook_join() -> None:
    toml = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = { join = ["d", "h"] }\n'
    data = made.workbook({"S": [["c", "d", "h"], ["A", made.EXCEL_DAY, made.EXCEL_HOUR], ["B", made.EXCEL_DAY, None]]})
    found = by_code(translated(data, toml))
    assert [here(r["received_at"]) for r in found.values()] == ["2026-11-21 14:05", "2026-11-21 00:00"]


def test_an_unknown_channel_is_empty_and_counted() -> None:
    toml = PLAIN + 'channel = "Kênh"\n[channels]\n"Zalo" = "online"\n'
    done = translated(
        HEADER.replace("\n", ",Kênh\n") + "A,21/11/2026,,,Zalo\nB,21/11/2026,,,Trực tiếp\nC,21/11/2026,,,Fax\n", toml
    )
    assert [r["channel"] for r in by_code(done).values()] == ["online", "counter", None]
    assert done.flags["unknown_channel"] == 1


@pytest.mark.parametrize(
    ("unit", "size", "due"),
    [("calendar_days", "4.0", "2026-11-25 08:30"), ("hours", "8", "2026-11-21 16:30"), ("calendar_days", "", None)],
)
def test_a_due_date_can_be_reckoned_from_a_column_of_days(unit: str, size: str, due: str | None) -> None:
    toml = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = "r"\n[due]\ndays_column = "SLA"\n' + f'unit = "{unit}"\n'
    found = by_code(translated(f"c,r,SLA\nA,21/11/2026 08:30,{size}\n", toml))
    assert here(found["A"]["due_at"]) == due


def test_a_due_date_can_be_reckoned_in_working_days() -> None:
    toml = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = "r"\n[due]\ndays_column = "SLA"\nunit = "working_days"\n'
    table = made.table("c,r,SLA\nA,20/11/2026 08:30,5 ngày làm việc\nB,20/11/2026,sớm\n", toml)  # a Friday
    done = translate(table, parse_mapping(toml), shift=WorkingCalendar(load()).shift)
    assert {k: here(r["due_at"]) for k, r in by_code(done).items()} == {"A": "2026-11-27 00:00", "B": None}
    assert done.flags["due_days_unreadable"] == 1
    with pytest.raises(MappingError, match="working days cannot be counted"):
        translate(table, parse_mapping(toml))


@pytest.mark.parametrize(
    ("unit", "cell", "due"),
    [
        ("calendar_days", "5 ngày", "2026-11-25 08:30"),
        ("calendar_days", "5 ngày làm việc (kể từ ngày nhận đủ hồ sơ)", "2026-11-27 00:00"),
        ("calendar_days", "3 working days", "2026-11-25 00:00"),
        ("working_days", "05 ngày", "2026-11-27 00:00"),
        ("working_days", "8 giờ", "2026-11-20 16:30"),
        ("hours", "2 ngày", "2026-11-22 08:30"),
        ("working_days", "1 tháng", None),
        ("working_days", "-3", None),
        ("working_days", "3-5 ngày", None),
        ("working_days", "5 ngày; phức tạp 10 ngày", None),
        ("working_days", "8 giờ làm việc", None),
    ],
)
def test_a_length_is_read_in_the_unit_it_names_or_not_at_all(unit: str, cell: str, due: str | None) -> None:
    toml = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = "r"\n[due]\ndays_column = "SLA"\ndays = 9\n'
    toml += f'unit = "{unit}"\n'
    table = made.table(f"c,r,SLA\nA,20/11/2026 08:30,{cell}\n", toml)  # a Friday
    done = translate(table, parse_mapping(toml), shift=WorkingCalendar(load()).shift)
    assert here(by_code(done)["A"]["due_at"]) == due
    assert ("due_days_unreadable" in done.flags) == (due is None)


def test_a_promise_that_falls_into_the_skipped_hour_keeps_its_day() -> None:
    toml = 'source = "x"\ntime_zone = "America/New_York"\n[columns]\ncode = "c"\nreceived_at = "r"\n[due]\ndays = 2\n'
    row = by_code(translated("c,r\nA,2026-03-06 02:30\n", toml))["A"]
    assert here(row["due_at"], ZoneInfo("America/New_York")) == "2026-03-08 03:30"


def test_personal_columns_are_gone_before_anything_is_kept() -> None:
    header = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Chủ hồ sơ,Số điện thoại,"
    header += "Số CCCD,Email,Địa chỉ,Biệt danh,Lĩnh vực\n"
    text = header + "A,hôm qua,,,Nguyễn Văn A,0912345678,001099,a@b.vn,1 Lê Lợi,Tèo,Đất đai\n"
    done = translated(text, PLAIN + '[personal]\ncolumns = ["Biệt danh"]\n')
    raw = json.loads(done.rejects["raw"][0])
    assert set(raw) == {"Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc"}  # no field of ours, not kept
    assert done.dropped == ("Chủ hồ sơ", "Số điện thoại", "Số CCCD", "Email", "Địa chỉ", "Biệt danh")


@pytest.mark.parametrize(
    "header",
    ["ChuHoSo", "Họ và tên người nộp", "SĐT", "SoDienThoai", "Số giấy tờ chủ hồ sơ", "E-mail", "Fax", "DinhDanhCHS",
     "Applicant Name", "Phone Number", "Incident Address", "MaDoiTuong", "Ghi chú"],
)  # fmt: skip
def test_well_known_names_of_personal_data_are_recognised(header: str) -> None:
    assert looks_personal(header)


@pytest.mark.parametrize(
    "header", ["Mã hồ sơ", "Tên thủ tục", "Ngày nộp", "Đơn vị xử lý", "Lĩnh vực", "Responsible Agency"]
)
def test_columns_about_the_dossier_are_not_personal(header: str) -> None:
    assert not looks_personal(header)


def test_an_officer_is_kept_under_a_pseudonym_and_not_in_the_raw_row() -> None:
    toml = PLAIN + 'handler = "Cán bộ"\n'
    text = HEADER.replace("\n", ",Cán bộ\n") + "A,21/11/2026,,,Trần B\nB,22/11/2026,,,trần  b\nC,hôm qua,,,Trần B\n"
    done = translated(text, toml)
    names = {r["handler"] for r in by_code(done).values()}
    assert len(names) == 1
    assert "Trần" not in str(names) + str(done.rejects.rows())


def test_a_code_that_a_spreadsheet_shortened_is_refused_and_never_merged_with_another() -> None:
    rows = "2.61105E+11,21/11/2026,,\n2.61105E+11,22/11/2026,,\n26E01,21/11/2026,,\n"
    done = translated(HEADER + rows)
    assert list(by_code(done)) == ["26E01"]
    assert reasons(done) == {"row 2": ["code_shortened"], "row 3": ["code_shortened"]}


def test_merged_rows_with_different_receipts_are_pointed_at() -> None:
    copies = "H01-1,21/11/2026,,\nH01-1,21/11/2026,25/11/2026,\n"
    assert "same_code_other_receipt" not in translated(HEADER + copies).flags
    assert translated(HEADER + copies + "H01-1,22/11/2026,,\n").flags["same_code_other_receipt"] == 1
