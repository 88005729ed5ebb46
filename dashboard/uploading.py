"""The parts of the upload page: choose a file, see how it would be read, mend the mapping, load, see the counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from config import mappings
from config.errors import DunghanError
from config.settings import settings
from connectors.preview import Preview, preview_upload
from dashboard import components, data, filters, scope
from dashboard import speaking as st
from dashboard.answers import upload
from dashboard.feeds import MOST_ROWS, ROW
from dashboard.languages import is_english
from store import inbox
from store.people import Person

KINDS: Final = ("csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "json", "jsonl", "ndjson", "parquet", "xes",
                "zip", "gz")  # fmt: skip
_TOKEN: Final = "upload_token"
_TURN: Final = "upload_turn"
STYLE: Final = Path(__file__).parent / "upload.css"
_NARROW: Final = st.column_config.TextColumn(width=84, alignment="right")


def for_those_who_may(who: Person, show: Callable[[Person], None]) -> None:
    """Show the page to operators and directors; everybody else reads who may."""
    if not scope.may_upload(who):
        advice = "Người vận hành và giám đốc trung tâm nạp tệp; cần nạp, hãy gửi tệp cho họ."
        components.state("no_access", "Trang này dành cho người vận hành", advice)
        return
    if not is_english():  # the browser's own words there are English
        st.html(STYLE)
    show(who)


def page(who: Person) -> None:
    """Show the steps; whatever was typed stays until a file was loaded."""
    _standing()
    known = mappings.known(settings().home)
    with components.card("Tệp và nguồn"):
        left, right = st.columns([1.6, 1])
        with left:
            kept = st.session_state.get(_TURN, 0)
            packed = "Excel, CSV, JSON, Parquet, XES; cả tệp nén zip, gz."
            file = st.file_uploader("Tệp", type=list(KINDS), key=f"upload_{kept}", help=packed)
        with right:
            titles = upload.choices(known)
            source = st.selectbox("Nguồn", [*titles], format_func=lambda name: titles[name], key=f"source_{kept}")
        st.caption("Xem trước không lưu gì. Cột cá nhân bị bỏ ngay khi đọc; tệp gốc bị xóa ngay sau khi nạp.")
    if file is None:
        components.state("empty", "Chưa chọn tệp", "Chọn một tệp để xem nó sẽ được đọc thế nào trước khi nạp.")
        return
    content = file.getvalue()
    text = _mapping(file.name, content, upload.text_of(known, source), key=f"map_{kept}_{source}_{file.file_id}")
    ready = upload.may_load(_preview(file.name, content, text))
    if st.button("Nạp vào hệ thống", type="primary", icon=":material/upload_file:", disabled=not ready):
        _send(inbox.Upload(file.name, source, who.name, filters.now().isoformat()), content, text)


def _mapping(name: str, content: bytes, text: str, *, key: str) -> str:
    """Let the mapping be read and mended; a new source starts from a suggestion."""
    start = text or _suggestion(name, content)
    with st.expander("Ánh xạ (cột nào là gì)", expanded=not text, icon=":material/tune:"):
        st.caption("Sửa rồi bấm ra ngoài ô để xem lại. Cách viết: docs/mapping.md.")
        return st.text_area("Ánh xạ", start, height=320, key=key, label_visibility="collapsed")


def _suggestion(name: str, content: bytes) -> str:
    try:
        return upload.suggestion(_read(name, content, ""))
    except DunghanError:
        return ""  # the preview says what is wrong with the file


def _preview(name: str, content: bytes, text: str) -> Preview | None:
    """Show how the file would be read, or in three sentences why it cannot be."""
    with components.card("Xem trước"):
        try:
            shown = _read(name, content, text)
        except DunghanError as error:
            told = {"place": error.place, "found": error.found, "next_step": error.next_step}
            st.error(upload.failed(told), icon=":material/error:")
            return None
        st.markdown(upload.summary(shown))
        st.caption(upload.layout(shown))
        _table(upload.columns(shown), "Các cột đã tìm thấy")
        _table(upload.words(shown), "Chữ trong tệp và nghĩa của nó")
        _table(upload.refused(shown), "Dòng sẽ bị cách ly", upload.reasons(shown))
        components.lines(upload.remarks(shown))
        return shown


def _read(name: str, content: bytes, text: str) -> Preview:
    with st.spinner("Đang đọc tệp …"):
        return _read_once(name, content, text)


@st.cache_data(show_spinner=False, max_entries=8, ttl=600)
def _read_once(name: str, content: bytes, text: str) -> Preview:
    return preview_upload(content, name=name, mapping=text, shift=data.calendar().shift)


def _table(rows: pl.DataFrame, title: str, words: str = "") -> None:
    if rows.is_empty():
        return
    st.markdown(f"**{title}**" + (f" · {words}" if words else ""))
    height = ROW * (min(rows.height, MOST_ROWS) + 1) + 2
    narrow = {name: _NARROW for name in ("Đọc được", "Trống", "Dòng")}
    st.dataframe(rows, hide_index=True, row_height=ROW, height=height, alt=title, column_config=narrow)


def _send(order: inbox.Upload, content: bytes, text: str) -> None:
    """Hand the file to the worker and let go of it here: the next run knows no file any more."""
    try:
        st.session_state[_TOKEN] = inbox.put(settings().home, order, content, text)
    except OSError as error:
        components.show_error(error)
        return
    _read_once.clear()
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


@st.fragment(run_every=2)
def _standing() -> None:
    """Say how the file that was sent stands: waiting, being read, loaded with its counts, or why not."""
    token = st.session_state.get(_TOKEN)
    told = inbox.outcome(settings().home, token) if token else None
    if told is None:
        return
    if told["state"] == "waiting":
        st.info("Đã nhận tệp, đang chờ tiến trình nạp …", icon=":material/hourglass_top:")
    elif told["state"] == "reading":
        st.progress(float(told["share"]), text="Đang nạp …")
    elif told["state"] == "done":
        st.success(upload.done(told), icon=":material/check_circle:")
    else:
        st.error("Không nạp được. " + upload.failed(told), icon=":material/error:")
