"""Who comes, when, with what: four weeks at a time, so that a longer future leaves the past as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from connectors.simulator.days import Days, Floats, Ints, at_home
from connectors.simulator.tables import Tables

BLOCK_DAYS: Final = 28
PER_WORKING_DAY: Final = 340
#: What weekends and holidays bring, all online, of an ordinary working day.
ON_REST_DAYS: Final = 0.27
BY_WEEKDAY: Final = np.array([1.20, 1.08, 1.00, 0.96, 0.88, 1.0, 1.0])
BY_MONTH: Final = np.array([1.02, 0.86, 1.12, 1.06, 1.0, 1.05, 1.08, 1.06, 0.98, 1.03, 1.0, 1.04])
#: The online share grows over the province's eighteen months, as it does in life.
ONLINE_THEN, ONLINE_NOW = 0.72, 0.96
BY_POST: Final = 0.05
COUNTER, ONLINE, POST = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Dossiers of one block in order of submission: indices into the tables, channel, moment, number within the day."""

    unit: Ints
    procedure: Ints
    channel: Ints
    submitted: Ints
    serial: Ints


def arrivals(
    rng: np.random.Generator, tables: Tables, days: Days, first_day: int, opened_on: int, size: float
) -> Arrivals:
    """Draw the dossiers submitted from day ``first_day`` on, for one block; ``size`` 1 is the whole province."""
    calendar = np.arange(first_day, first_day + BLOCK_DAYS)
    day = np.repeat(calendar, rng.poisson(size * _expected(calendar, days)))
    worked = days.is_working(day)
    online = tables.procedures["online"].to_numpy()
    pair = _pairs(rng, tables, worked, online)
    procedure = tables.pair_procedure[pair]
    trend = np.interp(day, [opened_on - 548, opened_on], [ONLINE_THEN, ONLINE_NOW])
    draw = rng.random(len(day))
    channel = np.where((draw < online[procedure] * trend) | ~worked, ONLINE, COUNTER)
    channel = np.where((channel == COUNTER) & (rng.random(len(day)) < BY_POST), POST, channel)
    submitted = _moment(rng, days, day, channel, worked)
    order = np.argsort(submitted, kind="stable")
    return Arrivals(
        tables.pair_unit[pair][order], procedure[order], channel[order], submitted[order], _serial(submitted[order])
    )


def _expected(calendar: Ints, days: Days) -> Floats:
    month = (calendar.astype("datetime64[D]").astype("datetime64[M]").astype(int)) % 12
    weekday = (calendar + 3) % 7  # 1970-01-01 was a Thursday
    ordinary = PER_WORKING_DAY * BY_MONTH[month] * BY_WEEKDAY[weekday]
    return np.where(days.is_working(calendar), ordinary, PER_WORKING_DAY * ON_REST_DAYS)


def _pairs(rng: np.random.Generator, tables: Tables, worked: np.ndarray, online: Floats) -> Ints:
    """Draw a unit with its procedure; on rest days the procedures that people file online come first."""
    at_rest = tables.pair_weight * online[tables.pair_procedure] ** 2
    draw = rng.random(len(worked))
    usual = np.searchsorted(np.cumsum(tables.pair_weight), draw)
    other = np.searchsorted(np.cumsum(at_rest) / at_rest.sum(), draw)
    return np.minimum(np.where(worked, usual, other), len(at_rest) - 1)


def _moment(rng: np.random.Generator, days: Days, day: Ints, channel: Ints, worked: np.ndarray) -> Ints:
    """Two peaks at the counter, before noon and in the afternoon; a third of the online ones come from home."""
    count = len(day)
    morning = rng.random(count) < 0.58
    share = np.where(morning, rng.beta(2.0, 2.6, count) * 0.5, 0.5 + rng.beta(2.0, 2.4, count) * 0.5)
    at_office = days.at_desk(day, share)
    home = (channel == ONLINE) & (~worked | (rng.random(count) < 0.34))
    return np.where(home, at_home(day, rng.random(count)), at_office)


def _serial(submitted: Ints) -> Ints:
    """Number the dossiers of each day from 1, in order of submission."""
    day = submitted // 86_400
    starts = np.flatnonzero(np.r_[True, day[1:] != day[:-1]]) if len(day) else np.array([], dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(day)])
    return np.arange(len(day)) - np.repeat(starts, lengths) + 1
