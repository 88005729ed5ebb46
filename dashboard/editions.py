"""What the weekly report's page shows: the choice of an edition, its sentences, its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from dashboard import filters
from dashboard import speaking as st
from dashboard.answers import weekly
from dashboard.answers.weekly import Block

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def picker(days: Sequence[date]) -> date:
    """Let the reader choose an edition."""
    editions = {day.isoformat(): day for day in days}
    words = {code: weekly.issued(day) for code, day in editions.items()}
    place, _ = st.columns([1, 2.4])
    with place:
        return editions[filters.select("ky", "Kỳ báo cáo", words, default=days[0].isoformat())]


def waited_for(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Hold the place while a report is made."""
    with st.skeleton(480):
        return make()


def files(period: str, file: Callable[[str], bytes]) -> None:
    """Offer the report as it is printed and as a workbook."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(period, width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            st.download_button(
                "Tải PDF", partial(file, "pdf"), "bao-cao-tuan.pdf", PDF, type="primary", on_click="ignore",
                icon=":material/picture_as_pdf:", key="tai_pdf",
            )  # fmt: skip
            st.download_button(
                "Tải Excel", partial(file, "xlsx"), "bao-cao-tuan.xlsx", XLSX, icon=":material/download:",
                on_click="ignore", key="tai_xlsx",
            )  # fmt: skip


def blocks(found: Sequence[Block]) -> None:
    """Show page one as text, one block under the other, as it is printed: in Vietnamese."""
    with st.as_written(st.AS_WRITTEN):
        for block in found:
            with st.container(gap="xxsmall"):
                st.markdown(f"**{block.heading}**")
                st.markdown("\n".join(f"- {line}" for line in block.lines))
