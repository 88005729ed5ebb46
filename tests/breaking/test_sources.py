"""What once lost or hid rows of a source, or held its pull for ever."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from werkzeug import Request as Asked
from werkzeug import Response

from config import sources
from config.errors import ConfigError, SourceError, StoreError
from config.notes import read
from config.settings import settings
from config.sources import Request, Source
from connectors.base import Reading
from connectors.national_portal import pull
from connectors.simulator.days import wall_seconds
from connectors.simulator.faults import Faults
from connectors.simulator.province import Province
from connectors.simulator.server import Desk, serve
from connectors.simulator.state import changed_between, dossiers
from jobs import settings_found
from jobs.sync import sync_source
from store import runs, sweeps
from store.database import Store
from store.ingest import begin_run
from tests.connectors.conftest import inbox
from tests.connectors.watched import NAMED, left, put, reports, sync
from tests.opencps.conftest import NOW, Clock, Kept, province, running
from tests.rest.conftest import _secrets
from tests.rest.test_traps import answer, refused, row, told_by
from tests.store.test_ingest import HCM, NOON, load, rows
from tests.store.test_sweeps import state, swept

__all__ = ["_secrets", "inbox", "province", "told_by"]

DAY = timedelta(days=1)
LINE = "A,Nguyễn Văn Kín,0912345678,21/11/2026,25/11/2026,\n"


class Script(Faults):
    """Faults in the order told, one for each request; none when they are over."""

    def next(self) -> str:
        return next(self.told, "")  # type: ignore[attr-defined]


def test_a_page_that_came_before_the_pull_was_cut_off_is_not_stored_as_the_next(
    province: Province,  # noqa: F811 - a fixture is named as it is asked for
) -> None:
    clock, script, kept = Clock(), Script(1), Kept()
    source = Source(name="minh-son", kind="demo", office="H99", request=Request(rows_a_page=50, attempts=2))
    with running(serve(Desk(province, clock, mishaps=script))) as url:
        at = source.model_copy(update={"url": url})
        for faults in ([*[""] * 4, *["500"] * 4], ["", "duplicate_page"], []):
            script.told = iter(faults)  # type: ignore[attr-defined]
            try:
                for batch in pull(at, Reading(NOW, kept.cursor)):
                    kept.take(batch, NOW)
            except SourceError:
                assert faults
    second = wall_seconds(NOW)
    told = dossiers(changed_between(province, 0, second).filter(defect=0), second)
    assert sorted(kept.dossiers["code"]) == sorted(told["MaHoSo"])


@pytest.mark.parametrize("paging", ["cursor", "link"])
def test_next_pages_that_lead_in_a_circle_end_the_pull(
    told_by: Callable[..., Source],  # noqa: F811
    paging: str,
) -> None:
    def circle(asked: Asked) -> Response:
        page = int(asked.args.get("viTri", "0"))
        after = (page + 1) % 3
        return Response(
            _json(answer([row(page)], 3, sau=str(after))), headers={"Link": f'</api/link?viTri={after}>; rel="next"'}
        )

    kept = refused(told_by(circle, paging, total=""), "leads back to a page that was read before")
    assert sorted(kept.dossiers["code"]) == ["H0", "H1", "H2"], "what came stays"


def test_a_last_page_given_for_ever_is_known_although_its_rows_carry_the_servers_clock(
    told_by: Callable[..., Source],  # noqa: F811
) -> None:
    clock = itertools.count()

    def clamped(_: Asked) -> Response:
        assert next(clock) < 100, "the pull goes on for ever"
        return Response(_json(answer([row(n, mayChu=next(clock)) for n in range(3)])))

    refused(told_by(clamped, "offset", total="", rows_a_page=3), "its pages do not fit together")


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)


def test_what_was_seen_between_two_sweeps_is_not_gone(store: Store) -> None:
    load(store, rows("A", "B", changed_at=NOON))
    swept(store, "A", at=NOON + DAY)
    load(store, rows("B", changed_at=NOON), seen_at=NOON + DAY + timedelta(hours=1))  # there, and as it was
    assert state(store, "B") == ("processing", None, None)
    assert swept(store, "A", at=NOON + 2 * DAY) == sweeps.Swept(missing=1, gone=0, back=0)
    assert state(store, "B") == ("processing", NOON + 2 * DAY, None)


def test_what_is_there_again_in_a_sweep_is_still_counted_as_back(store: Store) -> None:
    load(store, rows("A", "B", changed_at=NOON))
    swept(store, "A", at=NOON + DAY)
    with begin_run(store, HCM, kind="sweep", origin="x", seen_at=NOON + 2 * DAY) as run:
        run.batch(rows("A", "B", changed_at=NOON))
        assert sweeps.settle(run, pl.Series(["A", "B"])).back == 1


def test_an_empty_answer_buries_no_small_office(store: Store) -> None:
    load(store, rows("A", "B", "C"))
    for day in (1, 2):
        with pytest.raises(StoreError, match="lacks 3 of 3 dossiers"):
            swept(store, at=NOON + day * DAY)
    assert state(store, "C") == ("processing", None, None)


def test_what_nobody_reads_in_a_watched_folder_is_named(store: Store, inbox: Path) -> None:  # noqa: F811
    (inbox / "thang-11").mkdir()
    (inbox / "trong").mkdir()
    put(inbox / "thang-11", "a.csv", NAMED + LINE)
    (inbox / "mat.csv").symlink_to(inbox / "khong-co.csv")
    sync(store, inbox)
    notes = _notes(store)
    assert "thang-11: nobody looks into folders in the folder" in notes
    assert "mat.csv: no file, or a link that leads nowhere" in notes
    assert "trong" not in notes and "done" not in notes


def test_a_file_that_may_not_be_deleted_is_said_and_neither_loaded_twice_nor_called_sent_again(
    store: Store,
    inbox: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(inbox, "a.csv", NAMED + LINE)
    with monkeypatch.context() as locked:
        locked.setattr(Path, "unlink", _refused)
        assert sync(store, inbox).new == 1
        assert sync(store, inbox, days=1).read == 0
    assert left(inbox) == ["a.csv"]
    assert "a.csv was loaded and cannot be taken away: being used." in _notes(store)
    assert "sent_again" not in reports(inbox)[0]
    sync(store, inbox, days=2)
    assert left(inbox) == []


def test_a_folder_that_may_not_be_listed_is_said_and_stops_no_other_source(
    store: Store,
    inbox: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "iterdir", _refused)
    with pytest.raises(SourceError, match="cannot be read: being used"):
        sync(store, inbox)


def _refused(*_: object, **__: object) -> Any:
    raise PermissionError(13, "being used")


def _notes(store: Store) -> str:
    return " ".join(map(str, read(runs.history(store)["notes"][0])))


def test_two_sources_on_one_folder_are_told_apart_before_one_takes_the_others_files(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '[[source]]\nname = "{}"\nkind = "folder"\nmapping = "m.toml"\n[source.folder]\npath = "{}"\n'
    (tmp_path / "sources.toml").write_text(told.format("mot", "in") + told.format("hai", "./x/../in"), encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(tmp_path / "sources.toml"))
    settings.cache_clear()
    said = [t.found for t in settings_found.troubles()]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("Mã hồ sơ\nA\n", encoding="utf-8")
    for name in ("mot", "hai"):
        with pytest.raises(ConfigError, match="watches the folder of the source"):
            sync_source(store, sources.chosen((name,))[0], seen_at=NOON)
    assert (tmp_path / "in" / "a.csv").exists()
    assert runs.history(store)["state"].to_list() == ["failed", "failed"]
    settings.cache_clear()
    assert 'it watches the folder of the source "mot": whoever comes first takes the files.' in said
