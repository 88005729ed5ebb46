"""One dossier explained in the words of the screen: promises, days, our own reckoning, acceptance, who held it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.shapes import Tone
from dashboard.wording import NOTHING, day, day_month, days_between, number, plain
from metrics.explanation import Acceptance, Day, Explanation, Promise
from metrics.limits import Limit, Unit, parse_limit
from metrics.reasons import FIRST, extension
from metrics.reckoning import DECIDED
from metrics.standing import Standing
from metrics.verdicts import Move, Verdict
from metrics.weeks import Note, Week, weeks

MOST_WEEKS: Final = 53
KINDS: Final[dict[str, str]] = {
    FIRST: "Hẹn lần đầu",
    Move.RETURN: "Nguồn ghi khi hết tạm dừng",
    Move.WAITED: "Lùi theo ngày chờ",
    Move.CORRECTION: "Đính chính",
    Move.UNEXPLAINED: "Nguồn đổi, không ghi lý do",
}
UNITS: Final = {
    Unit.WORKING_DAYS: "ngày làm việc",
    Unit.CALENDAR_DAYS: "ngày liên tục",
    Unit.WORKING_HOURS: "giờ làm việc",
    Unit.MONTHS: "tháng",
}
NO_DECISION: Final = "chưa nhập số văn bản"


@dataclass(frozen=True, slots=True)
class Told:
    """One promise as it is shown: a line with its badge, and why it counts or not."""

    line: str
    why: str


def promises(told: Explanation) -> list[Told]:
    """Give every promise in order."""
    return [_promise(promise, told) for promise in told.promises]


def _promise(promise: Promise, told: Explanation) -> Told:
    badge, icon, tone = _badge(promise, told)
    made = f" · ghi ngày {day(promise.on)}" if promise.on and promise.kind != FIRST else ""
    letter = f", số {plain(promise.note, 60)}" if promise.kind == Move.EXTENSION and promise.note else ""
    line = f"**{day(promise.due_on)}** · {_kind(promise)}{letter}{made}"
    return Told(
        f"{line} :{tone}-badge[{icon} {badge}]", f"{plain(promise.why, 400)} Căn cứ: {plain(promise.rule, 300)}."
    )


def _kind(promise: Promise) -> str:
    return extension(promise.on).capitalize() if promise.kind == Move.EXTENSION else KINDS[promise.kind]


def _badge(promise: Promise, told: Explanation) -> tuple[str, str, Tone]:
    if promise.in_force:
        return ("Có hiệu lực khi kết thúc" if told.closed_on else "Đang có hiệu lực"), ":material/check:", "blue"
    if promise.verdict == Verdict.AS_TOLD:
        return "Tính theo nguồn", ":material/flag:", "orange"
    if promise.counts:
        return "Được tính", ":material/check:", "gray"
    return "Không tính", ":material/block:", "orange"


def taken(told: Explanation) -> list[str]:
    """Say where the source is taken otherwise than by the rules, or the rules are not verified; else nothing."""
    said = []
    if told.terms.moves == "as_told":
        said.append("Theo nguồn: ngày hẹn lấy đúng như nguồn ghi, kể cả khi đổi muộn hoặc không ghi lý do.")
    if told.terms.promise == "computed":
        said.append("Ngày hẹn của nguồn này do hệ thống tự tính theo thời hạn đã khai báo.")
    if told.law_note:
        said.append(f"Quy định: {plain(told.law.basis, 300)} ({plain(told.law_note, 300)}).")
    return said


# ---------- the promise beside our own reckoning ----------


def limit(text: str) -> str:
    """Write a limit in words: 10 ngày làm việc, 16 giờ làm việc, trong ngày."""
    return _limit(parse_limit(text))


def _limit(asked: Limit) -> str:
    return f"{number(asked.size)} {UNITS[asked.unit]}" if asked.size else "trong ngày"


def ours(told: Explanation) -> str:
    """Write our own due day, to the minute where the limit is in hours."""
    if told.expectation is None:
        return NOTHING
    at = told.expectation.due_at
    return _minute(at) if at else day(told.expectation.due_on)


def beside(told: Explanation) -> list[str]:
    """Put the source's promises beside our own due days; one line where neither ever moved."""
    if told.expectation is None:
        return []
    first, now = told.expectation.due_first_on, told.expectation.due_on
    moved = (told.first_due_on, first) != (told.due_on, now)
    lines = [("Lần đầu", told.first_due_on, day(first), _ahead(told.ahead_first))] if moved else []
    lines += [("Hiện tại" if moved else "Ngày hẹn", told.due_on, ours(told), _ahead(told.ahead) + _extended(told))]
    return [f"{name}: nguồn hẹn **{day(due)}**, hệ thống tự tính **{our}**: {said}." for name, due, our, said in lines]


def _extended(told: Explanation) -> str:
    """Say that a letter that counts put the promise in force off: our own due day knows of none."""
    if told.ahead is None or told.ahead <= max(0, told.ahead_first or 0):
        return ""
    now = next((n for n, promise in enumerate(told.promises) if promise.in_force), -1)
    letters = [p for p in told.promises[: now + 1] if p.kind == Move.EXTENSION and p.verdict == Verdict.COUNTS]
    return f", do {extension(letters[-1].on)}" if letters else ""


def _ahead(days: int | None) -> str:
    if days is None:
        return NOTHING
    if days == 0:
        return "cùng ngày"
    return f"muộn hơn {number(days)} ngày làm việc" if days > 0 else f"sớm hơn {number(-days)} ngày làm việc"


def compared(told: Explanation) -> str:
    """Say what the promise amounts to, and by which limit our own due day was reckoned."""
    promised = told.promised_days
    said = (
        f"Ngày hẹn có hiệu lực là {number(promised)} ngày làm việc kể từ khi tiếp nhận" if promised is not None else ""
    )
    if told.expectation is None:
        nothing = "chưa khai báo thời hạn của thủ tục này nên hệ thống không tự tính được ngày hẹn."
        return f"{said}; {nothing}" if said else nothing.capitalize()
    line = told.expectation.allowed
    allowed = f"thời hạn {_limit(told.expectation.limit)}"
    allowed += f" (luật định {limit(line.statutory)})" if line.committed and line.committed != line.statutory else ""
    basis = plain(line.basis, 200) if line.basis else "chưa nhập văn bản quy định thời hạn"
    return f"{said}; {allowed}. Căn cứ: {basis}." if said else f"{allowed.capitalize()}. Căn cứ: {basis}."


def stands(told: Explanation) -> str:
    """Say that the due day will move, while the clock stands; nothing else."""
    return (
        "Đồng hồ đang dừng: khi hồ sơ được nộp lại, ngày hẹn lùi theo số ngày làm việc đã chờ."
        if told.suspended and told.standing == Standing.IN_TERM
        else ""
    )


# ---------- days ----------


def by_week(days: Sequence[Day]) -> str:
    """Lay out a clock by week as a Markdown table: how far the count came, and every day out of the ordinary."""
    folded = weeks(days)
    lines = [f"| {_week(week)} | {_count(week)} | {'<br>'.join(map(_note, week.notes))} |" for week in folded]
    head = "| Tuần | Ngày thứ | Không tính, hoặc đặc biệt |\n|:--|:--|:--|\n"
    return head + "\n".join(lines[-MOST_WEEKS:]).replace("<br>", "; ")


def too_long(days: Sequence[Day]) -> bool:
    """Say whether a clock has more weeks than are shown."""
    return len(weeks(days)) > MOST_WEEKS


def _week(week: Week) -> str:
    return day(week.from_on) if week.from_on == week.to_on else days_between(week.from_on, week.to_on)


def _count(week: Week) -> str:
    if week.first is None:
        return NOTHING
    numbers = number(week.first) if week.first == week.last else f"{number(week.first)}–{number(week.last)}"
    return numbers if week.minutes is None else hours(week.minutes)


def hours(minutes: int) -> str:
    """Write working minutes: 5 giờ 30 phút."""
    whole, rest = divmod(minutes, 60)
    return f"{number(whole)} giờ" + (f" {rest} phút" if rest else "")


def _note(note: Note) -> str:
    run = day_month(note.from_on) if note.from_on == note.to_on else _run(note.from_on, note.to_on)
    decided = f" ({plain(_decision(note))})" if _decision(note) else ""
    return f"{run}: {plain(note.reason)}{decided}{', được tính' if note.counted else ''}"


def _run(start: date, end: date) -> str:
    return f"{start:%d}–{day_month(end)}" if start.month == end.month else f"{day_month(start)}–{day_month(end)}"


def _decision(told: Note | Day) -> str:
    return told.decision or (NO_DECISION if told.rule == DECIDED else "")


def by_day(days: Sequence[Day], told: Explanation) -> pl.DataFrame:
    """Lay out every day of a clock: Ngày, Thứ, Ngày thứ, Ghi chú, Quy tắc, Văn bản."""
    lines: list[dict[str, Any]] = [
        {
            "Ngày": one.on,
            "Thứ": wording.weekday(one.on).rsplit(" ", 1)[0],
            "Ngày thứ": one.number,
            "Ghi chú": "; ".join(filter(None, (one.reason, _minutes(one), _marks(one.on, told)))),
            "Quy tắc": one.rule,
            "Văn bản": _decision(one),
        }
        for one in days
    ]
    return pl.DataFrame(lines, schema_overrides={"Ngày thứ": pl.Int64})


def _minutes(one: Day) -> str:
    return "" if one.minutes is None else hours(one.minutes)


def _marks(on: date, told: Explanation) -> str:
    marks = (
        (told.first_due_on, "ngày hẹn lần đầu"),
        (told.due_on if told.due_on != told.first_due_on else None, "ngày hẹn trả"),
        (told.expectation.due_on if told.expectation else None, "hạn do hệ thống tự tính"),
        (told.closed_on, "kết thúc"),
    )
    return "; ".join(text for day_, text in marks if day_ == on)


# ---------- the acceptance clock, and who held it ----------


def acceptance(clock: Acceptance) -> tuple[tuple[str, str], ...]:
    """Give the acceptance clock as pairs of name and value."""
    limit_at = _minute(clock.due_at) if clock.due_at else f"hết ngày {day(clock.due_on)}"
    return (
        ("Nộp lúc", _minute(clock.submitted_at)),
        (f"Hạn tiếp nhận ({clock.hours} giờ làm việc)", limit_at),
        ("Trả lời lúc", _minute(clock.answered_at) if clock.answered_at else "chưa trả lời"),
        ("Kết quả", _kept(clock)),
    )


def _kept(clock: Acceptance) -> str:
    if clock.answered_at is None:
        return "▲ Đã quá hạn tiếp nhận" if clock.late else "Còn hạn tiếp nhận"
    return "▲ Tiếp nhận muộn" if clock.late else "Đúng hạn tiếp nhận"


def acceptance_basis(clock: Acceptance) -> str:
    """Name the law of the acceptance clock."""
    return f"Căn cứ: {plain(clock.rule)}. Chỉ tính giờ làm việc, từ phút nộp hồ sơ."


def steps(told: Explanation) -> list[str]:
    """Say who held the dossier at which step since when; held is not worked."""
    return [
        f"**{plain(step.step or 'Chưa rõ bước')}** · {plain(step.handler) if step.handler else 'chưa rõ người giữ'}, "
        f"giữ từ {day(step.from_at.date())} · {number(step.held)} ngày làm việc"
        for step in told.steps
    ]


def halts(told: Explanation) -> list[str]:
    """Say when and for what the clock stood."""
    notices = {None: "", True: ", có văn bản thông báo", False: ", không có văn bản thông báo"}
    return [
        f"Từ {day(halt.from_on)} {'đến ' + day(halt.to_on) if halt.to_on else 'đến nay'}: "
        f"{WAITS.get(halt.kind, WAITS['other'])}, {number(halt.waited)} ngày làm việc{notices[halt.notice]}."
        for halt in told.halts
    ]


WAITS: Final = {"supplement": "chờ bổ sung hồ sơ", "payment": "chờ thực hiện nghĩa vụ tài chính", "other": "tạm dừng"}


def _minute(moment: datetime | None) -> str:
    return NOTHING if moment is None else f"{moment:%H:%M} {day(moment.date())}"
