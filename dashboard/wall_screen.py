"""How the wall is drawn: its head, five numbers, three screens in turn; laid out for 1920 × 1080 (wall.css scales)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import streamlit as st

from config import breaks, catalogue
from config.breaks import Break
from dashboard import charts, components, data, dots, filters, hearing, outages, still, wall_charts
from dashboard.answers import alarms, analysis, fresh, heat, overview, wall
from dashboard.answers.wall import Bars, Said, Tile
from dashboard.data import Ask
from dashboard.template import Theme
from dashboard.wall_door import ENDED, GROUND, HELD, Looker, looker, secret
from dashboard.wording import plain
from metrics.scope import Period
from store.snapshot import Manifest

HERE: Final = Path(__file__).parent
#: Heights in px of the large charts: all there is room for, and with a band of stale data above.
TALL: Final = 436
SHORT: Final = 356
SIGNS: Final = {
    "overdue": ":red[:material/warning:]",
    "due_soon": ":orange[:material/hourglass_bottom:]",
    "data": ":gray[:material/sync_problem:]",
    "usual": ":blue[:material/check_circle:]",
    "listed": ":gray[:material/remove:]",  # one of a list, nothing to warn of
}


def draw() -> None:
    """Draw the wall for whoever looks: a person signed in, or the screen of a token."""
    st.html(HERE / "wall.css")
    who = looker()
    still.drawn_for(who, looker)
    with st.container(key="wall"):
        if who is None:
            st.title(ENDED if secret() else "Phiên làm việc đã kết thúc", anchor=False)
            st.markdown(
                "Màn hình này không còn được xem số liệu. Mở địa chỉ có mã mới do quản trị cấp, hoặc đăng nhập."
            )
            return
        with st.container(key="wall_head"):
            title, clock = st.columns([1.15, 1], vertical_alignment="center")
            title.title(plain(who.title), anchor=False)
            with clock:
                _turn()
        _figures(who)


@still.fragment(run_every=2)
def _turn() -> None:
    """Say what time it is, whose turn, and who is late or, in quiet times, how old the figures are."""
    now = filters.now()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        late, state = wall.late_in_short(data.sources(), now), data.manifest()
        if late:
            st.badge(late, icon=":material/sync_problem:", color="orange")
        else:
            st.markdown(f":gray[{wall.known_to(state.newest_at if state else None, now)}]", width="content")
        st.markdown(wall.spoken(now), width="content")
    screen = wall.screen_at(now, st.query_params.get(HELD, ""))
    st.html(f'<div hidden class="wall-turn wall-turn-{screen:d}" data-at="{int(now.timestamp()):d}"></div>')


@still.fragment(run_every=15)
def _figures(who: Looker) -> None:
    """Draw the figures as they stand now."""
    manifest, now = data.manifest(), filters.now()
    if manifest is None:
        words = fresh.filling(data.sources())
        components.state("filling", words.title, words.advice)
        return
    stale = fresh.freshness(manifest, data.sources(), now).stale
    if stale:
        with st.container(key="wall_stale"):
            st.markdown(f":material/history: **{stale[0]}** · {stale[1]}")
        st.html('<div hidden class="wall-turn wall-old"></div>')
    ask = _ask(manifest, who)
    weeks, rows = _weeks(ask), data.standings(ask)
    _tiles(ask, weeks, rows)
    with st.container(key="wall_turns"):
        _screens(ask, weeks, rows, now, SHORT if stale else TALL)


def _ask(manifest: Manifest, who: Looker) -> Ask:
    options = data.options(manifest.data_version, who.scope, data.today(manifest))
    choice = filters.of_nothing(options)
    silent = hearing.silent(data.store(), manifest, choice.today)
    return Ask(manifest.data_version, who.scope, choice, silent)


def _weeks(ask: Ask) -> overview.Weeks:
    span = overview.trend_period(ask.choice, wall.TREND_WEEKS)
    return overview.weeks_of(data.figures(ask, period=span, by=["week"]), span, unheard=bool(data.left_out(ask)))


def _breaks(ask: Ask) -> Sequence[Break]:
    return analysis.breaks(data.book().units, ask.choice)


def _tiles(ask: Ask, weeks: overview.Weeks, rows: pl.DataFrame) -> None:
    due = overview.due_soon(ask.choice, rows, data.calendar())
    since = analysis.since_break(weeks, _breaks(ask))
    tiles = wall.tiles(ask.choice, since, rows, due, catalogue.load())
    for place, tile in zip(st.columns([1.42, 1.24, 1, 1, 1]), tiles, strict=True):
        with place:
            _tile(tile)


def _tile(tile: Tile) -> None:
    tone: Any = tile.tone
    with st.container(border=True, gap="xsmall"):
        st.metric(tile.label, tile.value, tile.pill, delta_color=tone, delta_arrow="off")
        spec = wall_charts.spark(tile.trend, tile.marked, theme=_theme(), bad=tile.bad)
        components.chart(spec, f"wall_{tile.key}", f"{tile.value}; {tile.pill}", height=58)
        st.caption(tile.note)


def _screens(ask: Ask, weeks: overview.Weeks, rows: pl.DataFrame, now: datetime, tall: int) -> None:
    choice = ask.choice
    with st.container(key="wall_1"):
        wide, side = st.columns([1.5, 1])
        with wide, components.card("Quá hạn theo đơn vị và tuổi (ngày làm việc)"):
            _bars(wall.backlog(data.figures(ask, by=["department"])), "ages", "wall_backlog", tall)
        with side, components.card("Cần xử lý ngay"):
            _said(_now_to_do(ask, rows, now))
    with st.container(key="wall_2"):
        wide, side = st.columns([1.5, 1])
        with wide, components.card("Đúng hạn theo ngày hẹn, từng tuần"):
            _trend(ask, weeks, tall)
        with side, components.card("Tồn tăng, giảm mỗi tuần"):
            _flow(overview.flow(choice, weeks), tall)
    with st.container(key="wall_3"):
        wide, side = st.columns([1.5, 1])
        with wide, components.card("Đến hạn trong 3 ngày làm việc, theo đơn vị"):
            _bars(wall.due_by_unit(rows), "due", "wall_due", tall)
        with side, components.card("Lĩnh vực trễ hẹn nhiều nhất, 4 tuần"):
            counts = data.figures(ask, period=heat.period(choice), by=["field"])
            _said(wall.worst_fields(counts, catalogue.load().small, catalogue.load()["on_time_due"].target))


def _now_to_do(ask: Ask, rows: pl.DataFrame, now: datetime) -> list[Said]:
    choice = ask.choice
    stocks = data.figures(ask, period=alarms.stock_period(choice), by=["department", "field", "week"])
    today = data.figures(ask, period=wall.today_of(choice.today)).row(0, named=True)
    waiting, known = overview.late_acceptance(rows), breaks.load(data.book().units)
    return wall.said(choice, stocks, waiting=waiting, sources=data.sources(), flow=today, now=now, breaks=known.days)


def _bars(told: Bars, inks: wall_charts.Inks, key: str, tall: int) -> None:
    if not told.names:
        st.markdown(":blue[:material/check_circle:] Không có hồ sơ")
        return
    spec = wall_charts.bars(told.names, told.counts, told.parts, inks=inks, theme=_theme())
    components.chart(spec, key, told.words, height=min(tall, 70 + 70 * len(told.names)))


def _trend(ask: Ask, weeks: overview.Weeks, tall: int) -> None:
    choice, target = ask.choice, catalogue.load()["on_time_due"].target
    points = overview.trend(choice, weeks, breaks=[each.day for each in _breaks(ask)])
    spec = charts.control_chart(points, target=target, theme=_theme(), size=wall_charts.SIZE)
    spec["layout"]["margin"] = {"l": 8, "r": 190, "t": 16, "b": 8}
    span = Period(points[0].monday, choice.week.end) if points else choice.week
    unheard = outages.marks(ask, span, named=True)[-1:]
    marked = dots.with_breaks(spec, unheard, theme=_theme(), size=wall_charts.SIZE)
    words = "; ".join([overview.trend_in_words(points), *(mark.said for mark in unheard)])
    components.chart(marked, "wall_trend", words, height=tall)


def _flow(flow: overview.Flow, tall: int) -> None:
    spec = charts.net_bars(
        flow.names, flow.net, flow.hover, theme=_theme(), size=wall_charts.SIZE, running=flow.running
    )
    components.chart(spec, "wall_net", flow.text, height=tall - 96)
    st.markdown(flow.text)


def _said(items: Sequence[Said]) -> None:
    for item in items:
        with st.container(gap=None):
            st.markdown(f"{SIGNS[item.sign]} **{item.title}**")
            st.markdown(item.detail)


def _theme() -> Theme:
    return "light" if st.query_params.get(GROUND) == "sang" else "dark"
