"""What the page Đối soát shows: the two sources to choose, counts, a list, and the cause of a chosen dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from config import causes
from config.errors import DunghanError
from dashboard import compared, filters, offering, recording, sending
from dashboard import speaking as st
from dashboard.answers import reconcile
from dashboard.compared import Pair
from dashboard.components import phone, state
from dashboard.tables import shown
from dashboard.wording import plain
from store.people import Person

A, B = "nguon_a", "nguon_b"
_COUNT: Final = st.column_config.TextColumn(width=100, alignment="right")
#: The name of a unit in full, and there while the counts beside it are pushed aside.
_NAME: Final = st.column_config.TextColumn(width=340, pinned=True)
_UNIT: Final = st.column_config.TextColumn(width=340)
_WIDE: Final = st.column_config.TextColumn(width=300)
_DAYS: Final = st.column_config.TextColumn(width=180)


def pair(names: Mapping[str, str]) -> Pair:
    """Let the reader choose two sources; where there are not two, the page ends here and says so."""
    if not names:
        state(
            "empty",
            "Chưa có hai nguồn để đối soát",
            "Đối soát cần cùng hồ sơ ở hai nguồn, ví dụ một cửa và cổng quốc gia.",
        )
        st.stop()
    first, second, _ = st.columns([1, 1, 0.6])
    with first:
        a = filters.select(A, "Nguồn A: nơi giải quyết", names, default=next(iter(names)), collapsed=False)
    rest = {name: title for name, title in names.items() if name != a}
    with second:
        b = filters.select(B, "Nguồn B: nơi nhận đồng bộ", rest, default=next(iter(rest)), collapsed=False)
    return Pair(a, b, names[a], names[b])


def counts(summary: str, overdue: pl.DataFrame) -> None:
    """Show what lies behind the overdue."""
    st.markdown(summary)
    shown(overdue, "Quá hạn theo nhóm và trường hợp", {"Hồ sơ": _COUNT, "Nghĩa là": _WIDE})


def table(rows: pl.DataFrame, alt: str) -> None:
    """Show a table of counts."""
    first = {rows.columns[0]: _NAME} if rows.width > 2 else {}
    shown(rows, alt, first | {name: _COUNT for name in rows.columns[1:]})


def known_causes() -> dict[str, str]:
    """Give the causes in words, by their codes."""
    return {code: f"{code} {cause.title}" for code, cause in causes.load().items()}


def list_of(rows: pl.DataFrame, lines: pl.DataFrame, code: str) -> dict[str, Any] | None:
    """Show a list and give the chosen dossier; on a phone it is chosen by its code."""
    if rows.is_empty():
        state("empty", "Không có hồ sơ trong nhóm này", "Chọn nhóm khác hoặc hai nguồn khác.")
        return None
    columns = {"Mã hồ sơ": _DAYS, "Đơn vị": _UNIT, "Trường hợp": _WIDE, "Hẹn A / B": _DAYS, "Xong A / B": _DAYS}
    number = shown(lines, "Hồ sơ khác nhau giữa hai nguồn", columns, key=f"doi_soat_{code}")
    if phone():
        codes = rows["code"].to_list()
        number = st.selectbox(
            "Ghi nguyên nhân cho hồ sơ", range(len(codes)), None, lambda i: codes[i], key=f"chon_{code}",
            placeholder="Chọn một hồ sơ",
        )  # fmt: skip
    return None if number is None else rows.row(number, named=True)


def cause(row: dict[str, Any] | None, who: Person, both: Pair) -> None:
    """Show what was recorded of the chosen dossier, and let those who may record a cause."""
    if row is None:
        st.caption("Chọn một dòng để xem và ghi nguyên nhân.")
        return
    known = known_causes()
    st.markdown(f"**{plain(row['code'])}** · {reconcile.cause_of(row, known)}")
    if recording.may(who):
        _form(row, who, both)


def _form(row: dict[str, Any], who: Person, both: Pair) -> None:
    choices = {code: title for code, title in known_causes().items() if not causes.load()[code].retired}
    with st.form(f"nguyen_nhan_{row['code']}", clear_on_submit=True):
        code = st.selectbox("Nguyên nhân", list(choices), None, choices.__getitem__, placeholder="Chọn một nguyên nhân")
        note = st.text_input("Ghi chú", max_chars=300, help="Không ghi tên, số giấy tờ, số điện thoại của người nộp.")
        if st.form_submit_button("Ghi nguyên nhân"):
            _record(row, code, note, who, both)


def _record(row: dict[str, Any], code: str | None, note: str, who: Person, both: Pair) -> None:
    if code is None:
        st.warning("Chọn một nguyên nhân.")
        return
    if causes.load()[code].needs_note and not note.strip():
        st.warning("Nguyên nhân này cần ghi chú.")
        return
    try:
        compared.record_cause(both, row["code"], row["overdue"], cause=code, note=note, by=who)
    except DunghanError as error:
        st.warning(sending.not_kept(error))
        return
    st.rerun()


def take_away(text: str, workbook: Callable[[], bytes], both: Pair) -> None:
    """Say how many dossiers the list holds and let the reader take everything away."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(text, width="content")
        offering.button("xlsx", workbook, f"doi-soat-{both.a}-{both.b}.xlsx", key="tai_doi_soat")
