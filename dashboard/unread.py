"""What the address asks for and there is not: said under the title line of the page, never passed over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dashboard import speaking as st
from dashboard.wording import plain

LONGEST: Final = 60
_PLACE: Final = "_cho_bao"


def place() -> None:
    """Leave room here for what is said of the address; nothing is seen of it while there is nothing to say."""
    st.session_state[_PLACE] = st.container(gap="xsmall")


def say(words: str) -> None:
    """Say something of the address in its place; here where a page left none."""
    with st.session_state.get(_PLACE) or st.container():
        st.warning(words, icon=":material/visibility_off:")


def one_of(label: str, asked: str, known: Collection[str], *, default: str) -> str:
    """Give what is ``asked`` for as ``label`` where it is ``known``, else ``default``; and say that the page is not
    narrowed by it: the same of what does not exist and of what is out of scope."""
    if asked in known:
        return asked
    if asked:
        say(
            f"{label} “{plain(asked, LONGEST)}” trong địa chỉ không có, hoặc ngoài phạm vi được xem: "
            "trang này không lọc theo lựa chọn đó."
        )
    return default
