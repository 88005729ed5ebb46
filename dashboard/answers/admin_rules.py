"""Quản trị: calendar, units, law, limits and thresholds as they are read from their files, as tables of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from config import place
from config.calendar import CalendarDays, undecided
from config.catalogue import CatalogueFile, Metric
from config.errors import ConfigError
from config.procedures import Allowed
from config.rules import Rules
from config.units import Units
from dashboard import wording
from dashboard.answers.explained import UNITS
from dashboard.wording import LEVELS, NOTHING, number
from metrics.limits import parse_limit

#: Why nothing is changed on this page, and how it is.
ONE_PLACE: Final = (
    "Trang này chỉ cho xem. Mỗi quy tắc nằm ở đúng một tệp, có người ký và có lịch sử; sửa tệp, kiểm tra bằng "
    "`dunghan doctor`, rồi khởi động lại. Số liệu được tính lại theo quy tắc mới và mang phiên bản mới."
)
_KINDS: Final = {
    "off": "Nghỉ",
    "work": "Làm bù",
    "half": "Làm nửa ngày",
    "closed": "Đóng cửa riêng",
    "open": "Chưa xác nhận",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of settings: its name, where it is written, and what is wrong in it, in words ("" where nothing is)."""

    name: str
    where: str
    wrong: str


def read(name: str, load: Callable[[], object]) -> File:
    """Say where an office writes ``name`` and, if it cannot be read, why."""
    try:
        load()
    except ConfigError as error:
        return File(name, place.to_edit(name), f"{error.place}: {error.found} {error.next_step}")
    return File(name, place.to_edit(name), "")


def years(days: CalendarDays, today: date) -> list[int]:
    """Give the years to choose from, next year first."""
    first = min((day.year for day in (*days.off, *days.made_up)), default=today.year)
    return list(range(today.year + 1, min(first, today.year) - 1, -1))


def confirmed(days: CalendarDays, year: int) -> tuple[bool, str]:
    """Say whether the holidays of a year are confirmed, in words."""
    if days.confirmed_to >= date(year, 12, 31):
        missing = [day for day in undecided(days) if day.year == year]
        numbers = f"; {len(missing)} ngày chưa ghi số quyết định" if missing else ""
        return True, f"Lịch {year}: đã xác nhận{numbers}"
    if days.confirmed_to.year == year:
        return False, f"Lịch {year}: mới xác nhận đến {wording.day(days.confirmed_to)}"
    return False, f"Lịch {year}: chưa có ngày nghỉ được xác nhận"


def calendar(days: CalendarDays, year: int) -> pl.DataFrame:
    """List the days of a year that differ from the plain week, each with its decision."""
    told = [
        *((day, "off", why) for day, why in days.off.items()),
        *((day, "work", why) for day, why in days.made_up.items()),
        *((day, "half", half.why) for day, half in days.half.items()),
        *((day, "open", why) for day, why in days.unconfirmed.items()),
    ]
    rows = [
        (day, _KINDS[kind], why, days.decisions.get(day) or NOTHING, days.sources.get(day) or NOTHING)
        for day, kind, why in told
    ]
    rows += [
        (
            c.from_on,
            _KINDS["closed"],
            f"{c.why} ({', '.join(c.units)}, đến {wording.day(c.to_on)})",
            c.decision or NOTHING,
            c.source or NOTHING,
        )
        for c in days.closures
    ]
    mine = sorted(row for row in rows if row[0].year == year)
    words = [(f"{wording.WEEKDAYS[row[0].weekday()]} {wording.day(row[0])}", *row[1:]) for row in mine]
    return _texts(words, ("Ngày", "Loại", "Lý do", "Số quyết định", "Nguồn"))


def units(register: Units) -> pl.DataFrame:
    """List the units of the register, one line a period."""
    rows = [
        (
            entry.name, LEVELS.get(entry.level or "", entry.level or NOTHING), entry.parent or NOTHING,
            wording.day(entry.from_on), wording.day(entry.to_on), ", ".join(entry.after) or NOTHING,
        )
        for entry in sorted(register.known, key=lambda e: (wording.sort_key(e.name), e.from_on or date.min))
    ]  # fmt: skip
    return _texts(rows, ("Đơn vị", "Cấp", "Trực thuộc", "Từ ngày", "Đến ngày", "Đơn vị kế thừa"))


def law(rules: tuple[Rules, ...]) -> pl.DataFrame:
    """List what holds by day of receipt, the newest first."""
    rows = [
        (
            wording.day(rule.from_), rule.basis,
            f"{number(rule.acceptance_hours)} giờ" if rule.acceptance_hours else NOTHING,
            f"{number(rule.letter_notice_days)} ngày", number(rule.letters_at_most),
            "Cộng ngày chờ" if rule.on_return == "shift" else "Tính lại từ đầu", "; ".join(rule.open) or NOTHING,
        )
        for rule in reversed(rules)
    ]  # fmt: skip
    names = ("Từ ngày", "Căn cứ", "Hạn tiếp nhận", "Báo gia hạn trước", "Gia hạn tối đa", "Sau bổ sung", "Chưa rõ")
    return _texts(rows, names)


def limits(allowed: tuple[Allowed, ...]) -> pl.DataFrame:
    """List the limits of procedures, by source, procedure and first day."""
    rows = [
        (
            each.procedure, each.source or "Mọi nguồn", wording.day(each.from_on), _limit(each.statutory),
            _limit(each.committed), f"{each.cutoff:%H:%M}" if each.cutoff else NOTHING, each.basis or NOTHING,
        )
        for each in allowed
    ]  # fmt: skip
    return _texts(rows, ("Thủ tục", "Nguồn", "Từ ngày", "Luật định", "Cam kết", "Giờ chốt", "Căn cứ"))


def _limit(written: str) -> str:
    """Write a limit in words; one that cannot be read stands as it is written, and the doctor says why."""
    try:
        limit = parse_limit(written)
    except ConfigError:
        return written or NOTHING
    return f"{number(limit.size)} {UNITS[limit.unit]}" if limit.size else "Trong ngày"


def thresholds(catalogue: CatalogueFile) -> pl.DataFrame:
    """List the figures with a target of the office, and who answers for each."""
    better = {"higher": "Cao hơn là tốt", "lower": "Thấp hơn là tốt", None: NOTHING}
    rows = [
        (m.title, _goal(m), better[m.better], m.owner, wording.day(m.review_on))
        for m in sorted(catalogue.metric.values(), key=lambda m: (_goal(m) == NOTHING, wording.sort_key(m.title)))
    ]
    return _texts(rows, ("Chỉ số", "Mục tiêu", "Chiều", "Chủ trì", "Rà soát"))


def _goal(metric: Metric) -> str:
    """Write the one target, or those of each level with the day from which each holds."""
    if metric.target is not None or not metric.targets:
        return _share(metric.target)
    told = (f"{wording.LEVELS[t.level]}: {_share(t.value)} ({wording.day(t.from_)})" for t in metric.targets)
    return "; ".join(told)


def steps(catalogue: CatalogueFile) -> str:
    """Say below which numbers figures are shown otherwise."""
    heat = " · ".join(_share(step) for step in catalogue.heat)
    few = f"Dưới **{catalogue.small}** hồ sơ: chỉ ghi số, không tính tỷ lệ, không xếp hạng."
    return f"{few} Bảng nhiệt đậm dần dưới {heat}."


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{number(100 * value, 0 if round(100 * value, 6) % 1 == 0 else 1)}\u00a0%"


def _texts(rows: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
