"""Figures in the text format of Prometheus, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

#: Labels and value.
Samples = Sequence[tuple[Mapping[str, str], float]]
#: Of a histogram: what the name ends with, labels, value.
Bucket = tuple[str, Mapping[str, str], float]


@dataclass(frozen=True, slots=True)
class Family:
    """One figure: its name, its type, what it is, and its samples; of a histogram ``buckets`` instead."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    words: str
    samples: Samples
    buckets: Sequence[Bucket] = ()


def written(families: Sequence[Family]) -> str:
    """Write figures in the text format; one without samples is left out."""
    return "".join(line for family in families if family.samples or family.buckets for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    name = f"dunghan_{family.name}"
    yield f"# HELP {name} {family.words}\n"
    yield f"# TYPE {name} {family.kind}\n"
    for ending, labels, value in (*(("", *sample) for sample in family.samples), *family.buckets):
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{ending}{{{told}}} {value:.15g}\n" if told else f"{name}{ending} {value:.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
