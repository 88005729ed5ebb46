"""Read an answer in JSON: what is none is said in words, and fields are found by their path and become texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import polars as pl

from config.errors import SourceError
from connectors.json_values import at, is_broken, loads, plain_text
from connectors.nesting import is_deep

_STEP: Final = "Is the system under maintenance? Ask its operator; nothing is lost."


def read_json(body: bytes, *, place: str, status: int | None = None) -> Any:
    """Read an answer that came with ``status``. Raises SourceError that says what came instead, and quotes none of it:
    a page of an error may name people, and say a secret back."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise SourceError(place, "an empty answer came.", _STEP)
    if is_deep(text):
        raise SourceError(place, "the answer is nested deeper than anybody could mean.", _STEP)
    try:
        return loads(text)
    except orjson.JSONDecodeError:
        raise SourceError(place, f"{what_came(text, status)}.", _STEP) from None  # it carries the answer


def what_came(body: bytes, status: int | None = None) -> str:
    """Say of a body that is not what was asked for its kind, its size and its status, and nothing that stands in it."""
    kind = "no JSON, or JSON of another shape"
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        kind = "a text in UTF-16, where JSON is UTF-8"
    elif body.lstrip()[:1] == b"<":
        kind = "a page of HTML, or XML"
    elif not _is_text(body):
        kind = "no UTF-8 text; Vietnamese of windows-1258 looks like that"
    under = f", status {status}" if status else ""
    return f"what came is {kind} ({len(body)} bytes{under})"


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def rows_at(answer: Any, path: str, *, place: str) -> list[dict[str, Any]]:
    """Give the records at ``path``. Raises SourceError when no list of records is there."""
    found = at(answer, path)
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return found
    known = ", ".join(sorted(answer)[:20]) if isinstance(answer, dict) else type(answer).__name__
    words = f'at "{path}" there is no list of records; the answer has: {known}.'
    raise SourceError(
        place, words, "Check the path of the rows, and whether the answer is an error in a good disguise."
    )


def texts_of(rows: Sequence[Mapping[str, Any]], paths: Mapping[str, str]) -> pl.DataFrame:
    """Give one String column per name, with what stands at its path in every record; lists become JSON texts."""
    # JSON comes as records: this is the one place where it is turned on its side, column by column.
    return pl.DataFrame(
        {name: [_text(at(row, path)) for row in rows] for name, path in paths.items()},
        schema=dict.fromkeys(paths, pl.String),
    )


def broken(rows: Sequence[Mapping[str, Any]], paths: Iterable[str]) -> tuple[int, ...]:
    """Give the numbers, from 0, of the records with a number that has a fraction at one of ``paths``."""
    named = tuple(paths)
    return tuple(n for n, row in enumerate(rows) if any(is_broken(at(row, path)) for path in named))


def leaves(rows: Iterable[Any]) -> tuple[str, ...]:
    """List the paths at which some record holds a plain value or a list, in the order of their first coming."""
    found: dict[str, None] = {}
    for row in rows:
        found |= dict.fromkeys(_leaves(row, ""))
    return tuple(found)


def _leaves(value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [path]
    return [leaf for name, inner in value.items() for leaf in _leaves(inner, f"{path}.{name}" if path else str(name))]


def _text(value: Any) -> str | None:
    return orjson.dumps(value, default=plain_text).decode() if isinstance(value, list | dict) else plain_text(value)
