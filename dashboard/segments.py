"""One choice out of a few, side by side; kept in the address like every choice."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import speaking as st
from dashboard import unread


def segments(name: str, label: str, codes: Mapping[str, str]) -> str:
    """Let the reader choose one of ``codes`` (code → words), the first while the address names none; gives the code."""
    key, first = f"_{name}", next(iter(codes))
    wanted = st.query_params.get(name, first)
    st.session_state[key] = unread.one_of(label, wanted, codes, default=first)
    st.segmented_control(
        label, list(codes), format_func=lambda code: codes[code], key=key, required=True,
        label_visibility="collapsed", on_change=_keep, args=(name, key, first),
    )  # fmt: skip
    return str(st.session_state[key])


def _keep(name: str, key: str, first: str) -> None:
    chosen = str(st.session_state[key])
    if chosen != first:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
