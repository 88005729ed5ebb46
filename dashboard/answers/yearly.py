"""The same week a year ago beside this one, in words; nothing where the data do not reach it or it is too small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard import wording
from dashboard.wording import number, percent

_NAME: Final = "cùng tuần năm trước"
Figures = Mapping[str, Any]


def rate(now: tuple[int, int], then: Figures | None, *, small: int) -> str:
    """Say the rate of a year ago and the change since: cùng tuần năm trước 96,9 % (+0,6 điểm)."""
    if then is None or then["due"] < small:
        return ""
    before = int(then["due_met"]), int(then["due"])
    change = wording.points(now, before) if now[1] >= small else None
    return f"{_NAME} {percent(*before)}" + (f" ({change})" if change else "")


def stock(now: int, then: Figures | None, name: str) -> str:
    """Say the stock of a year ago and the change since: cùng tuần năm trước 180 (+12)."""
    if then is None or then["pending"] == 0:
        return ""
    before = int(then[name])
    return f"{_NAME} {number(before)} ({wording.signed(now - before)})"
