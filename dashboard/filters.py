"""What the reader chose: one frozen value that lives in the URL. The only place that knows what day it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from dashboard import speaking as st
from dashboard import unread, wording
from dashboard.links import NONE as NONE
from dashboard.links import UNTOLD as UNTOLD
from dashboard.links import read, written
from dashboard.links import week_code as week_code
from dashboard.periods import Named
from metrics.evaluate import Map
from metrics.scope import Filters, Period

#: The names in the URL.
WEEK, DEPARTMENT, FIELD, CHANNEL, GROUP, AGE, SEARCH = "tuan", "don_vi", "linh_vuc", "kenh", "nhom", "tuoi", "tim"
PERIOD, PROCEDURE, LEVEL, RECEIVING = "ky", "thu_tuc", "cap", "noi_nhan"
STEP, HANDLER, MAP, EVERYBODY = "buoc", "nguoi_giu", "ban_do", "im_lang"
UNSEEN: Final = "Đơn vị trong địa chỉ không có, hoặc ngoài phạm vi được xem; bên dưới là những gì được xem."
#: In the address → on which map of units, in words.
MAPS: Final = {"": "Theo bản đồ hôm nay", "khi-do": "Như khi đó"}
#: In the address: lists of what fell due also hold those of whom nothing is heard, who are in no rate.
WITH_SILENT: Final = "ca"
AGES: Final = {"1–3": (1, 3), "4–10": (4, 10), "11–30": (11, 30), "> 30": (31, None)}
MOST_WEEKS: Final = 80
LONGEST_SEARCH: Final = 100
LONGEST_NAME: Final = 1000


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
    """One view: a week (Monday to Sunday) or a ``named`` period, where, and which list. None and empty: all."""

    today: date
    monday: date
    department: str | None = None
    field: str | None = None
    channel: str | None = None
    group: str = ""
    age: str | None = None
    search: str = ""
    named: Named | None = None
    procedure: str | None = None
    level: str | None = None
    receiving_unit: str | None = None
    step: str | None = None
    handler: str | None = None
    on_map: Map = "today"
    everybody: bool = False  # also who is silent, where a list is behind a rate

    @property
    def week(self) -> Period:
        return Period(self.monday, self.monday + timedelta(days=6))

    @property
    def period(self) -> Period:
        """The days that figures are told for: the named period, else the week."""
        return self.named.period if self.named else self.week

    @property
    def as_of(self) -> date:
        """The day stocks are told for: today, or the last day of a period that is over."""
        return min(self.today, self.period.end)

    @property
    def running(self) -> bool:
        return self.period.end >= self.today

    @property
    def filters(self) -> Filters:
        chosen = {
            "department": self.department, "field": self.field, "channel": self.channel, "procedure": self.procedure,
            "level": self.level, "receiving_unit": self.receiving_unit,
        }  # fmt: skip
        told = {name: ("" if value == NONE else value,) for name, value in chosen.items() if value is not None}
        return Filters(**told)

    def query(self, **more: str | None) -> dict[str, str]:
        """Give the URL of another view: what was chosen here, changed by ``more`` (None takes a choice away)."""
        mine = {
            WEEK: None if self.named or self.running else week_code(self.monday),
            PERIOD: self.named.code if self.named else None,
            DEPARTMENT: self.department,
            FIELD: self.field,
            CHANNEL: self.channel,
            PROCEDURE: self.procedure,
            LEVEL: self.level,
            RECEIVING: self.receiving_unit,
            MAP: "khi-do" if self.on_map == "then" else None,
        }
        return {name: written(value) for name, value in (mine | more).items() if value is not None}


# The address is the only truth: each widget shows what stands there and writes back what was chosen. Streamlit's own
# ``bind="query-params"`` lets the session's last choice win over the link that was just followed, so that the list
# behind a number of one unit would open for the whole province; and it takes labels, which move with the data.


def select(
    name: str, label: str, codes: Mapping[str, str], *, default: str, collapsed: bool = True, said: bool = True
) -> str:  # fmt: skip
    """Let the reader choose one of ``codes`` (code → words) and keep it in the address as ``name``; gives the code.

    ``said``: that the address asks for none of them is said here, not by the page."""
    key = f"_{name}"
    wanted = read(st.query_params.get(name, default))
    st.session_state[key] = unread.one_of(label, wanted if said or wanted in codes else "", codes, default=default)
    st.selectbox(
        label, list(codes), format_func=lambda code: codes[code], key=key, on_change=_keep, args=(name, key, default),
        label_visibility="collapsed" if collapsed else "visible",
    )  # fmt: skip
    return str(st.session_state[key])


def _keep(name: str, key: str, default: str) -> None:
    chosen = str(st.session_state[key] or "").strip()
    if chosen and chosen != default:
        st.query_params[name] = written(chosen)
    elif name in st.query_params:
        del st.query_params[name]


def week_picker(options: Options, *, collapsed: bool = True) -> date:
    """Let the reader choose a week; Streamlit's calendar speaks English, this does not."""
    weeks = {week_code(monday): monday for monday in options.mondays}
    words = {code: wording.week(monday) for code, monday in weeks.items()}
    return weeks[select(WEEK, "Tuần", words, default=next(iter(weeks)), collapsed=collapsed)]


def where_picker(options: Options) -> str | None:
    """Let the reader choose one of the units in scope."""
    mine = options.departments
    only = mine[0] if len(mine) == 1 else None
    return pick(DEPARTMENT, "Đơn vị", () if only else mine, only or "Toàn tỉnh", collapsed=True, said=False)


def say_unseen(options: Options) -> None:
    """Say that the unit in the address is none of those in scope; the same of one that does not exist."""
    asked = read(st.query_params.get(DEPARTMENT, ""))
    if asked not in ("", NONE, *options.departments):
        unread.say(UNSEEN)


def more(*names: str) -> PopoverContainer:
    """Give the place for further choices: behind one button that counts those in use."""
    used = sum(name in st.query_params for name in names)
    label = f"Bộ lọc · {used}" if used else "Bộ lọc"
    return st.popover(label, icon=":material/filter_list:", width="stretch", key="bo_loc")


def field_and_channel(options: Options) -> tuple[str | None, str | None]:
    """Let the reader choose a field and a channel."""
    field = pick(FIELD, "Lĩnh vực", options.fields, "Mọi lĩnh vực")
    channels = {"": "Mọi kênh"} | wording.CHANNELS
    return field, select(CHANNEL, "Kênh", channels, default="", collapsed=False) or None


def pick(
    name: str, label: str, known: Sequence[str], everything: str, *, collapsed: bool = False, said: bool = True
) -> str | None:  # fmt: skip
    """Let the reader choose one name or ``everything``; who is called by one of our own words stands in quotes."""
    codes = {"": everything} | {each: f"“{each}”" if each in (everything, UNTOLD) else each for each in known}
    codes |= {NONE: UNTOLD} if read(st.query_params.get(name, "")) == NONE else {}
    return select(name, label, codes, default="", collapsed=collapsed, said=said) or None


def of_overview(options: Options) -> Choice:
    """Draw the choices of the overview: week, unit, and the rest behind a button."""
    say_unseen(options)
    week, where, rest = st.columns([1.25, 1, 0.62])
    with week:
        monday = week_picker(options)
    with where:
        department = where_picker(options)
    with rest, more(FIELD, CHANNEL):
        field, channel = field_and_channel(options)
    return Choice(options.today, monday, department, field, channel)


def of_period(options: Options, period: Callable[..., Named]) -> Choice:
    """Draw the choices of a page about a period: unit, period, field and channel, and below them the kind of period.

    ``period`` draws the kinds, and the period into ``place``.
    """
    st.space("small")  # two lines are higher than the title beside them, and would touch the edge
    say_unseen(options)
    where, when, rest = st.columns([1, 1.3, 0.55])
    with where:
        department = where_picker(options)
    with rest, more(FIELD, CHANNEL):
        field, channel = field_and_channel(options)
    return Choice(options.today, options.mondays[0], department, field, channel, named=period(place=when))


def of_nothing(options: Options) -> Choice:
    """Choose nothing: the page is about one thing that its address names."""
    return Choice(options.today, options.mondays[0])


def tabs(groups: Sequence[str], labels: Mapping[str, str], *, what: str = "Nhóm hồ sơ") -> str:
    """Let the reader choose a list by its name and count; gives its code. ``what``: of what, for who does not see."""
    key, wanted = f"_{GROUP}", st.query_params.get(GROUP, groups[0])
    st.session_state[key] = unread.one_of(what, wanted, groups, default=groups[0])
    st.segmented_control(
        what, groups, format_func=lambda g: labels[g], key=key, required=True, label_visibility="collapsed",
        on_change=_keep, args=(GROUP, key, groups[0]),
    )  # fmt: skip
    return str(st.session_state[key])


def search_box(hint: str = "Mã hồ sơ, thủ tục (không cần dấu)") -> str:
    """Let the reader search without accents."""
    key = f"_{SEARCH}"
    st.session_state[key] = st.query_params.get(SEARCH, "")[:LONGEST_SEARCH]
    st.text_input(
        "Tìm", key=key, icon=":material/search:", placeholder=hint, on_change=_keep,
        args=(SEARCH, key, ""), label_visibility="collapsed", max_chars=LONGEST_SEARCH,
    )  # fmt: skip
    return str(st.session_state[key])
