"""A page that cannot be believed stops its source and moves no cursor: a dossier is never lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from config import notes
from config.errors import SourceError
from config.sources import Request, Source
from connectors import national_cursor, national_portal, national_session, rest
from connectors.base import Reading
from connectors.simulator.server import Desk
from jobs.sync import sync_source
from metrics.scope import Scope
from store import runs
from store.database import Store
from tests.demo.conftest import NOW, Clock

Answer = dict[str, Any]


def spoil(monkeypatch: pytest.MonkeyPatch, change: Callable[[Answer, Answer], Answer | None]) -> None:
    """Let ``change`` (what was asked, what was answered) rewrite every answer to a data request."""
    real = rest.post

    def post(wire: Any, path: str, body: Any) -> bytes:
        told = real(wire, path, body)
        if path.endswith("login"):
            return told
        answer = orjson.loads(told)
        spoiled = change(dict(body), answer)
        return orjson.dumps(answer if spoiled is None else spoiled)

    monkeypatch.setattr(national_session, "post", post)


def cursor(store: Store) -> str | None:
    found: str | None = runs.latest(store)["cursor"][0]
    return found


def refused(store: Store, source: Source, match: str) -> None:
    before = cursor(store) if runs.latest(store).height else None
    with pytest.raises(SourceError, match=match) as caught:
        sync_source(store, source, seen_at=NOW)
    assert 'source "minh-son"' in caught.value.place
    assert caught.value.next_step
    assert cursor(store) == before
    assert runs.latest(store)["last_state"][0] == "failed"


def test_an_empty_page_where_rows_were_announced_is_not_taken_for_the_end(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        spoil(broken, lambda asked, answer: answer | {"data": []} if asked["trang"] == "8" else None)
        refused(store, demo[1], "page 8 holds 0 rows where .* were announced")
    sync_source(store, demo[1], seen_at=NOW)
    assert runs.latest(store)["last_state"][0] == "ok"


def test_a_system_that_gives_smaller_pages_than_asked_for_is_noticed(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, lambda _, answer: answer | {"data": answer["data"][:100]})
    with pytest.raises(SourceError, match=r"holds 100 rows where \d+ were announced.*rows_a_page"):
        sync_source(store, demo[1], seen_at=NOW)


def test_a_system_that_does_not_turn_its_pages_is_noticed(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[Answer] = []

    def always_the_first(_: Answer, answer: Answer) -> Answer:
        first.append(answer)
        return first[0]

    spoil(monkeypatch, always_the_first)
    with pytest.raises(SourceError, match="is the page before it once more"):
        sync_source(store, demo[1], seen_at=NOW)


def test_a_full_page_of_a_pull_of_unknown_length_is_not_taken_for_all(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, lambda _, answer: {k: v for k, v in answer.items() if k != "tongSo"})
    refused(store, demo[1], '"tongSo" does not say how many there are')


@pytest.mark.parametrize("words", [{}, {"message": "Hệ thống đang bảo trì"}, {"data": []}])
def test_words_of_a_gateway_are_not_taken_for_nothing_new(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch, words: Answer
) -> None:
    sync_source(store, demo[1], seen_at=NOW)
    spoil(monkeypatch, lambda *_: words)
    refused(store, demo[1], "without error_code")


@pytest.mark.parametrize("column", ["DanhSachHoSoBoSung", "KenhThucHien", "NgayNopHoSo", "TenLinhVuc"])
def test_a_column_that_came_and_is_gone_stops_the_source_unless_the_office_says_so(
    store: Store, demo: tuple[Desk, Source], clock: Clock, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    sync_source(store, demo[1], seen_at=NOW)
    clock.now = NOW + timedelta(hours=5)
    spoil(monkeypatch, lambda _, a: a | {"data": [{k: v for k, v in r.items() if k != column} for r in a["data"]]})
    refused(store, demo[1], f'"{column}" came in former runs and is gone')
    known = demo[1].exchange.model_copy(update={"may_lack": (column,)})
    sync_source(store, demo[1].model_copy(update={"exchange": known}), seen_at=NOW)
    assert runs.latest(store)["last_state"][0] == "ok"


def test_a_column_that_changed_its_form_stops_the_source_instead_of_filling_the_quarantine(
    store: Store, demo: tuple[Desk, Source], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_source(store, demo[1], seen_at=NOW)
    clock.now = NOW + timedelta(hours=26)
    before = runs.quarantined(store, Scope.province()).height
    spoil(monkeypatch, lambda _, a: a | {"data": [r | {"NgayHenTra": "16.3.2026"} for r in a["data"]]})
    refused(store, demo[1], r'rows of page 1 are refused as "unreadable_date" \(.*NgayHenTra = 16\.3\.2026')
    assert runs.quarantined(store, Scope.province()).height == before


def test_a_source_whose_clock_is_ahead_loses_nothing_when_it_is_set_right(
    store: Store, demo: tuple[Desk, Source], clock: Clock
) -> None:
    clock.now = NOW + timedelta(days=1)  # the source's; ours says NOW
    sync_source(store, demo[1], seen_at=NOW)
    assert national_cursor.Cursor.read(cursor(store)).dossiers.until == "20260302101500"


def test_a_key_that_the_source_says_back_is_in_no_message(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []

    def echo(asked: Answer, _: Answer) -> Answer:
        keys.append(asked["session"])
        return {"error_code": "99", "error_message": f"không rõ: {asked}"}

    spoil(monkeypatch, echo)
    with pytest.raises(SourceError, match="answered error 99") as caught:
        sync_source(store, demo[1], seen_at=NOW)
    assert keys[0] not in str(caught.value)
    assert keys[0] not in str(runs.latest(store)["last_error"][0])


def test_a_page_that_shrank_while_it_was_read_is_whole(demo: tuple[Desk, Source], clock: Clock) -> None:
    """A dossier that changes leaves its place: the last pages become shorter, and their own answer says so."""
    small = demo[1].model_copy(update={"request": Request(rows_a_page=50, timeout_seconds=1.0, attempts=4)})
    pages = iter(national_portal.pull(small, Reading(NOW)))
    next(pages)
    clock.now = NOW + timedelta(hours=6)
    assert sum(batch.read for batch in pages) > 3000


def test_a_source_put_back_from_a_backup_is_read_again_and_it_is_said(
    store: Store, demo: tuple[Desk, Source], clock: Clock
) -> None:
    clock.now = NOW + timedelta(hours=30)
    sync_source(store, demo[1], seen_at=clock.now)
    clock.now = NOW + timedelta(hours=4)  # its clock, and all that it knows, are of the day before
    later = NOW + timedelta(hours=31)
    counts = sync_source(store, demo[1], seen_at=later)
    assert "The source's clock says 20260302141500" in str(notes.read(runs.history(store)["notes"][0])[0])
    assert national_cursor.Cursor.read(cursor(store)).dossiers.until == "20260302141500"
    assert counts.changed == 0, "what it has forgotten does not take back what we saw"
    clock.now = NOW + timedelta(hours=40)
    assert sync_source(store, demo[1], seen_at=NOW + timedelta(hours=41)).read > 0, "and it is followed from there on"


def test_a_page_given_under_the_number_of_the_one_before_is_not_skipped(
    store: Store, demo: tuple[Desk, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = demo[1].model_copy(update={"request": Request(rows_a_page=500, timeout_seconds=5.0, attempts=4)})
    real, last = rest.post, []

    def mixed_up(wire: Any, path: str, body: Any) -> bytes:
        page = str(body.get(source.request.page, ""))
        last.append(int(page)) if page else None
        other = {"trang": str(int(page) - 1)} if page and int(page) == max(last) > 1 else {}
        return real(wire, path, dict(body) | other)

    with monkeypatch.context() as broken:
        broken.setattr(national_session, "post", mixed_up)
        with pytest.raises(SourceError, match="is the page before it once more"):
            sync_source(store, source, seen_at=NOW)
    mended = sync_source(store, source, seen_at=NOW)
    other = sync_source(store, source, seen_at=NOW, sweep=True)
    assert mended.new > 3000
    assert other.new == 0, "nothing was passed over"
