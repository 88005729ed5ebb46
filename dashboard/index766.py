"""How the page of Index 766 is drawn: the estimate, where points are lost, item by item, and the units by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from config import catalogue, indicators
from dashboard import filters, frame, index766_asked, period_picker, periods, points_chart, tables, taking
from dashboard import speaking as st
from dashboard.answers import index766 as words
from dashboard.answers import index766_items as item_words
from dashboard.answers.why_links import WORDS as WHY
from dashboard.components import card, chart, state, theme
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from dashboard.index766_asked import Told
from dashboard.wording import bracketed, day
from metrics import index766 as points
from metrics.index766 import Change

TITLE: Final = "Chỉ số 766"
_POINTS: Final = st.column_config.TextColumn(width=102, alignment="right")
_COLUMNS: Final[Mapping[str, Any]] = {
    "Mục": st.column_config.TextColumn(width=270),
    "Điểm": _POINTS,
    "Mất": st.column_config.TextColumn(width=60, alignment="right"),
    "Số liệu": st.column_config.TextColumn(width=236),
    "Được, mất theo số lượng": st.column_config.TextColumn(width=176, alignment="right"),
    "So với kỳ trước": _POINTS,
    "Trọng số": st.column_config.TextColumn(width=110),
}
_MEANS: Final = (
    "Điểm ước tính theo Quyết định 766/QĐ-TTg, không phải điểm chính thức; mục chưa có dữ liệu không có điểm."
)


def pick(options: Options) -> Choice:
    """Draw the choices of the page: which unit, and which period."""
    st.space("small")
    filters.say_unseen(options)
    where, when = st.columns([1, 1.3])
    with where:
        department = filters.where_picker(options)
    named = partial(period_picker.picker, options, "thang")(place=when)
    return Choice(options.today, options.mondays[0], department, named=named)


def page(ask: Ask) -> None:
    """Draw everything that can be estimated of the chosen period."""
    period = ask.choice.period
    told = index766_asked.told(ask, period)
    if told is None:
        first = day(index766_asked.first_day())
        state("empty", "Chưa có bảng điểm cho kỳ này", f"Bảng điểm đầu tiên từ ngày {first}. Chọn kỳ sau ngày đó.")
        return
    change, before = _change(ask, told)
    left, right = st.columns([1, 1.25])
    with left:
        _whole(ask, told, change, before)
    with right, card("Điểm theo nhóm"):
        _groups(told)
    _items(ask, told, change)
    _units(ask)


def _change(ask: Ask, told: Told) -> tuple[Change | None, str]:
    """Compare with the period before; give its name too."""
    named = ask.choice.named or periods.containing("tuan", ask.choice.monday)
    earlier = periods.before(named)
    then = index766_asked.told(ask, earlier.period)
    return points.change(told.estimate, then.estimate) if then else None, earlier.name


def _whole(ask: Ask, told: Told, change: Change | None, before: str) -> None:
    with card():
        st.metric("Điểm ước tính / điểm có dữ liệu", words.of_known(told.estimate.whole), help=_MEANS)
        if any(each.lost for each in told.estimate.items):
            st.markdown(f"[{WHY}](#mat-diem)")
        st.badge(words.ESTIMATE, icon=":material/calculate:", color="gray")
        st.markdown(words.headline(told.estimate))
        for line in words.changed(change, before):
            st.markdown(line)
        slips = words.surveyed(told.estimate, told.response)
        for note in (slips, words.RUNNING if ask.choice.running else "", words.basis(told.estimate), words.OFFICIAL):
            if note:
                st.caption(note)


def _groups(told: Told) -> None:
    bars = words.bars(told.estimate)
    spec = points_chart.points(bars, theme=theme())
    alt = "Điểm có, điểm mất và điểm chưa có dữ liệu của từng nhóm; bảng ở dưới có từng mục"
    chart(spec, "diem_nhom", alt, height=points_chart.height(len(bars)))
    st.caption("Đậm: điểm có · nhạt, dấu −: điểm mất · gạch chéo, dấu ?: chưa có dữ liệu")


def _items(ask: Ask, told: Told, change: Change | None) -> None:
    asked = item_words.Asked(
        ask.choice, told.counts, told.entered, indicators.load(), catalogue.load(), told.of_unit, change
    )
    with card("Mất điểm ở đâu", anchor="mat-diem"):
        for line in words.losses(told.estimate):
            st.markdown(line)
        found = item_words.items(told.estimate, asked)
        tables.lined(found, "Điểm từng mục, số liệu và hồ sơ làm mất điểm", _COLUMNS, key="diem_muc")
        st.caption(bracketed())
        taking.table(
            found.values, "Chỉ số 766, ước tính theo mục", _means(ask), frame.person(), name="chi-so-766",
            scope=ask.scope, version=ask.version,
        )  # fmt: skip


def _means(ask: Ask) -> str:
    named = ask.choice.named
    return f"{_MEANS} {periods.words(named)}." if named else _MEANS


def _units(ask: Ask) -> None:
    if ask.choice.department:
        return
    found = words.units(index766_asked.units(ask, ask.choice.period), ask.choice)
    if found is None:
        return
    with card("Theo đơn vị"):
        st.caption(words.OF_UNITS)
        columns = tables.texts(found.lines, tables.as_long(found.lines, ("Đơn vị",)), ("Đơn vị",), 76)
        tables.lined(found, "Điểm ước tính theo đơn vị", columns, key="diem_dv")
        taking.table(
            found.values, "Chỉ số 766, ước tính theo đơn vị", f"{_means(ask)} {words.OF_UNITS}", frame.person(),
            name="chi-so-766-don-vi", scope=ask.scope, version=ask.version,
        )  # fmt: skip
