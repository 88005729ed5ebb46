"""How a verdict is worded, in one place for paper, Word, workbook and mail: which way, and whether it is good.

``kind`` is what the prints colour by: only ``xau`` looks like an alarm.
"""

from __future__ import annotations

from typing import Final, Literal

from metrics.charts_of_control import Verdict

Better = Literal["higher", "lower"]
SIGNALS: Final = (Verdict.WORSE, Verdict.BETTER)
ABOVE: Final = "Cao hơn mức thường"
BELOW: Final = "Thấp hơn mức thường"
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


def above(found: Verdict, better: Better) -> bool:
    """Say whether a signal lies above its limits, not below them."""
    return (found == Verdict.BETTER) == (better == "higher")


def worded(found: Verdict, better: Better) -> str:
    """Word a verdict of a figure that is ``better`` when higher, or lower: a signal says which way, a good one so."""
    if found not in SIGNALS:
        return _WORDS[found]
    return (ABOVE if above(found, better) else BELOW) + (" (tốt)" if found == Verdict.BETTER else "")
