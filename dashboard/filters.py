"""What the reader chose: one frozen value that lives in the URL. The only place that knows what day it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from dashboard import wording
from metrics.scope import Filters, Period

#: The names in the URL.
WEEK, DEPARTMENT, FIELD, CHANNEL, GROUP, AGE, SEARCH = "tuan", "don_vi", "linh_vuc", "kenh", "nhom", "tuoi", "tim"
AGES: Final = {"1–3": (1, 3), "4–10": (4, 10), "11–30": (11, 30), "> 30": (31, None)}
MOST_WEEKS: Final = 80


def now() -> datetime:
    """Give this instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Give today's date where the centre is."""
    return now().astimezone(wording.LOCAL).date()


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: names as the data hold them, within the reader's scope; days that the data cover."""

    departments: tuple[str, ...]
    fields: tuple[str, ...]
    first_day: date
    today: date

    @property
    def mondays(self) -> list[date]:
        """Weeks to choose from, the running one first."""
        newest = self.today - timedelta(days=self.today.weekday())
        oldest = max(self.first_day, newest - timedelta(weeks=MOST_WEEKS))
        return [newest - timedelta(weeks=i) for i in range((newest - oldest).days // 7 + 2)]


@dataclass(frozen=True, slots=True)
class Choice:
    """One view: a week (Monday to Sunday), where, and which list. None and empty mean all."""

    today: date
    monday: date
    department: str | None = None
    field: str | None = None
    channel: str | None = None
    group: str = ""
    age: str | None = None
    search: str = ""

    @property
    def week(self) -> Period:
        return Period(self.monday, self.monday + timedelta(days=6))

    @property
    def as_of(self) -> date:
        """The day stocks are told for: today, or the last day of a week that is over."""
        return min(self.today, self.week.end)

    @property
    def running(self) -> bool:
        return self.week.end >= self.today

    @property
    def filters(self) -> Filters:
        chosen = {"department": self.department, "field": self.field, "channel": self.channel}
        return Filters(**{name: (value,) for name, value in chosen.items() if value is not None})

    def query(self, **more: str | None) -> dict[str, str]:
        """Give the URL of another view: what was chosen here, changed by ``more`` (None takes a choice away)."""
        mine = {
            WEEK: None if self.running else wording.week(self.monday),
            DEPARTMENT: self.department,
            FIELD: self.field,
            CHANNEL: wording.CHANNELS.get(self.channel) if self.channel else None,
        }
        return {name: value for name, value in (mine | more).items() if value is not None}


def week_picker(options: Options, *, collapsed: bool = True) -> date:
    """Let the reader choose a week; Streamlit's calendar speaks English, this does not."""
    visibility: Literal["collapsed", "visible"] = "collapsed" if collapsed else "visible"
    return st.selectbox(
        "Tuần", options.mondays, format_func=wording.week, key=WEEK, bind="query-params", label_visibility=visibility
    )


def where_picker(options: Options) -> str | None:
    """Let the reader choose one of the units in scope."""
    everything = "Toàn tỉnh" if len(options.departments) != 1 else options.departments[0]
    return _pick("Đơn vị", options.departments, everything, key=DEPARTMENT)


def _more(*names: str) -> PopoverContainer:
    """Give the place for further choices: behind one button that counts those in use."""
    used = sum(name in st.query_params for name in names)
    label = f"Bộ lọc · {used}" if used else "Bộ lọc"
    return st.popover(label, icon=":material/filter_list:", width="stretch", key="bo_loc")


def _field_and_channel(options: Options) -> tuple[str | None, str | None]:
    field = _pick("Lĩnh vực", options.fields, "Mọi lĩnh vực", key=FIELD, collapsed=False)
    channel = _pick("Kênh", tuple(wording.CHANNELS.values()), "Mọi kênh", key=CHANNEL, collapsed=False)
    return field, next((code for code, name in wording.CHANNELS.items() if name == channel), None)


def of_overview(options: Options) -> Choice:
    """Draw the choices of the overview: week, unit, and the rest behind a button."""
    week, where, rest = st.columns([1.25, 1, 0.62])
    with week:
        monday = week_picker(options)
    with where:
        department = where_picker(options)
    with rest, _more(FIELD, CHANNEL):
        field, channel = _field_and_channel(options)
    return Choice(options.today, monday, department, field, channel)


def of_list(options: Options) -> Choice:
    """Draw the choices of the work list: search, week, unit, and the rest behind a button."""
    search, where, rest = st.columns([1.6, 1.1, 0.72])
    with search:
        words = search_box()
    with where:
        department = where_picker(options)
    with rest, _more(WEEK, FIELD, CHANNEL, AGE):
        monday = week_picker(options, collapsed=False)
        field, channel = _field_and_channel(options)
        age = _pick("Tuổi quá hạn (ngày làm việc)", tuple(AGES), "Mọi tuổi", key=AGE, collapsed=False)
    group = st.query_params.get(GROUP, "")
    return Choice(options.today, monday, department, field, channel, group, age, words)


def of_week(options: Options) -> Choice:
    """Draw the choice of a week alone."""
    _, week = st.columns([1, 1.2])
    with week:
        return Choice(options.today, week_picker(options))


def of_nothing(options: Options) -> Choice:
    """Choose nothing: the page is about one thing that its address names."""
    return Choice(options.today, options.mondays[0])


def tabs(groups: Sequence[str], labels: dict[str, str]) -> str:
    """Let the reader choose a list by its name and count.

    The counts move with the data, so the label cannot be the value in the URL, as ``bind`` would have it: the URL
    holds the group's code and stays the only truth.
    """
    wanted = st.query_params.get(GROUP, groups[0])
    st.session_state["_nhom"] = wanted if wanted in groups else groups[0]
    st.segmented_control(
        "Nhóm hồ sơ", groups, format_func=lambda g: labels[g], key="_nhom", required=True,
        label_visibility="collapsed", on_change=_keep_group,
    )  # fmt: skip
    return str(st.session_state["_nhom"])


def _keep_group() -> None:
    st.query_params[GROUP] = st.session_state["_nhom"]


def search_box() -> str:
    """Let the reader search without accents."""
    return st.text_input(
        "Tìm", key=SEARCH, bind="query-params", icon=":material/search:",
        placeholder="Mã hồ sơ, thủ tục (không cần dấu)",
        label_visibility="collapsed", max_chars=100,
    ) or ""  # fmt: skip


def _pick(label: str, names: Sequence[str], everything: str, *, key: str, collapsed: bool = True) -> str | None:
    chosen = st.selectbox(
        label, [everything, *(n for n in names if n != everything)], key=key, bind="query-params",
        label_visibility="collapsed" if collapsed else "visible",
    )  # fmt: skip
    return None if chosen == everything else chosen
