"""Outages are found again at any time from the runs alone, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from config.errors import SourceError
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.dossier import PLAIN
from metrics.outages import Outage
from store import heard, snapshot
from store.database import Store
from store.ingest import Source, begin_run

ZONE = "Asia/Ho_Chi_Minh"
HALF_A_DAY = timedelta(hours=4)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of November 2026 as clocks in Hà Nội show it; the 16th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def read(store: Store, name: str, seen_at: datetime, *, fails: bool = False, kind: str = "rest", rows: int = 1) -> None:
    """Read a source to its end, or not."""
    source = Source(name, ZONE, name.upper(), kind=kind, cadence_minutes=60)
    told = [
        {"source": name, "code": f"{seen_at}-{i}", "status": "processing", "received_at": seen_at} for i in range(rows)
    ]
    try:
        with begin_run(store, source, kind="sync", origin="test", seen_at=seen_at) as run:
            if fails:
                raise SourceError(name, "it does not answer.", "Wait.")
            run.batch(pl.DataFrame(told, schema=PLAIN))
    except SourceError:
        pass


def gaps(store: Store, since: datetime, until: datetime) -> list[tuple[str, datetime, datetime]]:
    found = heard.gaps(store, since, until, least=HALF_A_DAY)
    told = found.with_columns(pl.col("before", "after").dt.truncate("1m"))  # a reading takes its time
    return told.rows()


def test_gaps_are_between_good_readings_of_one_source(store: Store) -> None:
    for day, hour in ((16, 9), (16, 12), (17, 9), (17, 15)):
        read(store, "a", at(day, hour))
        read(store, "b", at(day, hour), fails=(day, hour) in ((16, 12), (17, 9)))
    read(store, "a", at(17, 16), fails=True)
    later = at(18, 9)
    of_a = [("a", at(16, 12), at(17, 9)), ("a", at(17, 9), at(17, 15))]
    assert gaps(store, at(16, 0), later) == [*of_a, ("b", at(16, 9), at(17, 15))]
    assert gaps(store, at(17, 10), later) == [of_a[1], ("b", at(16, 9), at(17, 15))]  # begun before, lasted into it
    assert gaps(store, at(16, 0), at(17, 12)) == of_a[:1]  # what was not read yet is not known
    assert gaps(store, at(17, 16), later) == []


def test_a_folder_that_held_nothing_was_no_word(store: Store) -> None:
    for day, rows in ((9, 1), (12, 0), (17, 1)):
        read(store, "tep", at(day, 9), kind="folder", rows=rows)
    assert gaps(store, at(1, 0), at(20, 0)) == [("tep", at(9, 9), at(17, 9))]


def test_what_lasts_is_known_while_it_lasts_and_has_an_end_later(store: Store) -> None:
    read(store, "a", at(16, 16))
    read(store, "a", at(18, 9), fails=True)
    rebuild(store)
    book = rulebook.load()

    def known(until: datetime) -> tuple[Outage, ...]:
        state = snapshot.read_manifest(store)
        assert state is not None
        return heard.outages(store, state, since=at(1, 0), until=until, time=book.time, units=book.units, least=240)

    assert known(at(16, 17)) == ()
    assert known(at(18, 10)) == (Outage("a", date(2026, 11, 16), None),)
    read(store, "a", at(19, 11))
    assert known(at(19, 12)) == (Outage("a", date(2026, 11, 16), date(2026, 11, 19)),)
    assert known(at(18, 10)) == (Outage("a", date(2026, 11, 16), None),)  # as it was known then
    for day, hour in ((19, 15), (20, 8)):  # a night, and three hours of work: too few to be told
        read(store, "a", at(day, hour))
    assert known(at(20, 9)) == (Outage("a", date(2026, 11, 16), date(2026, 11, 19)),)
