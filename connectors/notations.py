"""How days and hours are written: each notation is one regular expression with the same group names.

Groups: y m d (or p q: two numbers whose order is open), mon (month by name), h mi s f ap, off (offset), serial, epoch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from config.errors import MappingError, nearest

_AP: Final = r"(?:\s?(?P<ap>AM|PM|SA|CH|A\.M\.|P\.M\.))?"
_OFF: Final = r"(?:\s?(?P<off>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_CLOCK: Final = (
    r"(?P<h>\d{1,2})(?::(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"|\s?(?:H|G|GIỜ)\s?(?:(?P<mi2>\d{1,2})\s?(?:P|PHÚT)?)?)?" + _AP + _OFF
)
_AFTER: Final = rf"(?:(?:T|,?\s(?:LÚC\s|AT\s|-\s)?){_CLOCK})?"
_BEFORE: Final = rf"(?:{_CLOCK},?\s(?:-\s)?(?:NGÀY\s)?)"
_YEAR: Final = r"(?P<y>\d{4})"


@dataclass(frozen=True, slots=True)
class Notation:
    """One way to write an instant; ``declared`` when the mapping named it, so that it needs no evidence."""

    name: str
    pattern: str
    declared: bool = False


ISO: Final = Notation("yyyy-MM-dd", rf"^{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_AFTER}$")
NUMERIC: Final = Notation("dd/MM/yyyy", rf"^(?P<p>\d{{1,2}})\s?[-/.]\s?(?P<q>\d{{1,2}})\s?[-/.]\s?{_YEAR}{_AFTER}$")
EXCEL: Final = Notation("excel", r"^(?P<serial>\d{5}(?:[.,]\d+)?)$")
EPOCH: Final = Notation("epoch", r"^(?P<epoch>\d{10}|\d{13}|\d{16})(?:\.\d+)?$")
AUTOMATIC: Final = (
    ISO,
    NUMERIC,
    Notation("HH:mm dd/MM/yyyy", rf"^{_BEFORE}(?P<p>\d{{1,2}})[-/.](?P<q>\d{{1,2}})[-/.]{_YEAR}$"),
    Notation(
        "ngày … tháng … năm …",
        rf"^{_BEFORE}?(?:NGÀY\s)?(?P<d>\d{{1,2}})\s(?:THÁNG|THG)\s(?P<m>\d{{1,2}}),?\s(?:NĂM\s)?{_YEAR}$",
    ),
    Notation("dd MMM yyyy", rf"^(?P<d>\d{{1,2}})[-\s/.](?P<mon>[A-Z]{{3,9}})[-\s/.,]+{_YEAR}{_AFTER}$"),
    Notation("MMM dd, yyyy", rf"^(?P<mon>[A-Z]{{3,9}})\.?\s(?P<d>\d{{1,2}}),?\s{_YEAR}{_AFTER}$"),
    Notation("dd/MM/yy", rf"^(?P<p>\d{{1,2}})[-/.](?P<q>\d{{1,2}})[-/.](?P<y>\d{{2}}){_AFTER}$"),
    Notation(
        "yyyyMMddHHmmss",
        r"^(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)"
        r"(?:T?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?:\.(?P<f>\d{1,9}))?" + _OFF + r")?$",
    ),
    EPOCH,
    EXCEL,
)
#: Names that stand for a notation of our own in ``dates.formats``.
NAMED: Final = {
    "iso": ISO,
    "excel": EXCEL,
    "epoch_seconds": Notation("epoch_seconds", r"^(?P<epoch>\d{1,11})(?:\.\d+)?$", declared=True),
    "epoch_milliseconds": Notation("epoch_milliseconds", r"^(?P<epoch>\d{11,14})(?:\.\d+)?$", declared=True),
}
_GROUPS: Final = {
    "yyyy": _YEAR, "yy": r"(?P<y>\d{2})", "MMMM": "(?P<mon>[A-Z]{3,9})", "MMM": "(?P<mon>[A-Z]{3,9})",
    "MM": r"(?P<m>\d{1,2})", "M": r"(?P<m>\d{1,2})", "dd": r"(?P<d>\d{1,2})", "d": r"(?P<d>\d{1,2})",
    "HH": r"(?P<h>\d{1,2})", "H": r"(?P<h>\d{1,2})", "hh": r"(?P<h>\d{1,2})", "h": r"(?P<h>\d{1,2})",
    "mm": r"(?P<mi>\d{1,2})", "m": r"(?P<mi>\d{1,2})", "ss": r"(?P<s>\d{1,2})", "s": r"(?P<s>\d{1,2})",
    "SSSSSS": r"(?P<f>\d{1,9})", "SSS": r"(?P<f>\d{1,9})", "S": r"(?P<f>\d{1,9})", "a": _AP, "tt": _AP,
    "XXX": _OFF, "X": _OFF, "Z": _OFF,
}  # fmt: skip
_STRPTIME: Final = {
    "%Y": "yyyy", "%y": "yy", "%m": "MM", "%d": "dd", "%H": "HH", "%I": "hh", "%M": "mm", "%S": "ss", "%f": "SSSSSS",
    "%p": "a", "%z": "XXX", "%b": "MMM", "%B": "MMMM",
}  # fmt: skip
_TOKEN: Final = re.compile(
    r"'[^']*'|yyyy|yy|M{1,4}|d{1,2}|H{1,2}|h{1,2}|mm?|ss?|SSSSSS|SSS|S|tt|a|XXX|X|Z|.", re.DOTALL
)


def declared(text: str) -> Notation:
    """Read a format of the mapping such as ``dd/MM/yyyy HH:mm`` or ``%d/%m/%Y``. Raises ``MappingError``."""
    if text in NAMED:
        return NAMED[text]
    tokens = _TOKEN.findall(_usual_letters(text))
    parts = [_GROUPS[t] if t in _GROUPS else re.escape(t.strip("'").upper()).replace(r"\ ", r"\s?") for t in tokens]
    if not ({"yyyy", "yy"} & {*tokens} and {"MMMM", "MMM", "MM", "M"} & {*tokens} and {"dd", "d"} & {*tokens}):
        raise MappingError(
            f'dates.formats "{text}"',
            f"names no year, month and day.{nearest(text, NAMED)}",
            "Write it with yyyy MM dd HH mm ss a XXX.",
        )
    return Notation(text, f"^{''.join(parts)}$", declared=True)


def day_comes_first(formats: list[Notation]) -> bool | None:
    """Say whether the formats put the day before the month; null when they disagree or do not say."""
    orders = {n.pattern.index("(?P<d>") < n.pattern.index("(?P<m>") for n in formats if _is_numeric(n)}
    return orders.pop() if len(orders) == 1 else None


def _is_numeric(notation: Notation) -> bool:
    pattern = notation.pattern
    return "(?P<m>" in pattern and "(?P<d>" in pattern and not pattern.startswith("^(?P<y>")


def _usual_letters(text: str) -> str:
    for short, long in _STRPTIME.items():
        text = text.replace(short, long)
    for other, usual in (("YYYY", "yyyy"), ("DD", "dd"), ("HH24", "HH"), ("HH12", "hh"), ("MI", "mm"), ("AM", "a")):
        text = text.replace(other, usual)
    if "ss" not in text and re.search(r"(?<!S)SS(?!S)", text):
        text = text.replace("SS", "ss")
    return text if "M" in text else re.sub(r"(?<![hH][:.hH])mm", "MM", text, count=1)  # dd/mm/yyyy, as Excel writes it
