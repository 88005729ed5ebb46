"""How officers are shown to those who answer for them: what each did and holds, of one the mix, and a day's sheet."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from config import catalogue
from dashboard import (
    analysed,
    components,
    data,
    filters,
    frame,
    handled,
    kept,
    offering,
    period_picker,
    scope,
    tables,
    taking,
)
from dashboard import speaking as st
from dashboard.answers import officers as words
from dashboard.answers import sources
from dashboard.answers.taken import WHOLE, reach
from dashboard.components import card, lines, phone, state
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from dashboard.periods import words as period_words
from dashboard.wording import bracketed, day, plain
from reports import daily_sheet
from reports.daily_sheet import UNNAMED, Sheet

#: The choice of a day in the address.
DAY: Final = "ngay"
#: The parts of the page, by their codes in the address.
OFFICERS, SOFTWARE = "can-bo", "phan-mem"
_NAMES: Final = frozenset(("Đơn vị", "Cán bộ (mã)", "Thủ tục", "Bước"))
_WIDTHS: Final = {
    "Đơn vị": 200, "Cán bộ (mã)": 150, "Thủ tục": 360, "Bước": 150, "Đã xử lý": 78, "Tỷ lệ trễ": 150, "Hồ sơ": 66,
    "Cùng việc: như nơi khác": 168, "Ngày làm việc mất": 130, "Người khác: có hạn": 140, "Đang giữ cuối ngày": 140,
}  # fmt: skip


def pick(options: Options) -> Choice:
    """Draw the choices of the officers' part: where, and for which period; the other part has none."""
    who = frame.person()
    elsewhere = st.query_params.get(filters.GROUP) == SOFTWARE and scope.may_see_software(who)
    if elsewhere or not scope.may_see_work_of_officers(who):
        return filters.of_nothing(options)
    filters.say_unseen(options)
    st.space("small")
    where, when = st.columns([1, 1.3])
    with where:
        department = filters.where_picker(options)
    named = period_picker.picker(options, "thang", place=when)
    return Choice(options.today, options.mondays[0], department, named=named)


def officers(ask: Ask) -> None:
    """Show what each officer did in the period and holds, and of the chosen one the mix."""
    small, rows = catalogue.load().small, handled.figures(ask)
    with card("Cán bộ theo mã"):
        lines([words.FAIR])
        quiet = handled.untold(ask)
        titles = sources.titles(data.sources())
        if said := words.untold([titles.get(name, name) for name in quiet]):
            st.caption(said)
        if rows.is_empty():
            state("empty", *words.NO_OFFICERS)
            return
        st.markdown(words.summary(rows))
        told = words.table(rows, small)
        chosen = _chosen(told, "can_bo")
        _take(ask, words.values(rows), "Cán bộ theo mã", " ".join((words.FAIR, *words.meaning(small))), "can-bo")
        for text in (bracketed(), *words.meaning(small)):
            st.caption(text)
    with card("Cùng việc với người khác"):
        row = rows.row(chosen or 0, named=True)
        _mix(ask, row, small)


def _chosen(told: pl.DataFrame, key: str) -> int | None:
    found = tables.shown(told, "Cán bộ theo mã", _columns(told), key=key)
    if phone():
        names = [" · ".join(row[:2]) for row in told.iter_rows()]
        found = st.selectbox("Chọn cán bộ", range(len(names)), 0, names.__getitem__, key=f"chon_{key}")
    return found


def _columns(told: pl.DataFrame) -> dict[str, Any]:
    """Give each column room for its heading; numbers stand to the right."""
    return {
        name: st.column_config.TextColumn(
            width=_WIDTHS.get(name, max(100, 7 * len(name) + 24)), alignment="left" if name in _NAMES else "right"
        )
        for name in told.columns
    }


def _mix(ask: Ask, row: dict[str, Any], small: int) -> None:
    who = f"{plain(row['handler'] or UNNAMED)} · {plain(row['department'] or UNNAMED)}"
    with st.as_written():
        st.markdown(f"**{who}**")
    found = handled.cells(ask, row["department"], row["handler"])
    if found.is_empty():
        state("empty", "Chưa xử lý bước nào trong kỳ", "Chọn cán bộ khác trong bảng trên, hoặc chọn kỳ khác.")
        return
    told = words.mix(found, analysed.names(ask), small)
    tables.shown(told, "Theo thủ tục và bước, bên cạnh người khác", _columns(told))


def _take(ask: Ask, rows: pl.DataFrame, title: str, means: str, name: str) -> None:
    named = ask.choice.named
    title = f"{title}, {period_words(named)}" if named else title
    taking.table(rows, title, means, frame.person(), name=name, scope=ask.scope, version=ask.version)


def sheet(ask: Ask) -> None:
    """Show the sheet of a day, and offer it as a workbook."""
    with card(daily_sheet.TITLE):
        days = words.days(ask.choice.today, data.calendar())
        chosen = filters.select(DAY, "Ngày", days, default=next(iter(days)), collapsed=False)
        told = _sheet(ask, date.fromisoformat(chosen))
        if told.rows.is_empty():
            state("empty", *words.NO_SHEET)
            return
        shown = words.shown(told)
        tables.shown(shown.rows, f"{daily_sheet.TITLE} {day(told.day)}", _columns(shown.rows))
        file = kept.taken(partial(daily_sheet.workbook, told), frame.person(), "phieu-can-bo", told.day.isoformat())
        name = f"phieu-theo-doi-{told.day.isoformat()}.xlsx"
        offering.button("xlsx", file, name, key="tai_phieu_can_bo", main=True)
        lines(shown.asked) if shown.asked else st.caption(words.NO_CRITERIA)
        st.caption(daily_sheet.NOTE)


def _sheet(ask: Ask, on: date) -> Sheet:
    rows, asked, stands = handled.sheet(ask, on)
    where = ask.choice.department or reach(ask.scope)
    return Sheet(on, where or WHOLE, rows, asked, stands, ask.version)


def no_access() -> None:
    """Say that neither part of the page is for this reader."""
    components.state(
        "no_access", "Phần này dành cho người chịu trách nhiệm về công việc",
        "Giám đốc và vận hành trung tâm xem toàn tỉnh; thủ trưởng xem đơn vị của mình.",
    )  # fmt: skip
