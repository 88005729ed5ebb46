"""The pages of one unit and of one field, as they are drawn: the same cards over another dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from config import annotated, catalogue
from dashboard import analysed, cards, data, dots, frame, funnels, outages, scope, standards, tables, taking, trends
from dashboard import speaking as st
from dashboard.answers import analysis, likewise, overview, procedures
from dashboard.answers.analysis import Backlog, Trend
from dashboard.answers.likewise import Compared
from dashboard.answers.overview import Weeks
from dashboard.answers.procedures import Line, Mix, Reductions
from dashboard.components import card, clickable, lines, links, phone, state, theme
from dashboard.data import Ask
from dashboard.filters import DEPARTMENT, FIELD
from dashboard.shapes import WORKLIST, Lined
from dashboard.wording import bracketed, plain

MOST_LINES: Final = 12
LONGEST: Final = 60  # letters of a name in a chart
_COUNT: Final = st.column_config.TextColumn(width=84, alignment="right")
_COLUMNS: Final[Mapping[str, Any]] = {
    "Thủ tục": st.column_config.TextColumn(width=366),
    "Người giữ (mã)": st.column_config.TextColumn(width=220),
    "Bước": st.column_config.TextColumn(width=160),
    "Đúng hạn": st.column_config.TextColumn(width=150, alignment="right"),
    "Nơi khác: đúng hạn": st.column_config.TextColumn(width=150, alignment="right"),
    "Thời hạn": st.column_config.TextColumn(width=150),
    "Đơn vị": st.column_config.TextColumn(width=260),
}
#: Tables of what stands on the choice's day; the others are told for 13 weeks.
_OF_THE_DAY: Final = ("buoc", "nguoi_giu")
_NOBODY: Final = {DEPARTMENT: "Đơn vị", FIELD: "Lĩnh vực"}


def page(ask: Ask, about: str) -> None:
    """Draw everything that is told of the chosen unit or field, or of all in scope while none is chosen."""
    if not analysed.knows(ask):
        advice = "Cần xem rộng hơn, liên hệ quản trị trung tâm."
        state("no_access", f"{_NOBODY[about]} không tồn tại hoặc ngoài phạm vi được xem", advice)
        return
    choice, small = ask.choice, catalogue.load().small
    breaks = analysis.breaks(data.book().units, choice)
    span = analysis.trend_period(choice)
    weeks = overview.weeks_of(data.figures(ask, period=span, by=["week"]), span, unheard=bool(data.left_out(ask)))
    counts = analysed.by_procedure(ask)
    limits = analysed.limits(ask, counts)
    told = procedures.lines(choice, counts, analysed.took(ask), limits, analysed.names(ask), small=small)
    _ended(ask)
    _headlines(ask, about, analysis.since_break(weeks, breaks), counts, limits)
    silences = outages.marks(ask, span)
    _over_time(ask, analysis.trend(choice, weeks, breaks, narrow=phone(), notes=annotated.load(), outages=silences))
    if about == DEPARTMENT and choice.department is None:
        funnels.shown(ask)
        standards.shown(ask)
    with card("Thủ tục: thời gian giải quyết so với thời hạn"):
        _durations(ask, told, procedures.table(told, small=small))
    _what_else(ask, about, procedures.mix(told), counts, limits)
    _officers(ask)


def _ended(ask: Ask) -> None:
    found = analysis.ended(data.book().units, ask.choice)
    if found:
        with st.container(border=True, gap="xxsmall"):
            cards.text_and_links(*found)


def _headlines(ask: Ask, about: str, weeks: Weeks, counts: pl.DataFrame, limits: pl.DataFrame) -> None:
    choice, book = ask.choice, catalogue.load()
    first, second, third = st.columns([1, 1, 1.15])
    with first:
        cards.headline(overview.on_time(choice, weeks, book))
    with second:
        oldest = data.oldest(data.standings(ask))
        cards.headline(overview.overdue(choice, weeks, oldest, book, theme()))
    with third:
        if about == DEPARTMENT:
            _beside(ask)
        else:
            _cut(procedures.reductions(choice, counts, limits, book))


def _beside(ask: Ask) -> None:
    """Put the chosen unit beside its like; while none is chosen, say which units do the work."""
    found = analysed.alike(ask)
    if found is None:
        with card("Cơ cấu đơn vị, 13 tuần"):
            _mix(ask, procedures.mix_of_units(ask.choice, analysed.by_unit(ask)), "don_vi", 22)
        return
    with card("So với đơn vị làm cùng thủ tục"):
        told = likewise.compared(ask.choice, found, analysed.names(ask), small=catalogue.load().small)
        if told is None:
            state("empty", "Không có gì để so", "Không thủ tục nào của đơn vị này có đủ hồ sơ ở đơn vị khác.")
            return
        _pairs(ask, told)
        standards.of_unit(ask, found)


def _pairs(ask: Ask, told: Compared) -> None:
    st.markdown(told.text)
    names = [procedures.short(pair.name, LONGEST) for pair in told.pairs]
    spec = dots.pairs(
        names, [pair.own for pair in told.pairs], [pair.others for pair in told.pairs],
        [pair.hover for pair in told.pairs], theme=theme(), longest=_longest(30),
    )  # fmt: skip
    _open(
        [pair.query for pair in told.pairs], clickable(spec, "pairs", plain(told.text), height=dots.height(len(names)))
    )
    st.caption("● đơn vị này · ○ các đơn vị khác. " + " ".join(told.notes))
    with st.expander("Xem bảng"):
        _table(ask, told.table, "So sánh trên cùng thủ tục", "so_sanh")
        st.caption(bracketed())
        if told.units:
            st.caption("Các đơn vị khác:")
            links(told.units)


def _longest(letters: int) -> int:
    """Leave a narrow screen room for what the names name."""
    return min(letters, 16) if phone() else letters


def _open(queries: Sequence[Mapping[str, str] | None], chosen: tuple[int, int] | None) -> None:
    """Open the list behind the line of a chart that was clicked."""
    query = queries[chosen[1]] if chosen and chosen[1] < len(queries) else None
    if query is not None:
        st.switch_page(WORKLIST, query_params=dict(query))


def _cut(told: Reductions) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric("Cắt giảm so với quy định", told.value, help=told.meaning)
        st.markdown(told.parts)
        for note in told.notes:
            st.caption(note)
        links(told.links)


def _over_time(ask: Ask, told: Trend) -> None:
    wide, side = st.columns([2, 1])
    with wide, card(told.title):
        trends.shown(ask, told)
    with side, card("Đang giải quyết theo bước và tuổi"):
        _backlog(ask, analysis.backlog(ask.choice, data.standings(ask)))


def _backlog(ask: Ask, told: Backlog) -> None:
    st.markdown(told.text)
    if not told.steps:
        state("empty", "Không có hồ sơ đang giải quyết", "Bỏ bớt bộ lọc hoặc chọn tuần khác.")
        return
    most = analysis.MOST_STEPS
    steps, counts = told.steps[:most], told.counts[:most]
    spec = dots.backlog(steps, analysis.SEGMENTS, counts, theme=theme(), longest=_longest(22))
    chosen = clickable(
        spec, "backlog", f"Đang giải quyết theo bước: {plain(told.text)}", height=dots.height(len(steps))
    )
    _open(told.queries[chosen[1]] if chosen else (), (0, chosen[0]) if chosen else None)
    rest = f" Còn {len(told.steps) - most} bước khác trong bảng." if len(told.steps) > most else ""
    st.caption(f"Nhạt: trong hạn; càng đậm quá hạn càng lâu (1–3, 4–10, 11–30, > 30 ngày làm việc).{rest}")
    _below(ask, told.table, "Đang giải quyết theo bước và tuổi", "buoc")


def _durations(ask: Ask, told: Sequence[Line], table: Lined) -> None:
    if not told:
        state("empty", "Không có hồ sơ trong 13 tuần", "Bỏ bớt bộ lọc hoặc chọn tuần khác.")
        return
    drawn = [line for line in told if line.median is not None][:MOST_LINES]
    if drawn and not phone():  # a phone's lines are cards that hold the same numbers
        _dots(drawn)
    _table(ask, table, "Thủ tục: số lượng, đúng hạn, thời gian, thời hạn", "thu_tuc")
    st.caption(bracketed())


def _dots(drawn: Sequence[Line]) -> None:
    spec = dots.durations(
        [procedures.short(line.name, LONGEST) for line in drawn], [line.median for line in drawn],
        [line.p90 for line in drawn], [line.limit for line in drawn], [procedures.hover(line) for line in drawn],
        theme=theme(), longest=LONGEST,
    )  # fmt: skip
    alt = "Trung vị và phân vị 90 số ngày làm việc của từng thủ tục, so với thời hạn cam kết; bảng ở dưới"
    chosen = clickable(spec, "durations", alt, height=dots.height(len(drawn)))
    _open([procedures.results(line) for line in drawn], chosen)
    st.caption("● trung vị · ○ phân vị 90 (▲ quá thời hạn) · vạch: thời hạn cam kết. Ngày làm việc, 13 tuần.")


def _what_else(ask: Ask, about: str, told: Mix, counts: pl.DataFrame, limits: pl.DataFrame) -> None:
    left, right = st.columns([2, 1])
    with left, card("Cơ cấu thủ tục, 13 tuần"):
        _mix(ask, told, "co_cau")
    with right:
        if about == DEPARTMENT:
            _cut(procedures.reductions(ask.choice, counts, limits, catalogue.load()))
        else:
            _beside(ask)


def _mix(ask: Ask, told: Mix, key: str, longest: int = 34) -> None:
    st.markdown(told.text)
    if not told.names:
        return
    spec = dots.mix(
        [procedures.short(name, 60) for name in told.names],
        told.counts,
        told.shares,
        theme=theme(),
        longest=_longest(34),
    )
    chosen = clickable(spec, f"mix_{key}", f"Cơ cấu: {plain(told.text)}", height=dots.height(len(told.names)))
    _open(told.queries, chosen)
    _below(ask, told.table, "Cơ cấu theo hồ sơ tiếp nhận", key)


def _officers(ask: Ask) -> None:
    """Show who holds what, to those who answer for it; only of one unit."""
    if ask.choice.department is None or not scope.may_see_officers(frame.person()):
        return
    with card("Người giữ hồ sơ"):
        told = likewise.officers(ask.choice, data.open_dossiers(ask))
        if told is None:
            state("empty", "Chưa biết ai đang giữ", "Không có hồ sơ đang giải quyết, hoặc nguồn chưa ghi người giữ.")
            return
        _table(ask, told, "Người giữ hồ sơ đang giải quyết", "nguoi_giu")
        lines(["Theo mã, không xếp hạng: hồ sơ khó dễ khác nhau, người giữ không chọn hồ sơ."])


def _below(ask: Ask, told: Lined, alt: str, key: str) -> None:
    with st.expander("Xem bảng"):
        _table(ask, told, alt, key)


def _table(ask: Ask, told: Lined, alt: str, key: str) -> None:
    columns = {name: _COLUMNS.get(name, _COUNT) for name in told.lines.columns}
    tables.lined(told, alt, columns, key=f"bang_{key}")
    days = None if key in _OF_THE_DAY else analysed.quarter(ask.choice)
    taking.figures(ask, told.values, key.replace("_", "-"), days)
