"""Đơn vị và thủ tục: which names do sources write that the office's registers do not know?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from config.units import Units
from dashboard import wording
from dashboard.wording import NOTHING, number

ROLES: Final = {"department": "giải quyết", "receiving_unit": "tiếp nhận", "procedure": "thủ tục"}
#: What stands behind a unit that is shown under the name its source writes.
MARK: Final = "chưa có trong danh mục"
MEANS: Final = "Tên mà các nguồn ghi và danh mục của đơn vị chưa biết, với số hồ sơ mang tên đó."
MAP_UNIT: Final = 'Ghi vào danh mục: `dunghan units map "TÊN NGUỒN GHI" --to "TÊN TRONG DANH MỤC"`.'
ADD_PROCEDURE: Final = "Ghi vào danh mục: một dòng trong `procedures.csv`."
NO_REGISTER: Final = (
    "**Chưa có danh mục đơn vị.** Mọi đơn vị được tính dưới tên nguồn ghi, không đơn vị nào bị đánh dấu."
)
BEGIN_REGISTER: Final = (
    "Lập danh mục: ghi đơn vị vào `units.toml` hoặc `units.csv`, hoặc nạp danh sách xã bằng `dunghan units import`."
)


def table(found: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay out metrics.unregistered.COLUMNS, the most dossiers first."""
    names = (
        "Nguồn ghi", "Vai trò", "Nguồn", "Hồ sơ", "Đang giải quyết", "Quá hạn", "Từ ngày", "Đến ngày",
        "Gần giống trong danh mục",
    )  # fmt: skip
    return pl.DataFrame([_line(row, titles) for row in found.to_dicts()], schema=list(names), orient="row")


def values(found: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay the same out to take away: counts as numbers, days as days."""
    rows = [
        (*(None if each == NOTHING else each for each in (*line[:3], line[-1])),
         *(row[name] for name in ("dossiers", "open", "overdue", "first_on", "last_on")))
        for row in found.to_dicts() for line in [_line(row, titles)]
    ]  # fmt: skip
    heads = dict.fromkeys(("Nguồn ghi", "Vai trò", "Nguồn", "Gần giống trong danh mục"), pl.String)
    counts = dict.fromkeys(("Hồ sơ", "Đang giải quyết", "Quá hạn"), pl.Int64)
    return pl.DataFrame(rows, schema=heads | counts | dict.fromkeys(("Từ ngày", "Đến ngày"), pl.Date), orient="row")


def _line(row: dict[str, Any], titles: dict[str, str]) -> tuple[str, ...]:
    counts = (number(row[name]) for name in ("dossiers", "open", "overdue"))
    days = (f"{day:%d/%m/%Y}" if (day := row[name]) else NOTHING for name in ("first_on", "last_on"))
    name = f"{row['name']} · {row['title']}" if row["title"] and row["title"] != row["name"] else row["name"]
    return name, ROLES[row["role"]], titles.get(row["source"], row["source"]), *counts, *days, row["nearest"] or NOTHING


def marked_alone(found: pl.DataFrame, register: Units) -> pl.DataFrame:
    """Keep what is marked as unknown: of an empty register nothing, as beside figures."""
    return found if register.names else found.clear()


def of_units(found: pl.DataFrame, register: Units) -> str:
    """Say how many units are not known, or that there is no register that could know them."""
    return summary(found, what="đơn vị") if register.names else NO_REGISTER


def then(found: pl.DataFrame, step: str, register: Units | None = None) -> Sequence[str]:
    """Say what to do; nothing where every name is known."""
    if register is not None and not register.names:
        return [BEGIN_REGISTER]
    return [] if found.is_empty() else [step]


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
