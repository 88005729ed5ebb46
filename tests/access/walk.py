"""Everything a browser is sent of a page, and every file it offers, as bytes in which a name can be looked for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import streamlit
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboard import speaking


def rendered(app: AppTest) -> bytes:
    """Give every message of a page: words, tables (Arrow keeps texts as they are), charts, widgets, addresses."""
    return b"\n".join(_message(node) for node in app._tree)


def _message(node: Any) -> bytes:
    message = getattr(node, "proto", None)
    return message.SerializeToString() if message is not None else b""


class Offered:
    """The files that the pages offer; each is made when it is taken."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._makers: list[Callable[[], bytes]] = []
        button = streamlit.download_button

        def offer(label: str, data: Any, *form: Any, **more: Any) -> bool:
            self._makers.append(data if callable(data) else lambda: data)
            return button(label, b"", *form, **more)

        patch.setattr(speaking, "download_button", offer)

    def taken(self) -> bytes:
        """Take every file offered since the last time, unpacked."""
        files, self._makers = [make() for make in self._makers], []
        return b"\n".join(unpacked(file) for file in files)


def unpacked(file: bytes) -> bytes:
    """Give what stands in a workbook, a PDF or a plain file."""
    if file.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(file)) as book:
            return b"\n".join(book.read(name) for name in book.namelist())
    if file.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages).encode()
    return file
