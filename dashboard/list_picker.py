"""The choices of the work list: search, week or period, unit, the rest behind a button; what only a link chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard import filters, periods, unread, wording
from dashboard import speaking as st
from dashboard.filters import (
    AGE,
    AGES,
    CHANNEL,
    EVERYBODY,
    FIELD,
    GROUP,
    HANDLER,
    LEVEL,
    LONGEST_NAME,
    MAP,
    MAPS,
    NONE,
    PERIOD,
    PROCEDURE,
    RECEIVING,
    STEP,
    UNTOLD,
    WEEK,
    WITH_SILENT,
    Choice,
    Options,
)  # fmt: skip
from dashboard.links import on_map_of, read
from dashboard.periods import Named


def of_list(options: Options) -> Choice:
    """Draw the choices of the work list: search, week, unit, and the rest behind a button."""
    filters.say_unseen(options)
    search, where, rest = st.columns([1.6, 1.1, 0.72])
    with search:
        words = filters.search_box()
    with where:
        department = filters.where_picker(options)
    with rest, filters.more(WEEK, PERIOD, FIELD, CHANNEL, AGE, *LINKED):
        named = _named_period()
        monday = options.mondays[0] if named else filters.week_picker(options, collapsed=False)
        field, channel = filters.field_and_channel(options)
        age = filters.pick(AGE, "Tuổi quá hạn (ngày làm việc)", tuple(AGES), "Mọi tuổi")
        procedure, level, receiving, step, handler, told, silent = (_as_linked(*each) for each in LINKED.items())
    group = st.query_params.get(GROUP, "")
    return Choice(
        options.today, monday, department, field, channel, group, age, words, named, procedure, level, receiving,
        step, handler, on_map_of(told), silent == WITH_SILENT,
    )  # fmt: skip


#: What only a link chooses on the work list: it can be taken away there, not changed.
LINKED: Final = {
    PROCEDURE: "Thủ tục", LEVEL: "Cấp", RECEIVING: "Nơi tiếp nhận", STEP: "Bước", HANDLER: "Người giữ",
    MAP: "Bản đồ đơn vị", EVERYBODY: "Nơi không có dữ liệu",
}  # fmt: skip


def _named_period() -> Named | None:
    """Show the period that a link named in place of the week; the reader may go back to weeks."""
    asked = st.query_params.get(PERIOD, "")
    named = periods.of_code(asked)
    if named is None:
        unread.one_of("Kỳ báo cáo", asked, (), default="")
        return None
    codes = {"": "Theo tuần", named.code: periods.words(named)}
    return periods.of_code(filters.select(PERIOD, "Kỳ báo cáo", codes, default="", collapsed=False))


_TOLD: Final[Mapping[str, Mapping[str, str]]] = {
    LEVEL: wording.LEVELS, MAP: MAPS, EVERYBODY: {WITH_SILENT: "Kể cả"},
}  # fmt: skip


def _as_linked(name: str, label: str) -> str | None:
    """Show what a link chose, if it did; the reader may take it away."""
    value = read(st.query_params.get(name, "")[:LONGEST_NAME])
    if not value:
        return None
    told = ({NONE: UNTOLD} | dict(_TOLD.get(name, {}))).get(value, value)
    if name in (MAP, EVERYBODY) and not unread.one_of(label, value, _TOLD[name], default=""):
        return None
    without = "Không kể" if name == EVERYBODY else "Tất cả"
    return filters.select(name, label, {"": without, value: told}, default="", collapsed=False) or None
