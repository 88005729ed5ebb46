"""How the page "Rà soát số liệu" is drawn: every mark with how many, then one of them by unit and by dossier."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from config import catalogue, insight
from dashboard import analysed, data, filters, frame, insights, scope, tables, taking
from dashboard import speaking as st
from dashboard.answers import review as words
from dashboard.answers import sources
from dashboard.components import card, lines, state
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from metrics.integrity import OF_DOSSIER, OF_GROUP, Flag
from metrics.scope import Scope
from reports.marks import WORDS
from store.people import Person

MARKS, CELLS, LOOKED, QUIET = "integrity_marks", "integrity_cells", "integrity_looked", "integrity_quiet"
_NAMES: Final = frozenset(("Dấu hiệu", "Đơn vị", "Lĩnh vực", "Thủ tục", "Mã hồ sơ", "Bằng chứng", "Thời gian"))
#: Names of units run to their whole length: cut, branches of one office would be the same. Fields are cut with a sign.
_CUT: Final = {"Lĩnh vực": 170}
_WIDTHS: Final = _CUT | {"Dấu hiệu": 270, "Thời gian": 190}
#: A dossier's line holds three lines of text, so that the evidence is read whole without moving the table.
_OF_DOSSIERS: Final = {"Mã hồ sơ": 165, "Đơn vị": 200, "Thủ tục": 250, "Ngày": 96, "Bằng chứng": 350}
_HIGH: Final = 76


def pick(options: Options) -> Choice:
    """Draw the choice of the page: where."""
    if not scope.may_see_marks(frame.person()):
        return filters.of_nothing(options)
    filters.say_unseen(options)
    return Choice(options.today, options.mondays[0], filters.where_picker(options))


def page(ask: Ask) -> None:
    """Draw the page; who may not see it is told so, and what was never made too."""
    if not scope.may_see_marks(frame.person()):
        state("no_access", *words.NOT_YOURS)
        return
    if not insights.head("integrity"):
        return
    found = {name: _table(ask, name) for name in (MARKS, CELLS, LOOKED)}
    if any(table is None for table in found.values()):
        state("empty", *words.NO_MARKS)
        return
    marks, cells, looked = (table for table in found.values() if table is not None)
    small = catalogue.load().small
    with card("Dấu hiệu cần rà soát, làm rõ"):
        lines([words.HONEST])
        told = words.summary(marks, cells, looked, small)
        if told.height:
            tables.shown(told, "Dấu hiệu cần rà soát", _columns(told))
            if legend := tables.counts_alone(told, small):
                st.caption(legend)
        for text in words.none(marks, cells, looked):
            st.caption(text)
        codes = words.choices(words.counted(marks, cells))
        chosen = filters.select(words.FLAG, "Dấu hiệu", codes, default=next(iter(codes)), collapsed=False)
    _one(ask, words.CODES[chosen], marks, cells, looked)


def _table(ask: Ask, name: str) -> pl.DataFrame | None:
    rows = insights.table(name, ask.scope)
    if rows is None or ask.choice.department is None:
        return rows
    return rows.filter(ask.choice.filters.expr())


def _one(ask: Ask, flag: Flag, marks: pl.DataFrame, cells: pl.DataFrame, looked: pl.DataFrame) -> None:
    """Show one mark: what it is, when it means nothing, the groups or units, and the dossiers."""
    told, mine = WORDS[flag], marks.filter(pl.col("flag") == flag.value)
    with card(told.title):
        lines([f"**Là gì**: {told.what}", f"**Có thể không sai**: {told.innocent}"])
        quiet = insights.table(QUIET, Scope.province())  # sources tell of no dossier
        for text in words.quiet(quiet, flag, sources.titles(data.sources())) if quiet is not None else ():
            st.caption(text)
        if flag in OF_GROUP:
            st.markdown(words.tested(flag, cells, insight.load().integrity.false_finds))
            _groups(ask, flag, cells)
        else:
            if mine.height:
                lines(words.by_chance(flag, marks, looked))
                units = words.by_unit(flag, marks, looked, catalogue.load().small)
                tables.lined(units, "Theo đơn vị", _columns(units.lines), key="don_vi_ra_soat")
                if legend := tables.counts_alone(units.lines, catalogue.load().small):
                    st.caption(legend)
                st.caption(f"Đã xét: {told.looked}. Xếp theo tên đơn vị, không xếp hạng.")
                if rest := words.clear(units):
                    st.caption(rest)
                _take(ask, units.values, f"{told.title}, theo đơn vị", flag, "don-vi")
    with card("Hồ sơ"):
        _dossiers(ask, flag, mine)


def _groups(ask: Ask, flag: Flag, cells: pl.DataFrame) -> None:
    rows = words.groups(flag, cells)
    if rows.height:
        tables.shown(tables.cut(rows, _CUT), "Nhóm vượt mức ngẫu nhiên", _columns(rows))
        _take(ask, rows, f"{WORDS[flag].title}, theo nhóm", flag, "nhom")


def _dossiers(ask: Ask, flag: Flag, mine: pl.DataFrame) -> None:
    if mine.is_empty():
        state("empty", *words.NO_MARKS)
        return
    if flag in OF_GROUP:
        st.caption("Dấu hiệu là của cả nhóm: không nói được hồ sơ nào trong nhóm là phần vượt mức.")
    listed = words.listed(mine, analysed.names(ask))
    columns = tables.texts(listed.lines, _OF_DOSSIERS, _NAMES)
    tables.lined(listed, "Hồ sơ cần rà soát", columns, key="ho_so_ra_soat", row=_HIGH)
    if mine.height > words.MOST:
        st.caption(f"Hiện {words.MOST} hồ sơ mới nhất; tệp tải về có đủ.")
    _take(ask, listed.values, f"{WORDS[flag].title}, hồ sơ", flag, "ho-so")


def _take(ask: Ask, rows: pl.DataFrame, title: str, flag: Flag, name: str) -> None:
    told = WORDS[flag]
    means = f"{words.HONEST} {told.what} Có thể không sai: {told.innocent}"
    file = f"ra-soat-{told.code}-{name}"
    taking.table(rows, title, means, frame.person(), name=file, scope=ask.scope, version=ask.version)


def _columns(rows: pl.DataFrame) -> dict[str, Any]:
    return tables.texts(rows, _WIDTHS | tables.as_long(rows, ("Đơn vị",)), _NAMES)


def of_dossier(row: dict[str, Any], who: Person) -> None:
    """Show on a dossier's own page what is to be checked about it, to those who see the marks of its unit."""
    marks = insights.table(MARKS, scope.scope_of(who)) if scope.may_see_marks(who) else None
    if marks is None:
        return
    mine = marks.filter(pl.col("source") == row["source"], pl.col("code") == row["code"])
    told = words.of_dossier(mine.filter(pl.col("flag").is_in([flag.value for flag in OF_DOSSIER])))
    if told:
        with card("Cần rà soát, làm rõ"):
            for text in told:
                st.markdown(f":material/flag: {text}")
            st.caption(words.HONEST)
