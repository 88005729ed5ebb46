"""The one edge where our pages hand words to Streamlit: ``from dashboard import speaking as st`` in drawing modules.

Vietnamese goes through untouched. For a reader who chose English, every word that a call shows goes through
config/english.toml; what names the data (keys, values, options themselves) does not change, so nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import streamlit

from dashboard import english, speaking_data, still, unchecked
from dashboard.languages import is_english

_AS_WRITTEN: Final[ContextVar[bool]] = ContextVar("as_written", default=False)
#: Of each call, the words that it shows: by place and by name.
_FIRST: Final = ("label", "body", "title", "text")
_NAMED: Final = ("help", "placeholder", "alt", "delta_description", "page_title")
_TEXTS: Final = frozenset(
    (
        "badge", "button", "caption", "checkbox", "download_button", "error", "expander", "file_uploader",
        "form_submit_button", "header", "info", "markdown", "popover", "spinner", "success", "text_area", "text_input",
        "title", "warning", "set_page_config", "progress", "page_link",
    )
)  # fmt: skip
_CHOICES: Final = frozenset(("selectbox", "radio", "multiselect", "segmented_control"))
_NO_CHOICES: Final = frozenset(("progress", "page_link"))  # their first argument is no text


#: Said to readers of English above what stays Vietnamese.
AS_WRITTEN: Final = "This document is issued in Vietnamese and is shown as it is issued."


@contextmanager
def as_written(note: str = "") -> Iterator[None]:
    """Show what is inside as it is written: state papers, and texts that quote them. ``note``: for readers of English,
    above it."""
    if note and is_english():
        streamlit.caption(note)
    with ready():
        yield


@contextmanager
def ready() -> Iterator[None]:
    """Show what is inside as it is: it was put into the reader's language before (``cells``)."""
    token = _AS_WRITTEN.set(True)
    try:
        yield
    finally:
        _AS_WRITTEN.reset(token)


def words(told: str) -> str:
    """Give words in the reader's language, where no call of Streamlit shows them."""
    return english.text(told) if _speaks_english() else told


def cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Give a table in the reader's language, its headings too, where no call of Streamlit shows it as one."""
    return speaking_data.renamed(rows) if _speaks_english() else rows


def _speaks_english() -> bool:
    return is_english() and not _AS_WRITTEN.get()


def _told(value: Any) -> Any:
    return english.text(value) if isinstance(value, str) else value


def _of_texts(name: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Put the first argument, and what stands under a name that is shown, into English."""
    first = args if name in _NO_CHOICES else [_told(each) if at == 0 else each for at, each in enumerate(args)]
    shown = {*_FIRST, *_NAMED}
    return first, {key: _told(value) if key in shown else value for key, value in more.items()}


def _of_metric(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Put label, value and change into English; they come in this order."""
    shown = {"label", "value", "delta", *_NAMED}
    return [_told(each) for each in args], {key: _told(v) if key in shown else v for key, v in more.items()}


def _of_choices(name: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Put a choice into English: its label, and how its options are shown; the options stay what they are."""
    given, rest = _of_texts(name, args[:3], more)
    shown: Callable[[Any], str] = args[3] if len(args) > 3 else rest.pop("format_func", str)
    return given, {**rest, "format_func": lambda option: _option(option, shown(option))}


def _option(option: Any, shown: str) -> str:
    """Show an option: where it is shown by what it is, it is a name of the data."""
    return english.name(shown) if option == shown else english.text(shown)


def _of_tabs(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    return [[_told(each) for each in args[0]], *args[1:]], dict(more)


def _of_html(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    body = args[0]
    return [english.page(body) if isinstance(body, str) else body, *args[1:]], dict(more)


def _of_table(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    rows, columns = speaking_data.table(args[0], more.get("column_config"))
    told = _of_texts("dataframe", (), more)[1]
    return [rows, *args[1:]], {**told, "column_config": columns}


#: Small tables that stand ready are shown again and again: the last ones, by what they were made of.
_SMALL, _MOST_FREE = 200, 512
_FREE: Final[dict[int, tuple[pl.DataFrame, Any]]] = {}
_one: Final = Lock()


def _free(rows: Any) -> Any:
    """Give rows as Streamlit would make them of a polars frame, by a way that waits for nobody.

    Streamlit asks polars, which then holds the interpreter while it waits for its own threads; where these are about to
    call Python (metrics.worktime.at) nothing in the process goes on for good.
    """
    if not isinstance(rows, pl.DataFrame) or not rows.width:
        return rows
    known = _FREE.get(id(rows))
    if known is not None and known[0] is rows:
        return known[1]
    made = rows.to_arrow().to_pandas(date_as_object=False)
    if rows.height <= _SMALL:
        with _one:
            while len(_FREE) >= _MOST_FREE:
                del _FREE[next(iter(_FREE))]
            _FREE[id(rows)] = rows, made
    return made


def _of_chart(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    told = _of_texts("plotly_chart", (), more)[1]
    return [speaking_data.chart(args[0]), *args[1:]], {**told, "config": speaking_data.config(more.get("config"))}


def _of_page(_: str, args: Sequence[Any], more: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    return args, {key: _told(value) if key == "title" else value for key, value in more.items()}


_Put = Callable[[str, Sequence[Any], Mapping[str, Any]], tuple[Sequence[Any], dict[str, Any]]]
_PUT: Final[Mapping[str, _Put]] = {
    **dict.fromkeys(_TEXTS, _of_texts), **dict.fromkeys(_CHOICES, _of_choices), "metric": _of_metric,
    "tabs": _of_tabs, "html": _of_html, "dataframe": _of_table, "plotly_chart": _of_chart, "Page": _of_page,
}  # fmt: skip


#: What is drawn by a way of our own.
_OURS: Final[Mapping[str, Any]] = {"fragment": still.fragment, "plotly_chart": unchecked.plotly_chart}


def _speaking(name: str, drawn: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(drawn)
    def told(*args: Any, **more: Any) -> Any:
        given, rest = still.asking(name, args, more)
        if _speaks_english():
            given, rest = _PUT[name](name, given, rest)
        if name == "dataframe" and given:
            given = [_free(given[0]), *given[1:]]
        return drawn(*given, **rest)

    return told


if TYPE_CHECKING:
    from streamlit import *  # noqa: F403 - the same names, with their types
else:

    def __getattr__(name: str) -> Any:
        """Give what Streamlit has under ``name``; what shows words, in the reader's language; what goes on after the
        page was drawn, asking again who reads (``still``)."""
        found = _OURS.get(name) or getattr(streamlit, name)
        if name in _PUT:
            found = globals()[name] = _speaking(name, found)
        return found
