"""What is not verified or not decided: how it is taken now, and where that can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config import calendar, place, rules
from config.calendar import CalendarFile
from config.reading import read_toml
from reports.handbook.days import NO_DECISION
from reports.handbook.markdown import day, table

IN_CODE: Final = "chưa có cài đặt"
#: Question, how it is taken now, setting. Deadlines: docs/decisions.md, 32.
READINGS: Final = (
    ("Một ngày làm việc nửa ngày có là một ngày làm việc khi đếm ngày?", "có, trừ khi cài đặt khác",
     "`calendar.toml`: `half_day_counts`"),
    ("Thời hạn trong ngày, nhận vào ngày nghỉ", "hết hạn ngay ngày đó", IN_CODE),
    ("Giờ chốt vào ngày nghỉ", "vẫn xét: nhận thứ Bảy sau giờ chốt thì ngày 0 là thứ Hai; nhận đúng phút chốt là kịp",
     "`procedures.csv`: `cutoff` (có hay không)"),
    ("Yêu cầu bổ sung vào đúng ngày hẹn", "ngày hẹn vẫn lùi theo số ngày làm việc đã chờ", IN_CODE),
    ("Nộp lại hồ sơ bổ sung vào ngày nghỉ", "ngày hẹn mới là ngày làm việc cuối cùng trước đó", IN_CODE),
    ("Thời hạn theo ngày liên tục, khi chờ bổ sung", "mọi ngày chờ đều không tính, kể cả ngày nghỉ", IN_CODE),
    ("Hai lần chờ bổ sung chồng hoặc liền nhau", "coi là một lần", IN_CODE),
    ("Nộp lại thì cộng thêm ngày chờ hay tính lại từ đầu?", "theo từng văn bản, từng thủ tục",
     "`rules.toml`, `procedures.csv`: `on_return`"),
    ("Trạng thái 8 “dừng xử lý” không có ngày kết thúc", "tạm dừng, trừ khi cài đặt khác",
     "`sources.toml`: `[source.exchange] halted`"),
    ("Trạng thái 3 “không được tiếp nhận” nhưng có ngày tiếp nhận", "trả lại hồ sơ, trừ khi cài đặt khác",
     "`sources.toml`: `[source.exchange] not_accepted_after_receipt`"),
    ("Văn bản xin lỗi thế nào là kịp thời khi không gia hạn?", "chậm nhất vào ngày đầu tiên quá hạn", IN_CODE),
    ("Trọng số các mục con của Bộ chỉ số 766", "chưa tính điểm; chỉ ước tính tiến độ (mục 2.1)", IN_CODE),
)  # fmt: skip


def questions() -> str:
    """List every open point: of the rules, of the calendar, and readings of our own."""
    return table(("Điều còn để mở", "Hiện tính thế nào", "Cài đặt ở đâu"), [*_law(), *_days(), *READINGS])


def _law() -> Iterator[tuple[str, str, str]]:
    for entry in rules.load():
        for point in entry.open:
            yield f"{entry.basis}: {point}", "như chương 2", f"`rules.toml`: `{entry.id}`"


def _days() -> Iterator[tuple[str, str, str]]:
    told = read_toml(place.of("calendar.toml"), CalendarFile)
    for entry in told.yearly:
        if not entry.confirmed:
            said = f"{entry.day:02d}/{entry.month:02d} ({entry.why}) có là ngày nghỉ từ {entry.from_year}?"
            yield said, "chưa xác nhận, không tính", "`calendar.toml`: `[[yearly]] confirmed`"
    if bare := calendar.undecided(calendar.load()):
        said = f"Ngày hoán đổi, đóng cửa {NO_DECISION}: {', '.join(map(day, bare))}"
        yield said, "vẫn tính", "`calendar.toml`: `decision`, `source`"
    yield f"Ngày nghỉ sau {day(told.confirmed_to)}", "theo dự kiến", "`calendar.toml`: `confirmed_to`"
