"""The software of the sources as the centre tells its vendors of it: what was measured, and the log of faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import polars as pl

from config.reasons import REASONS
from config.troubles import trouble
from metrics import software
from metrics.software import MISSING, WRONG
from reports import formats
from reports.sheets import Book, Column, new_book, table
from store import evidence
from store.database import Store

#: What a vendor's workbook calls the kinds of faults, what became of them, and how they stand.
KINDS: Final = {
    "availability": "Không truy cập được", "delay": "Chậm", "data": "Sai hoặc thiếu dữ liệu",
    "function": "Chức năng", "other": "Khác",
}  # fmt: skip
ACTS: Final = {"answered": "Trả lời", "mended": "Khắc phục", "reopened": "Lỗi lại", "note": "Ghi chú"}
STATES: Final = {"waits": "Chờ trả lời", "answered": "Đã trả lời, chưa khắc phục", "mended": "Đã khắc phục"}
#: What may be missing or wrong in a dossier, in words.
FIELDS: Final = {
    "due_at": "Thiếu ngày hẹn trả", "procedure": "Thiếu thủ tục", "field": "Thiếu lĩnh vực",
    "department": "Thiếu đơn vị giải quyết", "channel": "Thiếu kênh nộp",
    "due_before_receipt": "Hẹn trả trước khi tiếp nhận", "finished_before_receipt": "Có kết quả trước khi tiếp nhận",
}  # fmt: skip
#: How each number is counted.
MEANS: Final = (
    ("Lần đọc được", "Lần hỏi nguồn kết thúc tốt, trên mọi lần hỏi đã kết thúc. Không tính tệp do người nạp."),
    ("Gián đoạn lâu nhất", "Khoảng dài nhất giữa hai lần đọc được liền nhau, tính vào tuần mà khoảng đó kết thúc."),
    (
        "Độ trễ",
        "Từ dấu giờ của nguồn đến khi Đúng Hạn thấy thay đổi; trung vị và phân vị 90. Gồm cả nhịp đọc của Đúng Hạn; "
        "không gồm lần đọc đầu tiên.",
    ),
    ("Dòng bị giữ lại", "Dòng trái quy tắc, không vào số liệu, trên số dòng đã đọc; một dòng có thể có nhiều lý do."),
    ("Thiếu, sai", "Hồ sơ tiếp nhận trong tuần, theo bản mới nhất của nguồn, trên tổng hồ sơ tiếp nhận trong tuần."),
    ("Ngày chờ", "Ngày làm việc từ ngày báo, hoặc ngày lỗi lại, đến ngày trả lời và ngày khắc phục."),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of all sources: metrics.software.weeks, errors (in words) and reasons."""

    weeks: pl.DataFrame
    errors: pl.DataFrame
    reasons: pl.DataFrame

    def of(self, source: str) -> Measured:
        """Give what was measured of one source."""
        mine = pl.col("source") == source
        return Measured(self.weeks.filter(mine), self.errors.filter(mine), self.reasons.filter(mine))


def measured(store: Store, zones: Mapping[str, str], *, since: datetime, now: datetime) -> Measured:
    """Measure the software of the sources (name → time zone) from ``since`` on."""
    ran, refused = evidence.runs(store, since), evidence.refused(store, since)
    delays, received = evidence.delays(store, since), evidence.received(store, since)
    words = {told: trouble(told).title for told in ran["error"].drop_nulls().unique()}
    worded = ran.with_columns(pl.col("error").replace_strict(words, default=None, return_dtype=pl.String))
    return Measured(
        software.weeks(ran, delays, refused, received, zones=zones, now=now), software.errors(worded),
        software.reasons(refused),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """Whose workbook it is: what the source is called, of which days, made on which, by which version of the data."""

    title: str
    from_on: date
    made_on: date
    data_version: str


def workbook(
    about: About, told: Measured, faults: pl.DataFrame, acts: pl.DataFrame, codes: pl.DataFrame | None = None
) -> bytes:  # fmt: skip
    """Write what one vendor is told of one source; equal content gives equal bytes.

    ``faults``, ``acts``: of store.faults; ``codes``: refused rows (store.runs.quarantined) whose codes were chosen to
    go along. Without them no dossier is named, and no person ever is.
    """
    title = f"Phần mềm của nguồn {about.title}"
    with new_book(about.made_on, title) as (book, out):
        _faults(book, faults)
        _acts(book, acts)
        _weeks(book, told.weeks)
        _counts(book, told)
        if codes is not None:
            _codes(book, codes)
        _about(book, about)
    return _bytes(out)


def _bytes(out: BytesIO) -> bytes:
    return out.getvalue()


def _faults(book: Book, faults: pl.DataFrame) -> None:
    columns: list[Column] = [
        ("Số", "count", "seq", 6), ("Nhóm", "text", "kind", 20), ("Lỗi", "text", "title", 40),
        ("Mô tả", "text", "text", 50), ("Nhà cung cấp", "text", "vendor", 20), ("Ngày báo", "day", "reported_on", 11),
        ("Tình trạng", "text", "state", 20), ("Ngày trả lời", "day", "answered_on", 11),
        ("Ngày khắc phục", "day", "mended_on", 11), ("Lỗi lại ngày", "day", "reopened_on", 11),
        ("Ngày chờ trả lời", "count", "answer_days", 10), ("Ngày chờ khắc phục", "count", "mend_days", 10),
    ]  # fmt: skip
    rows = [
        row | {"kind": KINDS.get(row["kind"], row["kind"]), "state": STATES[row["state"]]} for row in faults.to_dicts()
    ]
    table(book, book.sheet("Sổ lỗi"), columns, rows, frozen=1)


def _acts(book: Book, acts: pl.DataFrame) -> None:
    columns: list[Column] = [
        ("Lỗi số", "count", "fault_seq", 8), ("Ngày", "day", "on", 12), ("Việc", "text", "act", 16),
        ("Nội dung", "text", "text", 90),
    ]  # fmt: skip
    rows = [row | {"act": ACTS.get(row["act"], row["act"])} for row in acts.to_dicts()]
    table(book, book.sheet("Diễn biến"), columns, rows)


def week_columns() -> list[Column]:
    """Give the columns of the table by week."""
    counts = [("Lần đọc", "runs"), ("Đọc được", "ok"), ("Đọc lỗi", "failed")]
    last = [("Dòng đã đọc", "read"), ("Dòng bị giữ lại", "refused"), ("Hồ sơ tiếp nhận", "received")]
    columns: list[Column] = [("Tuần từ ngày", "day", "week", 12)]
    columns += [(name, "count", key, 9) for name, key in counts]
    columns += [("Tỷ lệ đọc được", "rate", "available", 9), ("Gián đoạn lâu nhất (phút)", "decimal", "gap_minutes", 11)]
    columns += [
        ("Thay đổi có dấu giờ", "count", "stamped", 10),
        ("Trễ, trung vị (phút)", "decimal", "delay_median", 10),
    ]
    columns += [("Trễ, phân vị 90 (phút)", "decimal", "delay_p90", 10)]
    columns += [(name, "count", key, 10) for name, key in last]
    return columns + [(FIELDS[key], "count", key, 10) for key in (*MISSING, *WRONG)]


def _weeks(book: Book, weeks: pl.DataFrame) -> None:
    share = pl.when(pl.col("runs") > 0).then(pl.col("ok") / pl.col("runs")).alias("available")
    rows = weeks.with_columns(share).to_dicts()
    table(book, book.sheet("Theo tuần"), week_columns(), rows, frozen=1, noted=("available", "delay_median"))


def _counts(book: Book, told: Measured) -> None:
    errors: list[Column] = [
        ("Lần đọc lỗi vì", "text", "error", 70), ("Số lần", "count", "n", 9), ("Lần đầu", "day", "first_at", 12),
        ("Lần cuối", "day", "last_at", 12),
    ]  # fmt: skip
    table(book, book.sheet("Lỗi khi đọc"), errors, told.errors.to_dicts())
    reasons: list[Column] = [
        ("Dòng bị giữ lại vì", "text", "reason", 70), ("Số dòng", "count", "n", 9), ("Lần cuối", "day", "last_at", 12)
    ]  # fmt: skip
    rows = [row | {"reason": REASONS.get(row["reason"], row["reason"])} for row in told.reasons.to_dicts()]
    table(book, book.sheet("Dòng bị giữ lại"), reasons, rows)


def _codes(book: Book, codes: pl.DataFrame) -> None:
    columns: list[Column] = [
        ("Mã hồ sơ", "text", "code", 34), ("Vì sao", "text", "why", 70), ("Thấy ngày", "day", "seen_at", 12)
    ]  # fmt: skip
    rows = [
        {**row, "why": "; ".join(REASONS.get(name, name) for name in row["reasons"] or [])} for row in codes.to_dicts()
    ]
    table(book, book.sheet("Mã hồ sơ"), columns, rows)


def _about(book: Book, about: About) -> None:
    rows: list[dict[str, Any]] = [
        {"name": "Nguồn", "said": about.title},
        {"name": "Số liệu", "said": f"Từ {formats.day(about.from_on)} đến {formats.day(about.made_on)}"},
        {"name": "Bản số liệu", "said": about.data_version},
        *({"name": name, "said": said} for name, said in MEANS),
    ]
    table(book, book.sheet("Cách tính"), [("Mục", "text", "name", 26), ("Nội dung", "text", "said", 110)], rows)
