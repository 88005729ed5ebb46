"""How the page on service quality shows the figures that people enter, and the form in which they enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from config import indicators as register
from config.errors import DunghanError
from config.indicators import Indicator
from dashboard import data, filters, frame, sending, slips, tables, taking
from dashboard import speaking as st
from dashboard.answers import indicators as words
from dashboard.answers.records import read_day
from dashboard.components import card, lines, state
from dashboard.data import Ask
from dashboard.wording import day
from store.entered import ENTERING, LONGEST_NOTE, LONGEST_SOURCE, EnteredError, Told
from store.people import Person

TITLE: Final = "Chỉ số nhập tay"
MOST: Final = 50  # words of the history that are shown
_TURN: Final = "_luot_nhap_chi_so"
_FORM: Final = "chi_so"
_COLUMNS: Final[Mapping[str, Any]] = {
    "Chỉ số": st.column_config.TextColumn(width=240),
    "Giá trị": st.column_config.TextColumn(width=130, alignment="right"),
    "So với kỳ trước": st.column_config.TextColumn(width=130, alignment="right"),
}


def may(who: Person) -> bool:
    """Say whether ``who`` may enter values; the store decides it once more."""
    return who.role in ENTERING and who.departments is None


def entered(ask: Ask) -> None:
    """Show the newest value of each indicator, marked as entered by hand; the form, and what was said before."""
    who, known, told = frame.person(), register.load(), slips.values(ask.scope)
    with card(TITLE, anchor="chi-so-nhap-tay"):
        rows = words.shown(ask.choice, told, known)
        if rows.is_empty():
            state("empty", words.EMPTY, words.LOAD if may(who) else words.ASK)
        else:
            _table(ask, told, rows, known)
        if may(who):
            with st.expander("Nhập số liệu", icon=":material/edit_note:"):
                _form(ask, who, known)
        if told.height:
            with st.expander("Lịch sử nhập"):
                lines(words.lines(told, known, MOST))


def _table(ask: Ask, told: pl.DataFrame, rows: pl.DataFrame, known: Mapping[str, Indicator]) -> None:
    st.caption(words.MEANING)
    tables.shown(rows, TITLE, _COLUMNS)
    taking.table(
        words.taken(ask.choice, told, known), TITLE, words.MEANING, frame.person(), name="chi-so-nhap-tay",
        scope=ask.scope, version=ask.version,
    )  # fmt: skip


def _form(ask: Ask, who: Person, known: Mapping[str, Indicator]) -> None:
    with st.container():  # its place is kept: what comes and goes above a form empties it
        sending.told(_FORM)
    turn = st.session_state.get(_TURN, 0)
    titles = {one.id: one.title for one in known.values() if not one.retired}
    chosen = st.selectbox(
        "Chỉ số", list(titles), None, titles.__getitem__, key=f"chi_so_{turn}", placeholder="Chọn một chỉ số."
    )
    if chosen is None:
        return
    one = known[chosen]
    st.caption(one.meaning)
    with st.form(f"nhap_chi_so_{turn}", border=False):
        place = st.container()
        told = _asked(ask, one, turn)
        if st.form_submit_button("Ghi số liệu", type="primary"):
            with place:
                _keep(told, who, one)


def _asked(ask: Ask, one: Indicator, turn: int) -> Told:
    """Ask for one value; a day that nobody can read is none, which the store refuses."""
    left, right = st.columns(2)
    with left:
        period = st.text_input("Kỳ", key=f"cs_ky_{turn}", max_chars=20, placeholder=_EXAMPLES[one.period])
        value = st.text_input("Giá trị", key=f"cs_gia_tri_{turn}", max_chars=20)
        unit = _unit(ask, one, turn)
    with right:
        by = st.text_input("Nguồn công bố", one.source, key=f"cs_nguon_{turn}", max_chars=LONGEST_SOURCE)
        on = st.text_input("Ngày công bố", day(filters.today()), key=f"cs_ngay_{turn}", max_chars=20)
        note = st.text_input("Ghi chú", key=f"cs_ghi_chu_{turn}", max_chars=LONGEST_NOTE)
    return Told(one.id, period, value, by, read_day(on), unit, note)


_EXAMPLES: Final = {"month": "10/2026", "quarter": "quý III/2026", "year": "2026"}


def _unit(ask: Ask, one: Indicator, turn: int) -> str:
    if one.of == "province":
        return ""
    names = ["", *data.options(ask.version, ask.scope, ask.choice.today).departments]
    return st.selectbox("Đơn vị", names, format_func=lambda name: name or words.WHOLE, key=f"cs_don_vi_{turn}") or ""


def _keep(value: Told, who: Person, one: Indicator) -> None:
    """Keep what was typed, or say in words which rule it met: above the fields, where it is seen."""
    try:
        new = slips.enter(value, who)
    except EnteredError as refused:
        st.warning(words.REFUSED[refused.why])
        return
    except DunghanError as error:
        st.warning(sending.not_kept(error))
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    sending.done(_FORM, words.saved(one.title, value.period, filters.now()) if new else words.KNOWN)
