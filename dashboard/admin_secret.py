"""A secret that is told once: it stands on the page until it was copied, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard import speaking as st

_KEPT: Final = "_bi_mat"


@dataclass(frozen=True, slots=True)
class Once:
    """What was done, and what is told with it: a label and the secret; "" where there is none."""

    done: str
    label: str = ""
    secret: str = ""


def keep(told: Once) -> None:
    """Keep what the page says after it has drawn itself anew."""
    st.session_state[_KEPT] = told


def shown() -> None:
    """Say what was done, and its secret until the reader has copied it."""
    told: Once | None = st.session_state.get(_KEPT)
    if told is None:
        return
    st.success(told.done, icon=":material/check:")
    if not told.secret:
        del st.session_state[_KEPT]
        return
    st.markdown(f"**{told.label}** Chỉ hiện lần này; máy chủ chỉ giữ mã băm.")
    st.code(told.secret, language=None, wrap_lines=True)
    st.button("Đã chép, ẩn đi", on_click=_forget, key="an_bi_mat")


def _forget() -> None:
    st.session_state.pop(_KEPT, None)
