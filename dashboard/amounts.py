"""How the page on service quality is drawn further: fees and payment, digitisation, and the national portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from config import catalogue
from dashboard import analysed, compared, data, frame, served, serving, tables, taking
from dashboard import speaking as st
from dashboard.answers import digital, fees, publication
from dashboard.answers.quality import DIGITAL, PAYING
from dashboard.components import card, links, state
from dashboard.data import Ask
from dashboard.wording import bracketed, day, number

_COUNT: Final = st.column_config.TextColumn(width=120, alignment="right")
_MONEY: Final = st.column_config.TextColumn(width=180, alignment="right")
_WIDE: Final = st.column_config.TextColumn(width=380)
_RATE: Final = st.column_config.TextColumn(width=150, alignment="right")
_FEES: Final[Mapping[str, Any]] = (
    {"Thủ tục": _WIDE, "Phí, lệ phí": _MONEY}
    | {name: _COUNT for name in ("Có phí", "Trực tuyến", "Không rõ")}
    | {"Tỷ lệ": _RATE}
)
_LEVELS: Final[Mapping[str, Any]] = {name: _COUNT for name in ("Đã có bản điện tử", "Trên tổng số", "Mục tiêu")} | {
    "Tỷ lệ": _RATE
}
_UNITS: Final[Mapping[str, Any]] = (
    {"Đơn vị": _WIDE}
    | {name: _COUNT for name in ("Tiếp nhận", "Có ở Cổng", "Không có", "Chưa ghép được")}
    | {"Tỷ lệ": _RATE}
)


def paying(ask: Ask) -> None:
    """Show the fees of the period, how they were paid, and the procedures that charge."""
    choice = ask.choice
    whole = served.told(ask, choice.period).row(0, named=True)
    told = fees.fees(
        choice, whole, served.told(ask, choice.period, ["procedure"]), analysed.names(ask), catalogue.load()
    )
    st.header("Phí, lệ phí và thanh toán", anchor=False)
    left, right = st.columns(2)
    with left:
        serving.shares(ask, PAYING)
    with right, st.container(border=True, height="stretch", gap="xsmall"):
        st.metric("Phí, lệ phí", told.value, help=told.meaning)
        for line in told.lines:
            st.markdown(line)
        links(told.links)
    if told.table:
        with card("Thủ tục có thu"):
            tables.lined(told.table, "Phí, lệ phí và thanh toán theo thủ tục", _FEES, key="phi_thu_tuc")
            st.caption(bracketed())
            taking.figures(ask, told.table.values, "phi-thu-tuc", choice.period)


def digitising(ask: Ask) -> None:
    """Show papers and results in electronic form: the shares, and by level against the targets in force."""
    choice, book = ask.choice, catalogue.load()
    st.header("Số hóa", anchor=False)
    serving.shares(ask, DIGITAL)
    with card("Số hóa theo cấp, so với mục tiêu"):
        told = digital.by_level(choice, served.told(ask, choice.period, ["level"]), book)
        if told is None:
            state("empty", "Chưa có số liệu số hóa trong kỳ", "Nguồn chưa gửi số giấy tờ, kết quả điện tử.")
            return
        tables.lined(told, "Số hóa theo cấp, so với mục tiêu", _LEVELS, key="so_hoa_cap")
        for note in (bracketed(), *digital.notes(choice, book)):
            st.caption(note)
        taking.figures(ask, told.values, "so-hoa-cap", choice.period)


def publishing(ask: Ask) -> None:
    """Show which dossiers of the period the national portal has, by unit, and those it has not."""
    both, book = publication.pair(data.sources()), catalogue.load()
    why = [both] if isinstance(both, str) else publication.unheard(both, data.gone(ask, ask.choice.period))
    if isinstance(both, str) or why:
        told = publication.nothing(why, book)
    else:
        told = publication.told(ask.choice, compared.rows(ask, both), both, book)
    st.header("Đồng bộ lên Cổng quốc gia", anchor=False)
    with st.container(border=True, gap="xsmall"):
        st.metric(told.title, told.value, help=told.meaning)
        for line in told.lines:
            st.markdown(line)
        if told.units is not None:
            _units(ask, told, told.units)


def _units(ask: Ask, told: publication.Published, units: pl.DataFrame) -> None:
    tables.shown(units, "Đồng bộ lên Cổng quốc gia theo đơn vị", _UNITS)
    st.caption(bracketed())
    means, who, days = told.missing_means, frame.person(), ask.choice.period
    about = f"{means} {day(days.start)}–{day(days.end)}."
    if told.unit_values is not None:
        taking.table(
            told.unit_values, "Đồng bộ lên Cổng quốc gia theo đơn vị", about, who, name="dong-bo-don-vi",
            scope=ask.scope, version=ask.version,
        )  # fmt: skip
    if told.missing is not None and told.missing.height:
        with st.expander(f"Xem {number(told.missing.height)} hồ sơ chưa thấy trên Cổng"):
            shown = told.missing.with_columns(pl.col("Ngày tiếp nhận").dt.strftime("%d/%m/%Y"))
            tables.shown(shown, "Hồ sơ chưa thấy trên Cổng quốc gia", {"Đơn vị": _WIDE})
            taking.table(
                told.missing, "Hồ sơ chưa thấy trên Cổng quốc gia", about, who, name="chua-len-cong",
                scope=ask.scope, version=ask.version,
            )  # fmt: skip
