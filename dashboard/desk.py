"""What the page Xin lỗi, đôn đốc shows: what is owed to applicants, the slips within scope, and the forms of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from config import report
from config.errors import DunghanError
from dashboard import data, filters, kept, offering, tables
from dashboard import speaking as st
from dashboard.answers import desk as words
from dashboard.answers.records import read_day
from dashboard.components import card, lines, link, links, phone, state
from dashboard.data import Ask
from dashboard.lists import LISTS
from dashboard.wording import LOCAL, number, plain
from metrics.scope import Scope
from reports.word.slip import Line, Slip, slip
from store import urgings
from store.people import Person

_TEXT = st.column_config.TextColumn
_COLUMNS: Final = {
    name: _TEXT(width=width) for name, width in zip(words.COLUMNS, (76, 250, 66, 112, 130, 420), strict=True)
}
_SAID: Final = "_don_doc_da"


def owed(ask: Ask) -> None:
    """Show how many letters of each kind are owed, each with its list."""
    for place, code in zip(st.columns(len(words.OWED)), words.OWED, strict=True):
        with place, card(words.title(code)):
            st.metric(words.title(code), number(data.listed(ask, LISTS[code]).height), label_visibility="collapsed")
            st.caption(words.OWED[code])
            link(words.to(code))


def slips(ask: Ask, who: Person) -> None:
    """Show the slips within scope; the chosen one with its dossiers, its paper, its answer."""
    with card("Phiếu đôn đốc"):
        if said := st.session_state.pop(_SAID, ""):
            st.success(said, icon=":material/check:")
        rows, today = urgings.issued(data.store(), ask.scope), filters.today()
        if rows.is_empty():
            state("empty", *words.NO_SLIPS)
        else:
            told = words.listed(rows, today)
            chosen = tables.shown(told, "Phiếu đôn đốc", _COLUMNS, key="phieu")
            if phone():
                names = told["Số"].to_list()
                chosen = st.selectbox("Chọn phiếu", range(len(names)), 0, names.__getitem__, key="chon_phieu")
            _one(rows.row(chosen or 0, named=True), ask, who)
        if who.role in urgings.URGING and who.departments is None:
            with st.expander("Lập phiếu đôn đốc", icon=":material/edit_note:"):
                _new(ask, who)


def _one(row: dict[str, Any], ask: Ask, who: Person) -> None:
    named = f"{row['number']}/{row['year']}"
    with st.as_written():  # what people wrote is data
        st.markdown(f"**{named}** · {plain(row['department'], 200)}")
        st.markdown(plain(row["asked"], urgings.LONGEST))
    links(words.dossiers(row))
    lines([told] if (told := words.answered(row)) else [])
    file = kept.taken(partial(_paper, row, ask), who, "phieu-don-doc", named)
    name = f"phieu-don-doc-{row['number']}-{row['year']}.docx"
    offering.button("docx", file, name, key=f"phieu_{row['seq']}", label="Tải phiếu (Word)")
    if who.role in urgings.ANSWERING:
        _answer(row, who)


def _answer(row: dict[str, Any], who: Person) -> None:
    with st.form(f"tra_loi_phieu_{row['seq']}", border=False, clear_on_submit=True):
        text = st.text_area("Trả lời của đơn vị", key=f"tra_loi_{row['seq']}", max_chars=urgings.LONGEST, height=80)
        if not st.form_submit_button("Ghi trả lời phiếu"):
            return
    write = partial(urgings.answer, data.store(), row["number"], row["year"], text=text, by=who, at=filters.now())
    _done(write, "Đã ghi trả lời.", words.NOT_ANSWERED)


def _new(ask: Ask, who: Person) -> None:
    """Let the director ask a unit about overdue dossiers of its own: the longest overdue are chosen at first."""
    late = data.listed(ask, LISTS["qua-han"])
    units = sorted(late["department"].cast(pl.String).drop_nulls().unique().to_list())
    if not units:
        st.caption("Không có hồ sơ quá hạn để đôn đốc.")
        return
    unit = st.selectbox("Đơn vị được đôn đốc", units, key="don_vi_don_doc")
    mine = late.filter(pl.col("department").cast(pl.String) == unit).head(words.MOST)
    names = {
        (str(row["source"]), row["code"]): f"{plain(row['code'], 60)} · {number(row['days_late'])} ngày"
        for row in mine.to_dicts()
    }
    every = list(names)
    with st.form("lap_phieu", border=False):
        about = st.multiselect("Hồ sơ", every, every[: words.FIRST], names.__getitem__, key=f"ho_so_{unit}")
        asked = st.text_area(
            "Nội dung đôn đốc", words.ASKED, key="noi_dung_phieu", max_chars=urgings.LONGEST, height=80
        )
        by_day = st.text_input("Trả lời trước ngày", key="han_phieu", max_chars=20, placeholder="ngày/tháng/năm")
        if not st.form_submit_button("Lập phiếu", type="primary"):
            return
    until = read_day(by_day)
    if until is None:
        st.warning(words.NO_DAY)
        return
    write = partial(
        urgings.issue, data.store(), str(unit), about, asked=asked, answer_by=until, by=who, at=filters.now(),
        calendar=data.calendar(), zone=LOCAL,
    )  # fmt: skip
    _done(write, "Đã lập phiếu đôn đốc.", words.NOT_KEPT)


def _done(write: partial[Any], said: str, refused: str) -> None:
    try:
        write()
    except DunghanError:
        st.warning(refused)
        return
    st.session_state[_SAID] = said
    st.rerun()


def _paper(row: dict[str, Any], ask: Ask) -> bytes:
    """Write a slip with its dossiers as they stand now for whoever sees the unit."""
    today = replace(ask, scope=Scope.of(row["department"]))
    told = [(data.dossier(today, source, code), code) for source, code in words.keys(row)]
    listed = [_line(code, found or {}) for found, code in told]
    made = row["made_at"].astimezone(LOCAL).date()
    until = date.fromisoformat(row["answer_by"])
    return slip(Slip(row["number"], row["department"], row["asked"], until, made, listed), report.load().letterhead)


def _line(code: str, found: dict[str, Any]) -> Line:
    procedure = found.get("procedure_name") or found.get("procedure") or ""
    return Line(code, procedure, found.get("due_on"), found.get("days_late"))
