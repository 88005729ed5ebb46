"""Whatever way a service pages, what comes through is what the province knows, with faults and without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from config.errors import SourceError
from config.sources import Source
from connectors.simulator.days import wall_seconds
from connectors.simulator.faults import Faults
from connectors.simulator.province import Province
from connectors.simulator.rest_server import Service
from connectors.simulator.state import changed_between, dossiers
from tests.opencps import truth
from tests.opencps.conftest import NOW, Clock
from tests.rest.conftest import Pulled

Sources = Callable[..., Source]
COMPARED = tuple(c for c in truth.COMPARED if c != "fee")
WAYS = ("offset", "page", "cursor", "link")


def expected(province: Province, now: datetime) -> pl.DataFrame:
    """What the province knows, under the codes that its service shows; who has none is in quarantine."""
    plans = changed_between(province, 0, wall_seconds(now))
    names = dossiers(plans, wall_seconds(now)).select(
        code=(plans["number"] + 1_000_000).cast(pl.String), shown=pl.col("MaHoSo")
    )
    known = truth.told(province, now).join(names, on="code").filter(pl.col("shown") != "")
    return known.with_columns(code=pl.col("shown")).select("code", *COMPARED).sort("code")


def same_as_the_province(kept: Pulled, province: Province, now: datetime) -> None:
    found = kept.table(*COMPARED).with_columns(pl.col("status").cast(pl.String))
    assert_frame_equal(found, expected(province, now), check_dtypes=False)


def pulled_until_done(kept: Pulled, source: Source, now: datetime = NOW) -> int:
    for number in range(60):
        try:
            list(kept.batches(source, now))
        except SourceError:
            continue
        return number + 1
    raise AssertionError("no pull came through")


@pytest.mark.parametrize("paging", WAYS)
def test_every_dossier_comes_and_later_only_what_changed(
    source_of: Sources, province: Province, clock: Clock, service: Service, paging: str
) -> None:
    kept, source = Pulled(), source_of(paging)
    list(kept.batches(source))
    same_as_the_province(kept, province, NOW)
    assert kept.read == kept.dossiers.height + pl.concat(kept.rejects).height, "nothing came twice"
    first = service.asked[paging]
    clock.now = NOW + timedelta(hours=30)
    list(kept.batches(source, clock.now))
    same_as_the_province(kept, province, clock.now)
    assert service.asked[paging] - first < first / 2


def test_parameters_may_be_sent_as_json_and_the_total_in_a_header(source_of: Sources, province: Province) -> None:
    kept = Pulled()
    list(kept.batches(source_of("page", method="POST", total="header:X-Total-Count")))
    same_as_the_province(kept, province, NOW)


@pytest.mark.parametrize("paging", ["offset", "page"])
def test_without_a_total_only_an_empty_page_is_the_end(
    source_of: Sources, province: Province, service: Service, paging: str
) -> None:
    service.counts = False
    kept = Pulled()
    list(kept.batches(source_of(paging, total="")))
    same_as_the_province(kept, province, NOW)


RATES = {"500": 0.12, "429": 0.04, "cut": 0.06, "duplicate_page": 0.02, "missing_page": 0.03, "skew": 0.03,
         "schema": 0.01, "encoding": 0.01, "expire": 0.04}  # fmt: skip


@pytest.mark.parametrize(("paging", "seed"), [("page", 53), ("cursor", 5)])
def test_a_third_of_the_requests_fail_and_no_dossier_is_lost_or_doubled(
    source_of: Sources, province: Province, service: Service, clock: Clock, paging: str, seed: int
) -> None:
    service.mishaps, service.auth = Faults(seed, RATES, retry_after=0), "oauth"
    kept, source = Pulled(), source_of(paging, access={"kind": "oauth", "token_path": "/oauth/token"})
    pulled_until_done(kept, source)
    same_as_the_province(kept, province, NOW)
    clock.now = NOW + timedelta(hours=30)
    pulled_until_done(kept, source, clock.now)
    same_as_the_province(kept, province, clock.now)
    assert sum(n for kind, n in service.mishaps.drawn.items() if kind) >= 4


@pytest.mark.parametrize("paging", ["offset", "link"])
def test_a_pull_that_is_killed_goes_on_where_it_was(
    source_of: Sources, province: Province, service: Service, paging: str
) -> None:
    kept, source = Pulled(), source_of(paging)
    reading = kept.batches(source)
    for _ in range(2):
        next(reading)
    reading.close()  # type: ignore[attr-defined]
    asked = service.asked[paging]
    list(kept.batches(source))
    same_as_the_province(kept, province, NOW)
    assert service.asked[paging] < 2 * asked + 8
    assert kept.read == kept.dossiers.height + pl.concat(kept.rejects).height, "what was stored is not read again"


def test_dossiers_that_leave_the_list_while_it_is_read_pull_nobody_out_of_sight(
    source_of: Sources, province: Province, clock: Clock, service: Service
) -> None:
    """The clock runs on by an hour at every page: what changes leaves its place and those behind it move forward."""
    kept, source = Pulled(), source_of("offset", until="")
    for _ in kept.batches(source):
        clock.now += timedelta(hours=1)
    list(kept.batches(source, clock.now))
    same_as_the_province(kept, province, clock.now)
