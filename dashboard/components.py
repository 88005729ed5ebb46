"""The patterns every page is built from. Streamlit only: values come in ready, words come in Vietnamese."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import streamlit as st
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException

from dashboard import charts
from dashboard.answers import heat
from dashboard.answers.heat import Heat
from dashboard.charts import sparkline
from dashboard.shapes import WORKLIST, Alarm, Due, Freshness, Headline, Link, Tone, Verdict
from dashboard.template import CONFIG, Spec, Theme
from dashboard.wording import number, plain

log = logging.getLogger(__name__)

VERDICTS: Final[dict[Verdict, tuple[str, str, Tone]]] = {
    "good": ("Tốt lên rõ rệt", ":material/trending_up:", "green"),
    "bad": ("Xấu đi rõ rệt", ":material/trending_down:", "red"),
    "usual": ("Trong dao động thường", ":material/trending_flat:", "gray"),
    "unknown": ("Chưa đủ số liệu để kết luận", ":material/more_horiz:", "gray"),
}


def phone() -> bool:
    """Guess a phone from the browser's name: lists become cards, wide tables become their worst lines."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def theme() -> Theme:
    """Give the theme the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(spec: Spec, key: str, alt: str, *, height: int) -> None:
    """Show a chart spec."""
    st.plotly_chart(spec, theme=None, config=CONFIG, height=height, key=key, alt=alt)


def clickable(spec: Spec, key: str, alt: str, *, height: int) -> tuple[int, int] | None:
    """Show a chart spec and give the clicked part as (trace, point), once per click."""
    event: Any = st.plotly_chart(
        spec, theme=None, config=CONFIG, height=height, key=key, alt=alt, on_select="rerun", selection_mode="points"
    )
    points = event["selection"]["points"] if event else []
    return (points[0]["curve_number"], points[0]["point_number"]) if points else None


def link(to: Link, *, strong: bool = False) -> None:
    """Draw one link; its words are blue because Streamlit gives them the body's colour."""
    label = f"**{to.label}**" if strong else to.label
    st.page_link(
        to.page,
        label=f":blue[{label}]",
        query_params=dict(to.query),
        icon=":material/chevron_right:",
        icon_position="right",
    )


def headline(card: Headline) -> None:
    """Show one figure with its parts, its change and whether the change means anything."""
    label, icon, colour = VERDICTS[card.verdict]
    tone: Any = {"good": "green", "bad": "red"}.get(card.verdict, "gray")
    change = card.change or ""
    arrow: Any = "down" if change.startswith("−") else "up" if change.startswith("+") else "off"
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            card.title, card.value, card.change, delta_color=tone, delta_arrow=arrow,
            delta_description=card.against, help=card.meaning,
        )  # fmt: skip
        spec = card.figure or sparkline(card.trend, theme=theme(), bad=card.verdict == "bad")
        chart(spec, f"fig_{card.key}", f"{card.title}: {card.value}", height=52)
        st.markdown(card.parts)
        st.badge(label, icon=icon, color=colour)
        if card.notes:
            st.caption(card.notes)
        with st.container(horizontal=True, gap="medium"):
            for to in card.links:
                link(to)


SIGNS: Final = {
    "overdue": ":red[:material/warning:]",
    "due_soon": ":orange[:material/hourglass_bottom:]",
    "data": ":gray[:material/sync_problem:]",
}


def alarms(items: Sequence[Alarm]) -> None:
    """Answer the director's first question in words; every sentence opens the list behind it."""
    with st.container(border=True, gap="xsmall" if phone() else "xxsmall"):
        if not items:
            st.markdown(":green[:material/check_circle:] Không có việc bất thường")
        for item in items:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"{SIGNS[item.sign]} {item.text}", width="content" if phone() else "stretch")
                link(item.to)


def due_board(items: Sequence[Due]) -> None:
    """List what falls due next: when, how many, what is special; one link each opens exactly that list."""
    with st.grid(2, min_column_width=120, gap="small"):
        for item in items:
            with st.container(gap=None):
                tone: Any = item.tone
                st.metric(
                    f"{item.sign} {item.name}", number(item.count), item.note, delta_color=tone, delta_arrow="off"
                )
                link(Link(f"Mở {number(item.count)} hồ sơ", item.query))


def freshness(fresh: Freshness) -> None:
    """Say how old the data are and who is missing, before any figure is read."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if fresh.late:
            st.badge(
                f"{len(fresh.late)} nguồn chậm",
                icon=":material/sync_problem:",
                color="orange",
                help="; ".join(fresh.late),
            )
        else:
            st.badge("Đủ nguồn", icon=":material/sync:", color="gray")
        st.caption(fresh.text, width="content")


State = Literal["empty", "no_access", "error", "stale", "filling"]
STATE_ICONS: Final[dict[State, str]] = {
    "empty": ":material/inbox:",
    "no_access": ":material/lock:",
    "error": ":material/error:",
    "stale": ":material/history:",
    "filling": ":material/progress_activity:",
}


def state(kind: State, title: str, advice: str) -> None:
    """Show a designed nothing: what happened, what the reader can do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.markdown(f"{STATE_ICONS[kind]} **{title}**", text_alignment="center")
        st.caption(advice, text_alignment="center")


def show_error(error: Exception) -> bool:
    """Say that something could not be shown, under a code by which the log can be searched; never a traceback."""
    code = secrets.token_hex(2).upper()
    log.error("code %s", code, exc_info=error)
    advice = f"Lỗi đã được ghi lại (mã {code}). Tải lại trang; các phần khác vẫn dùng được."
    state("error", "Chưa hiển thị được bảng này", advice)
    return True


@contextmanager
def card(title: str = "", *, border: bool = True) -> Iterator[None]:
    """Draw a card; an error inside takes this card only, is logged under a code, and never shows a traceback."""
    with st.container(border=border, height="stretch", gap="xsmall"):
        if title:
            st.header(title, anchor=False)
        try:
            yield
        except (RerunException, StopException):
            raise
        except Exception:
            code = secrets.token_hex(2).upper()
            log.exception("card %r failed, code %s", title, code)
            state(
                "error", "Chưa hiển thị được bảng này",
                f"Lỗi đã được ghi lại (mã {code}). Tải lại trang; các phần khác vẫn dùng được.",
            )  # fmt: skip


def text_and_links(text: str, links: Sequence[Link]) -> None:
    """Show a sentence and, under it, the lists behind its numbers."""
    st.markdown(text)
    with st.container(horizontal=True, gap="medium"):
        for to in links:
            link(to)


def heat_table(table: Heat, *, small: int, steps: Sequence[float]) -> None:
    """Show where promises are kept; a click opens the dossiers of a cell. A phone gets the worst lines only."""
    if not table.rows:
        state("empty", "Chưa có hồ sơ đến ngày hẹn", "Bỏ bớt bộ lọc hoặc chọn tuần khác.")
        return
    if phone():
        _worst_lines(table, small)
        return
    spec = charts.heat_table(table.rows, table.columns, table.cells, small=small, steps=steps, theme=theme())
    alt = "Tỷ lệ đúng hạn theo đơn vị và lĩnh vực; các ô dưới đây mở được danh sách"
    chosen = clickable(spec, "heat", alt, height=46 + 33 * len(table.rows))
    query = table.queries[chosen[1]][chosen[0]] if chosen else None
    if query is not None:
        st.switch_page(WORKLIST, query_params=query)
    st.caption(table.note)


def _worst_lines(table: Heat, small: int) -> None:
    for name, cell, query in heat.worst(table, small):
        with st.container(gap=None):
            st.markdown(f"**{plain(name)}**")
            link(Link(f"{heat.parts(cell)}", query))
