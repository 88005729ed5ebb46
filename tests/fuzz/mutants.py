"""Bugs planted in our own reader, one at a time and in memory: what a harness does not find, it cannot guard."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest.mock import patch

import polars as pl

from connectors.base import RawTable, Translated
from connectors.check import Cases
from connectors.delimited import Delimited


@dataclass(frozen=True, slots=True)
class Mutant:
    """``said``: the bug in words. ``at``: module and name of what is replaced; ``by`` makes the faulty one of it.

    ``way``: the kind of file or answer that meets it.
    """

    said: str
    at: tuple[str, str]
    by: Callable[[Any], Any]
    way: str = "csv"

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Let the bug live as long as the block."""
        from importlib import import_module

        module, name = import_module(self.at[0]), self.at[1]
        with patch.object(module, name, self.by(getattr(module, name))):
            yield


def _last_row_dropped(grid: Callable[..., Delimited]) -> Callable[..., Delimited]:
    def faulty(*given: Any) -> Delimited:
        frame, wide, tail = grid(*given)
        return pl.concat([frame.head(-2), frame.tail(1)]), wide, tail

    return faulty


def _merged_forgotten(copies: Callable[..., Cases]) -> Callable[..., Cases]:
    return lambda *given: replace(copies(*given), merged=0)


def _day_guessed(order: Callable[..., bool | None]) -> Callable[..., bool]:
    return lambda *given: order(*given) is not False


def _month_first(order: Callable[..., bool | None]) -> Callable[..., bool]:
    return lambda *given: False


def _as_it_is(_: object) -> Callable[[bytes, str], bytes]:
    return lambda data, name: gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _skipped_counted(translate: Callable[..., Translated]) -> Callable[..., Translated]:
    def faulty(*given: Any, **told: Any) -> Translated:
        done = translate(*given, **told)
        return replace(done, n_read=done.n_read + done.skipped)

    return faulty


def _codeless_lost(choose: Callable[..., RawTable]) -> Callable[..., RawTable]:
    def faulty(table: RawTable, mapping: Any) -> RawTable:
        chosen = choose(table, mapping)
        return replace(chosen, frame=chosen.frame.filter(pl.col(chosen.columns[0]) != ""))

    return faulty


def _everything_kept(_: object) -> Callable[..., dict[str, str]]:
    return lambda table, mapping: dict.fromkeys(table.columns, "")


def _damage_forgiven(loaded: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: found if isinstance(found := loaded(text), dict) else {}


def _twice_good(_: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda good: good


def _refused_forgotten(border: Callable[..., Any]) -> Callable[..., Any]:
    def faulty(*given: Any) -> Any:
        good, rejects = border(*given)
        return good, rejects.clear()

    return faulty


def _nothing_for_broken(read: Callable[..., Any]) -> Callable[..., Any]:
    def faulty(body: bytes, **told: Any) -> Any:
        try:
            return read(body, **told)
        except Exception:  # noqa: BLE001 - the planted bug
            return {"total": 0, "data": []}

    return faulty


def _last_event_lost(texts: Callable[..., Any]) -> Callable[..., Any]:
    def faulty(self: Any) -> None:
        self.rows = self.rows[:-1]
        texts(self)

    return faulty


MUTANTS: Final = (
    Mutant("the last row of a CSV is dropped", ("connectors.delimited", "_grid"), _last_row_dropped),
    Mutant("copies are merged and not counted", ("connectors.check", "without_copies"), _merged_forgotten),
    Mutant("a day is guessed to come before its month", ("connectors.dates", "_declared_order"), _day_guessed),
    Mutant("day and month change places", ("connectors.dates", "_declared_order"), _month_first),
    Mutant("a library's own exception comes through", ("connectors.readers", "gunzipped"), _as_it_is, "gz"),
    Mutant("skipped rows are counted as read", ("connectors.translate", "translate"), _skipped_counted),
    Mutant("rows without a code are lost", ("connectors.translate", "choose_rows"), _codeless_lost),
    Mutant("personal columns are kept", ("connectors.personal", "_fields"), _everything_kept),
    Mutant("a damaged line is taken for a blank one", ("connectors.json_file", "_loaded"), _damage_forgiven,
    "json_lines"),
    Mutant("a code is good twice in one payload", ("connectors.exchange", "_newest"), _twice_good, "payload"),
    Mutant("refused rows of a payload are forgotten", ("connectors.exchange", "at_border"), _refused_forgotten,
    "payload"),
    Mutant("a broken answer is taken for an empty one", ("connectors.json_api_pages", "read_json"),
    _nothing_for_broken, "json_api"),
)  # fmt: skip
