"""Vì sao thay đổi: the sentence before everything, whether the figure is a signal. The rules are metrics.signals'; here
they have words: "vượt" is said of a figure that went beyond its limits, and of no other."""

from __future__ import annotations

from typing import Final

from dashboard.answers import signalled
from dashboard.answers.signalled import VERDICTS as _SIDES
from metrics.signals import SIGNALS, Judged, Verdict

VERDICTS: Final = {
    Verdict.NORMAL: "Thay đổi này nằm trong dao động thường: không cần giải thích. Các phần dưới đây chỉ để tham khảo.",
    Verdict.WORSE: "Vượt dao động thường, theo hướng xấu.",
    Verdict.BETTER: "Vượt dao động thường, theo hướng tốt.",
    Verdict.SMALL: "Ít hồ sơ: chưa kết luận được thay đổi này có ý nghĩa.",
    Verdict.UNKNOWN: "Chưa đủ số liệu để biết thay đổi này có vượt dao động thường hay không.",
}
#: A signal of how much work came in: neither good nor bad of those who do it.
OF_WORK: Final = "Vượt dao động thường."
#: Beyond its limits, while the newest change is nil, or leads back.
STAYS: Final = "Không đổi so với kỳ trước, nhưng vẫn ngoài giới hạn dao động thường."
RETURNS: Final = "Thay đổi này đưa số liệu về gần mức thường, nhưng vẫn ngoài giới hạn dao động thường."
AT_GOAL: Final = "Ngoài giới hạn dao động thường, nhưng vẫn đạt mục tiêu."
#: Within its limits: a row, or near a limit. The rule follows in its own sentence.
STEADY: Final = "Không đổi so với kỳ trước và không vượt giới hạn dao động thường."
WITHIN: Final = {
    Verdict.WORSE: "Chưa vượt giới hạn dao động thường, nhưng có dấu hiệu xấu đi.",
    Verdict.BETTER: "Chưa vượt giới hạn dao động thường, nhưng có dấu hiệu tốt lên.",
}
WITHIN_WORK: Final = "Chưa vượt giới hạn dao động thường, nhưng khác mức thường."


def judged(found: Judged, metric: str, change: float, *, at_goal: bool = False, noun: str = "tuần") -> str:
    """Say what the verdict is, and of a signal within its limits by which rule. ``change``: the newest, as printed;
    ``at_goal``: the figure is where it should be. More or less work is for neither the better nor the worse."""
    work, told = metric == "received", found.spoken
    if told is None:
        return OF_WORK if work and found.verdict in SIGNALS else VERDICTS[found.verdict]
    if told.rule != "beyond":
        head = STEADY if not change else WITHIN_WORK if work else WITHIN[found.verdict]
        return f"{head} {signalled.ruled(told.rule, found.above, told.row, noun)}."
    if not change or (change > 0) != found.above:
        return RETURNS if change else STAYS
    if at_goal and _SIDES[found.verdict] == "bad":
        return AT_GOAL
    return OF_WORK if work else VERDICTS[found.verdict]
