"""What a made-up province's people answered at the counter, and what its offices state: as files, for the loaders.

Deterministic for (seed, unit, day): a later day adds slips and changes none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zlib import crc32

import numpy as np

from connectors.simulator.tables import tables

SURVEY: Final = "phieu-tai-quay"
#: The mapping by which the slips are loaded.
MAPPING: Final = f"""survey = "{SURVEY}"
way = "kiosk"
[columns]
slip = "Mã phiếu"
answered_on = "Ngày đánh giá"
department = "Đơn vị"
score = "Mức độ hài lòng"
"""
DAYS_BACK: Final = 150
_WORDS: Final = ("Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng")
_OFTEN: Final = 60  # weight of a unit by which it has one slip a day more


@dataclass(frozen=True, slots=True)
class Slips:
    """``text``: the file; ``asked``: (first day of the month, unit) → how many people were asked."""

    text: str
    asked: dict[tuple[date, str], int]


def slips(seed: int, today: date) -> Slips:
    """Write the slips of the last months up to yesterday, about one answer for ten people asked."""
    lines, answers = ["Mã phiếu,Đơn vị,Ngày đánh giá,Mức độ hài lòng"], Counter[tuple[date, str]]()
    rates: dict[str, float] = {}
    for code, name, weight, speed in tables().units.select("code", "name", "weight", "speed").iter_rows():
        rates[name] = _drawn(seed, code).uniform(0.06, 0.14)
        for day, number, word in _of_unit(seed, code, weight, speed, today):
            lines.append(f'{code}-{day:%y%m%d}-{number},"{name}",{day:%d/%m/%Y},{word}')
            answers[day.replace(day=1), name] += 1
    asked = {key: round(n / rates[key[1]]) for key, n in answers.items()}
    return Slips("\n".join(lines) + "\n", asked)


def _drawn(seed: int, what: str) -> np.random.Generator:
    return np.random.default_rng([seed, crc32(what.encode())])


def _of_unit(seed: int, code: str, weight: float, speed: float, today: date) -> Iterator[tuple[date, int, str]]:
    first = (today - timedelta(days=DAYS_BACK)).replace(day=1)
    day = first
    while day < today:
        drawn = _drawn(seed, f"{code} {day}")
        if day.weekday() < 5:
            content = 0.5 + 0.6 * (1 - speed)  # who is quick is liked better
            shares = np.array((content * 0.6, content * 0.4, 0.12, 0.05, 0.02))
            for number in range(int(drawn.random() + weight / _OFTEN * drawn.uniform(0.5, 2.5))):
                yield day, number, _WORDS[drawn.choice(len(_WORDS), p=shares / shares.sum())]
        day += timedelta(days=1)


def values(seed: int, today: date) -> str:
    """Write what the province's offices state: calls, consultations, signed documents by month, what the national
    portal says of publication and feedback by quarter, indices by year.

    How complete publication is nobody stated: the estimate of Index 766 shows what it does without a figure."""
    lines = ["Chỉ số,Kỳ,Đơn vị,Giá trị,Nguồn,Ngày công bố"]
    start = today.replace(day=1)
    for _ in range(6):
        end = start - timedelta(days=1)
        start, stated = end.replace(day=1), min(today, end + timedelta(days=4))
        drawn = _drawn(seed, f"{start}")
        for one, source, low, high in (
            ("hotline_calls", "Tổng đài 1022 (minh họa)", 900, 1500),
            ("consultations", "Sổ theo dõi của Trung tâm (minh họa)", 5_000, 7_000),
            ("signed_documents", "Hệ thống quản lý văn bản (minh họa)", 18_000, 24_000),
        ):
            lines.append(f"{one},{start:%Y-%m},,{drawn.integers(low, high + 1)},{source},{stated:%d/%m/%Y}")
    for first, last in _quarters(today, 5):
        drawn, stated = _drawn(seed, f"quarter {first}"), min(today, last + timedelta(days=6))
        for one, low, high in (("published_on_time", 91, 98), ("feedback_on_time", 84, 96)):
            share = f'"{drawn.uniform(low, high):.2f}"'.replace(".", ",")
            quarter = f"{first.year}-Q{(first.month + 2) // 3}"
            lines.append(f"{one},{quarter},,{share},Cổng Dịch vụ công quốc gia (minh họa),{stated:%d/%m/%Y}")
    for year in (today.year - 2, today.year - 1):
        drawn, stated = _drawn(seed, f"{year}"), min(today, date(year + 1, 5, 20))
        for one, value in (
            ("par_index", f'"{drawn.uniform(84, 90):.2f}"'.replace(".", ",")),
            ("par_index_rank", drawn.integers(8, 31)),
            ("sipas", f'"{drawn.uniform(80, 88):.2f}"'.replace(".", ",")),
            ("papi", f'"{drawn.uniform(41, 46):.2f}"'.replace(".", ",")),
        ):  # fmt: skip
            lines.append(f"{one},{year},,{value},Số minh họa,{stated:%d/%m/%Y}")
    return "\n".join(lines) + "\n"


def _quarters(today: date, count: int) -> Iterator[tuple[date, date]]:
    """Give the first and the last day of the newest quarters that have ended, the newest first."""
    start = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    for _ in range(count):
        last = start - timedelta(days=1)
        start = date(last.year, last.month - 2, 1)
        yield start, last
