"""The frame round every page: sidebar, signed-in person, title line with freshness; and the state while data arrive."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import polars as pl

from config.errors import ConfigError
from dashboard import (
    account,
    alerting,
    components,
    data,
    doors,
    filters,
    hearing,
    languages,
    ready,
    scope,
    shapes,
    still,
    unread,
)
from dashboard import speaking as st
from dashboard.answers import fresh
from dashboard.data import Ask
from dashboard.filters import Choice, Options
from dashboard.shapes import Freshness
from metrics.scope import Scope
from store.people import Person
from store.snapshot import Manifest
from store.tokens import WALL_PATH

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
#: Address, title, icon of every page, by the heading it stands under in the sidebar.
PAGES: Final[dict[str, tuple[tuple[str, str, str, str], ...]]] = {
    "Điều hành": (
        (shapes.OVERVIEW, "", "Tổng quan", ":material/monitoring:"),
        (shapes.WORKLIST, "ho-so-can-xu-ly", "Hồ sơ cần xử lý", ":material/assignment_late:"),
        (shapes.ALERTS, "canh-bao", "Cảnh báo", ":material/notifications:"),
        (shapes.DESK, "xin-loi-don-doc", "Xin lỗi, đôn đốc", ":material/outgoing_mail:"),
    ),
    "Phân tích": (
        (shapes.DEPARTMENTS, "co-quan-don-vi", "Cơ quan, đơn vị", ":material/apartment:"),
        (shapes.FIELDS, "linh-vuc", "Lĩnh vực", ":material/category:"),
        (shapes.PROCEDURES, "thu-tuc-hanh-chinh", "Thủ tục hành chính", ":material/list_alt:"),
        (shapes.QUALITY, "chat-luong", "Chất lượng phục vụ", ":material/rule:"),
        (shapes.WHY, "vi-sao", "Vì sao thay đổi", ":material/difference:"),
        (shapes.STEPS, "diem-nghen", "Điểm nghẽn", ":material/hourglass:"),
        (shapes.FORECAST, "du-bao", "Dự báo", ":material/query_stats:"),
    ),
    "Báo cáo": (
        (shapes.FORM, "bieu-mau", "Biểu mẫu II.06", ":material/table_view:"),
        (shapes.INDEX766, "chi-so-766", "Chỉ số 766", ":material/score:"),
        (shapes.WEEKLY, "bao-cao-tuan", "Báo cáo tuần", ":material/sticky_note_2:"),
        (shapes.HANDBOOK, "so-tay-chi-so", "Sổ tay chỉ số", ":material/menu_book:"),
    ),
    "Vận hành": (
        (shapes.OFFICERS, "can-bo-phan-mem", "Cán bộ và phần mềm", ":material/badge:"),
        (shapes.SOURCES, "nguon-du-lieu", "Nguồn dữ liệu", ":material/database:"),
        (shapes.RECONCILE, "doi-soat", "Đối soát", ":material/compare_arrows:"),
        (shapes.REVIEW, "ra-soat", "Rà soát số liệu", ":material/flag:"),
        (shapes.UNITS, "don-vi-thu-tuc", "Đơn vị và thủ tục", ":material/account_tree:"),
        (shapes.UPLOAD, "nap-tep", "Nạp tệp", ":material/upload_file:"),
        (shapes.ADMIN, "quan-tri", "Quản trị", ":material/admin_panel_settings:"),
    ),
    "": (
        (shapes.DOSSIER, "ho-so", "Hồ sơ", ":material/description:"),
        (shapes.WALL, "man-hinh", "Màn hình điều hành", ":material/tv:"),
    ),
}

_SECTIONS: Final = "_sections"
#: How the pages are called in the diary, and where they are.
ADDRESSES: Final = frozenset(url for pages in PAGES.values() for _, url, _, _ in pages)
#: Who sees a page that is not for everybody.
_NEEDED: Final[dict[str, Callable[[Person], bool]]] = {
    shapes.UPLOAD: scope.may_upload,
    shapes.ADMIN: scope.may_look_after,
    shapes.ALERTS: alerting.may_read,
    shapes.OFFICERS: scope.may_see_either,
    shapes.REVIEW: scope.may_see_marks,
}


def draw() -> None:
    """Draw the frame and run the chosen page inside it; signed-out readers get the way to sign in instead."""
    languages.begin()
    ready.shown("", ("head", components.theme()), _head)
    person = scope.reader(noted=not still.by_itself())
    still.drawn_for(person, partial(scope.reader_of, scope.token(), noted=False))
    sections = _sections(person)
    chosen = st.navigation([page for pages in sections.values() for page in pages], position="hidden")
    if chosen.url_path == WALL_PATH[1:]:  # no sidebar, and no sign-in: it knows its own token
        languages.only_vietnamese()
        _run(chosen)
        return
    if person is None:
        _signed_out(chosen)
        return
    st.session_state["_person"] = person
    _sidebar(sections, person, chosen.url_path)
    st.set_page_config(page_title=f"{chosen.title} · Đúng Hạn")
    _run(chosen)


def _head() -> None:
    st.set_page_config(
        page_title="Đúng Hạn", page_icon=STATIC / "favicon.svg", layout="wide", initial_sidebar_state=236
    )
    st.html(HERE / "app.css")
    st.logo(
        STATIC / f"logo-{components.theme()}.svg", size="medium", icon_image=STATIC / f"mark-{components.theme()}.svg"
    )


def _run(page: st.Page) -> None:
    """Run a page; without the settings that figures are reckoned by it ends where it asks for them, and says so."""
    try:
        with still.drawing():
            page.run()
    except ConfigError as error:
        components.show_error(error)


def person() -> Person:
    """Give the signed-in reader of this run; ``draw`` has put it there."""
    found: Person = st.session_state["_person"]
    return found


def begin(title: str, pick: Callable[[Options], Choice], *, room: float = 1.15) -> Ask:
    """Draw the title line of a page (title, age of the data, filters) and give the question the page asks.

    While no figures stand ready, the page ends here with a state that says how far the filling has come.
    """
    left, right = st.columns([1, room], vertical_alignment="bottom")
    unread.place()
    manifest, known = data.manifest(), data.sources()
    with left:
        told = _title(title, manifest, known)
    if manifest is None:
        _filling()
        st.stop()
    reach = scope.scope_of(person())
    with right:
        choice = pick(data.options(manifest.data_version, reach, data.today(manifest, known)))
    components.stale(told.stale)
    if fresh.progress(known):
        _progress()
    ask = Ask(manifest.data_version, reach, choice, hearing.silent_now(data.store(), manifest, choice.today))
    components.unheard(fresh.unheard(data.left_out(ask), fresh.titles(known)))
    return ask


def begin_without_figures(title: str) -> Scope:
    """Draw the title line of a page that has something to say before the first figure; gives what may be seen."""
    manifest = data.manifest()
    try:
        components.stale(_title(title, manifest, data.sources()).stale)
    except ConfigError as error:  # such a page goes on: on one of them an administrator reads what is wrong
        components.show_error(error)
    unread.place()
    watch(manifest.data_version if manifest else "")
    return scope.scope_of(person())


def _title(title: str, manifest: Manifest | None, known: pl.DataFrame) -> Freshness:
    with st.container(gap=None):
        st.title(title, anchor=False)
        told = fresh.freshness(manifest, known, filters.now())
        _age(manifest, is_stale=told.stale is not None)
    return told


@st.fragment(run_every=15)
def _age(manifest: Manifest | None, *, is_stale: bool) -> None:
    """Say how old the figures of this page are, also when it stands open and nothing comes any more."""
    told = fresh.freshness(manifest, data.sources(), filters.now())
    if (told.stale is not None) != is_stale:
        still.again()
    components.freshness(told)


def _sections(who: Person | None) -> dict[str, list[st.Page]]:
    """Give the pages by their heading, as ``who`` sees them; made once for a session, for each looks for its file."""
    mark = languages.is_english(), who and (who.role, who.departments)
    known = st.session_state.get(_SECTIONS)
    if known is None or known[0] != mark:
        made = {name: [_page(*entry, who) for entry in entries] for name, entries in PAGES.items()}
        known = st.session_state[_SECTIONS] = mark, made
    sections: dict[str, list[st.Page]] = known[1]
    return sections


def _page(path: str, url: str, title: str, icon: str, who: Person | None) -> st.Page:
    hidden = path in (shapes.DOSSIER, shapes.WALL) or (path in _NEEDED and not (who and _NEEDED[path](who)))
    return st.Page(
        path,
        title=title,
        icon=icon,
        url_path=url or None,
        default=not url,
        visibility="hidden" if hidden else "visible",
    )


def _sidebar(sections: dict[str, list[st.Page]], who: Person, here: str) -> None:
    """Draw our own links: ``st.navigation`` with sections puts headings inside its list, which fails axe."""
    visible = {name: [page for page in pages if page.visibility == "visible"] for name, pages in sections.items()}
    told = tuple(page.url_path for pages in visible.values() for page in pages)
    with st.sidebar:
        key = ("links", told, tuple(_carried().items()), languages.is_english())
        ready.shown("", key, partial(_links, visible))
        _who(who, here)


def _links(visible: dict[str, list[st.Page]]) -> None:
    for name, pages in visible.items():
        if pages:
            with st.container(gap="xsmall"):
                st.caption(f"**{name}**")
                for page in pages:
                    st.page_link(page, width="stretch", query_params=_carried())
    st.space("stretch")


def _carried() -> dict[str, str]:
    """Give the choices that a second page shares with this one, as they stand in the URL."""
    shared = (filters.WEEK, filters.DEPARTMENT, filters.FIELD, filters.CHANNEL, languages.ASKED)
    return {name: st.query_params[name] for name in shared if name in st.query_params}


def _who(who: Person, here: str) -> None:
    away = account.sign_out_link(scope.token())
    st.html(
        f'<div class="who"><strong>{escape(who.title)}</strong><span>{escape(scope.ROLES[who.role])}</span>'
        f'<a href="{WALL_PATH}" target="_blank">Màn hình điều hành</a>'
        f'<a href="{doors.ACCOUNT}" target="_self">Tài khoản của tôi</a>{languages.switch(here)}'
        f'<a href="{escape(away)}" target="_self">Đăng xuất</a></div>'
    )


def _signed_out(chosen: st.Page) -> None:
    """Say that the session ended while the page stood open; a fresh visit never comes here, the gate catches it."""
    st.title(chosen.title, anchor=False)
    components.state("no_access", "Phiên làm việc đã kết thúc", "Đăng nhập lại để xem tiếp đúng trang này.")
    asked = urlencode(st.query_params.to_dict())
    back = quote(f"/{chosen.url_path}" + (f"?{asked}" if asked else ""), safe="")
    st.html(f'<p class="again"><a href="{doors.SIGN_IN}?tiep={back}" target="_self">Đăng nhập</a></p>')


@st.fragment(run_every=2)
def _filling() -> None:
    """Say how far the first filling has come; go on as soon as there are figures."""
    if data.manifest() is not None:
        still.again()
    words = fresh.filling(data.sources())
    components.state("filling", words.title, words.advice)
    for height in (150, 320, 420):
        st.skeleton(height)


@st.fragment(run_every=5)
def _progress() -> None:
    """While a source is being read for the first time, say how far it has come."""
    words = fresh.progress(data.sources())
    if words:
        st.info(words, icon=":material/progress_activity:")


@st.fragment(run_every=10)
def watch(version: str) -> None:
    """Draw the page again when newer figures stand ready: nothing moves otherwise."""
    manifest = data.manifest()
    if manifest is not None and manifest.data_version != version:
        still.again()
