"""Đơn vị và thủ tục: which names do sources write that the office's registers do not know?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.wording import NOTHING, number

ROLES: Final = {"department": "giải quyết", "receiving_unit": "tiếp nhận", "procedure": "thủ tục"}
#: What stands behind a unit that is shown under the name its source writes.
MARK: Final = "chưa có trong danh mục"


def table(found: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay out metrics.unregistered.COLUMNS, the most dossiers first."""
    names = (
        "Nguồn ghi", "Vai trò", "Nguồn", "Hồ sơ", "Đang giải quyết", "Quá hạn", "Từ ngày", "Đến ngày",
        "Gần giống trong danh mục",
    )  # fmt: skip
    return pl.DataFrame([_line(row, titles) for row in found.to_dicts()], schema=list(names), orient="row")


def _line(row: dict[str, Any], titles: dict[str, str]) -> tuple[str, ...]:
    counts = (number(row[name]) for name in ("dossiers", "open", "overdue"))
    days = (f"{day:%d/%m/%Y}" if (day := row[name]) else NOTHING for name in ("first_on", "last_on"))
    name = f"{row['name']} · {row['title']}" if row["title"] and row["title"] != row["name"] else row["name"]
    return name, ROLES[row["role"]], titles.get(row["source"], row["source"]), *counts, *days, row["nearest"] or NOTHING


def summary(found: pl.DataFrame, *, what: str) -> str:
    """Say how many names are not known, and of how many dossiers; ``what``: đơn vị, thủ tục."""
    if found.is_empty():
        return f"Mọi {what} mà các nguồn ghi đều {MARK.removeprefix('chưa ')}."
    held = found.filter(pl.col("role") != "receiving_unit")
    dossiers, late = int(held["dossiers"].sum()), int(held["overdue"].sum())
    names = found["name"].n_unique()
    return f"**{number(names)} {what} {MARK}** · {number(dossiers)} hồ sơ, {number(late)} quá hạn"


def marked(strangers: Sequence[str]) -> tuple[str, ...]:
    """Say beside figures which units they show under the names of their sources; nothing when all are known."""
    if not strangers:
        return ()
    shown = ", ".join(wording.plain(name) for name in strangers[:5])
    more = f" và {number(len(strangers) - 5)} đơn vị khác" if len(strangers) > 5 else ""
    return (f"{shown}{more}: {MARK}, tính dưới tên nguồn ghi.",)
