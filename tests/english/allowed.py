"""What may stand in Vietnamese letters on an English page: the product's name, law and calendar of the office."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from config import calendar, catalogue, procedures, registered, rules, units
from dashboard.wording import plain
from tests.english.shown import VIETNAMESE

#: The product, the other language by its own name, and the national holiday that has no other name.
_NAMES: Final = ("Đúng Hạn", "Tiếng Việt", "Tết")


def without_data(text: str) -> str:
    """Take away what is data of the office."""
    for each in _data():
        text = text.replace(each, "")
    return text


@cache
def _data() -> tuple[str, ...]:
    found = {each for each in _all() if VIETNAMESE.search(each)}
    several = found | {plain(each, 400) for each in found}
    return tuple(sorted(several, key=len, reverse=True))


def _all() -> Iterator[str]:
    yield from _NAMES
    yield from _strings(rules.load())
    yield from _strings(calendar.load())
    yield from _strings(units.load())
    yield from _strings(procedures.load())
    yield from _strings(registered.load())
    for metric in catalogue.load().metric.values():
        yield from (metric.legal_basis, metric.owner, *(target.basis for target in metric.targets))


def _strings(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from _strings(key)
            yield from _strings(value)
    elif isinstance(told, list | tuple | set | frozenset):
        for each in told:
            yield from _strings(each)
    elif hasattr(type(told), "model_fields"):
        yield from _strings([getattr(told, name) for name in type(told).model_fields])
    elif hasattr(told, "__dataclass_fields__"):
        yield from _strings([getattr(told, name) for name in told.__dataclass_fields__])
