"""In which language a reader reads: Vietnamese, or English for who asks for it. Asked for in the address, kept in a
cookie, so that a copied link opens in its language and a choice stays."""

from __future__ import annotations

from typing import Final, Literal, get_args
from urllib.parse import urlencode

import streamlit as st

Language = Literal["vi", "en"]
#: The name in the address and in the session; the cookie's name.
ASKED: Final = "ngon_ngu"
COOKIE: Final = "dunghan_ngon_ngu"
_KEPT, _NOW = "_ngon_ngu", "_ngon_ngu_trang"
OTHER: Final[dict[Language, tuple[Language, str]]] = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}


def read(code: str | None) -> Language | None:
    """Read a language as an address or a cookie writes it; None where it is none."""
    return next((known for known in get_args(Language) if known == code), None)


def begin() -> Language:
    """Find the language of this run: the address, what the session chose, the cookie; and keep it in the address."""
    asked = read(st.query_params.get(ASKED))
    kept = read(st.session_state.get(_KEPT)) or read(st.context.cookies.get(COOKIE))
    found: Language = asked or kept or "vi"
    st.session_state[_KEPT] = st.session_state[_NOW] = found
    if found == "vi" and asked:
        del st.query_params[ASKED]
    elif found == "en" and not asked:
        st.query_params[ASKED] = found
    return found


def only_vietnamese() -> None:
    """Speak Vietnamese on this page whatever was chosen: a wall speaks to a room, not to one reader."""
    st.session_state[_NOW] = "vi"
    st.query_params.pop(ASKED, None)


def is_english() -> bool:
    """Say whether the page being drawn speaks English."""
    return bool(st.session_state.get(_NOW) == "en")


def switch(url_path: str) -> str:
    """Give the link to the same view in the other language."""
    language, told = OTHER["en" if is_english() else "vi"]
    query = urlencode(st.query_params.to_dict() | {ASKED: language})
    return link(f"/{url_path}?{query}", language, told)


def link(to: str, language: Language, told: str) -> str:
    """Write a link to ``to`` in another language, which calls itself by its own name."""
    address = to.replace("&", "&amp;").replace('"', "%22")
    return f'<a href="{address}" hreflang="{language}" lang="{language}" target="_self">{told}</a>'
