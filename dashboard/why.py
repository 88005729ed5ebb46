"""How the page "Vì sao thay đổi" is drawn: which figure, by what, the sentence, the bars, the table with its lists."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import polars as pl

from config import catalogue
from dashboard import (
    analysed,
    asked_why,
    contributions,
    data,
    filters,
    frame,
    period_picker,
    served,
    tables,
    taking,
    waterfall,
)
from dashboard import speaking as st
from dashboard.answers import fresh, satisfaction, taken, why, why_steps, why_stock, why_verdict
from dashboard.answers.why import BYS, METRICS, STOCK, UPCOMING, Asked, Why
from dashboard.answers.why_links import BY, METRIC, SATISFIED, is_rate, noun
from dashboard.components import card, chart, clickable, lines, phone, state, theme
from dashboard.data import Ask
from dashboard.filters import Choice, Options, of_period
from dashboard.shapes import WORKLIST
from dashboard.wording import day, plain, share
from metrics import decomposition
from metrics.decomposition import Change, merged
from metrics.signals import Judged

_WIDE: Final = st.column_config.TextColumn(width=320)
_COUNT: Final = st.column_config.TextColumn(width=100, alignment="right")


def pick(options: Options) -> Choice:
    """Draw the choices of the page: where, and for which period."""
    return of_period(options, partial(period_picker.picker, options, "tuan", over=True))


def page(ask: Ask) -> None:
    """Draw what the change of the chosen figure is made of."""
    metric, by = _chosen(ask)
    with card(border=False):
        told = _told(ask, metric, by)
        if told is None:
            state("empty", f"Quá ít {noun(metric)} để giải thích", "Bỏ bớt bộ lọc hoặc chọn kỳ dài hơn.")
            return
        with card():
            lines([*told.texts, *_silent(ask, metric)])
            _stepped(told)
        with card(f"Theo {BYS[by][1].lower()}"):
            if told.bars:
                _drawn(told, by)
            _below(ask, told, metric, by)
            for note in (why_steps.TODAYS_MAP, *told.notes):
                st.caption(note)


def _chosen(ask: Ask) -> tuple[str, str]:
    meaning = catalogue.load()
    one = len(data.options(ask.version, ask.scope, ask.choice.today).departments) == 1
    left, right = st.columns([1, 1])
    with left:
        titles = {name: why.title(name, meaning) for name in METRICS}
        metric = filters.select(METRIC, "Chỉ số", titles, default=METRICS[0], collapsed=False)
    with right:
        heads = {code: head for code, (_, head, _) in BYS.items()}
        usual = why.usual_by(ask.choice, one_unit=one)
        by = filters.select(BY, "Chia theo", heads, default=usual, collapsed=False)
    return metric, by


def _told(ask: Ask, metric: str, by: str) -> Why | None:
    meaning, column = catalogue.load(), BYS[by][0]
    found = asked_why.judged(ask, metric)
    noun = "tuần" if asked_why.named(ask.choice).kind == "tuan" else "kỳ"
    asked = Asked(
        ask.choice, metric, by, _against(ask.choice, metric), analysed.names(ask) if by == "thu-tuc" else {},
        meaning.small, _counts(ask, metric, column),
    )  # fmt: skip
    if metric == STOCK:
        now, before = asked_why.stocks(ask, column)
        told = why_stock.told(asked_why.moves(ask), now, before, asked, found, why.title(metric, meaning), noun)
        steps, beneath = why_steps.of_stock(told.table.values), why_steps.beneath(found, metric, None, noun)
        told = replace(told, steps=steps, usual=why_steps.usual(found, metric), beneath=beneath)
        return told if told.table.lines.height else None
    cells = asked_why.cells(ask, metric, column)
    rated = is_rate(metric)
    change = decomposition.of_rate(merged(cells, meaning.small)) if rated else decomposition.of_count(cells)
    if change is None or not change.parts:
        return None
    if rated and min(change.now[1], change.before[1]) < meaning.small:
        return None
    steps, beneath = why_steps.of_change(change, asked), why_steps.beneath(found, metric, change.now, noun)
    told = why.told(change, asked, _verdict(found, metric, change, noun), meaning)
    return replace(told, steps=steps, usual=why_steps.usual(found, metric), beneath=beneath)


def _verdict(found: Judged, metric: str, change: Change, noun: str) -> str:
    """Put the verdict into words: by the change as it is printed, and beside the goal of the figure."""
    if not is_rate(metric):
        return why_verdict.judged(found, metric, change.now[0] - change.before[0], noun=noun)
    known = catalogue.load()
    goal = None if metric == SATISFIED else known[metric].target
    printed = (share(*change.now) or 0) - (share(*change.before) or 0)
    at_goal = goal is not None and change.now[0] >= goal * change.now[1]
    return why_verdict.judged(found, metric, printed, at_goal=at_goal, noun=noun)


def _counts(ask: Ask, metric: str, column: str) -> dict[str | None, dict[str, Any]]:
    """Count now what the lists of each cell hold."""
    if metric in (STOCK, SATISFIED):
        return {}
    if metric == UPCOMING:
        left = pl.col("days_left")
        held = {"hom-nay": left == 0, "con-1-ngay": left == 1, "con-2-3-ngay": left.is_between(2, 3)}
        rows = data.standings(ask).group_by(pl.col(column).cast(pl.String)).agg(**{k: v.sum() for k, v in held.items()})
    else:
        rows = served.told(ask, asked_why.named(ask.choice).period, [column])
    return {row[column]: row for row in rows.to_dicts()}


def _against(choice: Choice, metric: str) -> str:
    """Say in words what a period is put beside."""
    if metric == UPCOMING:
        return f"ngày {day(asked_why.day_before(choice))}"
    before = asked_why.before(choice)
    if metric == STOCK:
        return f"cuối ngày {day(before.period.end)}"
    return f"{before.name[:1].lower()}{before.name[1:]}"


def _silent(ask: Ask, metric: str) -> list[str]:
    """Say who is silent: in neither period of a rate or count, and in both of a stock as last known."""
    quiet = data.gone(ask, asked_why.named(ask.choice).period)
    if metric == SATISFIED:
        return [satisfaction.SELECTED, *([satisfaction.NO_CHANNEL] if ask.choice.channel else [])]
    if not quiet:
        return []
    titles = fresh.titles(data.sources())
    names = sorted({plain(each.department or titles.get(each.source, each.source)) for each in quiet})
    stock = metric in (STOCK, UPCOMING)
    said = "Vẫn tính theo lần cuối được biết" if stock else "Không tính ở cả hai kỳ, vì không có dữ liệu đến hết kỳ này"
    return [f":gray[:material/cloud_off:] {said}: {', '.join(names)}."]


def _stepped(told: Why) -> None:
    """Draw the way from the figure before to the figure now, what is usual behind it."""
    spec = waterfall.waterfall(told.steps, theme=theme(), usual=told.usual, room=0.55 if phone() else 0.25)
    alt = "; ".join(f"{step.name}: {step.label}" for step in told.steps)
    chart(spec, "cac_buoc", alt, height=24 + 38 * len(told.steps))
    st.caption(told.beneath)


def _drawn(told: Why, by: str) -> None:
    spec = contributions.bars(told.bars, len(told.factors), theme=theme(), longest=16 if phone() else 44)
    alt = f"Đóng góp vào thay đổi theo {BYS[by][1].lower()}; bảng ở dưới"
    chosen = clickable(spec, "dong_gop", alt, height=44 + 30 * len(told.bars))
    query = told.queries[chosen[1]] if chosen and chosen[1] < len(told.queries) else None
    if query:
        st.switch_page(WORKLIST, query_params=dict(query))
    shades = ("đậm", "vừa", "xám")
    named = " · ".join(f"{factor} ({shade})" for factor, shade in zip(told.factors, shades, strict=False))
    st.caption(f"Trái: làm giảm; phải: làm tăng. {named}.{' Số ghi bằng điểm.' if told.points else ''}")


def _below(ask: Ask, told: Why, metric: str, by: str) -> None:
    heading = BYS[by][1]
    columns = {name: _WIDE if name == heading else _COUNT for name in told.table.lines.columns}
    tables.lined(told.table, "Các phần của thay đổi", columns, key="bang_vi_sao")
    if legend := tables.counts_alone(told.table.lines, catalogue.load().small, noun(metric)):
        st.caption(legend)
    name = why.title(metric, catalogue.load())
    about = taken.of(
        f"Vì sao thay đổi: {name}", f"{EACH.format(heading.lower())} {why.EXACT}",
        (("So với", _against(ask.choice, metric)), ("Kỳ", asked_why.named(ask.choice).name), *taken.chosen(ask.choice)),
        ask.scope, ask.version, filters.now(),
    )  # fmt: skip
    rows = told.table.values
    taking.files(taking.maker(rows, about, frame.person(), "vi-sao"), "vi-sao", key="tai_vi_sao")


EACH: Final = "Mỗi dòng một {}."
