"""What the weekly report's page shows: the choice of an edition, its sentences, its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from dashboard import filters, offering
from dashboard import speaking as st
from dashboard.answers import weekly
from dashboard.answers.weekly import Block


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
    """Offer the report as it is printed, as text to edit, and as a workbook."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(period, width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            offering.button("pdf", partial(file, "pdf"), "bao-cao-tuan.pdf", key="tai_pdf", main=True)
            offering.button("docx", partial(file, "docx"), "bao-cao-tuan.docx", key="tai_docx")
            offering.button("xlsx", partial(file, "xlsx"), "bao-cao-tuan.xlsx", key="tai_xlsx")


def blocks(found: Sequence[Block]) -> None:
    """Show page one as text, one block under the other, as it is printed: in Vietnamese."""
    with st.as_written(st.AS_WRITTEN):
        for block in found:
            with st.container(gap="xxsmall"):
                st.markdown(f"**{block.heading}**")
                st.markdown("\n".join(f"- {line}" for line in block.lines))
