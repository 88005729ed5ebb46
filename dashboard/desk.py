"""What the page Xin lỗi, đôn đốc shows: what is owed to applicants, the slips within scope, and the forms of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from config import report
from config.errors import DunghanError
from dashboard import data, filters, kept, offering, sending, tables
from dashboard import speaking as st
from dashboard.answers import desk as words
from dashboard.answers import records
from dashboard.answers.records import read_day
from dashboard.components import card, link, links, phone, state
from dashboard.data import Ask
from dashboard.lists import LISTS
from dashboard.wording import LOCAL, day, number, plain
from metrics.scope import Scope
from reports.word.slip import Line, Slip, slip
from store import urgings
from store.people import Person

_TEXT = st.column_config.TextColumn
_COLUMNS: Final = {
    name: _TEXT(width=width) for name, width in zip(words.COLUMNS, (76, 240, 62, 136, 120, 420), strict=True)
}
_FORM: Final = "don_doc"


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
        sending.told(_FORM)
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
    named = urgings.named(row)
    with st.as_written():  # what people wrote is data
        st.markdown(f"**{named}** · {plain(row['department'], 200)}")
        st.markdown(plain(row["asked"], urgings.LONGEST))
    links(words.dossiers(row))
    if told := words.answered(row):
        st.markdown(told)
        with st.as_written():
            st.markdown(plain(row["answer"], urgings.LONGEST))
    file = kept.taken(partial(_paper, row, ask), who, "phieu-don-doc", named)
    name = f"phieu-don-doc-{row['number']}-{row['year']}.docx"
    offering.button("docx", file, name, key=f"phieu_{row['seq']}", label="Tải phiếu (Word)")
    if who.role == "head" and row["answered_at"] is None:
        _answer(row, who)
    elif who.role in urgings.ANSWERING:
        more = "Trả lời bổ sung" if who.role == "head" else "Ghi trả lời nhận bằng văn bản"
        with st.expander(more, icon=":material/mail:"):
            _answer(row, who)


def _answer(row: dict[str, Any], who: Person) -> None:
    with st.form(f"tra_loi_phieu_{row['seq']}", border=False, clear_on_submit=True):
        text = st.text_area("Trả lời của đơn vị", key=f"tra_loi_{row['seq']}", max_chars=urgings.LONGEST, height=80)
        if not st.form_submit_button("Ghi trả lời phiếu"):
            return
    write = partial(urgings.answer, data.store(), row["number"], row["year"], text=text, by=who, at=filters.now())
    sending.sent(write, _FORM, "Đã ghi trả lời.", partial(_why, words.NOT_ANSWERED))


def _new(ask: Ask, who: Person) -> None:
    """Let the director ask a unit about overdue dossiers of its own: the longest overdue are chosen at first."""
    late = data.listed(ask, LISTS["qua-han"])
    units = sorted(late["department"].cast(pl.String).drop_nulls().unique().to_list())
    if not units:
        st.caption("Không có hồ sơ quá hạn để đôn đốc.")
        return
    unit = st.selectbox("Đơn vị được đôn đốc", units, key="don_vi_don_doc")
    mine = late.filter(pl.col("department").cast(pl.String) == unit).head(words.MOST)
    before = {(source, code): n for source, code, n in urgings.counts(data.store(), ask.scope).iter_rows()}
    keys = [(str(row["source"]), row["code"]) for row in mine.to_dicts()]
    names = {key: words.choice(row, before.get(key, 0)) for key, row in zip(keys, mine.to_dicts(), strict=True)}
    st.caption(f"Chọn sẵn {min(words.FIRST, len(keys))} hồ sơ quá hạn lâu nhất trong {number(len(keys))} hồ sơ.")
    until = day(data.calendar().of(str(unit)).add(filters.today(), words.GIVEN))
    # A form of its own for every number of slips: one that was issued is not issued again by a second press.
    with st.form(f"lap_phieu_{sum(before.values())}", border=False):
        own = f"{unit}_{sum(before.values())}"
        about = st.multiselect(
            "Hồ sơ", keys, keys[: words.FIRST], names.__getitem__, key=f"ho_so_{own}", placeholder="Chọn hồ sơ"
        )
        asked = st.text_area(
            "Nội dung đôn đốc", words.ASKED, key=f"noi_dung_{own}", max_chars=urgings.LONGEST, height=80
        )
        by_day = st.text_input("Trả lời chậm nhất ngày", until, key=f"han_{own}", max_chars=20)
        if not st.form_submit_button("Lập phiếu", type="primary"):
            return
    answer_by = read_day(by_day)
    if answer_by is None:
        st.warning(records.NO_DAY)
        return
    write = partial(
        urgings.issue, data.store(), str(unit), about, asked=asked, answer_by=answer_by, by=who, at=filters.now(),
        calendar=data.calendar(), zone=LOCAL,
    )  # fmt: skip
    sending.sent(write, _FORM, "Đã lập phiếu đôn đốc.", partial(_why, words.NOT_KEPT))


def _why(refused: Mapping[str, str], error: DunghanError) -> str:
    return refused[error.fault] if isinstance(error, urgings.UrgingError) else sending.not_kept(error)


def _paper(row: dict[str, Any], ask: Ask) -> bytes:
    """Write a slip with its dossiers as they stand now for whoever sees the unit."""
    keys = words.keys(row)
    found = data.dossiers(replace(ask, scope=Scope.of(row["department"])), keys)
    listed = [_line(key[1], found.get(key, {})) for key in keys]
    made = row["made_at"].astimezone(LOCAL).date()
    until = date.fromisoformat(row["answer_by"])
    paper = Slip(row["number"], row["department"], row["asked"], until, made, ask.choice.as_of, listed)
    return slip(paper, report.load().letterhead)


def _line(code: str, found: dict[str, Any]) -> Line:
    procedure = found.get("procedure_name") or found.get("procedure") or ""
    return Line(code, procedure, found.get("due_on"), found.get("days_late"))
