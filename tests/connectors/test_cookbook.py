"""The cookbook of the handbook: each mapping, as it stands there, reads an export of its kind."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.connectors.made import by_code, here, reasons, translated, workbook

HANDBOOK = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
COOKBOOK = HANDBOOK.split("## 10. Cookbook")[1].split("\n## 11.")[0]


def recipe(source: str) -> str:
    return next(str(t) for t in re.findall(r"```toml\n(.*?)```", COOKBOOK, re.DOTALL) if f'source = "{source}"' in t)


def test_a_workbook_with_a_sheet_a_month_and_merged_cells_is_one_load() -> None:
    merged = [("A3:A4", "Số hồ sơ"), ("B3:B4", "Đơn vị"), ("C3:E3", "Ngày")]

    def sheet(*rows: list[Any]) -> list[list[Any]]:
        return [["SỔ THEO DÕI"], [], [None] * 5, [None, None, "Tiếp nhận", "Hẹn trả", "Trả"], *rows]

    book = workbook(
        {
            "Bìa": [["UBND"], ["a"], ["b"], ["c"]],
            "T10": sheet(["A", "Sở Xây dựng", "05/10/2026", "20/10/2026", None], ["B", None, "06/10/2026", "?", None]),
            "T11": sheet(
                ["A", "Sở Xây dựng", "05/10/2026", "20/10/2026", "19/10/2026"], ["C", None, 46347, None, None]
            ),
        },
        {"T10": merged, "T11": merged},
    )
    done = translated(book, recipe("so-theo-thang"), "so.xlsx")
    assert {c: (r["department"], here(r["returned_at"])) for c, r in by_code(done).items()} == {
        "A": ("Sở Xây dựng", "2026-10-19 00:00"),
        "C": ("Sở Xây dựng", None),
    }
    assert (reasons(done), done.n_read, done.merged) == ({"row 6": ["unreadable_date"]}, 4, 1)


def _old(text: str) -> bytes:
    """Write letters and tones apart, as windows-1258 must: it has ê and no ế."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = unicodedata.normalize("NFD", text)
    found = re.findall(rf"[^{tones}\W\d_][^{tones}\w\s]*[{tones}]?[^{tones}\w\s]*|.|\n", apart)
    joined = (
        unicodedata.normalize("NFC", "".join(c for c in f if c not in tones)) + "".join(c for c in f if c in tones)
        for f in found
    )
    return "".join(joined).encode("cp1258")


@pytest.mark.parametrize("write", [_old, lambda t: unicodedata.normalize("NFD", t).encode("utf-16"), str.encode])
def test_an_export_of_an_old_system_is_read_in_any_encoding(write: Any) -> None:
    text = (
        "Mã HS;Ngày nhận;Ngày hẹn;Ngày hẹn lại;Ngày xong;TT\n"
        "A;46330,5;16/11/2026;20/11/2026;01/01/1900;Đang xử lý\nB;03/11/2026;16/11/2026;;13/11/2026 2:05 CH;9\n"
    )
    found = by_code(translated(write(text), recipe("he-thong-cu"), "cu.txt"))
    assert [(here(r["received_at"]), here(r["due_at"]), r["status"]) for r in found.values()] == [
        ("2026-11-04 12:00", "2026-11-20 00:00", "processing"),
        ("2026-11-03 00:00", "2026-11-16 00:00", "resolved"),
    ]
    assert here(found["B"]["resolved_at"]) == "2026-11-13 14:05"


def test_a_list_inside_a_json_answer_is_read_by_its_paths() -> None:
    code: dict[str, Any] = {"ma": "A", "ngayTiepNhan": "2026-11-03T08:00:00+07:00"}
    row: dict[str, Any] = {"hoSo": code, "henTra": "2026-11-16", "ngayXong": None}
    more = {"donVi": {"ten": "Sở Xây dựng"}, "coQuan": [{"ten": "Bộ phận một cửa"}, {"ten": "khác"}]}
    waits = [{"tu": "04/11/2026", "den": "06/11/2026"}, {"tu": "25/11/2026", "den": None}]
    other = row | more | {"hoSo": code | {"ma": 12.0}, "coQuan": [], "boSung": []}
    whole = {"trang": [{"so": 1}], "ketQua": {"danhSach": [row | more | {"boSung": waits}, other]}}
    found = by_code(translated(json.dumps(whole).encode(), recipe("api-xuat"), "x.json"))
    assert (found["A"]["department"], here(found["A"]["received_at"])) == ("Sở Xây dựng", "2026-11-03 08:00")
    assert {c: (r["receiving_unit"], (r["suspensions"] or "").count("from_at")) for c, r in found.items()} == {
        "A": ("Bộ phận một cửa", 2), "12": (None, 0),
    }  # fmt: skip


def test_a_parquet_file_with_records_is_read_by_its_paths() -> None:
    out = BytesIO()
    at = datetime(2026, 11, 3, 1, tzinfo=UTC)
    rows = {"ma_ho_so": ["A"], "tiep_nhan": [at], "hen_tra": [at.date()], "ket_thuc": [None], "don_vi": [{"ten": "Sở"}]}
    pl.DataFrame(rows).write_parquet(out)
    row = by_code(translated(out.getvalue(), recipe("kho-du-lieu"), "x"))["A"]
    assert (row["department"], here(row["received_at"]), here(row["due_at"])) == (
        "Sở", "2026-11-03 08:00", "2026-11-03 00:00",
    )  # fmt: skip


def test_an_event_log_of_a_one_stop_system_is_folded() -> None:
    def event(name: str, at: str) -> str:
        who = '<string key="org:resource" value="Nguyễn Văn Kín"/>'
        return (
            f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{at}"/>{who}</event>'
        )

    unit, due = '<string key="donvi" value="Sở Tư pháp"/>', '<date key="hentra" value="2026-11-16"/>'
    case = f'<string key="concept:name" value="A"/>{unit}{due}'
    events = event("Tiếp nhận", "2026-11-03T08:00:00+07:00") + event("Ban hành kết quả", "2026-11-13T14:00:00+07:00")
    row = by_code(translated(f"<?xml version='1.0'?><log><trace>{case}{events}</trace></log>", recipe("nhat-ky"), "x"))[
        "A"
    ]
    assert (row["status"], here(row["resolved_at"]), row["department"]) == (
        "resolved",
        "2026-11-13 14:00",
        "Sở Tư pháp",
    )
    assert row["handler"].startswith("cb-")
