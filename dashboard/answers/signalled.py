"""What the rules of signal say, in words: on headlines, in trends, on the wall and of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from config import insight
from config.insight import Rule
from dashboard.shapes import Verdict
from dashboard.wording import number
from metrics import signals
from metrics.signals import Judged

VERDICTS: Final[dict[signals.Verdict, Verdict]] = {
    signals.Verdict.WORSE: "bad",
    signals.Verdict.BETTER: "good",
    signals.Verdict.NORMAL: "usual",
    signals.Verdict.SMALL: "unknown",
    signals.Verdict.UNKNOWN: "unknown",
}


def why(found: Judged, noun: str = "tuần") -> str:
    """Say which rule makes a figure a signal, and whether its limits rest on few periods; "" where neither is so."""
    said = [ruled(found.spoken.rule, found.above, found.spoken.row, noun)] if found.spoken else []
    if found.trial and found.limits and found.verdict in (*signals.SIGNALS, signals.Verdict.NORMAL):
        said.append(f"giới hạn tạm, từ {number(found.rests_on)} {noun}")
    return "; ".join(said)


def ruled(rule: Rule, above: bool, row: int, noun: str = "tuần") -> str:
    """Word one rule: ``above`` the usual or rising; ``row``: how many periods it rests on."""
    side = "trên" if above else "dưới"
    match rule:
        case "beyond":
            return f"{side} giới hạn dao động thường"
        case "near":
            of = insight.load().signal.near_of
            return f"{number(row)} trong {number(of)} {noun} gần đây sát giới hạn {side}"
        case "shift":
            return f"{number(row)} {noun} {'liền trên mức thường' if above else 'liền dưới mức thường'}"
        case "trend":
            return f"{number(row)} {noun} {'liền tăng dần' if above else 'liền giảm dần'}"


def kept(told: Mapping[str, Any], figure: Literal["rate", "stock"]) -> str:
    """Word the rule that an alert keeps (metrics.alerts); one raised before rules were kept was beyond its limits."""
    return ruled(told.get("signal", "beyond"), figure == "stock", told.get("row", 1))
