"""Codes and names that no mapping and no register knows, and the ways from the sources to what mends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from dashboard.answers import reconcile
from dashboard.answers.units import NO_REGISTER
from dashboard.shapes import RECONCILE, UNITS, UPLOAD, Link
from dashboard.wording import number, plain

#: A refused row's reason that a line in the mapping would mend.
STATUS: Final = "unknown_status"
MOST: Final = 5


def said(units: Sequence[str], refused: pl.DataFrame, *, everybody: bool, registered: bool = True) -> list[str]:
    """Say which units the register does not know, and how many rows wait because of a status that no mapping knows.

    ``refused``: store.runs.quarantined, of ``everybody`` or empty; ``registered``: the office has a register of units.
    """
    told = [_units(units) if registered else NO_REGISTER]
    if everybody:
        held = refused.filter(pl.col("reasons").list.contains(STATUS)).height
        mend = "; ghi vào bảng ánh xạ của nguồn rồi nạp lại." if held else "."
        told.append(f"**{number(held)}** dòng cách ly vì trạng thái chưa ánh xạ{mend}")
    return told


def _units(names: Sequence[str]) -> str:
    if not names:
        return "Mọi đơn vị mà các nguồn ghi đều có trong danh mục."
    shown = ", ".join(plain(name) for name in names[:MOST])
    rest = f" và {number(len(names) - MOST)} đơn vị khác" if len(names) > MOST else ""
    return f"**{number(len(names))}** đơn vị chưa có trong danh mục: {shown}{rest}. Xem Đơn vị và thủ tục."


def ways(sources: pl.DataFrame, *, uploads: bool) -> list[Link]:
    """Lead to what is beside the sources; to the upload of files only who may upload."""
    both = reconcile.pairs(sources)
    return [
        *([Link("Nạp tệp, có xem trước", {}, UPLOAD)] if uploads else []),
        Link("Đơn vị và thủ tục", {}, UNITS),
        *([Link(f"Đối soát {number(len(both))} nguồn", {}, RECONCILE)] if both else []),
    ]
