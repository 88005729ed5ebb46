"""The cards of the overview: headlines, alarms, what falls due, the backlog, the heat table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from dashboard import charts, tables
from dashboard import speaking as st
from dashboard.answers import heat
from dashboard.answers.heat import Heat
from dashboard.components import chart, clickable, link, phone, state, theme
from dashboard.languages import is_english
from dashboard.shapes import WORKLIST, Alarm, Due, Headline, Link, Tone, Verdict
from dashboard.sparks import sparkline
from dashboard.wording import number, plain

CHART: Final = 44  # px, of a chart in a card
VERDICTS: Final[dict[Verdict, tuple[str, str, Tone]]] = {
    "good": ("Tốt lên rõ rệt", ":material/trending_up:", "green"),
    "bad": ("Xấu đi rõ rệt", ":material/trending_down:", "red"),
    "usual": ("Trong dao động thường", ":material/trending_flat:", "gray"),
    "unknown": ("Chưa đủ số liệu để kết luận", ":material/more_horiz:", "gray"),
}


#: Of a figure that stands where it stood: no change is called one, the level alone is told.
STEADY: Final = {
    "good": ("Tốt hơn mức thường", ":material/trending_flat:"),
    "bad": ("Xấu hơn mức thường", ":material/trending_flat:"),
}
_NIL: Final = ("0", "0,0 điểm")


def headline(card: Headline) -> None:
    """Show one figure with its parts, its change and whether the change means anything."""
    numbers(card)()


def numbers(card: Headline) -> Callable[[], None]:
    """Show what ``headline`` shows, less its charts, and give what draws these into their place."""
    label, icon, colour = VERDICTS[card.verdict]
    if card.change in _NIL:
        label, icon = STEADY.get(card.verdict, (label, icon))
    tone: Any = {"good": "green", "bad": "red"}.get(card.verdict, "gray")
    change = card.change or ""
    arrow: Any = "down" if change.startswith("−") else "up" if change.startswith("+") else "off"
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            card.title, card.value, card.change, delta_color=tone, delta_arrow=arrow,
            delta_description=card.against, help=card.meaning,
        )  # fmt: skip
        drawn = bool(card.figure) + bool(card.trend)
        place = st.container(height=CHART * drawn or "content", border=False, gap=None)
        st.markdown(card.parts)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label, icon=icon, color=colour)
            if card.explained:
                link(card.explained)
        if card.why:
            st.caption(f"{card.why[:1].upper()}{card.why[1:]}")
        if card.notes:
            st.caption(card.notes)
        with st.container(horizontal=True, gap="medium"):
            for to in card.links:
                link(to)
    return partial(_charts, card, place)


def _charts(card: Headline, place: DeltaGenerator) -> None:
    with place:
        if card.figure:
            chart(card.figure, f"fig_{card.key}", f"{card.title}: {card.value}", height=CHART)
        if card.trend:
            _spark(card)


def _spark(card: Headline) -> None:
    spec = sparkline(card.trend, theme=theme(), bad=card.verdict == "bad", target=card.target)
    goal = ", vạch đứt là mục tiêu" if card.target else ""
    chart(spec, f"nhip_{card.key}", f"{card.title}, {len(card.trend)} tuần gần nhất{goal}", height=CHART)


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
            text, way = (st.container(), st.container()) if phone() else st.columns([7, 1], gap="xsmall")
            with text:
                st.markdown(f"{SIGNS[item.sign]} {item.text}")
            with way:
                link(item.to)


def due_board(items: Sequence[Due], explained: Link) -> None:
    """List what falls due next: when, how many, what is special; one link each opens exactly that list. ``explained``:
    to what the change of all is made of."""
    widest = 128 if is_english() or phone() else 96  # "dossiers" is longer than "hồ sơ"; days are cut on a phone
    with st.grid(3, min_column_width=widest, gap="xsmall"):
        for item in items:
            with st.container(gap=None):
                tone: Any = item.tone
                st.metric(
                    f"{item.sign} {item.name}", number(item.count), item.note, delta_color=tone, delta_arrow="off"
                )
                _open_list(item)
    link(explained)


def _open_list(item: Due) -> None:
    if item.count:
        link(Link(f"{number(item.count)} hồ sơ", item.query))
    else:
        st.caption("Không có hồ sơ")


def text_and_links(text: str, links: Sequence[Link]) -> None:
    """Show a sentence and, under it, the lists behind its numbers."""
    st.markdown(text)
    with st.container(horizontal=True, gap="xsmall"):
        for to in links:
            link(to)


def heat_table(table: Heat, *, small: int, steps: Sequence[float], take: Callable[[pl.DataFrame], None]) -> None:
    """Show where promises are kept; a click opens the dossiers of a cell. A phone gets the worst lines only."""
    if not table.rows:
        state("empty", "Chưa có hồ sơ đến ngày hẹn", "Bỏ bớt bộ lọc hoặc chọn tuần khác.")
        return
    if phone():
        _worst_lines(table, small)
        return
    spec = charts.heat_table(table.rows, table.columns, table.cells, small=small, steps=steps, theme=theme())
    alt = "Tỷ lệ đúng hạn theo đơn vị và lĩnh vực; các ô dưới đây mở được danh sách"
    chosen = clickable(spec, "heat", alt, height=68 + 33 * len(table.rows))
    query = table.queries[chosen[1]][chosen[0]] if chosen else None
    if query is not None:
        st.switch_page(WORKLIST, query_params=query)
    st.caption(table.note)
    with st.expander("Xem bảng"):
        tables.shown(heat.as_table(table, small), "Đúng hạn theo đơn vị và lĩnh vực", {})
        take(heat.values(table, small))


def _worst_lines(table: Heat, small: int) -> None:
    for name, cell, query in heat.worst(table, small):
        with st.container(gap=None):
            st.markdown(f"**{plain(name, 100)}**")
            link(Link(f"{heat.parts(cell)}", query))
