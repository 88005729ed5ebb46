"""One rule for what stands in JSON, in files and in answers: how a place is named, and what text a value is."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

_MAY_BREAK: Final = re.compile(rb"\d[.eE]|\d{17}")  # what orjson makes another number of
_LONGEST: Final = 18  # digits, with their sign, that always fit 64 bits
_NOTHING, _PAST = object(), object()


class Number(float):
    """A number that remembers how it was written: 1.110 is a code of a procedure, and not 1.11."""

    text: str

    def __new__(cls, text: str) -> Number:
        number = super().__new__(cls, text)
        number.text = text
        return number


def loads(body: bytes) -> Any:
    """Read JSON; numbers with a fraction become Number, whole ones of more than 18 digits their text.

    Raises orjson.JSONDecodeError.
    """
    told = orjson.loads(body)
    return json.loads(body, parse_float=Number, parse_int=_whole) if _MAY_BREAK.search(body) else told


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST else text


def at(value: Any, path: str) -> Any:
    """Give what stands at ``path``: "data.items", or "parts.0.name" of the first in a list; "" is the whole."""
    found = _found(value, path)
    return None if found in (_NOTHING, _PAST) else found


def there(value: Any, path: str) -> bool:
    """Say whether ``path`` leads somewhere, be it to null, or behind the end of a list: a shorter one lacks no field,
    and a field that is told to be empty is not gone."""
    return _found(value, path) is not _NOTHING


def holds(value: Any, path: str) -> bool | None:
    """Say whether ``path`` leads somewhere in ``value``; null where its list ends before, and nobody can tell."""
    found = _found(value, path)
    return None if found is _PAST else found is not _NOTHING


def _found(value: Any, path: str) -> Any:
    if not path:
        return value
    if isinstance(value, dict) and path in value:
        return value[path]
    step, _, rest = path.partition(".")
    if isinstance(value, list) and step.isdecimal():
        return _found(value[int(step)], rest) if int(step) < len(value) else _PAST
    return _found(value[step], rest) if isinstance(value, dict) and step in value else _NOTHING


def into_lists(path: str) -> bool:
    """Say whether ``path`` counts entries of a list."""
    return any(step.isdecimal() for step in path.split("."))


def plain_text(value: Any) -> str | None:
    """Give a plain value as text: 12, 12.0 and "12" are one, every other fraction keeps its digits; null is null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return _digits(value) if isinstance(value, float) else str(value)


def is_broken(value: Any) -> bool:
    """Say whether a value is a number with a fraction, which can be no code: 1.10 and 1.1 are one number."""
    return isinstance(value, float) and not value.is_integer()


def _digits(number: float) -> str:
    text = number.text if isinstance(number, Number) else repr(number)
    if number.is_integer() and ("e" in text.lower() or re.search(r"\.0+$", text)):
        return str(int(number))
    return text
