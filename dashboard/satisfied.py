"""How the page on service quality shows what people answered when they were asked: always with how many answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config import catalogue
from dashboard import asked_why, frame, slips, tables, taking
from dashboard import speaking as st
from dashboard.answers import satisfaction as words
from dashboard.answers.satisfaction import Satisfied
from dashboard.answers.why_links import SATISFIED, why
from dashboard.components import card, link, state
from dashboard.data import Ask
from dashboard.wording import days_between
from metrics import satisfaction
from metrics.satisfaction import Response

TITLE: Final = "Mức độ hài lòng"
_COUNT: Final = st.column_config.TextColumn(width=130, alignment="right")
_COLUMNS: Final[Mapping[str, Any]] = {"Đơn vị": st.column_config.TextColumn(width=320)} | {
    name: _COUNT for name in ("Số phiếu", "Hài lòng trở lên", "Tỷ lệ", "Dao động ngẫu nhiên")
}


def answered(ask: Ask) -> None:
    """Show the slips of the period: share, response, levels, and the units by name."""
    told = _told(ask)
    with card(TITLE, anchor="hai-long"):
        if told is None:
            state("empty", words.NO_SLIPS, words.LOAD)
            return
        left, right = st.columns([1, 3], gap="medium")
        with left:
            st.metric("Hài lòng hoặc rất hài lòng", told.value, help=words.MEANING)
            if asked_why.satisfied(ask, asked_why.before(ask.choice).period)[1]:
                link(why(ask.choice, SATISFIED))
        with right:
            for line in told.lines:
                st.markdown(line)
            for note in told.notes:
                st.caption(note)
        if told.units.height:
            _units(ask, told)


def _units(ask: Ask, told: Satisfied) -> None:
    with st.expander("Theo đơn vị"):
        tables.shown(told.units, "Mức độ hài lòng theo đơn vị", _COLUMNS)
        days = ask.choice.period
        means = f"{words.MEANING} {words.SELECTED} Phiếu trả lời {days_between(days.start, days.end)}."
        taking.table(
            told.values, "Mức độ hài lòng theo đơn vị", means, frame.person(), name="hai-long-don-vi",
            scope=ask.scope, version=ask.version,
        )  # fmt: skip


def _told(ask: Ask) -> Satisfied | None:
    mine, asked, choice = slips.slips(ask.scope), slips.asked(ask.scope), ask.choice
    whole = satisfaction.counts(mine, choice.period, ask.scope, filters=choice.filters).row(0, named=True)
    units = satisfaction.counts(mine, choice.period, ask.scope, ["department"], choice.filters)
    # Nobody says of a field or a procedure how many were asked.
    narrowed = bool(choice.field or choice.procedure)

    def response(unit: str | None) -> Response | None:
        return None if narrowed else satisfaction.response(mine, asked, choice.period, unit)

    named = [name for name in units["department"].to_list() if name]
    responses = {name: response(name) for name in named}
    return words.told(choice, whole, response(choice.department), units, responses, small=catalogue.load().small)
