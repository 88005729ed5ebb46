"""A small made-up province: a few thousand dossiers through the real store, so that pages have something to show."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from jobs.rebuild import rebuild
from metrics.dossier import COLUMNS, REJECTS, Dossier
from store import people
from store.database import Store
from store.ingest import Source, begin_run

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCE: Final = Source("mot-cua", "Asia/Ho_Chi_Minh", "Một cửa điện tử tỉnh", kind="rest", cadence_minutes=15)
WORK: Final = (
    # department, field, procedure, limit in working days, share late
    ("Sở Nông nghiệp và Môi trường", "Môi trường", "Cấp giấy phép môi trường", 20, 0.09),
    ("Sở Nông nghiệp và Môi trường", "Đất đai", "Giao đất, cho thuê đất không đấu giá", 20, 0.12),
    ("Sở Xây dựng", "Hoạt động xây dựng", "Cấp chứng chỉ hành nghề hoạt động xây dựng", 14, 0.05),
    ("Sở Xây dựng", "Đường bộ", "Cấp giấy phép kinh doanh vận tải bằng xe ô tô", 4, 0.03),
    ("Sở Tư pháp", "Lý lịch tư pháp", "Cấp Phiếu lý lịch tư pháp", 8, 0.01),
    ("Sở Công Thương", "Điện", "Cấp giấy phép hoạt động bán lẻ điện", 10, 0.02),
    ("Sở Y tế", "Khám bệnh, chữa bệnh", "Cấp giấy phép hành nghề khám bệnh, chữa bệnh", 15, 0.03),
    ("Sở Tài chính", "Thành lập doanh nghiệp", "Đăng ký thành lập hộ kinh doanh", 3, 0.02),
    ("UBND phường Minh Sơn", "Hộ tịch", "Đăng ký kết hôn", 1, 0.01),
    ("UBND phường Minh Sơn", "Chứng thực", "Chứng thực bản sao từ bản chính", 1, 0.005),
    ("UBND phường Minh Sơn", "Đất đai", "Đăng ký biến động quyền sử dụng đất", 10, 0.16),
    ("UBND phường Tân Vân", "Hộ tịch", "Đăng ký khai sinh", 1, 0.01),
    ("UBND phường Tân Vân", "Đất đai", "Cấp đổi Giấy chứng nhận quyền sử dụng đất", 10, 0.24),
    ("UBND xã Hòa Lam", "Hộ tịch", "Trích lục hộ tịch", 1, 0.02),
    ("UBND xã Hòa Lam", "Bảo trợ xã hội", "Quyết định trợ cấp xã hội hằng tháng", 10, 0.04),
)  # fmt: skip
STEPS: Final = ("Tiếp nhận", "Thẩm định", "Phê duyệt", "Ký số")
PASSWORD: Final = "mat-khau-thu-nghiem"


@dataclass(frozen=True, slots=True)
class Made:
    """What was stored."""

    today: date
    dossiers: int


def instant(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Give an instant of a local day in UTC."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def workday(day: date, days: int) -> date:
    """Go on by working days, Monday to Friday: near enough for made-up promises."""
    step = 1 if days >= 0 else -1
    left = abs(days)
    while left:
        day += timedelta(days=step)
        left -= day.weekday() < 5
    return day


def dossiers(today: date, *, weeks: int = 30, a_day: int = 30, seed: int = 7) -> pl.DataFrame:
    """Make dossiers received on the working days of the last ``weeks``; the same seed gives the same ones."""
    dice = random.Random(seed)
    rows: list[dict[str, object]] = []
    day = today - timedelta(weeks=weeks)
    while day <= today:
        if day.weekday() < 5:
            rows.extend(_dossier(dice, day, today, len(rows) + i) for i in range(a_day + dice.randint(-6, 6)))
        day += timedelta(days=1)
    stamps = {c: pl.Datetime("us", "UTC") for c in rows[0] if c.endswith("_at")}
    frame = pl.DataFrame(rows, schema_overrides=stamps, infer_schema_length=None)
    return Dossier.cast(frame.with_columns(pl.lit(None, pl.String).alias(c) for c in COLUMNS if c not in frame.columns))


def _dossier(dice: random.Random, day: date, today: date, number: int) -> dict[str, object]:
    department, field, procedure, limit, late = WORK[min(int(dice.random() ** 0.8 * len(WORK)), len(WORK) - 1)]
    channel = dice.choices(["online", "counter", "post"], [60, 36, 4])[0]
    start = instant(day, dice.randint(8, 15), dice.randint(0, 59))
    row: dict[str, object] = {
        "source": SOURCE.name, "code": f"H99.{number % 40:02d}-{day:%y%m%d}-{number:05d}", "department": department,
        "field": field, "procedure": procedure, "procedure_name": procedure, "channel": channel,
        "level": "commune" if department.startswith("UBND") else "province",
        "submitted_at": start, "changed_at": start, "step": "Tiếp nhận",
    }  # fmt: skip
    if channel == "online" and (today - day).days < 4 and dice.random() < 0.35:
        return row | {"status": "submitted"}
    due = workday(day, limit)
    spent = limit + dice.randint(1, 25) if dice.random() < late else dice.randint(0, limit)
    closed = workday(day, spent)
    row |= _amounts(number, department) | {
        "received_at": start, "due_at": instant(due, 17), "status": "processing",
        "handler": f"CB-{dice.randint(101, 148)}", "step": dice.choice(STEPS),
    }  # fmt: skip
    if closed > today or (closed == today and dice.random() < 0.7):
        paused = dice.random() < 0.06
        return row | ({"status": "supplement", "step": "Chờ bổ sung"} if paused else {})
    ended = max(instant(closed, dice.randint(9, 16), dice.randint(0, 59)), start)
    result = {"results": None if number % 11 == 0 else int(number % 5 != 0)}
    return row | result | {"status": "returned", "resolved_at": ended, "changed_at": ended, "step": "Trả kết quả"}


def _amounts(number: int, department: str) -> dict[str, object]:
    """Give fees, payment and papers by the number alone: the Sở Công Thương charges nothing, one in seven of those who
    pay is of unknown payment, and what came by the number 13 tells no papers."""
    fee = 0 if department == "Sở Công Thương" or number % 3 == 0 else (number % 9 + 1) * 15_000
    paid = (None, "online", "direct", "online", "direct", "direct", "online")[number % 7] if fee else None
    papers = None if number % 13 == 0 else number % 4 + 1
    digitised = papers and papers - (number % 5 == 0)
    reused = digitised and number % 2
    return {
        "fee": fee, "payment": paid, "components": papers, "components_digitised": digitised,
        "components_reused": reused,
    }  # fmt: skip


def fill(store: Store, today: date, *, now: datetime, weeks: int = 30, a_day: int = 30) -> Made:
    """Store the province and its people, with a few refused rows, and derive the figures."""
    good = dossiers(today, weeks=weeks, a_day=a_day)
    bad = pl.DataFrame(
        [
            {"place": f"dòng {i + 2}", "code": f"H99.01-261101-{i:04d}", "reasons": ["started"],
             "found": "không có ngày nộp, ngày tiếp nhận", "raw": f'{{"MaHoSo": "H99.01-{i}"}}'}
            for i in range(3)
        ],
        schema=REJECTS,
    )  # fmt: skip
    with begin_run(store, SOURCE, kind="sync", origin="http://127.0.0.1/hoso", seen_at=now) as run:
        run.batch(good, bad)
    add_people(store)
    rebuild(store)
    return Made(today, good.height)


def add_people(store: Store) -> None:
    """Add a director of the whole province and a head of one department."""
    people.add(store, "giamdoc", PASSWORD, role="director", title="Nguyễn Thị Hạnh")
    people.add(store, "truongphong", PASSWORD, role="head", title="Trần Văn Bình", departments=("Sở Xây dựng",))
