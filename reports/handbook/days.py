"""The working calendar, the hours, and how a limit is counted, with examples by the calendar in use."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from config import calendar, hours, place, procedures
from config.calendar import CalendarFile, Day
from config.hours import Hours, YearHours
from config.reading import read_toml
from metrics import reckoning
from metrics.calendar import WorkingCalendar
from metrics.limits import HOURS_A_DAY, Suspension, parse_limit
from metrics.worktime import WorkTime
from reports.handbook.markdown import bullets, day, paragraphs, table

NO_DECISION: Final = "chưa ghi số quyết định"
KINDS: Final = {"off": "nghỉ", "work": "làm việc", "half": "làm việc nửa ngày"}
HALVES: Final = {"morning": "buổi sáng", "afternoon": "buổi chiều"}
#: Receipt, limit, suspension (from, to), and what the example shows.
EXAMPLES: Final = (
    ("2026-03-02T09:00", "10wd", None, "ngày tiếp nhận là ngày 0"),
    ("2026-03-02T09:00", "10wd", ("2026-03-05", "2026-03-10"), "chờ bổ sung không tính, đến hết ngày nộp lại"),
    ("2026-03-07T09:00", "3wd", None, "nhận ngày nghỉ: ngày 1 là ngày làm việc tiếp theo"),
    ("2026-04-29T09:00", "10wd", None, "qua ngày lễ"),
    ("2026-03-02T09:00", "5d", None, "thời hạn theo ngày liên tục, ngày cuối là ngày nghỉ"),
    ("2026-01-31T09:00", "1m", None, "thời hạn theo tháng: tháng 2 không có ngày 31"),
    ("2026-03-02T14:00", "16wh", None, "thời hạn theo giờ làm việc"),
    ("2026-03-02T14:00", "0wd", None, "trong ngày"),
)


def calendar_and_hours() -> str:
    """Write what the calendar says beyond the plain week, each day with its decision, and the hours of the day."""
    told = read_toml(place.of("calendar.toml"), CalendarFile)
    days = calendar.load()
    years = sorted({off.year for off in days.off})
    counts = "được tính" if told.half_day_counts else "không được tính"
    return paragraphs(
        f"Ngày làm việc: thứ Hai đến thứ Sáu, trừ ngày nghỉ lễ, Tết (danh sách từ {years[0]} đến {years[-1]}, "
        "`holidays.toml`); lễ trùng ngày nghỉ hằng tuần thì nghỉ bù. Tệp `calendar.toml` được ưu tiên khi khác. Ngày "
        f"nghỉ đã có thông báo đến hết **{day(told.confirmed_to)}**; sau ngày đó là dự kiến. Ngày làm bù là ngày làm "
        "việc "
        "bình thường; thứ Bảy chỉ nhận hồ sơ thì không phải ngày làm việc.",
        "### Ngày hoán đổi và ngày làm việc nửa ngày",
        table(("Ngày", "Là ngày", "Lý do", "Quyết định, thông báo", "Đã xác nhận"), map(_day, _ordered(told))),
        "### Ngày nghỉ hằng năm bổ sung",
        table(("Ngày", "Từ năm", "Lý do", "Quyết định, thông báo", "Đã xác nhận"), map(_yearly, told.yearly))
        if told.yearly
        else "Không có.",
        f"Một ngày làm việc nửa ngày {counts} là một ngày làm việc khi đếm ngày (cài đặt `half_day_counts`); khi đếm "
        "giờ "
        "thì chỉ tính giờ thật sự làm việc.",
        "### Đóng cửa riêng",
        table(("Đơn vị", "Từ", "Đến hết", "Lý do", "Quyết định, thông báo"), map(_closure, told.closure))
        if told.closure
        else "Chưa có đơn vị nào khai ngày đóng cửa riêng.",
        "### Giờ làm việc",
        bullets(_hours()),
    )


def _ordered(told: CalendarFile) -> list[Day]:
    return sorted(told.day, key=lambda entry: entry.day)


def _day(entry: Day) -> tuple[str, ...]:
    kind = KINDS[entry.kind] + (f" ({HALVES[entry.worked]})" if entry.worked else "")
    return (day(entry.day), kind, entry.why, entry.decision or NO_DECISION, _sure(entry.confirmed))


def _yearly(entry: calendar.Yearly) -> tuple[str, ...]:
    return (
        f"{entry.day:02d}/{entry.month:02d}",
        str(entry.from_year),
        entry.why,
        entry.decision or NO_DECISION,
        _sure(entry.confirmed),
    )


def _closure(entry: calendar.Closed) -> tuple[str, ...]:
    sure = "" if entry.confirmed else " (chưa xác nhận, không tính)"
    units = ", ".join(entry.units)
    return (units, day(entry.from_), day(entry.to), entry.why + sure, entry.decision or NO_DECISION)


def _sure(confirmed: bool) -> str:
    return "đã xác nhận" if confirmed else "chưa xác nhận, không tính"


def _hours() -> list[str]:
    told = hours.load()
    lines = [f"Chung: {_year(told.default)}."]
    return lines + [f"{unit}: {_year(own)}." for unit, own in sorted(told.units.items())]


def _year(told: YearHours) -> str:
    seasons = [f"từ {s.first[1]:02d}/{s.first[0]:02d} đến hết {s.last[1]:02d}/{s.last[0]:02d}: {_sessions(s.hours)}"
               for s in told.seasons]  # fmt: skip
    return "; ".join((_sessions(told.usual), *seasons))


def _sessions(told: Hours) -> str:
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in told.sessions)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def limits() -> str:
    """Write how limits are counted, and examples reckoned by the calendar in use."""
    known = procedures.load()
    shorter = sum(1 for one in known if one.committed)
    return paragraphs(
        bullets(
            (
                "**Ngày làm việc** (`10wd`): ngày tiếp nhận là ngày 0, ngày làm việc tiếp theo là ngày 1; hết hạn vào "
                "cuối ngày cuối cùng. Nhận vào ngày nghỉ: ngày 0 là ngày đó.",
                "**Ngày liên tục** (`10d`): đếm cả ngày nghỉ; ngày cuối là ngày nghỉ thì hết hạn vào cuối ngày làm "
                "việc "
                "tiếp theo (Bộ luật Dân sự 2015, điều 148).",
                "**Tháng** (`6m`): hết hạn vào ngày có cùng số của tháng cuối, tháng không có ngày đó thì vào ngày "
                "cuối tháng; ngày ấy là ngày nghỉ thì như trên (Bộ luật Dân sự 2015, điều 147, 148).",
                "**Giờ làm việc** (`16wh`): từ phút tiếp nhận, chỉ tính phút trong giờ làm việc.",
                "**Trong ngày** (`0wd`): hết hạn vào cuối ngày tiếp nhận.",
                "**Giờ chốt**: nhận sau giờ chốt của thủ tục thì tính là nhận vào ngày làm việc tiếp theo.",
                "**Đếm theo phút** (cài đặt của nguồn): thời hạn n ngày làm việc là "
                f"n × {HOURS_A_DAY} giờ làm việc kể từ phút tiếp nhận.",
                "**Bổ sung hồ sơ**: những ngày làm việc sau ngày yêu cầu, đến hết ngày nộp lại, không tính; hoặc thời "
                "hạn "
                "tính lại từ đầu khi nộp lại, tùy quy định (`on_return` trong `rules.toml`, `procedures.csv`).",
                "**Thời hạn theo quy định** và **thời hạn cam kết**: ngày tự tính dùng thời hạn cam kết; không ghi "
                "cam kết "
                "thì dùng thời hạn theo quy định.",
            )
        ),
        f"Tệp `procedures.csv` hiện có {len(known)} dòng thời hạn, trong đó {shorter} dòng có thời hạn cam kết.",
        "### Ví dụ, tính bằng lịch đang dùng",
        table(("Tiếp nhận", "Thời hạn", "Chờ bổ sung", "Đến hạn", "Ghi chú"), map(_example, EXAMPLES)),
        "Câu hỏi khác: `dunghan due`.",
    )


def _example(asked: tuple[str, str, tuple[str, str] | None, str]) -> tuple[str, ...]:
    received, limit, wait, note = asked
    at = datetime.fromisoformat(received)
    halts = [Suspension.of_days(*(date.fromisoformat(d) for d in wait))] if wait else []
    work = WorkTime(WorkingCalendar(calendar.load()), hours.load())
    found = reckoning.deadline(at, parse_limit(limit), time=work, suspensions=halts)
    due = f"{found.due_at:%H:%M} {day(found.due_on)}" if found.due_at else day(found.due_on)
    waited = f"{day(halts[0].from_at.date())} đến {day(halts[0].to_at.date())}" if halts else ""
    return (_received(at), f"`{limit}`", waited, due, note)


def _received(at: datetime) -> str:
    return f"{at:%H:%M} {day(at.date())}" if at.time() != time(0) else day(at.date())
