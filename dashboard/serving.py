"""How the page on service quality is drawn: shares, channels, durations, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from config import catalogue
from dashboard import areas, cards, data, dots, period_picker, served, tables, taking
from dashboard import speaking as st
from dashboard.answers import analysis, channels, durations, quality
from dashboard.answers.channels import Mix
from dashboard.answers.durations import Took
from dashboard.answers.quality import SHARES, TILES, Tile, Told
from dashboard.components import card, chart, clickable, link, links, phone, state, theme
from dashboard.data import Ask
from dashboard.filters import Choice, Options, of_period
from dashboard.periods import STRETCHES, Named
from dashboard.shapes import WORKLIST
from dashboard.wording import bracketed
from metrics.charts_of_control import begun_at

MOST_LINES: Final = 12
_COUNT: Final = st.column_config.TextColumn(width=120, alignment="right")
_MONTHS: Final[Mapping[str, Any]] = {name: _COUNT for name in ("Tiếp nhận", *channels.NAMES.values())} | {
    "Tỷ lệ trực tuyến": st.column_config.TextColumn(width=150, alignment="right")
}
_FIELDS: Final[Mapping[str, Any]] = {"Lĩnh vực": st.column_config.TextColumn(width=380)} | {
    name: _COUNT for name in ("Kết quả", "Trung vị", "Phân vị 90", "Thời hạn")
}


def pick(options: Options) -> Choice:
    """Draw the choices of the page: where, and for which period."""
    return of_period(options, partial(period_picker.picker, options, "thang"))


def page(ask: Ask) -> None:
    """Draw what the figures alone tell of it."""
    shares(ask)
    by_channel(ask)
    by_field(ask)
    counts(ask)


def shares(ask: Ask, names: Sequence[str] = SHARES) -> None:
    """Show shares, three in a row, each with what the earlier periods of its kind say of it."""
    choice, meaning = ask.choice, catalogue.load()
    several = quality.charted(choice)
    rows, counts = _rows(ask, several), served.told(ask, choice.period).row(0, named=True)
    first = _first(several, [each.day for each in analysis.breaks(data.book().units, choice)])
    for line in (names[at : at + 3] for at in range(0, len(names), 3)):
        for place, share in zip(st.columns(len(line)), line, strict=True):
            told = Told(share, quality.pairs(several, rows, share), counts, first)
            with place:
                cards.headline(quality.headline(choice, told, meaning))


def _rows(ask: Ask, several: Sequence[Named]) -> dict[date, dict[str, Any]]:
    """Give the figures of each period by its first day: in one question where the figures know such stretches."""
    stretch = STRETCHES.get(several[-1].kind)
    if stretch is None:
        asked = {each.period.start: served.told(ask, each.period).row(0, named=True) for each in several}
        return {start: row for start, row in asked.items() if quality.anything(row)}
    told = served.told(ask, quality.whole(several), [stretch])
    return {row[stretch]: row for row in told.to_dicts() if quality.anything(row)}


def _first(several: Sequence[Named], breaks: Sequence[date]) -> int:
    """Give the first period that limits may be taken from: those before lie behind a break."""
    last = several[-1].period
    starts = [each.period.start for each in several]
    return begun_at(starts, len(starts) - 1, (last.end - last.start).days + 1, breaks)


def by_channel(ask: Ask) -> None:
    """Show how people hand in, month by month."""
    months = channels.months(ask.choice)
    counts = served.told(ask, quality.whole(months), ["month"])
    told = channels.mix(ask.choice, months, counts, small=catalogue.load().small)
    with card("Kênh nộp hồ sơ theo tháng"):
        if not told.months:
            state("empty", "Chưa có hồ sơ tiếp nhận", "Bỏ bớt bộ lọc hoặc chọn kỳ khác.")
            return
        st.markdown(told.text)
        _areas(told)
        with st.expander("Xem bảng"):
            tables.lined(told.table, "Hồ sơ tiếp nhận theo kênh và tháng", _MONTHS, key="kenh_thang")
            st.caption(bracketed())
            taking.figures(ask, told.table.values, "kenh-thang", quality.whole(months))


def _areas(told: Mix) -> None:
    named = not phone()
    spec = areas.areas(told.months, told.shares, told.hover, told.labels, theme=theme(), named=named)
    chart(spec, "kenh", f"Tỷ lệ từng kênh theo tháng; gần nhất: {'; '.join(told.labels.values())}", height=280)
    if not named:
        st.caption(" · ".join(told.labels.values()))


def by_field(ask: Ask) -> None:
    """Show how long results took in each field, beside the usual limit."""
    choice, small = ask.choice, catalogue.load().small
    results = served.results(ask)
    told = durations.took(choice, served.lasted(ask, ["field"]), results, small=small)
    words, to = durations.summary(choice, served.lasted(ask).row(0, named=True), results, small=small)
    with card("Thời gian giải quyết theo lĩnh vực"):
        st.markdown(words)
        links(to)
        if told:
            st.caption(durations.NO_PARTS)
        drawn = [each for each in told if each.median is not None][:MOST_LINES]
        if drawn:
            _dots(drawn)
        if told:
            with st.expander("Xem bảng"):
                table = durations.table(told)
                tables.lined(table, "Thời gian giải quyết theo lĩnh vực", _FIELDS, key="thoi_gian")
                taking.figures(ask, table.values, "thoi-gian", choice.period)


def _dots(drawn: Sequence[Took]) -> None:
    spec = dots.durations(
        [each.name for each in drawn], [each.median for each in drawn], [each.p90 for each in drawn],
        [each.limit for each in drawn], [durations.hover(each) for each in drawn], theme=theme(),
        longest=22 if phone() else 52,
    )  # fmt: skip
    alt = "Trung vị và phân vị 90 số ngày làm việc của từng lĩnh vực, so với thời hạn thường gặp; bảng ở dưới"
    chosen = clickable(spec, "thoi_gian_cham", alt, height=dots.height(len(drawn)))
    query = drawn[chosen[1]].query if chosen and chosen[1] < len(drawn) else None
    if query:
        st.switch_page(WORKLIST, query_params=query)
    st.caption(
        "● trung vị · ○ phân vị 90 (▲ quá thời hạn) · vạch: thời hạn cam kết của một nửa số kết quả. Ngày làm việc; "
        f"{MOST_LINES} lĩnh vực nhiều kết quả nhất."
    )


def counts(ask: Ask) -> None:
    """Show the counts behind the shares, each with its meaning and its list."""
    told = served.told(ask, ask.choice.period).row(0, named=True)
    for place, name in zip(st.columns(3), TILES, strict=True):
        with place, card(name), st.grid(2, min_column_width=130, gap="small"):
            for tile in quality.tiles(ask.choice, told, name, catalogue.load()):
                _tile(tile)


def _tile(tile: Tile) -> None:
    with st.container(gap=None):
        st.metric(tile.title, tile.value, help=tile.meaning)
        if tile.to is None:
            st.caption("Không có")
        else:
            link(tile.to)
