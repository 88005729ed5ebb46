"""How the page "Dự báo" is drawn: what will be late, which dossiers, was such a forecast any good, season and pace."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from config import insight
from dashboard import asked_risk, data, filters, insights, risk_charts, tables, taking
from dashboard import speaking as st
from dashboard.answers import risk as words
from dashboard.answers import season, sources
from dashboard.components import card, chart, lines, phone, state, theme
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from dashboard.segments import segments
from dashboard.wording import day

#: In the address: by what the season is told.
BY: Final = "theo"
_WIDTHS: Final = {
    "Đơn vị": 190, "Thủ tục": 220, "Mã hồ sơ": 170, "Khả năng trễ": 110, "Vì sao": 290, "Còn lại": 75, "Hẹn trả": 100,
}  # fmt: skip
_LEFT: Final = frozenset(("Đơn vị", "Thủ tục", "Mã hồ sơ", "Khả năng trễ", "Vì sao", "Khi nào"))
_HEIGHT: Final = 300
#: Pixels of a line whose reason and procedure run over three.
_HIGH: Final = 78
_NAMED: Final = st.column_config.TextColumn(width=380)
MOST: Final = 500


def pick(options: Options) -> Choice:
    """Draw the choice of the page: where."""
    filters.say_unseen(options)
    department = filters.where_picker(options)
    return Choice(options.today, options.mondays[0], department)


def page(ask: Ask) -> None:
    """Draw the page: the forecast of the night with its proof, then season and pace as they stand."""
    if insights.head("risk"):
        tried = asked_risk.tried()
        if tried is None:
            state("empty", *words.NOTHING_MADE)
        else:
            _expected(ask, tried)
            _likely(ask, tried)
            _tried(asked_risk.readable(ask, tried))
    _season(ask)
    _pace(ask)


def _expected(ask: Ask, tried: pl.DataFrame) -> None:
    settings = insight.load().risk
    with card("Sắp tới có bao nhiêu hồ sơ trễ"):
        rows = asked_risk.expected(ask)
        if tried["hidden"].all():
            state("empty", *words.HIDDEN)
            return
        if rows is None or rows.is_empty():
            state("empty", *words.NONE_DUE)
            return
        lines([text for text in words.first_words(words.together(rows, settings.within), settings.within) if text])
        evening = words.FROM.format(day(tried.select(pl.col("evening").max()).item()))
        far = words.too_far(data.standings(ask), settings)
        st.caption(" ".join(text for text in (evening, words.NOT_IN, far, words.NO_COLOUR) if text))
        shown = words.by_department(rows, settings.ahead, settings.within)
        if phone():  # the second column stands beside the name, without its heading
            shown = shown.with_columns(pl.format(f"{shown.columns[1]}: {{}}", shown.columns[1]).alias(shown.columns[1]))
        tables.shown(shown, "Dự kiến trễ theo đơn vị", _columns(shown) | {"Đơn vị": _NAMED})
        st.caption("Số ở giữa là dự kiến, trong ngoặc là khoảng; khoảng đã nới theo các lần thử lại.")
        _take(ask, words.expected_values(rows, settings.within), "Dự kiến trễ theo đơn vị", "du-kien-tre")


def _likely(ask: Ask, tried: pl.DataFrame) -> None:
    settings = insight.load().risk
    with card("Hồ sơ có khả năng trễ"):
        if tried["hidden"].all():
            state("empty", *words.HIDDEN)
            return
        every = asked_risk.dossiers(ask)
        rows = every.filter(pl.col("chance") >= settings.likely) if every.height else every
        if rows.is_empty():
            state("empty", *words.NONE_LIKELY)
            return
        st.markdown(words.counted(rows.height, every.height, settings.likely))
        if rows.height > MOST:
            st.caption(f"Bảng có {MOST} hồ sơ đầu; tệp tải về có đủ.")
        told = words.lines(rows.head(MOST), settings)
        tables.lined(told, "Hồ sơ có khả năng trễ", _columns(told.lines), key="kha_nang_tre", row=_HIGH)
        _take(ask, words.values(rows, settings), "Hồ sơ có khả năng trễ", "kha-nang-tre")


def _tried(tried: pl.DataFrame) -> None:
    titles = sources.titles(data.sources())
    with card("Dự báo đúng đến đâu"):
        if tried.is_empty():
            state("empty", *words.NONE_TRIED)
        for row in tried.sort("source").to_dicts():
            lines(words.tried(row, titles.get(row["source"], row["source"])))
        named = tried.filter(pl.col("n") > 0)["source"].sort().to_list()
        if not named:
            return
        st.caption(words.SCORED)
        source = named[0]
        if len(named) > 1:
            source = str(filters.select("nguon", "Nguồn", {n: titles.get(n, n) for n in named}, default=named[0]))
        rows = asked_risk.tenths(source).sort("predicted")
        predicted, observed, n = (rows[c].to_list() for c in ("predicted", "observed", "n"))
        spec = risk_charts.calibration(predicted, observed, n, theme=theme())
        chart(spec, "hieu_chuan", "Dự báo và thực tế theo mười nhóm; bảng ở dưới", height=_HEIGHT)
        st.caption("Mỗi chấm là một phần mười số dự báo, to theo số hồ sơ. Trên đường chéo: xảy ra đúng như dự báo.")
        with st.expander("Xem bảng"):
            shown = words.tenths(rows)
            tables.shown(shown, "Dự báo và thực tế theo mười nhóm", _columns(shown))


def _season(ask: Ask) -> None:
    settings = insight.load().capacity
    with card("Hồ sơ đến theo mùa"):
        by = segments(BY, "Xem", season.BYS)
        if by == "tet":
            rows, texts = asked_risk.around_tet(ask, settings), "Tết"
        elif by == "cuoi-nam":
            rows, texts = asked_risk.around_new_year(ask, settings), "năm mới"
        else:
            rows, texts = asked_risk.by_month(ask), ""
        if rows.is_empty():
            state("empty", *season.NO_SEASON)
            return
        lines(season.around(rows, texts, settings) if by else season.of_months(rows, settings))
        names = [season.place(n, by) if by else str(n) for n in rows["place"]]
        shown = season.table(rows, by)
        hover = [f"{row[0]}: {row[1]} lần ngày thường, {row[3]} năm" for row in shown.rows()]
        index, low, high = (rows[c].to_list() for c in ("index", "low", "high"))
        chart(risk_charts.season(names, index, low, high, hover, theme=theme()), "mua",
              "Hồ sơ đến mỗi ngày làm việc so với ngày thường; bảng ở dưới", height=_HEIGHT)  # fmt: skip
        st.caption(season.HOW)
        with st.expander("Xem bảng"):
            tables.shown(shown, "Hồ sơ đến theo mùa", _columns(shown))
            _take(ask, season.values(rows, by), "Hồ sơ đến theo mùa", "mua")


def _pace(ask: Ask) -> None:
    settings = insight.load().capacity
    with card("Tồn này hết khi nào"):
        told = asked_risk.pace(ask, settings)
        if told.found is None:
            state("empty", *season.NO_PACE)
        else:
            lines(season.cleared(told.found, settings))
        if told.quiet:
            st.caption(season.unheard(told.quiet, told.held, sources.titles(data.sources())))
        if told.found is None:
            return
        st.caption("Nhịp: trung bình các tuần trọn gần đây; khoảng theo dao động giữa các tuần (90 %).")


def _columns(rows: pl.DataFrame) -> dict[str, Any]:
    return tables.texts(rows, _WIDTHS, _LEFT, 110)


def _take(ask: Ask, rows: pl.DataFrame, title: str, name: str) -> None:
    taking.of_choice(ask, rows, title, words.NO_COLOUR, name=name)
