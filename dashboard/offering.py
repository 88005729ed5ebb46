"""The buttons by which a file is taken away: of a kind they look alike, and a file is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from config import media
from dashboard import speaking as st

Taken = Literal["pdf", "docx", "xlsx", "csv"]
#: Ending → what the button says and its icon.
_LOOK: Final[Mapping[Taken, tuple[str, str]]] = {
    "pdf": ("Tải PDF", ":material/picture_as_pdf:"), "docx": ("Tải Word", ":material/description:"),
    "xlsx": ("Tải Excel", ":material/download:"), "csv": ("Tải CSV", ":material/csv:"),
}  # fmt: skip


def button(
    ending: Taken, make: Callable[[], bytes], name: str, *, key: str, label: str = "", main: bool = False
) -> None:
    """Offer a file called ``name``; ``label``: what the button says where it is not common; ``main``: of the page."""
    said, icon = _LOOK[ending]
    st.download_button(
        label or said, make, name, media.TYPES[ending], icon=icon, on_click="ignore", key=key,
        type="primary" if main else "secondary",
    )  # fmt: skip
