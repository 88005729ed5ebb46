"""The office of the operator's book: a vendor's database of a few hundred dossiers, and the settings that read it."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from config.place import SHIPPED

NAME: Final = "mot-cua-so"
UNITS: Final = ("Sở Xây dựng", "Sở Y tế", "UBND xã Hòa An")
STATES: Final = ("Đang xử lý", "Đã trả kết quả")
SOURCES: Final = """
[[source]]
name = "mot-cua-so"
title = "Một cửa của Sở"
kind = "database"
url = "sqlite:///{database}"
mapping = "mot-cua-so.toml"
every_seconds = 60
cadence_minutes = 30
[source.database]
cursor = "cap_nhat"
query = "SELECT * FROM ho_so"
"""
MAPPING: Final = """source = "mot-cua-so"
title = "Một cửa của Sở"

[columns]
code = "ma_ho_so"
department = "don_vi"
status = "trang_thai"
received_at = "ngay_nhan"
due_at = "ngay_hen"
resolved_at = "ngay_xong"
changed_at = "cap_nhat"

[status.words]
"Đang xử lý" = "processing"
"Đã trả kết quả" = "returned"
"""
REGISTER: Final = """[[unit]]
name = "UBND tỉnh Minh Sơn"
level = "tỉnh"

[[unit]]
name = "Sở Xây dựng"
level = "tỉnh"
parent = "UBND tỉnh Minh Sơn"

[[unit]]
name = "Sở Y tế"
level = "tỉnh"
parent = "UBND tỉnh Minh Sơn"

[[unit]]
name = "UBND xã Hòa An"
level = "xã"
parent = "UBND tỉnh Minh Sơn"

[[unit]]
name = "UBND xã Hòa Bình"
level = "xã"
parent = "UBND tỉnh Minh Sơn"
"""


def vendor(file: Path, now: datetime, *, weeks: int = 5) -> None:
    """Make the vendor's database: five dossiers a unit and working day, answered in eight days, some late or open."""
    with sqlite3.connect(file) as database:
        database.execute(
            "CREATE TABLE ho_so (ma_ho_so TEXT PRIMARY KEY, don_vi TEXT, trang_thai TEXT, ngay_nhan TEXT, "
            "ngay_hen TEXT, ngay_xong TEXT, cap_nhat TEXT)"
        )
        days = [now.date() - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
        rows = [row for day in days if day.weekday() < 5 for row in _of_day(day, now)]
        database.executemany("INSERT INTO ho_so VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    database.close()


def _of_day(day: date, now: datetime) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    for u, unit in enumerate(UNITS):
        for n in range(5):
            due, took = day + timedelta(days=10), 12 if n == 0 else 8
            done = datetime.combine(day + timedelta(days=took), time(10))
            closed = done < now.replace(tzinfo=None) and (n, day.weekday()) != (0, u)
            changed = done if closed else datetime.combine(day, time(9))
            rows.append(
                (f"{u + 1:02d}-{day:%y%m%d}-{n + 1:04d}", unit, STATES[closed], f"{day} 08:30:00", f"{due} 17:00:00",
                 str(done) if closed else None, str(changed))
            )  # fmt: skip
    return rows


def changed(file: Path, *statements: str) -> None:
    """Let the vendor change its database."""
    with sqlite3.connect(file) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def settings(folder: Path, database: Path) -> None:
    """Write the office's own settings."""
    (folder / "sources.toml").write_text(SOURCES.format(database=database), encoding="utf-8")
    (folder / "mot-cua-so.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "units.toml").write_text(REGISTER, encoding="utf-8")
    for name in ("calendar.toml", "mail.toml", "report.toml"):
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
