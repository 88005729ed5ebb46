"""One dossier: where it stands, its clock, why it is late, and everything that was seen of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.shapes import Tone
from dashboard.strips import Stretch
from dashboard.wording import LOCAL, NOTHING, day, day_month, number, plain
from metrics.calendar import WorkingCalendar
from metrics.dossier import CLOSED, SUSPENDED
from metrics.explanation import Explanation
from metrics.standing import Standing

WAITING: Final = "Chờ bổ sung"
SEEN: Final = ("status", "step", "handler", "department", "due_at", "suspensions", "extensions")
FLAGS: Final = {
    "due_as_told": "Ngày hẹn được tính theo nguồn: theo quy định thì không tính.",
    "due_moved_too_late": "Ngày hẹn bị đổi khi đã quá hạn hoặc gia hạn không hợp lệ; không được tính.",
    "due_moved_unexplained": "Ngày hẹn bị đổi mà nguồn không ghi phiếu gia hạn hay yêu cầu bổ sung.",
    "finished_before_receipt": "Ngày kết thúc trước ngày tiếp nhận.",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spell:
    """An interval in which the clock did not run; ``end`` None: it still does not."""

    kind: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Badge:
    """The standing in words."""

    text: str
    icon: str
    tone: Tone


def badge(row: Row) -> Badge:
    """Say where the dossier stands."""
    late, left = row["days_late"], row["days_left"]
    match row["standing"]:
        case Standing.OVERDUE:
            return Badge(f"Quá hạn {number(late)} ngày làm việc", ":material/warning:", "red")
        case Standing.IN_TERM if row["suspended"]:
            return Badge("Tạm dừng, đồng hồ không chạy", ":material/pause_circle:", "gray")
        case Standing.IN_TERM if left == 0:
            return Badge("Đến hạn hôm nay", ":material/hourglass_bottom:", "orange")
        case Standing.IN_TERM:
            return Badge(f"Trong hạn, còn {number(left)} ngày làm việc", ":material/schedule:", "blue")
        case Standing.AWAITING:
            return Badge("Chờ tiếp nhận", ":material/hourglass_empty:", "orange")
    return _closed_badge(row["standing"])


def _closed_badge(standing: str) -> Badge:
    words: dict[str, Badge] = {
        Standing.RESOLVED_EARLY: Badge("Xong trước hạn", ":material/check_circle:", "blue"),
        Standing.RESOLVED_ON_TIME: Badge("Xong đúng hạn", ":material/check_circle:", "blue"),
        Standing.RESOLVED_OVERDUE: Badge("Xong quá hạn", ":material/warning:", "red"),
        Standing.NOT_ACCEPTED: Badge("Không tiếp nhận", ":material/block:", "gray"),
        Standing.LEFT_BEFORE_RECEIPT: Badge("Rút trước khi tiếp nhận", ":material/block:", "gray"),
    }
    return words.get(standing, Badge("Không xác định ngày hẹn", ":material/help:", "gray"))


def subtitle(row: Row) -> str:
    """Name the dossier: code, field, channel."""
    channel = wording.CHANNELS.get(row["channel"] or "")
    known = [plain(row["code"]), plain(row["field"], 80)] if row["field"] else [plain(row["code"])]
    return " · ".join([*known, f"nộp {channel.lower()}" if channel else "không rõ kênh nộp"])


def lies_with(row: Row) -> str:
    """Say which other unit holds the dossier now; nothing where it is the one that resolves it, or nobody says."""
    held_by = row["holding_unit"]
    return f" · đang ở {plain(held_by, 80)}" if held_by and held_by != row["department"] else ""


def name(row: Row, longest: int = 200) -> str:
    """Name what was asked for; a source that does not say leaves the dossier its code."""
    told = row["procedure_name"] or row["procedure"]
    return plain(told, longest) if told else f"Hồ sơ {plain(row['code'])}"


def pauses(row: Row) -> list[Spell]:
    """Read the intervals in which the clock stood, as the source told them."""
    told = json.loads(row["suspensions"]) if row["suspensions"] else []
    spells = [
        Spell(wording.PAUSES.get(s["kind"], "tạm dừng"), _instant(s["from_at"]), _maybe(s["to_at"])) for s in told
    ]
    halted = row["status"] in SUSPENDED and all(s.end is not None for s in spells)
    since = row["changed_at"] or row["received_at"]
    return [*spells, Spell("tạm dừng", since, None)] if halted and since else spells


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def _maybe(micros: int | None) -> datetime | None:
    return None if micros is None else _instant(micros)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the settlement clock ran, in working days."""

    limit: int | None  # from the receipt to the promise in force, less the days waited before it
    passed: int  # from the receipt to the end, or to today
    waited: int  # of these, with the clock standing
    first: int | None = None  # from the receipt to the first promise

    @property
    def used(self) -> int:
        return self.passed - self.waited

    @property
    def beside(self) -> str:
        """Name the first promise where it allowed another number of days."""
        return f" (hẹn lần đầu: {number(self.first)} ngày)" if self.first not in (None, self.limit) else ""


def clock(row: Row, as_of: date, calendar: WorkingCalendar) -> Clock | None:
    """Count the working days of a received dossier; None before the receipt."""
    calendar = calendar.of(row["department"])
    start = row["received_on"]
    if start is None:
        return None
    end = max(start, min(row["closed_on"] or as_of, as_of))
    halts, first, due = row["halts"] or [], row["first_due_on"], row["due_on"]
    over = [halt for halt in halts if halt["to_on"] and halt["to_on"] <= as_of]  # one that lasts moved nothing yet
    limit = calendar.between(start, due) - _waited(over, start, due, calendar) if due and due >= start else None
    return Clock(
        limit,
        calendar.between(start, end),
        _waited(halts, start, end, calendar),
        calendar.between(start, first) if first else None,
    )


def _waited(halts: Sequence[Row], start: date, end: date, calendar: WorkingCalendar) -> int:
    """Count the working days waited from ``start`` to ``end``; pauses that overlap are one wait."""
    waited, until = 0, start
    for halt in sorted(halts, key=lambda h: h["from_on"]):
        begin, stop = max(halt["from_on"], until), min(halt["to_on"] or end, end)
        waited += calendar.between(begin, stop) if stop > begin else 0
        until = max(until, stop)
    return waited


def counted(told: Explanation) -> Clock | None:
    """Take the days of a dossier over from its explanation; None before the receipt."""
    if told.passed is None:
        return None
    return Clock(told.promised_days, told.passed, told.waited, told.first_days)


def _local(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def used_of_limit(counted: Clock | None) -> str:
    """Write used and allowed days: 35 / 20 ngày làm việc; the first promise beside them where it differs."""
    if counted is None:
        return NOTHING
    return f"{number(counted.used)} / {number(counted.limit)} ngày làm việc{counted.beside}"


def explained(row: Row, counted: Clock | None) -> str:
    """Say why the dossier is late or how its days were counted."""
    if counted is None:
        return "Đồng hồ giải quyết chưa chạy: hồ sơ chưa được tiếp nhận."
    ended = row["closed_on"] is not None
    where = f":red[**Trễ ở {plain(row['step'])}.**] " if row["standing"] == Standing.OVERDUE and row["step"] else ""
    text = f"{number(counted.passed)} ngày làm việc từ khi tiếp nhận đến {'khi kết thúc' if ended else 'nay'}"
    if counted.waited:
        text += f", trừ {number(counted.waited)} ngày đồng hồ dừng, còn {number(counted.used)}"
    none = "; không có ngày hẹn."
    limit = none if counted.limit is None else f"; hạn {number(counted.limit)} ngày làm việc{counted.beside}."
    return where + text + limit


def flags(row: Row) -> list[str]:
    """Say what does not look right about the dossier's dates."""
    return [text for name, text in FLAGS.items() if row.get(name)]


# ---------- what was seen ----------


def stretches(history: pl.DataFrame, row: Row, as_of: datetime) -> list[Stretch]:
    """Give the steps the dossier stood at, one after the other, and apart from them the time its clock stood."""
    start, end = row["received_at"] or row["submitted_at"], row["resolved_at"] or row["returned_at"] or as_of
    marks = [(max(_happened(seen), start), seen["step"] or "Đang giải quyết") for seen in history.to_dicts()]
    if not marks or start is None:
        return []
    marks[0] = (start, marks[0][1])
    edges = [*(moment for moment, _ in marks[1:]), end]
    spells = [(s.start, s.end or end) for s in pauses(row)]
    steps = [
        piece
        for (moment, name), until in zip(marks, edges, strict=True)
        for piece in _without(name, moment, min(until, end), spells)
    ]
    return [*steps, *(Stretch(WAITING, _iso(a), _iso(b), True) for a, b in spells if a < b)]


def _without(name: str, start: datetime, end: datetime, spells: Sequence[tuple[datetime, datetime]]) -> list[Stretch]:
    """Cut the time the clock stood out of a step."""
    pieces, at = [], start
    for a, b in sorted(spells):
        if a >= end or b <= at:
            continue
        if a > at:
            pieces.append(Stretch(name, _iso(at), _iso(a), False))
        at = max(at, b)
    return [*pieces, Stretch(name, _iso(at), _iso(end), False)] if at < end else pieces


def _iso(moment: datetime) -> str:
    return moment.astimezone(LOCAL).isoformat(timespec="minutes")[:16]


def end_of_day(on: date | None) -> str | None:
    """Give the instant at which a promise for a day runs out, for the clock strip."""
    return None if on is None else f"{on + timedelta(days=1)}T00:00"


def _happened(seen: Row) -> datetime:
    moment: datetime = seen["happened_at"] or seen["seen_at"]
    return moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the time line: when it happened, when we saw it, what changed."""

    happened: datetime
    seen: datetime
    text: str


def entries(history: pl.DataFrame) -> list[Entry]:
    """Give everything that was seen, newest first, as changes in words."""
    seen = history.to_dicts()
    lines = [_first_words(seen[0])] if seen else []
    lines += [_change_words(before, after) for before, after in zip(seen, seen[1:], strict=False)]
    return [Entry(_happened(s), s["seen_at"], text) for s, text in zip(seen, lines, strict=True)][::-1]


def _first_words(seen: Row) -> str:
    parts = [wording.STATUSES[seen["status"]].lower()]
    if seen["received_at"] is not None and seen["status"] not in CLOSED:
        parts = [f"tiếp nhận {day_month(_local(seen['received_at']))}", *parts]
    if seen["due_at"] is not None:
        parts.append(f"hẹn trả {day(_local(seen['due_at']))}")
    return "thấy lần đầu: " + ", ".join(parts)


def _change_words(before: Row, after: Row) -> str:
    changed = [name for name in SEEN if before[name] != after[name]]
    return "; ".join(_words(name, before, after) for name in changed) or "cập nhật khác"


def _words(name: str, before: Row, after: Row) -> str:
    match name:
        case "status":
            return wording.STATUSES[after["status"]].lower()
        case "step":
            return f"chuyển bước {plain(before['step'])} → {plain(after['step'])}"
        case "handler":
            return f"người giữ {plain(after['handler'])}"
        case "department":
            return f"chuyển đơn vị sang {plain(after['department'])}"
        case "due_at":
            return f"hẹn trả chuyển từ {_day_of(before['due_at'])} sang {_day_of(after['due_at'])}"
        case "suspensions":
            return "ghi nhận thời gian tạm dừng"
    return "ghi nhận gia hạn, văn bản xin lỗi"


def _day_of(moment: datetime | None) -> str:
    return NOTHING if moment is None else day_month(_local(moment))
