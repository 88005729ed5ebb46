"""How the page "Điểm nghẽn" is drawn: what it says first, who has what, where time was lost, steps, turns and ways."""

from __future__ import annotations

from typing import Final

import polars as pl

from config import catalogue, insight
from dashboard import analysed, asked_steps, data, filters, frame, insights, scope, step_charts, tables, taking
from dashboard import speaking as st
from dashboard.answers import sources, step_lists
from dashboard.answers import step_turns as turned
from dashboard.answers import steps as words
from dashboard.components import card, chart, lines, links, phone, state, theme
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from dashboard.segments import segments
from dashboard.wording import bracketed, day, moment, number, plain
from metrics.step_tables import HANDS, KNOWN, LATE_KNOWN, LOST, ROUTES, TIMES

#: In the address: how far back, and by what steps are told.
SPAN, BY = "khoang", "theo"
_NAMES: Final = frozenset(("Bước", "Nơi giữ", "Thủ tục", "Hồ sơ", "Đường đi", "Cán bộ (mã)"))
_LINE, _TOP = 30, 56
#: Places told on a phone, where bars have no room.
_WORST: Final = 5


def pick(options: Options) -> Choice:
    """Draw the choices of the page: where, and behind the button field, channel and procedure."""
    filters.say_unseen(options)
    where, rest = st.columns([1.6, 0.8])
    with where:
        department = filters.where_picker(options)
    with rest, filters.more(filters.FIELD, filters.PROCEDURE):
        field = filters.pick(filters.FIELD, "Lĩnh vực", options.fields, "Mọi lĩnh vực")
        known = asked_steps.procedures(scope.scope_of(frame.person()), TIMES)
        procedure = filters.pick(filters.PROCEDURE, "Thủ tục", known, "Mọi thủ tục")
    return Choice(options.today, options.mondays[0], department, field, procedure=procedure)


def page(ask: Ask) -> None:
    """Draw the page: what is now, then what the night counted of the chosen stretch."""
    place = st.container()
    _held(ask)
    made = insights.made()
    if made is None or asked_steps.table(ask, TIMES, recent=False) is None:
        state("empty", *words.NOTHING_MADE)
        return
    mine = insight.load().steps
    spans = {"": f"{mine.recent_days} ngày qua", "nam": f"{mine.days} ngày qua"}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        recent = segments(SPAN, "Tính trên hồ sơ", spans) == ""
        st.caption(
            f"Hồ sơ kết thúc trong {mine.recent_days if recent else mine.days} ngày đến {day(made.as_of)} và hồ sơ "
            f"đang mở; tính lúc {moment(made.made_at)}"
        )
    told = {name: _asked(ask, name, recent=recent) for name in (TIMES, LOST, LATE_KNOWN, ROUTES, KNOWN)}
    with place, card():
        _said(ask, told)
    if told[TIMES].is_empty() and told[LOST].is_empty():
        state("empty", *words.NO_STEPS)
        return
    _lost(ask, told)
    _times(ask, told[TIMES])
    _turns(told[ROUTES])
    _hands(ask)


def _asked(ask: Ask, name: str, *, recent: bool) -> pl.DataFrame:
    found = asked_steps.table(ask, name, recent=recent)
    return pl.DataFrame() if found is None else found


def _said(ask: Ask, told: dict[str, pl.DataFrame]) -> None:
    lines([text for text in (words.first_words(told[KNOWN]), words.HONEST) if text])
    lines(words.lost_text(words.losses(told[LOST]), told[LATE_KNOWN], catalogue.load().small))
    for text in words.known(told[KNOWN], sources.titles(data.sources())):
        st.caption(text)


def _held(ask: Ask) -> None:
    with card("Hồ sơ đang mở: đang ở đâu"):
        rows = data.open_dossiers(ask)
        if rows.is_empty():
            state("empty", *words.NO_OPEN)
            return
        told = words.held(rows, ask.choice)
        st.markdown(told.text)
        ages = [*(name for name, _, _ in words.AGES), words.NO_AGE]
        if not phone():
            spec = step_charts.held(told.names, told.counts, ages, theme=theme())
            height = _TOP + _LINE * len(told.names)
            chart(spec, "dang_o_dau", "Hồ sơ đang mở theo nơi giữ và thời gian giữ", height=height)
        links(told.links)
        st.caption("Tuổi tính bằng ngày làm việc từ khi được ghi nhận ở đó.")


def _lost(ask: Ask, told: dict[str, pl.DataFrame]) -> None:
    found, small = words.losses(told[LOST]), catalogue.load().small
    with card("Hồ sơ trễ mất thời gian ở đâu"):
        if found.is_empty():
            lines(words.lost_text(found, told[LATE_KNOWN], small))
            return
        bars = words.lost_bars(found, small)
        if phone():
            named = list(zip(bars.names, bars.labels, strict=True))
            lines([f"{plain(name)}: {label}" for name, label in named[:_WORST]])
        else:
            spec = step_charts.lost(bars.names, bars.days, bars.labels, bars.few, theme=theme())
            height = _TOP + _LINE * len(bars.names)
            chart(spec, "mat_o_dau", "Ngày làm việc mất theo bước và nơi giữ", height=height)
        if any(bars.few):
            st.caption(f"Ít: dưới {number(small)} hồ sơ, chỉ ghi số đếm.")
        if bars.more:
            st.caption(bars.more)
        st.caption(
            "Mất: phần thời gian ở một bước dài hơn trung vị của hồ sơ đúng hạn cùng thủ tục ở bước đó; thời gian tạm "
            "dừng không tính."
        )
        lists = step_lists.lined(found, told[LOST], data.open_dossiers(ask), _late(ask), ask.choice)
        title = "Hồ sơ trễ mất thời gian ở đâu"
        st.caption(step_lists.OF_LISTS)
        tables.below(lists, title, key="mat_o_dau_bang", take=lambda rows: _take(ask, rows, title, "mat-thoi-gian"))


def _late(ask: Ask) -> pl.DataFrame:
    """Count by unit and field what fell due, and was done by then, in the weeks of the lists."""
    return data.figures(ask, period=analysed.quarter(ask.choice), by=["department", "field"])


def _times(ask: Ask, counted: pl.DataFrame) -> None:
    small, names = catalogue.load().small, asked_steps.names(ask)
    with card("Thời gian theo bước"):
        by = segments(BY, "Theo", {"": "Theo bước", "noi": "Theo nơi giữ", "thu-tuc": "Theo thủ tục"})
        rows = words.times(counted, by, names, small)
        _grid(rows, "Thời gian theo bước")
        for text in (
            "Chờ: từ lúc bước trước kết thúc đến lúc bước này bắt đầu. Giữ: từ lúc bắt đầu đến lúc kết thúc. Một ngày "
            "là 8 giờ làm việc.",
            "Trung vị: một nửa số lượt không lâu hơn. 90 %: chín phần mười số lượt không lâu hơn.",
            words.noughts_text(rows),
            words.unsplit_text(counted),
            words.few_text(rows, small),
        ):
            if text:
                st.caption(text)
        _take(ask, words.time_values(counted, by, names), "Thời gian theo bước", "thoi-gian-buoc")


def _turns(rows: pl.DataFrame) -> None:
    small = catalogue.load().small
    if rows.is_empty():
        return
    with card("Quay lại bước cũ và chuyển tay"):
        st.markdown(turned.turns_text(rows))
        shown = turned.turns(rows, small)
        _grid(shown, "Hồ sơ theo số lần quay lại và chuyển tay")
        st.caption(
            "Các dòng là những thủ tục khác nhau: tỷ lệ cao hay thấp hơn không nói là do quay lại hay do chuyển tay. "
            f"{bracketed()}"
        )
    with card("Các đường đi"):
        shown = turned.ways(rows, small)
        _grid(shown, "Các đường đi của hồ sơ")
        st.caption(f"Trung vị: ngày làm việc từ tiếp nhận đến khi có kết quả, không tính tạm dừng. {bracketed()}")


def _hands(ask: Ask) -> None:
    """Show how long steps lie with each officer, to those who answer for the work; only of one unit."""
    if not scope.may_see_work_of_officers(frame.person()):
        return
    found = asked_steps.hands(ask, HANDS)
    if found is None:
        return
    with card("Theo cán bộ"):
        shown = turned.hands(found, catalogue.load().small)
        _grid(shown, f"Thời gian giữ theo cán bộ, {plain(asked_steps.unit_of(ask))}")
        st.caption("Theo mã, không xếp hạng: hồ sơ khó dễ khác nhau, cán bộ không chọn hồ sơ.")
        st.caption("Người khác: cùng bước, cùng thủ tục, cộng chung; dưới 3 người khác thì không ghi.")


def _grid(rows: pl.DataFrame, alt: str) -> None:
    """Show a table with its names whole, or cut with a sign."""
    wide = tables.as_long(rows, _NAMES)
    shown = tables.cut(rows, wide)
    tables.shown(shown, alt, tables.texts(shown, {"Đúng hạn": 150} | wide, _NAMES, 92))


def _take(ask: Ask, rows: pl.DataFrame, title: str, name: str) -> None:
    taking.of_choice(ask, rows, title, words.HONEST, name=name)
