"""Lists of dossiers and single dossiers, as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from dashboard import asked_risk, explained, recording, reviewing, scope, strips, taking
from dashboard import speaking as st
from dashboard.answers import desk, dossier, records, worklist
from dashboard.answers import explained as words
from dashboard.components import apart, card, chart, lines, link, phone, state, theme
from dashboard.shapes import DOSSIER, Link
from dashboard.wording import LOCAL, NOTHING, day, day_month, plain
from metrics.calendar import WorkingCalendar
from metrics.explanation import Explanation
from metrics.whose import IN_SIGHT
from reports.taken import Ending
from store.people import Person

HEIGHT: Final = 640
#: Where on a dossier's page it is recorded.
_FORMS: Final = "ghi"
A_PAGE: Final = 8
History = Callable[[str, str], pl.DataFrame]
Record = Callable[[dossier.Row], None]


def work_list(rows: pl.DataFrame, lines: pl.DataFrame, *, key: str) -> dossier.Row | None:
    """Show a list and give the chosen dossier: a table on a desk, cards on a phone."""
    if rows.is_empty():
        state("empty", "Không có hồ sơ trong phạm vi đã chọn", "Bỏ bớt bộ lọc hoặc chọn tuần khác.")
        return None
    if phone():
        _cards(rows, key)
        return None
    widest = rows["days_late"].max()
    chosen = _table(lines, f"danh_sach_{key}", widest=widest if isinstance(widest, int) else 1)
    return None if chosen is None else rows.row(chosen, named=True)


def _cards(rows: pl.DataFrame, key: str) -> None:
    pages = -(-rows.height // A_PAGE)
    place = st.container(gap="small")
    page = st.pagination(pages, key=f"trang_{key}", max_visible_pages=5) if pages > 1 else 1
    with place:
        for row in rows.slice((page - 1) * A_PAGE, A_PAGE).to_dicts():
            with st.container(border=True, gap="xsmall"):
                standing_badge(row)
                st.markdown(f"**{dossier.name(row, 90)}**")
                st.caption(f"{plain(row['code'], 60)}  \n{plain(row['department'], 80)} · hẹn {day(row['due_on'])}")
                _way_in(row)


def _way_in(row: dossier.Row) -> None:
    """Lead to a dossier's own page; one that is another unit's by now is only counted here."""
    if row.get(IN_SIGHT, True):
        link(Link("Mở hồ sơ", {"nguon": row["source"], "ma": row["code"]}, DOSSIER))
    else:
        st.caption("Hồ sơ đã chuyển sang đơn vị khác.")


def detail_card(
    row: dossier.Row | None, history: History, as_of: date, now: datetime, calendar: WorkingCalendar,
    record: Record,
) -> None:  # fmt: skip
    """Show the chosen dossier beside its list, and let it be recorded there; a phone opens the dossier's own page."""
    if phone():
        return
    with card():
        if row is None:
            state("empty", "Chưa chọn hồ sơ", "Chọn một dòng để xem vì sao hồ sơ trễ và ai đang giữ.")
            return
        detail(row, history(row["source"], row["code"]), as_of, now, calendar)
        if row.get(IN_SIGHT, True):
            record(row)


def under_list(text: str, make: Callable[[Ending], bytes], name: str, more: Sequence[Link] = ()) -> None:
    """Say how many dossiers the list holds, lead to a part of them, and let the reader take it away."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(text, width="content")
        for to in more:
            link(to)
        taking.files(make, name, key="tai")


def _table(rows: pl.DataFrame, key: str, *, widest: int) -> int | None:
    """Show a list of dossiers, the first one chosen, and give the number of the chosen line."""
    event: Any = st.dataframe(
        rows, key=key, hide_index=True, height=HEIGHT, row_height=36, on_select="rerun", selection_mode="single-row",
        selection_default={"selection": {"rows": [0], "columns": [], "cells": []}}, column_config=_columns(widest),
        placeholder=NOTHING, alt="Danh sách hồ sơ",
    )  # fmt: skip
    chosen = event["selection"]["rows"]
    return chosen[0] if chosen and chosen[0] < rows.height else None


def _columns(widest: int) -> dict[str, Any]:
    column = st.column_config
    return {
        worklist.LATE: column.ProgressColumn(width=76, format="%d", min_value=0, max_value=max(1, widest), color="red"),
        worklist.DUE: column.TextColumn(width=96),
        worklist.LEFT: column.NumberColumn(width=84, format="%d ngày"),
        worklist.CODE: column.TextColumn(width=150),
        "Thủ tục": column.TextColumn(width=160),
        "Đơn vị": column.TextColumn(width=130),
        records.KINDS["cause"]: column.TextColumn(width=94),
        worklist.AT: column.TextColumn(width=170),
    }


def detail(row: dossier.Row, seen: pl.DataFrame, as_of: date, now: datetime, calendar: WorkingCalendar) -> None:
    """Show one dossier beside its list: standing, promises, clock, why, the last things seen."""
    standing_badge(row)
    st.header(dossier.name(row, 120), anchor=False)
    st.caption(f"{dossier.subtitle(row)}  \n{plain(row['department'])}")
    counted = dossier.clock(row, as_of, calendar)
    promises(row, counted)
    clock_strip(row, seen, now, key="strip_side")
    st.markdown(dossier.explained(row, counted))
    st.markdown(
        "  \n".join(f"**{day_month(e.happened.astimezone(LOCAL))}** · {e.text}" for e in dossier.entries(seen)[:4])
    )
    _way_in(row)


def standing_badge(row: dossier.Row) -> None:
    """Show where a dossier stands, with a sign and words."""
    found = dossier.badge(row)
    st.badge(found.text, icon=found.icon, color=found.tone)


def promises(row: dossier.Row, counted: dossier.Clock | None) -> None:
    """Show the first promise, the promise in force, and the days used."""
    facts = (
        ("Hẹn lần đầu", day(row["first_due_on"])),
        ("Hẹn hiện tại", day(row["due_on"])),
        ("Đã dùng / hạn", dossier.used_of_limit(counted)),
    )
    for place, (name, value) in zip(st.columns([1, 1, 1.25]), facts, strict=True):  # the last is the longest
        with place, st.container(gap=None):
            st.caption(name)
            st.markdown(f"**{value}**")


def clock_strip(row: dossier.Row, seen: pl.DataFrame, now: datetime, *, key: str) -> None:
    """Show a dossier's clock as a strip of its steps."""
    steps = dossier.stretches(seen, row, now)
    if not steps:
        return
    spec = strips.clock_strip(
        steps, first_due=dossier.end_of_day(row["first_due_on"]), due=dossier.end_of_day(row["due_on"]),
        now=max(s.end for s in steps), ended=row["closed_on"] is not None, theme=theme(),
    )  # fmt: skip
    lanes = len({s.name for s in steps})
    chart(spec, key, f"Đồng hồ của hồ sơ: {dossier.badge(row).text}", height=62 + 30 * lanes)


def full(
    row: dossier.Row, told: Explanation, seen: pl.DataFrame, now: datetime, recognised: str,
    recorded: pl.DataFrame, urged: pl.DataFrame, who: Person,
) -> None:  # fmt: skip
    """Show one dossier on its own page: standing, clock, why every promise and day counts or not, everything seen.

    ``recognised``: the masked name or number of its applicant, where the office keeps that; ``recorded``: what people
    recorded of it (dashboard.kept), to which ``who`` may add; ``urged``: the slips that name it.
    """
    counted = dossier.counted(told)
    with card():
        with apart():
            with st.container(horizontal=True, gap="small", width="content"):
                standing_badge(row)
                for text in dossier.flags(row):
                    st.badge("Cờ toàn vẹn", icon=":material/flag:", color="orange", help=text)
            if recording.may(who):
                st.html(f'<a class="act" href="#{_FORMS}" target="_self">Ghi nguyên nhân</a>', width="content")
        st.header(dossier.name(row), anchor=False)
        st.caption(f"{dossier.subtitle(row)} · {plain(row['department'])}{dossier.lies_with(row)}")
        if recognised:
            st.caption(f"Người nộp (đã che): {plain(recognised)}")
        lines([text] if (text := desk.urged(urged)) else [])
        facts(row, told, counted)
    with card("Đồng hồ"):
        clock_strip(row, seen, now, key="strip_full")
        st.markdown(dossier.explained(row, counted))
        if forecast := asked_risk.quiet(row, scope.scope_of(who)):
            st.caption(forecast)
    explained.show(told)
    reviewing.of_dossier(row, who)
    with card("Nguyên nhân, trả lời, thư xin lỗi", anchor=_FORMS):
        recording.shown(row, recorded, who)
    with card("Diễn biến ghi nhận được"):
        _timeline([*desk.entries(urged), *records.entries(recorded), *dossier.entries(seen)])


def _timeline(entries: list[dossier.Entry]) -> None:
    """Show everything that was seen and recorded, newest first."""
    newest_first = sorted(entries, key=lambda e: e.happened, reverse=True)
    if phone():
        st.markdown("  \n".join(f"**{_stamp(e.happened)}** · {e.text}" for e in newest_first))
        return
    st.dataframe(timeline(newest_first), hide_index=True, column_config=LINES, row_height=36, alt="Diễn biến hồ sơ")


LINES: Final = {
    "Xảy ra lúc": st.column_config.TextColumn(width=150),
    "Thấy lúc": st.column_config.TextColumn(width=150),
}


def facts(row: dossier.Row, told: Explanation, counted: dossier.Clock | None) -> None:
    """Show what is known of a dossier now, in one row."""
    known = (
        ("Tiếp nhận", day(row["received_on"])),
        ("Hẹn lần đầu", day(row["first_due_on"])),
        ("Hẹn hiện tại", day(row["due_on"])),
        ("Hệ thống tự tính", words.ours(told)),
        ("Đã dùng / hạn", dossier.used_of_limit(counted)),
        ("Bước", plain(row["step"], 60)),
        ("Người giữ", plain(row["handler"])),
    )
    with st.grid(len(known), min_column_width=130, gap="small"):
        for name, value in known:
            with st.container(gap=None):
                st.caption(name)
                st.markdown(f"**{value}**")


def timeline(entries: list[dossier.Entry]) -> pl.DataFrame:
    """Lay out lines of what was seen and recorded as a table."""
    lines = [(_stamp(e.happened), _stamp(e.seen), e.text.replace("\\", "")) for e in entries]
    return pl.DataFrame(lines, schema=["Xảy ra lúc", "Thấy lúc", "Điều đã thấy"], orient="row")


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m/%Y}"
