"""How a verdict is worded, in one place for paper, Word, workbook and mail: which way, and whether it is good.

``kind`` is what the prints colour by: only ``xau`` looks like an alarm.
"""

from __future__ import annotations

from typing import Final

from config import insight
from metrics.signals import SIGNALS as SIGNALS
from metrics.signals import Better as Better
from metrics.signals import Judged, Verdict
from reports.slots import Slots

ABOVE: Final = "Cao hơn mức thường"
BELOW: Final = "Thấp hơn mức thường"
RISING: Final = "Tăng dần"
FALLING: Final = "Giảm dần"
KINDS: Final = {
    Verdict.WORSE: "xau",
    Verdict.BETTER: "tot",
    Verdict.NORMAL: "thuong",
    Verdict.SMALL: "nho",
    Verdict.UNKNOWN: "khong",
}
_WORDS: Final = {
    Verdict.NORMAL: "Dao động thường",
    Verdict.SMALL: "Số nhỏ",
    Verdict.UNKNOWN: "Chưa kết luận",
}


def worded(found: Judged) -> str:
    """Word a verdict: a signal says which way, a good one that it is."""
    if found.spoken is None:
        return _WORDS[found.verdict]
    up, down = (RISING, FALLING) if found.spoken.rule == "trend" else (ABOVE, BELOW)
    return (up if found.above else down) + (" (tốt)" if found.verdict == Verdict.BETTER else "")


def row_of(found: Judged, slots: Slots, key: str) -> str:
    """Say of a signal within its limits what makes it one: how many periods in a row, or near a limit; "" of others.

    ``key``: the figure's, under which the numbers of the sentence are kept.
    """
    told = found.spoken
    if told is None or told.rule == "beyond":
        return ""
    n, noun = slots.fixed(f"{key}.row", told.row), slots.noun
    if told.rule == "near":
        of = slots.fixed("k.near_of", insight.load().signal.near_of)
        return f"{n} trong {of} {noun} gần đây sát giới hạn {'trên' if found.above else 'dưới'}"
    if told.rule == "shift":
        return f"{n} {noun} liền {'trên' if found.above else 'dưới'} mức thường"
    return f"{n} {noun} liền {'tăng' if found.above else 'giảm'} dần"
