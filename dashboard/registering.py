"""How the page of the register is drawn: tiles, what is in the centre, tables, lists, what nobody came for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from config import catalogue
from dashboard import data, filters, registry, tables, taking
from dashboard import speaking as st
from dashboard.answers import registered as words
from dashboard.answers import sources
from dashboard.answers.registered import Table, Tile
from dashboard.components import card, link, state
from dashboard.segments import segments
from dashboard.shapes import UNITS, Link
from dashboard.wording import day as written
from dashboard.wording import number
from metrics import procedures_register as register
from metrics.scope import Scope
from store.people import Person

LEVEL: Final = "cap"
_COUNT: Final = st.column_config.TextColumn(width=104, alignment="right")
_WIDE: Final = st.column_config.TextColumn(width=330)
_COLUMNS: Final[Mapping[str, Any]] = {"Phần": _WIDE, "Tên thủ tục": _WIDE} | {
    name: st.column_config.TextColumn(width=width)
    for name, width in {
        "Cấp": 220, "Cơ quan giải quyết": 300, "Nguồn": 260, "Mã thủ tục": 96, "Lĩnh vực": 180, "Cấp thực hiện": 140,
        "Thời hạn": 150, "Thuộc": 110,
    }.items()
}  # fmt: skip
_TEXTS: Final = ("Trực tuyến", "Tại trung tâm", "Bưu chính")


def page(scope: Scope, person: Person) -> None:
    """Draw everything that the register says today."""
    manifest, known = data.manifest(), data.sources()
    day, version = data.today(manifest, known), manifest.data_version if manifest else ""
    rows = registry.rows(day, known)
    if rows.is_empty():
        _nothing()
        return
    procedures = register.each(rows)
    st.caption(f"Danh mục đang có hiệu lực ngày {written(day)}: {number(procedures.height)} thủ tục.")
    by_level = register.counted(procedures, ["levels"]).to_dicts()
    whole = register.counted(procedures).row(0, named=True)
    came = registry.received(version, scope, day)
    top, level = _figures(whole, by_level)
    left, right = st.columns([1.3, 1])
    with left, card(f"Tại trung tâm, {words.LEVELS.get(level, '').lower()}"):
        _ladder(top, scope, person)
    with right:
        _unknown(registry.unknown(came))
    with card("Theo cấp thực hiện"):
        _levels(by_level, whole, procedures, scope, person)
    _places(rows, known, scope, person)
    _departments(procedures, scope, person)
    _list(procedures, scope, person)
    _idle(registry.idle(rows, came, scope), came, day, scope, person)


def _nothing() -> None:
    state(
        "empty", "Chưa có danh mục thủ tục",
        "Nạp danh mục của bộ hoặc của tỉnh (Excel, CSV), xem trước rồi ghi: "
        "dunghan procedures load TEP, rồi dunghan procedures load TEP --write.",
    )  # fmt: skip


def _figures(whole: Mapping[str, Any], by_level: list[dict[str, Any]]) -> tuple[Mapping[str, Any], str]:
    """Show the tiles; give the counts of the level that was chosen, and the level."""
    there = words.levels_there(by_level)
    level = segments(LEVEL, "Cấp thực hiện", there) if len(there) > 1 else next(iter(there), "")
    top: Mapping[str, Any] = next((row for row in by_level if row["levels"] == level), whole)
    told = words.tiles(whole, top, level, by_level, catalogue.load())
    for place, tile in zip(st.columns(len(told)), told, strict=True):
        with place:
            _tile(tile)
    return top, level


def _tile(tile: Tile) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(tile.title, tile.value, help=tile.meaning)
        st.markdown(tile.parts)
        if tile.note:
            st.caption(tile.note)


def _ladder(top: Mapping[str, Any], scope: Scope, person: Person) -> None:
    if not top["procedures_centre"]:
        state(
            "empty",
            "Chưa ghi thủ tục nào tại trung tâm",
            "Ghi cột centre của tệp procedures.csv, hoặc nạp danh mục có cột đó.",
        )
        return
    st.markdown(words.rest(top))
    _table(words.ladder(top), "Thủ tục tại trung tâm theo phần", "tai-trung-tam", scope, person)


def _levels(
    by_level: list[dict[str, Any]], whole: Mapping[str, Any], procedures: pl.DataFrame, scope: Scope, person: Person
) -> None:
    _table(words.levels(by_level, whole), "Thủ tục theo cấp thực hiện", "thu-tuc-theo-cap", scope, person)
    several = register.several_levels(procedures)
    if several:
        st.caption(f"{number(several)} thủ tục thực hiện ở nhiều cấp được đếm ở từng cấp.")


def _places(rows: pl.DataFrame, known: pl.DataFrame, scope: Scope, person: Person) -> None:
    """Show the lists that sources have of their own; nothing where one source's is the whole register."""
    own = rows.filter(pl.col("source") != "")
    several = own["source"].n_unique()
    if not several or (several == 1 and own.height == rows.height):
        return
    with card("Danh mục riêng của từng nguồn"):
        st.markdown(words.of_places(register.counted(own).row(0, named=True), several))
        told = words.places(register.counted(own, ["source"]).to_dicts(), sources.titles(known))
        _table(told, "Danh mục riêng của từng nguồn", "danh-muc-rieng", scope, person)


def _departments(procedures: pl.DataFrame, scope: Scope, person: Person) -> None:
    with card("Cắt giảm thời hạn theo cơ quan giải quyết"):
        counts = {row["department"]: row for row in register.counted(procedures, ["department"]).to_dicts()}
        found, cut = register.reductions(procedures), register.reduction(procedures)
        mean = (
            "Chưa thủ tục nào có thời hạn"
            if cut.share is None
            else f"Cắt giảm bình quân **{number(100 * cut.share, 1)}\u00a0%**"
        )
        st.markdown(f"{mean} · {number(cut.shortened)} / {number(cut.limited)} thủ tục có cam kết ngắn hơn quy định")
        _table(words.reduced(found, counts), "Cắt giảm theo cơ quan giải quyết", "cat-giam", scope, person)
        odd = f" {number(cut.odd)} thủ tục có hai thời hạn khác đơn vị đếm, không tính." if cut.odd else ""
        st.caption(
            "Bình quân theo thủ tục của 1 − cam kết / quy định, mỗi thủ tục một phần như nhau; thời hạn trong ngày "
            f"không tính.{odd}"
        )


def _list(procedures: pl.DataFrame, scope: Scope, person: Person) -> None:
    with card("Danh sách thủ tục"):
        search = filters.search_box("Mã, tên, lĩnh vực, cơ quan (không cần dấu)")
        found = words.listed(words.found(procedures, search))
        st.caption(f"{number(found.height)} thủ tục")
        if found.is_empty():
            state("empty", "Không có thủ tục nào khớp", "Bỏ bớt chữ trong ô tìm.")
            return
        _shown(found, "Danh sách thủ tục", "danh-muc-thu-tuc", scope, person)


def _idle(rows: pl.DataFrame, came: pl.DataFrame, day: date, scope: Scope, person: Person) -> None:
    """Show what nobody came for; to a reader of some units those of these units, by their own dossiers."""
    with card("Không có hồ sơ trong 12 tháng"):
        if came.is_empty():
            state("empty", "Chưa có hồ sơ để so", "Danh sách hiện ra ở đây khi có hồ sơ tiếp nhận.")
            return
        whose = "" if scope.departments is None else " của đơn vị được xem, theo hồ sơ của chính các đơn vị đó"
        since = written(registry.year(day))
        st.markdown(f"**{number(rows.height)}** thủ tục{whose} không có hồ sơ tiếp nhận từ {since} đến {written(day)}.")
        if not rows.is_empty():
            _shown(words.listed(rows), "Thủ tục không có hồ sơ", "thu-tuc-khong-ho-so", scope, person)


def _unknown(found: pl.DataFrame) -> None:
    with card("Có hồ sơ, chưa có trong danh mục"):
        if found.is_empty():
            st.markdown("Mọi thủ tục có hồ sơ trong 12 tháng đều có trong danh mục.")
            return
        n, dossiers = found["procedure"].n_unique(), int(found["received"].sum())
        st.markdown(
            f"**{number(n)}** thủ tục chưa có trong danh mục · {number(dossiers)} hồ sơ tiếp nhận trong 12 tháng"
        )
        link(Link("Đơn vị và thủ tục", {}, UNITS))


def _table(told: Table, title: str, name: str, scope: Scope, person: Person) -> None:
    columns = {column: _COLUMNS.get(column, _COUNT) for column in told.shown.columns}
    tables.shown(told.shown, title, columns)
    taking.table(told.values, title, words.MEANS, person, name=name, scope=scope)


def _shown(rows: pl.DataFrame, title: str, name: str, scope: Scope, person: Person) -> None:
    narrow = st.column_config.TextColumn(width=120)
    columns = {column: _COLUMNS.get(column, narrow if column in _TEXTS else _COUNT) for column in rows.columns}
    tables.shown(rows, title, columns)
    taking.table(rows, title, words.MEANS, person, name=name, scope=scope)
