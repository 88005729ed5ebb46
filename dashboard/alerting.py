"""What the page Cảnh báo asks and shows: the alerts within scope, one of them at a time, and who sees to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from config.errors import DunghanError
from dashboard import data, filters, sending
from dashboard import speaking as st
from dashboard.answers import alerts as words
from dashboard.components import links, phone, state
from dashboard.tables import shown
from dashboard.wording import plain
from metrics.scope import Scope
from store import alerts
from store.people import Person

_TEXT = st.column_config.TextColumn
COLUMNS: Final = {
    "Cảnh báo": _TEXT(width=186), "Vì sao": _TEXT(width=378), "Đơn vị": _TEXT(width=186), "Từ lúc": _TEXT(width=94),
    "Cấp": _TEXT(width=86), "Đã nhắc": _TEXT(width=66, alignment="right"), "Tình trạng": _TEXT(width=76),
}  # fmt: skip
#: Who has the page: who is told of anything, and who checks.
READERS: Final = alerts.MAY | {"auditor"}
_HELP: Final = "Không ghi tên, số giấy tờ, số điện thoại của người nộp."


def may_read(person: Person) -> bool:
    """Say whether the page is in a person's sidebar."""
    return person.role in READERS


def standing(reach: Scope) -> pl.DataFrame:
    """Give the alerts within scope, as they stand now: never kept, for somebody may just have acknowledged one."""
    return alerts.standing(data.store(), reach)


def listed(rows: pl.DataFrame, code: str, titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Show the alerts of a group and give the chosen one; on a phone it is chosen by what it says."""
    if rows.is_empty():
        state("empty", *(words.NOTHING if alerts.newest(data.store()) else words.NOT_YET))
        return None
    told = words.lines(rows, titles)
    number = shown(told, "Cảnh báo đang mở", COLUMNS, key=f"canh_bao_{code}")
    if phone():
        says = told["Vì sao"].to_list()
        number = st.selectbox(
            "Chọn cảnh báo", range(len(says)), None, lambda i: says[i], key=f"chon_{code}",
            placeholder="Chọn một cảnh báo",
        )  # fmt: skip
    if number is None:
        st.caption("Chọn một dòng để mở danh sách hoặc nhận xử lý.")
        return None
    return rows.row(number, named=True)


def one(row: dict[str, Any] | None, who: Person, titles: Mapping[str, str]) -> None:
    """Show the chosen alert: why, the way to its dossiers, who sees to it; let the reader take it on."""
    if row is None:
        return
    st.markdown(plain(words.because(row, titles), 300))
    links(words.ways(row, data.today(data.manifest()), data.calendar()))
    if said := words.seen_to(row):
        st.markdown(said)
    if who.role in alerts.MAY:
        _form(row, who)


def _form(row: dict[str, Any], who: Person) -> None:
    with st.form(f"nhan_{row['id']}", border=False):
        place = st.container()
        note = st.text_input("Ghi chú", key=f"ghi_chu_{row['id']}", max_chars=alerts.LONGEST_NOTE, help=_HELP)
        if st.form_submit_button("Nhận xử lý", type="primary"):
            with place:
                _acknowledge(row, who, note)


def _acknowledge(row: dict[str, Any], who: Person, note: str) -> None:
    try:
        alerts.acknowledge(data.store(), int(row["id"]), by=who, note=note, at=filters.now())
    except alerts.AlertError:
        st.warning("Cảnh báo này không còn, hoặc ngoài phạm vi được xem. Tải lại trang.")
        return
    except DunghanError as error:
        st.warning(sending.not_kept(error))
        return
    st.rerun()
