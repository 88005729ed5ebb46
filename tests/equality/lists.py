"""The list that a link opens: its address read by the page's own pickers, its rows as the page takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import fastexcel
import polars as pl
from streamlit.testing.v1 import AppTest

from config import catalogue
from dashboard import data, filters, kept
from dashboard.answers import taken as words
from dashboard.answers import worklist
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.lists import LISTS
from reports import taken
from reports.taken import Ending
from tests.equality.questions import Question


def _pickers(box: dict[str, object]) -> None:
    """Draw the choices of the work list, and keep what they read from the address. Runs as a page of its own."""
    from dashboard import data, list_picker

    box["read"] = list_picker.of_list(data.options(box["version"], box["scope"], box["day"]))  # type: ignore[arg-type]


class Pickers:
    """The pickers of the work list, for whoever asks."""

    def __init__(self) -> None:
        self._box: dict[str, object] = {}
        self._page = AppTest.from_function(_pickers, args=(self._box,), default_timeout=30)

    def read(self, query: Mapping[str, str], ask: Ask) -> Choice:
        """Give what they read from an address, within the scope of ``ask``."""
        self._box.update(version=ask.version, scope=ask.scope, day=ask.choice.today)
        self._page.query_params.clear()
        for name, value in query.items():
            self._page.query_params[name] = value
        self._page.run()
        assert not self._page.exception, self._page.exception
        choice = self._box["read"]
        assert isinstance(choice, Choice)
        return choice


class Addresses:
    """Reads addresses as the work list of one reader does; each once."""

    def __init__(self, question: Question, pickers: Pickers) -> None:
        self._question, self._pickers = question, pickers
        self._asked: dict[tuple[tuple[str, str], ...], Ask] = {}
        self._of = question.ask(question.week)

    def ask(self, query: Mapping[str, str]) -> Ask:
        """Give what the work list asks at an address."""
        key = tuple(sorted(query.items()))
        if key not in self._asked:
            self._asked[key] = self._question.ask(self._pickers.read(query, self._of))
        return self._asked[key]

    def rows(self, query: Mapping[str, str]) -> pl.DataFrame:
        """Give the dossiers of the list at an address."""
        ask = self.ask(query)
        return worklist.narrowed(data.listed(ask, LISTS[ask.choice.group]), ask.choice)

    def length(self, query: Mapping[str, str]) -> int:
        """Say how many there are."""
        return self.rows(query).height

    def taken(self, query: Mapping[str, str], ending: Ending) -> pl.DataFrame:
        """Take the list away as a file and read it back, every cell as a text."""
        ask = self.ask(query)
        listing = LISTS[ask.choice.group]
        (rows,) = kept.beside_all({listing.code: self.rows(query)}, ask.scope).values()
        about = words.of_list(ask, listing, catalogue.load(), cause="", now=filters.now())
        content = taken.make(worklist.whole(rows, listing), about, ending)
        if ending == "xlsx":
            return fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_polars()
        told = content.decode("utf-8-sig").split("\r\n\r\n")[0]
        return pl.read_csv(told.encode(), infer_schema=False)


def first_number(text: str) -> int:
    """Read the number that a label begins with."""
    return int(text.split()[0].replace(".", "").strip("*"))


def numbers(texts: Iterable[str]) -> list[int]:
    """Read the numbers that labels begin with."""
    return [first_number(text) for text in texts]
