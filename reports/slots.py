"""Figures that sentences name: a sentence holds ``[[key]]``, never a digit of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from reports import formats
from reports.editions import WEEKLY, Edition

SLOT: Final = re.compile(r"\[\[([^\[\]]+)\]\]")
PROVINCE: Final = "toan_tinh"

Sentence = dict[str, Any]


@dataclass(slots=True)
class Slots:
    """Collects the figures of one content object; every method gives the ``[[key]]`` to write into a sentence."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: int = 1  # decimals of every rate in this report, so that printed differences agree
    edition: Edition = WEEKLY  # what its period is called

    @property
    def noun(self) -> str:
        """What the period is called: tuần, tháng, quý, năm."""
        return self.edition.noun

    def put(self, key: str, text: str, **told: Any) -> str:
        """Keep a figure; the same key may come twice, but never with another figure."""
        figure = {"t": text, **{k: v for k, v in told.items() if v is not None}}
        if self.figures.setdefault(key, figure) != figure:
            raise ValueError(f"figure {key} is {self.figures[key]} and {figure}")
        return f"[[{key}]]"

    def count(self, key: str, value: int, metric: str, scope: str = PROVINCE) -> str:
        """Keep a number of dossiers, rows or sources."""
        return self.put(key, formats.number(value), v=value, metric=metric, scope=scope)

    def rate(self, key: str, n: int, d: int, metric: str, scope: str = PROVINCE) -> str:
        """Keep a percentage with its numerator and denominator."""
        value = n / d if d else None
        return self.put(key, formats.percent(n, d, self.places), v=value, metric=metric, n=n, d=d, scope=scope)

    def pair(self, key: str, n: int, d: int, metric: str, scope: str = PROVINCE) -> str:
        """Keep ``2.775/3.068``, in one piece."""
        text = f"{formats.number(n)}/{formats.number(d)}"
        return self.put(key, text, metric=metric, n=n, d=d, scope=scope)

    def limit(self, key: str, value: float, metric: str, scope: str = PROVINCE) -> str:
        """Keep a limit of a rate, as a percentage."""
        return self.put(key, share_text(value, self.places), v=value, metric=metric, scope=scope)

    def span(self, key: str, lower: float, upper: float, metric: str, *, share: bool) -> str:
        """Keep two limits in one piece: ``96,3–98,7 %`` or ``219–251``."""
        if share:
            text = f"{formats.number(100 * lower, self.places)}–{share_text(upper, self.places)}"
        else:
            text = f"{formats.number(lower)}–{formats.number(upper)}"
        return self.put(key, text, v=[lower, upper], metric=metric, scope=PROVINCE)

    def day(self, key: str, value: date) -> str:
        """Keep a day."""
        return self.put(key, formats.day(value), v=value.isoformat(), metric="day", scope=PROVINCE)

    def name(self, key: str, text: str) -> str:
        """Keep a name from the data: it may hold digits, and it may break across lines."""
        return self.put(key, text, metric="name")

    def fixed(self, key: str, value: int) -> str:
        """Keep a parameter of the method, such as 30 days."""
        return self.put(key, formats.number(value), v=value, metric="parameter", scope=PROVINCE)


def share_text(value: float, places: int) -> str:
    """Word a share between 0 and 1 that is no ratio of counts, such as a limit."""
    return f"{formats.number(100 * value, places)}{formats.NBSP}%"


def sentence(rule: str, text: str, **more: str) -> Sentence:
    """Make a sentence of rule ``rule`` (ids: the report's design)."""
    return {"rule": rule, "text": text, **more}


def spoken(told: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Read a sentence out: slots filled, marks of bold taken away."""
    return SLOT.sub(lambda found: str(figures[found[1]]["t"]), str(told["text"])).replace("**", "")
