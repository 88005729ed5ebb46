"""Waits, letters, money and counts that a file tells in columns of its own."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from config.errors import MappingError
from config.mapping import parse_mapping
from connectors.numbers import whole_number
from tests.connectors.made import HANOI, PLAIN, by_code, here, reasons, translated

HEADER = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Yêu cầu 1,Bổ sung 1,Hẹn mới,Yêu cầu 2,Xin lỗi,Số thư\n"
WAITS = (
    PLAIN
    + """
[[suspensions]]
from_at = "Yêu cầu 2"
kind = "payment"
[[suspensions]]
from_at = "Yêu cầu 1"
to_at = "Bổ sung 1"
due_after = "Hẹn mới"
[[extensions]]
at = "Xin lỗi"
due_after = "Hẹn mới"
letter = "Số thư"
"""
)


def told(text: str | None) -> list[dict[str, Any]]:
    """Give a JSON list of a dossier with its instants as local text."""
    listed: list[dict[str, Any]] = json.loads(text or "[]")
    return [{k: _here(v) if isinstance(v, int) else v for k, v in entry.items() if v is not None} for entry in listed]


def _here(micros: int) -> str | None:
    return here(datetime.fromtimestamp(micros / 1e6, HANOI))


def test_two_waits_and_a_letter_are_listed_the_earliest_first() -> None:
    row = by_code(
        translated(
            HEADER + "A,02/11/2026,20/11/2026,,03/11/2026 09:00,13/11/2026,25/11/2026,16/11/2026,18/11/2026,12/TB\n",
            WAITS,
        )
    )["A"]
    assert told(row["suspensions"]) == [
        {
            "kind": "supplement",
            "from_at": "2026-11-03 09:00",
            "to_at": "2026-11-13 00:00",
            "due_after": "2026-11-25 00:00",
        },
        {"kind": "payment", "from_at": "2026-11-16 00:00"},
    ]
    assert told(row["extensions"]) == [{"at": "2026-11-18 00:00", "due_after": "2026-11-25 00:00", "letter": "12/TB"}]


def test_a_dossier_that_never_waited_lists_nothing() -> None:
    row = by_code(translated(HEADER + "A,02/11/2026,20/11/2026,,,,,,,\n", WAITS))["A"]
    assert (row["suspensions"], row["extensions"]) == (None, None)


def test_a_wait_with_a_date_that_is_none_refuses_its_row() -> None:
    done = translated(HEADER + "A,02/11/2026,20/11/2026,,hôm nọ,,,,,\nB,25/11/2026,,,,,,,,\n", WAITS)
    assert (list(by_code(done)), reasons(done)) == (["B"], {"row 2": ["unreadable_date"]})
    assert done.rejects["found"].to_list() == ['suspension 2 from_at "hôm nọ"']


def test_waits_that_cannot_be_are_counted() -> None:
    rows = "A,02/11/2026,,,13/11/2026,03/11/2026,,,,\nB,02/11/2026,,,,03/11/2026,,,,\n"
    assert {k: n for k, n in translated(HEADER + rows, WAITS).flags.items() if k != "due_missing"} == {
        "wait_ends_before_it_begins": 1, "answer_without_request": 1, "department_missing": 2,
    }  # fmt: skip


def test_columns_of_waits_are_kept_and_a_wrong_one_is_told() -> None:
    done = translated(HEADER + "A,hôm qua,20/11/2026,,03/11/2026,,,,,12/TB\n", WAITS)
    assert json.loads(done.rejects["raw"][0])["Số thư"] == "12/TB"
    with pytest.raises(MappingError, match='no column "Yêu cầu 2". Did you mean "Yêu cầu 1"'):
        translated(HEADER.replace("Yêu cầu 2", "Khác") + "A,02/11/2026,,,,,,,,\n", WAITS)
    with pytest.raises(MappingError, match=r'no key "form_at"\. Did you mean "from_at"'):
        parse_mapping(PLAIN + '[[suspensions]]\nform_at = "x"\nfrom_at = "y"\n')


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12000", 12_000), ("1.250.000 đ", 1_250_000), ("12,000 VNĐ", 12_000), ("12 000 đồng", 12_000), ("0", 0),
        ("12000.00", 12_000), ("12000,0", 12_000), ("1.250", 1_250), ("1.25", None), ("1.250,5", None), ("-5", None),
        ("miễn phí", None), ("1.2500", None), ("99999999999999999999", None), ("1,250.000", None),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_people_write_it_and_never_guessed(text: str, number: int | None) -> None:
    assert pl.DataFrame({"x": [text]}).select(whole_number(pl.col("x"))).item() == number


def test_money_counts_and_ways_of_paying_become_fields() -> None:
    toml = PLAIN + 'fee = "Phí"\ncomponents = "Thành phần"\npayment = "Thanh toán"\nreturned_by = "Trả qua"\n'
    head = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Phí,Thành phần,Thanh toán,Trả qua\n"
    done = translated(
        head + 'A,21/11/2026,,,"1.250.000 đ",3,Chuyển khoản,Bưu điện\nB,21/11/2026,,,miễn,-,Bitcoin,\n', toml
    )
    fields = ("fee", "components", "payment", "returned_by")
    assert [tuple(r[f] for f in fields) for r in by_code(done).values()] == [
        (1_250_000, 3, "online", "post"),
        (None, None, None, None),
    ]
    assert (done.flags["number_unreadable"], done.flags["unknown_payment"]) == (1, 1)
    assert ("Bitcoin", None, 1) in done.words["payment"]


EVENTS = """
source = "log"
[columns]
code = "Mã"
[events]
time = "Lúc"
activity = "Việc"
received = "first"
resolved = ["Xong"]
suspended = ["Yêu cầu bổ sung", "Nhắc bổ sung"]
resumed = ["Nhận bổ sung"]
"""


def test_a_log_tells_waits_from_the_first_request_to_the_next_answer() -> None:
    events = (
        ("A", 2, "Tiếp nhận"), ("A", 3, "Yêu cầu bổ sung"), ("A", 5, "Nhắc bổ sung"), ("A", 9, "Nhận bổ sung"),
        ("A", 10, "Nhận bổ sung"), ("A", 11, "Yêu cầu bổ sung"), ("B", 2, "Nhận bổ sung"), ("B", 4, "Xong"),
    )  # fmt: skip
    rows = "".join(f"{code},2026-11-{day:02},{what}\n" for code, day, what in reversed(events))
    done = by_code(translated("Mã,Lúc,Việc\n" + rows, EVENTS))
    assert told(done["A"]["suspensions"]) == [
        {"kind": "supplement", "from_at": "2026-11-03 00:00", "to_at": "2026-11-09 00:00"},
        {"kind": "supplement", "from_at": "2026-11-11 00:00"},
    ]
    assert done["B"]["suspensions"] is None
