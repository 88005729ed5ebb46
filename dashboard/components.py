"""The patterns every page is built from. Streamlit only: values come in ready, words come in Vietnamese."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException

from config.errors import ConfigError
from dashboard import ready, watched
from dashboard import speaking as st
from dashboard.shapes import Freshness, Link
from dashboard.template import CONFIG, Spec, Theme
from dashboard.wording import plain

HERE: Final = Path(__file__).parent
#: How long a browser that has just come is left alone with the first numbers.
NUMBERS_SECONDS: Final = 0.9
_CAME: Final = "_da_den"
_FOLDERS: Final = re.compile(r"\S*/(?=[^/\s])")


def phone() -> bool:
    """Guess a phone from the browser's name: lists become cards, wide tables become their worst lines."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def theme() -> Theme:
    """Give the theme the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def numbers_first() -> None:
    """Let a browser that has just come show the numbers drawn so far: what draws charts keeps it busy for seconds."""
    ready.live(_rest)


def _rest() -> None:
    if not st.session_state.get(_CAME):
        st.session_state[_CAME] = True
        time.sleep(NUMBERS_SECONDS)


def chart(spec: Spec, key: str, alt: str, *, height: int) -> None:
    """Show a chart spec."""
    st.plotly_chart(spec, theme=None, config=CONFIG, height=height, key=key, alt=alt)


def clickable(spec: Spec, key: str, alt: str, *, height: int) -> tuple[int, int] | None:
    """Show a chart spec and give the clicked part as (trace, point), once per click."""
    event: Any = st.plotly_chart(
        spec, theme=None, config=CONFIG, height=height, key=key, alt=alt, on_select="rerun", selection_mode="points"
    )
    points = event["selection"]["points"] if event else []
    return (points[0]["curve_number"], points[0]["point_number"]) if points else None


def link(to: Link, *, strong: bool = False) -> None:
    """Draw one link; its words are blue because Streamlit gives them the body's colour."""
    label = f"**{to.label}**" if strong else to.label
    st.page_link(
        to.page,
        label=f":blue[{label}]",
        query_params=dict(to.query),
        icon=":material/chevron_right:",
        icon_position="right",
    )


def links(several: Sequence[Link]) -> None:
    """Draw links beside each other."""
    with st.container(horizontal=True, gap="small"):
        for to in several:
            link(to)


def freshness(fresh: Freshness) -> None:
    """Say how old the data are and who is missing, before any figure is read."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if fresh.late:
            st.badge(
                f"{len(fresh.late)} nguồn chậm",
                icon=":material/sync_problem:",
                color="orange",
                help="; ".join(plain(text) for text in fresh.late),
            )
        elif fresh.state != "none":
            label, icon = FRESHNESS[fresh.state]
            st.badge(label, icon=icon, color="gray")
        st.caption(fresh.text, width="content")


FRESHNESS: Final = {
    "complete": ("Đủ nguồn", ":material/sync:"),
    "files": ("Theo tệp", ":material/description:"),
    "filling": ("Đang nạp", ":material/progress_activity:"),
}


def stale(words: tuple[str, str] | None) -> None:
    """Say above the figures that they are old, and take the colour out of them; nothing while they are fresh."""
    if words is not None:
        state("stale", *words)
        st.html(HERE / "stale.css")


def unheard(words: Sequence[str]) -> None:
    """Say above the figures who is in no rate because nothing is heard of them; nothing while all are heard."""
    if words:
        with st.container(border=True, gap="xxsmall"):
            for text in words:
                st.markdown(f":gray[:material/cloud_off:] {text}")


State = Literal["empty", "no_access", "error", "stale", "filling"]
STATE_ICONS: Final[dict[State, str]] = {
    "empty": ":material/inbox:",
    "no_access": ":material/lock:",
    "error": ":material/error:",
    "stale": ":material/history:",
    "filling": ":material/progress_activity:",
}


def state(kind: State, title: str, *advice: str) -> None:
    """Show a designed nothing: what happened, what the reader can do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.markdown(f"{STATE_ICONS[kind]} **{title}**", text_alignment="center")
        for line in advice:
            st.caption(line, text_alignment="center")


def show_error(error: Exception) -> bool:
    """Say that something could not be shown, under the number that the diary knows; never a traceback. Of a settings
    file of the office that cannot be read: which, what is wrong in it, and what its administrator does."""
    code = watched.incident(error)
    ready.spoil()
    if isinstance(error, ConfigError):
        _unsettled(error, code)
        return True
    advice = f"Lỗi đã được ghi lại (mã sự cố {code}). Tải lại trang; các phần khác vẫn dùng được."
    state("error", "Chưa hiển thị được bảng này", advice)
    return True


def show_broken(error: Exception) -> bool:
    """Say that a page broke where none of its parts caught it, or a part of it that draws itself."""
    if isinstance(error, ConfigError) or watched.in_part():
        return show_error(error)
    code = watched.incident(error)
    advice = f"Lỗi đã được ghi lại (mã sự cố {code}). Tải lại trang; nếu vẫn gặp, báo quản trị trung tâm mã này."
    state("error", "Chưa hiển thị được trang này", advice)
    return True


def _unsettled(error: ConfigError, code: str) -> None:
    """Show that no figure is told while its rules cannot be read; where on the server the file lies is the log's."""
    place, found = (plain(_FOLDERS.sub("", told), 300) for told in (error.place, error.found))
    state(
        "error", f"Chưa đọc được tệp cấu hình {place}",
        "Số liệu chưa hiển thị được, vì phải tính theo tệp này. Dữ liệu đã nhận không mất.",
        f"Chi tiết: {found}",
        f"Quản trị sửa tệp, chạy `dunghan doctor` để kiểm tra, khởi động lại rồi tải lại trang (mã sự cố {code}).",
    )  # fmt: skip


@contextmanager
def card(title: str = "", *, border: bool = True, anchor: str = "") -> Iterator[None]:
    """Draw a card, to which ``#anchor`` leads; an error inside takes this card only, is logged under a code, and never
    shows a traceback."""
    with st.container(border=border, height="stretch", gap="xsmall"):
        if title:
            st.header(title, anchor=anchor or False)
        try:
            yield
        except (RerunException, StopException):
            raise
        except Exception as error:
            show_error(error)


def apart() -> Any:
    """Give a line whose parts stand at its two ends."""
    return st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")


def beside() -> Sequence[Any]:
    """Give a place for a table and one for what is chosen in it."""
    return st.columns([2.2, 1])


def or_no_access(row: dict[str, Any] | None, show: Callable[[dict[str, Any]], None]) -> None:
    """Show a dossier, or the same words whether it does not exist or is out of scope: no leak."""
    if row is None:
        state(
            "no_access", "Hồ sơ không tồn tại hoặc ngoài phạm vi được xem",
            "Cần xem rộng hơn, liên hệ quản trị trung tâm.",
        )  # fmt: skip
        return
    show(row)


def lines(texts: Sequence[str]) -> None:
    """Show sentences one under the other."""
    for text in texts:
        st.markdown(text)
