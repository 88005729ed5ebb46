"""Every Vietnamese word of the screens that is not a metric's own, and how numbers and days are written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from config import insight
from metrics import intervals
from reports import formats

NOTHING: Final = "—"
LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

CHANNELS: Final = {"online": "Trực tuyến", "counter": "Trực tiếp", "post": "Bưu chính công ích"}
LEVELS: Final = {"province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
STATUSES: Final = {
    "submitted": "Mới đăng ký",
    "accepted": "Được tiếp nhận",
    "not_accepted": "Không được tiếp nhận",
    "processing": "Đang xử lý",
    "supplement": "Yêu cầu bổ sung",
    "payment": "Yêu cầu nghĩa vụ tài chính",
    "paused": "Tạm dừng xử lý",
    "withdrawn": "Công dân rút",
    "refused": "Trả lại hồ sơ",
    "stopped": "Dừng giải quyết",
    "gone": "Không còn ở nguồn",
    "resolved": "Đã xử lý xong",
    "returned": "Đã trả kết quả",
}
PAUSES: Final = {"supplement": "chờ bổ sung", "payment": "chờ nghĩa vụ tài chính", "other": "tạm dừng"}
RUN_STATES: Final = {
    "ok": "Xong",
    "succeeded": "Xong",
    "done": "Xong",
    "running": "Đang chạy",
    "failed": "Lỗi",
    "interrupted": "Bị ngắt",
}


def number(value: float | None, places: int = 0) -> str:
    """Write a number the Vietnamese way: 1.234,5; nothing is a dash, never a zero."""
    return NOTHING if value is None else formats.number(value, places)


def money(value: int) -> str:
    """Write an amount: 12.345.000 đồng, 10,327 tỷ đồng."""
    return formats.money(value)


def percent(numerator: int, denominator: int, places: int = 1) -> str:
    """Write a share as the reports do: 97,5 %, never 100,0 % by rounding; a share of nothing is a dash."""
    value = formats.share(numerator, denominator, places)
    return NOTHING if value is None else formats.percent_of(value, places)


def rated(numerator: int, denominator: int) -> str:
    """Write a share as a table does, of few dossiers with its interval: 97,5 % (91,3–99,3)."""
    between = chance(numerator, denominator)
    return percent(numerator, denominator) + (f" ({between})" if between else "")


def chance(numerator: int, denominator: int) -> str:
    """Write the 95 % interval of a share in percent, 91,3–99,3; "" of nothing, and where it is of many."""
    found = intervals.interval(numerator, denominator, below=insight.load().signal.interval_below)
    return "" if found is None else f"{number(100 * found[0], 1)}–{number(100 * found[1], 1)}"


def within(numerator: int, denominator: int) -> str:
    """Write the interval of a share for a sentence: khoảng 95 %: 91,3–99,3 %; "" where ``chance`` is."""
    between = chance(numerator, denominator)
    return f"khoảng 95\u00a0%: {between}\u00a0%" if between else ""


def bracketed() -> str:
    """Say under a table what stands in brackets behind its rates, be they of dossiers, steps or slips."""
    return f"Trong ngoặc: khoảng 95\u00a0%, ghi khi mẫu số dưới {number(insight.load().signal.interval_below)}."


def share(numerator: int, denominator: int) -> float | None:
    """Give a share as a number in percent, to the decimal that ``percent`` prints; None of nothing."""
    value = formats.share(numerator, denominator)
    return None if value is None else float(value)


def signed(value: int) -> str:
    """Write a change of a count with its sign, a true minus: +41, −13, 0."""
    return formats.signed(value)


def points(now: tuple[int, int], before: tuple[int, int]) -> str | None:
    """Write the change of a share, as printed, in points: +0,4 điểm; a change from nothing is not a change."""
    new, old = formats.share(*now), formats.share(*before)
    return None if new is None or old is None else f"{formats.signed(new - old, 1)} điểm"


def age_of(span: timedelta) -> str:
    """Write how old something is, in at most two units: 3 giờ 10 phút, 2 ngày 4 giờ, 5 phút."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} phút"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} giờ {rest} phút" if rest else f"{hours} giờ"
    days, left = divmod(hours, 24)
    return f"{days} ngày {left} giờ" if left else f"{days} ngày"


def day(value: date | None) -> str:
    """Write a day in full: 20/11/2026."""
    return NOTHING if value is None else formats.day(value)


def day_month(value: date) -> str:
    """Write a day of this year: 20/11."""
    return formats.short_day(value)


def weekday(value: date) -> str:
    """Write a day with its name: thứ Sáu 20/11."""
    return f"{WEEKDAYS[value.weekday()]} {day_month(value)}"


def clock(value: datetime) -> str:
    """Write the time of day where the centre is: 10:32."""
    return f"{value.astimezone(LOCAL):%H:%M}"


def moment(value: datetime | None) -> str:
    """Write an instant where the centre is: 10:32 20/11/2026."""
    if value is None:
        return NOTHING
    return f"{clock(value)} {day(value.astimezone(LOCAL).date())}"


def as_of(value: datetime) -> str:
    """Say up to when the data are known: Đến 10:32, thứ Sáu 20/11/2026."""
    local = value.astimezone(LOCAL)
    return f"Đến {local:%H:%M}, {WEEKDAYS[local.weekday()]} {day(local.date())}"


def days_between(start: date, end: date) -> str:
    """Write a run of days once: 16–22/11/2026, 30/11–06/12/2026, 28/12/2026–03/01/2027."""
    if start.year != end.year:
        return f"{day(start)}–{day(end)}"
    if start.month != end.month:
        return f"{day_month(start)}–{day(end)}"
    return f"{start:%d}–{day(end)}"


def week(monday: date) -> str:
    """Name a week by its ISO number and its days: Tuần 47 · 16–22/11/2026."""
    return f"{week_number(monday)} · {days_between(monday, monday + timedelta(days=6))}"


def week_number(monday: date) -> str:
    """Name a week by its ISO number: Tuần 47."""
    return f"Tuần {monday.isocalendar().week}"


def folded(text: str) -> str:
    """Take accents and case away, for search and sorting: Đà Nẵng → da nang."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


#: Letters in the order of the Vietnamese alphabet; tones weigh less than letters.
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER: Final = {c: i for i, c in enumerate(_ALPHABET)}
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def sort_key(text: str) -> tuple[list[int], list[int]]:
    """Order names as a Vietnamese dictionary does: by letters (a < ă < â), then by tones (ngang, huyền, hỏi …)."""
    letters: list[int] = []
    tones: list[int] = []
    for c in unicodedata.normalize("NFC", text.casefold()):
        parts = unicodedata.normalize("NFD", c)
        tone = next((_TONES[p] for p in parts if p in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        letters.append(_LETTER.get(bare, ord(bare[0]) - 1000 if ord(bare[0]) < 128 else ord(bare[0])))
        tones.append(tone)
    return letters, tones


#: Marks that turn the direction of a line; one in a name would turn what we write after it.
TURNING: Final = "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
#: Where Markdown would make a link out of plain text: a word joiner there keeps it text, and is not seen.
_LINKS: Final = re.compile(r"(?<=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)


def flat(text: str, longest: int = 200) -> str:
    """Give text from a source on one line, in reading direction, cut to ``longest`` characters with an ellipsis."""
    line = " ".join(re.sub(TURNING, "", text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip(" ,") + "…"


def plain(text: str | None, longest: int = 200) -> str:
    """Give text from a source as Markdown that shows exactly that text, cut to ``longest`` characters."""
    if not text:
        return NOTHING
    shown = _LINKS.sub("\u2060", flat(text, longest))
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~:$^&@" else c for c in shown)


def in_chart(text: str, longest: int = 200) -> str:
    """Give text from a source for a chart, which would read its tags: shown as it is, never as a link or bold."""
    return escape(flat(text, longest), quote=False)
