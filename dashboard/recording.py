"""The forms in which a dossier's cause, answer, letter of apology and notes are recorded, and what was recorded."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from config.errors import DunghanError
from dashboard import filters, kept, letters, sending
from dashboard import speaking as st
from dashboard.answers import records as words
from dashboard.components import lines, state
from dashboard.wording import LOCAL, day, plain
from metrics.dossier import Status
from store.people import Person
from store.records import LONGEST_NUMBER, LONGEST_TEXT, RECORDERS, Cause, Entry, Kind, Letter, RecordError, Words

_HELP: Final = "Không ghi tên, số giấy tờ, số điện thoại của người nộp."
_TURN, _FORM = "_luot_ghi", "ghi"
Row = dict[str, Any]


def may(who: Person) -> bool:
    """Say whether ``who`` may record; for which dossiers, the store decides."""
    return who.role in RECORDERS


def shown(row: Row, told: pl.DataFrame, who: Person) -> None:
    """Show the forms to those who may record, and to everybody what was recorded."""
    if not may(who):
        _kept(told)
        return
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        forms(row, who)
    with right:
        _kept(told)


def _kept(told: pl.DataFrame) -> None:
    if told.is_empty():
        state("empty", "Chưa ghi gì cho hồ sơ này", "Nguyên nhân, trả lời, thư xin lỗi và ghi chú sẽ hiện ở đây.")
    lines(words.lines(told))


def beside_list(row: Row, who: Person) -> None:
    """Let those who may record do so beside a list; what was recorded stands on the dossier's own page."""
    lines([told] if (told := words.cause_of(row)) else [])
    if may(who):
        with st.expander("Ghi nguyên nhân, trả lời, thư xin lỗi", icon=":material/edit_note:"):
            forms(row, who)


def forms(row: Row, who: Person) -> None:
    """Let a person record one thing at a time; what was typed stays until it is kept."""
    key = f"{row['source']}_{row['code']}"
    with st.container():  # its place is kept: what comes and goes above tabs puts them back to the first
        sending.told(f"{_FORM}_{key}")
    turn = st.session_state.get(f"{_TURN}_{key}", 0)
    asking = [words.SUPPLEMENT] if words.may_be_asked(row) else []
    cause, answer, letter, note, *supplement = st.tabs([*(words.KINDS[kind] for kind in Kind), *asking])
    with cause:
        _cause(row, who, f"{key}_{turn}")
    with answer:
        _text(row, who, f"{key}_{turn}", Kind.ANSWER, "Đã trả lời người nộp", "Ghi trả lời")
    with letter:
        _letter(row, who, f"{key}_{turn}")
    with note:
        _text(row, who, f"{key}_{turn}", Kind.NOTE, "Ghi chú nội bộ", "Lưu ghi chú")
    for place in supplement:
        with place:
            st.caption(words.SUPPLEMENT_WAITED if row["status"] == Status.SUPPLEMENT else words.SUPPLEMENT_MEANS)
            letters.button("supplement", row, who, f"{key}_{turn}")


def _cause(row: Row, who: Person, key: str) -> None:
    choices = words.to_choose()
    with st.form(f"nguyen_nhan_{key}", border=False):
        place = st.container()
        code = st.selectbox(
            "Nguyên nhân trễ hẹn", list(choices), None, choices.__getitem__, key=f"ma_{key}",
            placeholder="Chọn một nguyên nhân",
        )  # fmt: skip
        note = st.text_area("Ghi chú", key=f"ly_do_{key}", max_chars=LONGEST_TEXT, height=80, help=_HELP)
        if st.form_submit_button("Ghi nguyên nhân", type="primary"):
            with place:
                _keep(row, who, Cause(code or "", note), f"nguyên nhân {code}")


def _text(row: Row, who: Person, key: str, kind: Kind, label: str, verb: str) -> None:
    with st.form(f"{kind.value}_{key}", border=False):
        place = st.container()
        text = st.text_area(label, key=f"chu_{kind.value}_{key}", max_chars=LONGEST_TEXT, height=120, help=_HELP)
        if st.form_submit_button(verb, type="primary"):
            with place:
                _keep(row, who, Words(kind, text), words.KINDS[kind].lower())


def _letter(row: Row, who: Person, key: str) -> None:
    today = filters.now().astimezone(LOCAL).date()
    with st.form(f"thu_{key}", border=False):
        place = st.container()
        number = st.text_input("Số văn bản", key=f"so_{key}", max_chars=LONGEST_NUMBER, placeholder="12/XL-SXD")
        left, right = st.columns(2)
        with left:
            issued = st.text_input("Ngày văn bản", day(today), key=f"ngay_{key}", max_chars=20)
        with right:
            due = st.text_input("Ngày hẹn mới", key=f"hen_{key}", max_chars=20, placeholder="ngày/tháng/năm")
        note = st.text_input("Ghi chú", key=f"them_{key}", max_chars=200, help=_HELP)
        st.caption(words.LETTER_COUNTS)
        if st.form_submit_button("Ghi thư xin lỗi", type="primary"):
            with place:
                _keep_letter(row, who, number, (issued, due), note)
    letters.button("apology", row, who, key)


def _keep_letter(row: Row, who: Person, number: str, days: tuple[str, str], note: str) -> None:
    issued, due = (words.read_day(text) for text in days)
    if issued is None or (due is None and days[1].strip()):
        st.warning(words.NO_DAY)
        return
    # No day at all is no working day after today: the rule that says so is the store's.
    _keep(row, who, Letter(number, issued, due or issued, note), f"thư xin lỗi số {plain(number.strip(), 60)}")


def _keep(row: Row, who: Person, entry: Entry, what: str) -> None:
    """Keep what was typed, or say in words which rule it met: above the fields, where it is seen."""
    try:
        kept.record(row, entry, who)
    except RecordError as refused:
        st.warning(words.REFUSED[refused.why])
        return
    except DunghanError as error:
        st.warning(sending.not_kept(error))
        return
    key = f"{row['source']}_{row['code']}"
    st.session_state[f"{_TURN}_{key}"] = st.session_state.get(f"{_TURN}_{key}", 0) + 1
    sending.done(f"{_FORM}_{key}", words.saved(what, filters.now()))


def wanted() -> str:
    """Let the reader narrow a list by what was recorded, and keep it in the address."""
    return filters.select(words.CAUSE, "Nguyên nhân", words.filters(), default="")
