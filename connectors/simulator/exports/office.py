"""Rows of the exchange as a one-stop office exports them: Vietnamese headers and words, dates as written here."""

from __future__ import annotations

from typing import Final

import polars as pl

#: Header → column of the exchange. The order is that of the sheet; STT is counted.
COLUMNS: Final = {
    "Số hồ sơ": "MaHoSo", "Chủ hồ sơ": "ChuHoSo", "Số điện thoại": "SoDienThoai", "Số giấy tờ": "SoGiayToChuHoSo",
    "Mã TTHC": "MaTTHC", "Tên thủ tục hành chính": "TenTTHC", "Lĩnh vực": "TenLinhVuc",
    "Cơ quan giải quyết": "DonViXuLy", "Hình thức nộp": "KenhThucHien", "Ngày nộp": "NgayNopHoSo",
    "Ngày tiếp nhận": "NgayTiepNhan", "Ngày hẹn trả": "NgayHenTra", "Ngày có kết quả": "NgayKetThucXuLy",
    "Ngày trả kết quả": "NgayTra", "Ngày từ chối": "NgayTuChoi", "Trạng thái": "TrangThaiHoSo",
    "Ngày cập nhật": "NgayCapNhat",
}  # fmt: skip
HEADERS: Final = ("STT", *COLUMNS)
STAMPS: Final = (
    "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayCapNhat",
)  # fmt: skip
CHANNELS: Final = {"1": "Trực tiếp", "2": "Trực tuyến", "3": "Bưu chính công ích"}
STATUSES: Final = {
    "1": "Mới đăng ký", "2": "Được tiếp nhận", "3": "Không tiếp nhận", "4": "Đang xử lý",
    "5": "Yêu cầu bổ sung giấy tờ", "6": "Yêu cầu thực hiện nghĩa vụ tài chính", "7": "Công dân yêu cầu rút hồ sơ",
    "8": "Dừng xử lý", "9": "Đã xử lý xong", "10": "Đã trả kết quả",
}  # fmt: skip
#: A dossier given back after acceptance has the number 3 too; an office says it in words.
GIVEN_BACK: Final = "Trả lại hồ sơ"
WORDS: Final = {
    "Mới đăng ký": "submitted", "Được tiếp nhận": "accepted", "Không tiếp nhận": "not_accepted",
    "Đang xử lý": "processing", "Yêu cầu bổ sung giấy tờ": "supplement",
    "Yêu cầu thực hiện nghĩa vụ tài chính": "payment", "Công dân yêu cầu rút hồ sơ": "withdrawn",
    "Dừng xử lý": "stopped", "Đã xử lý xong": "resolved", "Đã trả kết quả": "returned", GIVEN_BACK: "refused",
}  # fmt: skip


def told(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the columns of COLUMNS, "" where a set has none; a dossier given back is closed on the day of the letter."""
    missing = [pl.lit("").alias(c) for c in COLUMNS.values() if c not in rows.columns]
    given_back = (pl.col("TrangThaiHoSo") == "3") & (pl.col("NgayTiepNhan") != "")
    finish = pl.when(given_back & (pl.col("NgayKetThucXuLy") == "")).then("NgayTuChoi").otherwise("NgayKetThucXuLy")
    status = pl.col("TrangThaiHoSo").replace_strict(STATUSES, default="(khác)", return_dtype=pl.String)
    return rows.with_columns(*missing).select(*COLUMNS.values()).with_columns(
        NgayKetThucXuLy=finish,
            NgayTuChoi=pl.when(~given_back).then("NgayTuChoi").otherwise(pl.lit("")),
        KenhThucHien=pl.col("KenhThucHien").replace_strict(CHANNELS, default="", return_dtype=pl.String),
        TrangThaiHoSo=pl.when(given_back).then(pl.lit(GIVEN_BACK)).otherwise(status),
    )  # fmt: skip


def sheet(rows: pl.DataFrame, before: int) -> pl.DataFrame:
    """Give the rows of a sheet under HEADERS, dd/MM/yyyy HH:mm; ``before`` rows stand above them."""
    dated = told(rows).with_columns(day_first(c) for c in STAMPS)
    number = pl.int_range(before + 1, before + 1 + pl.len()).cast(pl.String).alias("STT")
    return dated.select(number, *(pl.col(column).alias(header) for header, column in COLUMNS.items()))


def day_first(column: str) -> pl.Expr:
    """Write yyyyMMddHHmmss as dd/MM/yyyy HH:mm."""
    text = pl.col(column)
    day = text.str.slice(6, 2) + "/" + text.str.slice(4, 2) + "/" + text.str.slice(0, 4)
    moment = day + " " + text.str.slice(8, 2) + ":" + text.str.slice(10, 2)
    return pl.when(text.str.len_chars() == 14).then(moment).otherwise(text).alias(column)


def iso(column: str) -> pl.Expr:
    """Write yyyyMMddHHmmss as an instant of ISO 8601 with the offset of the province; null where there is none."""
    text = pl.col(column)
    day = text.str.slice(0, 4) + "-" + text.str.slice(4, 2) + "-" + text.str.slice(6, 2)
    time = text.str.slice(8, 2) + ":" + text.str.slice(10, 2) + ":" + text.str.slice(12, 2)
    known = text.str.len_chars() == 14
    return pl.when(known).then(day + "T" + time + "+07:00").otherwise(pl.when(text != "").then(text)).alias(column)
