"""Two choices that name a period: of what kind, and which one. The address holds the period; its code says the kind."""

from __future__ import annotations

from datetime import date
from typing import Final

from streamlit.delta_generator import DeltaGenerator

from dashboard import filters, periods
from dashboard import speaking as st
from dashboard.filters import PERIOD, Options
from dashboard.periods import KINDS, Kind, Named

DEFAULT: Final[Kind] = "ky"


def chosen(options: Options, kind: Kind = DEFAULT, *, over: bool = False) -> Named:
    """Give the period that the address names, else the running one of ``kind``; ``over``: else the last that is over,
    where the data reach it."""
    running = periods.containing(kind, options.today)
    usual = periods.before(running) if over and options.first_day < running.period.start else running
    return periods.of_code(st.query_params.get(PERIOD, "")) or usual


def picker(options: Options, kind: Kind = DEFAULT, *, over: bool = False, place: DeltaGenerator) -> Named:
    """Let the reader choose a kind of period and, in ``place``, one of that kind; Streamlit's calendar speaks English,
    this does not.

    ``kind``: the one shown while the address names none; ``over``: not the one that runs (``chosen``).
    """
    asked = chosen(options, kind, over=over)
    _kind(asked, options.today)
    found = periods.recent(asked.kind, options.first_day, options.today)
    told = {each.code: periods.words(each) for each in found}
    if asked.code not in told:  # a link may name a period older than the data
        told[asked.code] = periods.words(asked)
    with place:
        code = filters.select(PERIOD, "Kỳ", told, default=asked.code)
    return periods.of_code(code) or asked


def _kind(asked: Named, today: date) -> None:
    key = f"_{PERIOD}_loai"
    st.session_state[key] = asked.kind
    st.segmented_control(
        "Loại kỳ", list(KINDS), format_func=_title, key=key, required=True, label_visibility="collapsed",
        on_change=_keep_kind, args=(key, today),
    )  # fmt: skip


def _title(kind: Kind) -> str:
    return KINDS[kind]


def _keep_kind(key: str, today: date) -> None:
    """Go on to the running period of the kind that was chosen."""
    st.query_params[PERIOD] = periods.containing(st.session_state[key], today).code
