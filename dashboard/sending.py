"""What a form says when it was sent: what was done, once, on the page drawn anew; or why not, beside what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from config.errors import DunghanError
from dashboard import speaking as st
from dashboard import watched


def told(where: str) -> None:
    """Say what the last sending of the form ``where`` did, once."""
    if said := st.session_state.pop(f"_da_gui_{where}", ""):
        st.success(said, icon=":material/check:")


def done(where: str, said: str) -> NoReturn:
    """Draw the page anew, where ``told`` says it."""
    st.session_state[f"_da_gui_{where}"] = said
    st.rerun()


def not_kept(error: DunghanError) -> str:
    """Say that something could not be written down, under the number that the diary knows."""
    return f"Chưa ghi được (mã sự cố {watched.incident(error)}); thử lại sau ít phút."


def sent(write: Callable[[], object], where: str, said: str, why: Callable[[DunghanError], str]) -> None:
    """Write what was sent and say so, or say in the words of ``why`` what stands against it."""
    try:
        write()
    except DunghanError as error:
        st.warning(why(error))
        return
    done(where, said)
