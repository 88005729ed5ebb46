"""Units as if all had the province's mix of procedures, as they are drawn; and Simpson's cases in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from config import catalogue, insight
from dashboard import analysed, tables, taking
from dashboard import speaking as st
from dashboard.answers import standard
from dashboard.components import card, lines, state
from dashboard.data import Ask
from dashboard.wording import bracketed
from metrics.alike import Alike
from metrics.decomposition import Cell
from metrics.standardised import Reversal, reversal

_COUNT: Final = st.column_config.TextColumn(width=110, alignment="right")
_COLUMNS: Final[Mapping[str, Any]] = (
    {"Đơn vị": st.column_config.TextColumn(width=320)}
    | {name: _COUNT for name in standard.HEADS[1:]}
    | {"Đúng hạn": st.column_config.TextColumn(width=150, alignment="right")}
)


def shown(ask: Ask) -> None:
    """Show the units within scope, each by its own work and by the province's mix."""
    found, small = analysed.standardised(ask), catalogue.load().small
    with card("Đúng hạn nếu cùng cơ cấu thủ tục, 13 tuần"):
        if not any(each.told for each in found):
            state("empty", "Chưa so được", "Quá ít thủ tục mà nhiều đơn vị cùng làm.")
            return
        lines(standard.beside_before(_reversed(analysed.over_time(ask))))
        table = standard.table(ask.choice, found, small=small)
        tables.lined(table, "Đúng hạn nếu cùng cơ cấu thủ tục", _COLUMNS, key="bang_cung")
        taking.figures(ask, table.values, "cung-co-cau", analysed.quarter(ask.choice))
        for text in (standard.MEANT, bracketed()):
            st.caption(text)


def of_unit(ask: Ask, found: Alike) -> None:
    """Say of the chosen unit what it would keep with the province's mix, and where its parts contradict the whole."""
    told = next(iter(analysed.standardised(ask)), None)
    said = standard.of_unit(told, small=catalogue.load().small) if told else []
    beside = standard.beside_others(_reversed(standard.cells(found)))
    before = standard.beside_before(_reversed(analysed.over_time(ask)))
    lines([*beside, *before, *said[:1]])
    for text in said[1:]:
        st.caption(text)


def _reversed(cells: Sequence[Cell]) -> Reversal | None:
    rules = insight.load().alike
    return reversal(cells, fewest=catalogue.load().small, nearly=rules.nearly, gap=rules.gap)
