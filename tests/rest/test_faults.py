"""Faults are drawn by seed and rates, and every server of the province shows the same ones."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from config.errors import ConfigError, SourceError
from config.sources import Request, Source
from connectors.base import Reading
from connectors.national_portal import pull
from connectors.simulator.days import wall_seconds
from connectors.simulator.faults import KINDS, Faults, in_windows_1258
from connectors.simulator.province import Province
from connectors.simulator.server import Desk, serve
from connectors.simulator.state import changed_between, dossiers
from tests.opencps.conftest import NOW, Clock, Kept, province, running

__all__ = ["province"]


def test_the_same_seed_draws_the_same_faults_in_whatever_order_the_rates_are_written() -> None:
    rates = {"500": 0.2, "cut": 0.2, "expire": 0.1}
    one, other = Faults(5, rates), Faults(5, dict(reversed(rates.items())))
    drawn = [one.next() for _ in range(2000)]
    assert drawn == [other.next() for _ in range(2000)]
    assert all(abs(drawn.count(kind) / 2000 - rate) < 0.03 for kind, rate in rates.items())
    assert drawn[:50] != [Faults(6, rates).next() for _ in range(50)]


def test_without_rates_nothing_ever_fails() -> None:
    assert {Faults(1).next() for _ in range(100)} == {""}


@pytest.mark.parametrize("rates", [{"501": 0.1}, {"500": 0.6, "cut": 0.6}, {"500": -0.1}])
def test_rates_that_cannot_be_meant_are_refused(rates: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        Faults(1, rates)


def test_windows_1258_writes_the_tone_behind_its_letter() -> None:
    assert (
        in_windows_1258("Sở Tư pháp, huyện Đức Phổ").decode("cp1258")
        == "Sơ\u0309 Tư pha\u0301p, huyê\u0323n Đư\u0301c Phô\u0309"
    )


def test_the_national_server_fails_by_chance_and_nothing_is_lost_or_doubled(province: Province, clock: Clock) -> None:  # noqa: F811
    rates = dict.fromkeys(set(KINDS) - {"timeout"}, 0.04) | {"500": 0.1, "429": 0.05}
    desk = Desk(province, clock, mishaps=Faults(3, rates, retry_after=0))
    kept = Kept()
    with running(serve(desk)) as url:
        source = Source(
            name="minh-son", kind="demo", url=url, office="H99", request=Request(rows_a_page=50, attempts=4)
        )
        for hours in (0, 30):
            clock.now = NOW + timedelta(hours=hours)
            assert pulls_until_done(kept, source, clock) < 40
    second = wall_seconds(clock.now)
    told = dossiers(changed_between(province, 0, second).filter(defect=0), second)
    assert sorted(kept.dossiers["code"]) == sorted(told["MaHoSo"])
    shown = kept.dossiers.select("code", "due_at", "resolved_at").sort("code")
    due = told.select(code="MaHoSo", due=pl.col("NgayHenTra")).sort("code")["due"]
    assert (shown["due_at"].is_null() == (due == "")).all()
    assert desk.mishaps is not None
    assert sum(n for kind, n in desk.mishaps.drawn.items() if kind) > 5


def pulls_until_done(kept: Kept, source: Source, clock: Clock) -> int:
    for number in range(40):
        try:
            for batch in pull(source, Reading(clock.now, kept.cursor)):
                kept.take(batch, clock.now)
        except SourceError:
            continue
        return number
    return 40
