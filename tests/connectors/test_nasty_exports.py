"""Exports as offices hand them out, mapped from the handbook alone; what must come of each is worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO

import polars as pl
import xlsxwriter

from tests.connectors.made import by_code, here, reasons, translated

SIGNER = "Nguyễn Văn Ký"
REPORT = """source = "bc"
[file]
header_row = [4, 5]
missing = ["Chưa"]
[rows]
skip_starting = ["I. ", "II. "]
[columns]
code = "Mã hồ sơ"
received_at = "Thời gian / Nhận"
due_at = "Thời gian / Hẹn"
resolved_at = "Kết quả / Xong"
department = "Đơn vị"
[dates]
day_first = true
"""


def _report() -> bytes:
    """Write a form with merged heads, numbers under them, two groups with totals, a grand total and a signature."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet("BC"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range("A1:G1", "BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ")
        for area, text in (
            ("A4:A5", "STT"), ("B4:B5", "Mã\nhồ sơ"), ("C4:D4", "Thời gian"), ("E4:F4", "Kết quả"), ("G4:G5", "Đơn vị")
        ):  # fmt: skip
            sheet.merge_range(area, text)
        for place, text in (("C5", "Nhận"), ("D5", "Hẹn"), ("E5", "Xong"), ("F5", "Ghi chú")):
            sheet.write(place, text)
        sheet.write_row("A6", [f"({n})" for n in range(1, 8)])
        sheet.merge_range("A7:G7", "I. LĨNH VỰC ĐẤT ĐAI")
        for at, day_of in ((7, 3), (8, 4)):
            sheet.write_row(at, 0, [at - 6, 20_261_100 + at])
            sheet.write_datetime(at, 2, datetime(2026, 11, day_of), day)  # noqa: DTZ001 - cells know no time zone
            sheet.write_row(at, 3, ["16/11/2026", "13/11/2026" if at == 7 else "Chưa", WHO, "Sở Đất"])
        sheet.write_row("A10", ["Cộng I", None, 2])
        sheet.merge_range("A11:G11", "II. LĨNH VỰC Y TẾ")
        sheet.write_row("A12", [3, 20_261_200, "04/11/2026 8h30", "18-11-2026", "", "", "Sở Y tế"])
        sheet.merge_range("A13:B13", "TỔNG CỘNG")
        sheet.write_row("B15", ["Người lập biểu", None, None, None, "Giám đốc"])
        sheet.write("B19", SIGNER)
    return out.getvalue()


WHO = "trả cho ông Trần Văn Nhận"


def test_a_form_with_merged_heads_groups_totals_and_a_signature_gives_its_three_dossiers() -> None:
    done = translated(_report(), REPORT, "bc.xlsx")
    assert {c: (here(r["received_at"]), here(r["due_at"]), r["status"]) for c, r in by_code(done).items()} == {
        "20261107": ("2026-11-03 00:00", "2026-11-16 00:00", "resolved"),
        "20261108": ("2026-11-04 00:00", "2026-11-16 00:00", "processing"),
        "20261200": ("2026-11-04 08:30", "2026-11-18 00:00", "processing"),
    }
    assert (done.n_read, reasons(done)) == (3, {})
    assert SIGNER not in str(done.rejects.rows()), "who signed is no dossier, and no code"


def test_who_signed_is_told_from_a_code_that_lacks_all_else() -> None:
    text = "Số hồ sơ,Nhận\nA-1,21/11/2026\nA-2,\nHồ sơ giấy số 3,\n" + SIGNER + ",\n"
    done = translated(text, 'source = "s"\n[columns]\ncode = "Số hồ sơ"\nreceived_at = "Nhận"\n')
    assert reasons(done) == {"row 3": ["no_start_date"], "row 4": ["no_start_date"]}


def test_parquet_with_nanoseconds_utc_and_codes_that_are_numbers() -> None:
    """18:00 of the 3rd in Greenwich is 1:00 of the 4th here; 13/11 14:05 without an offset is ours."""
    utc = pl.Series([datetime(2026, 11, 3, 1), datetime(2026, 11, 3, 18), datetime(2026, 11, 4)])  # noqa: DTZ001
    own = pl.Series([datetime(2026, 11, 13, 14, 5), None, None])  # noqa: DTZ001
    out = BytesIO()
    pl.DataFrame(
        {
            "MA_HO_SO": [1001.0, 1002.0, 1003.5],
            "TIEP_NHAN": utc.cast(pl.Datetime("ns", "UTC")),
            "HEN": [date(2026, 11, 16)] * 3,
            "XONG": own.cast(pl.Datetime("ns")),
        }
    ).write_parquet(out)
    fields = 'code = "ma_ho_so"\nreceived_at = "tiep_nhan"\ndue_at = "hen"\nresolved_at = "xong"\n'
    done = translated(out.getvalue(), f'source = "kho"\n[columns]\n{fields}', "x.parquet")
    assert {c: (here(r["received_at"]), here(r["resolved_at"])) for c, r in by_code(done).items()} == {
        "1001": ("2026-11-03 08:00", "2026-11-13 14:05"), "1002": ("2026-11-04 01:00", None),
    }  # fmt: skip
    assert reasons(done) == {"row 3": ["code_broken"]}
    assert done.good["received_at"][0] == datetime(2026, 11, 3, 1, tzinfo=UTC)


def test_xes_with_vietnamese_keys_is_mapped_by_them() -> None:
    def event(what: str, when: str) -> str:
        return (
            f'<event><string key="hoạt động" value="{what}"/><date key="thời điểm" value="2026-11-{when}:00:00+07:00"/>'
            '<string key="Cán bộ xử lý" value="Trần Văn X"/></event>'
        )

    every = event("Tiếp nhận", "03T08") + event("Yêu cầu bổ sung", "04T08") + event("Nhận bổ sung", "06T08")
    cases = "".join(
        f'<trace><string key="Mã hồ sơ" value="H{n}"/>{every}{event("Trả kết quả", "13T08") if n == 1 else ""}</trace>'
        for n in range(3)
    )
    mapping = """source = "log"
[columns]
code = "case:Mã hồ sơ"
[events]
time = "thời điểm"
activity = "hoạt động"
resource = "Cán bộ xử lý"
received = "Tiếp nhận"
returned = "Trả kết quả"
suspended = "Yêu cầu bổ sung"
resumed = "Nhận bổ sung"
"""
    done = translated(f"<log>{cases}</log>", mapping, "x.xes")
    assert (done.n_read, done.merged) == (10, 7)
    assert {c: (r["status"], here(r["returned_at"])) for c, r in by_code(done).items()} == {
        "H0": ("processing", None), "H1": ("returned", "2026-11-13 08:00"), "H2": ("processing", None),
    }  # fmt: skip
    assert [len(json.loads(r["suspensions"])) for r in by_code(done).values()] == [1, 1, 1]
