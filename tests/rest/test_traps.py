"""What JSON services do that loses dossiers in silence, and how it is said instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.errors import SourceError, StoreError
from config.notes import Note, note
from config.sources import Source
from connectors import json_api
from connectors.simulator.faults import Faults
from connectors.simulator.rest_server import KEY, Service
from jobs.sync import sync_source
from store.database import Store
from tests.opencps.conftest import NOW
from tests.rest.conftest import MAPPING, Pulled, source_at

Sources = Callable[..., Source]


def row(number: int, **told: Any) -> dict[str, Any]:
    times = {"nop": "2026-03-02T08:00:00+07:00", "tiepNhan": "2026-03-02T08:00:00+07:00", "henTra": None,
             "ketThuc": None, "tra": None, "tuChoi": None, "capNhat": "2026-03-02T08:00:00+07:00"}  # fmt: skip
    return {"soHoSo": f"H{number}", "tinhTrang": {"ma": "4"}, "thuTuc": {"ma": "1", "ten": "a", "linhVuc": "b"},
            "donVi": [{"ten": "Sở"}], "kenh": "1", "thoiGian": times} | told  # fmt: skip


def answer(rows: list[dict[str, Any]], total: int | None = None, **more: Any) -> dict[str, Any]:
    return {"ketQua": {"hoSo": rows}, "trang": {"tong": len(rows) if total is None else total, **more}}


@pytest.fixture
def told_by(httpserver: HTTPServer, tmp_path: Path) -> Callable[..., Source]:
    """Give a source that is told what the test wants."""
    (tmp_path / "service.toml").write_text(MAPPING, encoding="utf-8")

    def made(told: object, paging: str = "none", **own: object) -> Source:
        path = httpserver.expect_request(f"/api/{paging}")
        if callable(told):
            path.respond_with_handler(told)
        else:
            path.respond_with_json(told)
        return source_at(httpserver.url_for("").rstrip("/"), tmp_path, paging, **own)

    return made


def refused(source: Source, words: str) -> Pulled:
    kept = Pulled()
    with pytest.raises(SourceError, match=words):
        list(kept.batches(source))
    return kept


def test_a_page_to_sign_in_instead_of_data_is_said(told_by: Callable[..., Source]) -> None:
    source = told_by(lambda _: Response("<html>Đăng nhập", content_type="text/html"))
    refused(source, r"what came is a page of HTML, or XML \(19 bytes, status 200\)")


def test_an_empty_answer_is_not_nothing_new(told_by: Callable[..., Source]) -> None:
    assert refused(told_by(lambda _: Response("")), "an empty answer came").cursor is None


def test_an_error_in_a_good_disguise_is_not_nothing_new(told_by: Callable[..., Source]) -> None:
    refused(told_by({"error": "maintenance"}), 'at "ketQua.hoSo" there is no list of records; the answer has: error')


def test_a_total_that_is_not_told_is_said(told_by: Callable[..., Source]) -> None:
    refused(told_by({"ketQua": {"hoSo": []}}), '"trang.tong" does not say how many rows there are')


def test_a_page_that_is_short_is_asked_for_again_and_then_refused(source_of: Sources, service: Service) -> None:
    service.mishaps = Faults(1, {"missing_page": 1.0})
    refused(source_of("offset"), r"page 1 holds \d+ rows where \d+ were announced; it was not stored")
    assert service.asked["offset"] == 3


def test_a_service_that_gives_the_same_page_whatever_is_asked_is_found_out(told_by: Callable[..., Source]) -> None:
    same = answer([row(1), row(2)], total=6)
    kept = refused(told_by(same, "offset", rows_a_page=2), "its pages do not fit together")
    assert kept.cursor is not None
    assert '"number":0' in kept.cursor, "the next pull begins the window again"
    assert kept.dossiers.height == 2


def test_fewer_dossiers_than_the_total_are_read_again_and_not_believed(told_by: Callable[..., Source]) -> None:
    refused(told_by(answer([row(1), row(2)], total=3)), "its pages do not fit together")


def test_rows_that_are_alike_are_counted_where_the_office_says_so(told_by: Callable[..., Source]) -> None:
    kept = Pulled()
    list(kept.batches(told_by(answer([row(1), row(1)]), no_two_alike=False)))
    assert kept.dossiers.height == 1
    assert kept.read == 2, "the copy is merged, and counted"


def test_a_link_to_another_server_is_not_followed_with_our_sign_in(told_by: Callable[..., Source]) -> None:
    def led_away(_: Request) -> Response:
        link = '<http://elsewhere.invalid/api?viTri=1>; rel="next"'
        return Response('{"ketQua":{"hoSo":[]},"trang":{"tong":0}}', headers={"Link": link})

    refused(told_by(led_away, "link"), "the next page is told to be at http://elsewhere.invalid, another server")


def test_a_next_page_that_is_the_same_page_ends_the_pull(told_by: Callable[..., Source]) -> None:
    refused(told_by(answer([row(1)], sau="x"), "cursor"), "the next page is told to be the same page")


def test_a_mapped_path_that_leads_nowhere_is_named_with_the_nearest(told_by: Callable[..., Source]) -> None:
    wrong = answer([row(1, tinhTrang={"maTrangThai": "4"})])
    refused(told_by(wrong), 'nothing stands at "tinhTrang.ma". Did you mean "tinhTrang.maTrangThai"')


def test_a_field_that_came_in_former_pages_and_is_gone_stops_the_source(
    told_by: Callable[..., Source], httpserver: HTTPServer
) -> None:
    kept, whole = Pulled(), [row(n) for n in range(12)]
    without = [{k: v for k, v in r.items() if k != "kenh"} for r in whole]
    answers = iter([whole, without, without[:3]])
    source = told_by(lambda _: Response(_json(answer(next(answers)))))
    list(kept.batches(source))
    with pytest.raises(SourceError, match='"kenh" came in former runs and is gone'):
        list(kept.batches(source))
    list(kept.batches(source))  # three rows tell nothing: empty fields may be left out


def _json(told: object) -> bytes:
    import orjson

    return orjson.dumps(told)


def test_only_what_the_mapping_names_crosses_the_border(told_by: Callable[..., Source]) -> None:
    people = {"nguoiNop": {"hoTen": "Người Giả Định 7", "dienThoai": "0900000007"}, "moTa": "gọi 0900000007"}
    kept = Pulled()
    batches = list(kept.batches(told_by(answer([row(1, **people), row(2, tinhTrang={"ma": "99"}, **people)]))))
    assert batches[0].rejects["reasons"].to_list() == [["unknown_status"]]
    assert batches[0].raw is not None
    text = batches[0].raw.write_json() + batches[0].rejects.write_json()
    assert "Giả Định" not in text
    assert "0900000007" not in text


def test_a_cursor_that_the_service_has_forgotten_is_read_anew_and_said(told_by: Callable[..., Source]) -> None:
    def led(request: Request) -> Response:
        token, known = request.args.get("viTri"), "b" if led.anew else "a"  # type: ignore[attr-defined]
        if token not in (None, known):
            return Response("{}", status=410)
        page = answer([row(1)], total=2, sau=known) if token is None else answer([row(2)], total=2)
        return Response(_json(page))

    led.anew = False  # type: ignore[attr-defined]
    kept, source = Pulled(), told_by(led, "cursor")
    reading = kept.batches(source)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    led.anew = True  # type: ignore[attr-defined]
    list(kept.batches(source))
    assert kept.dossiers["code"].to_list() == ["H1", "H2"]
    assert kept.notes == [str(note("page_forgotten"))]


def test_a_next_link_that_carries_a_secret_is_followed_and_never_kept(told_by: Callable[..., Source]) -> None:
    def led(request: Request) -> Response:
        link = {"Link": f'</api/link?viTri=1&token={KEY}>; rel="next"'} if "viTri" not in request.args else {}
        return Response(_json(answer([row(2 - len(link))], total=2)), headers=link)

    kept = Pulled()
    source = told_by(led, "link", access={"kind": "bearer", "token_secret": "API_KEY"})
    cursors = [batch.cursor for batch in kept.batches(source)]
    assert kept.dossiers["code"].to_list() == ["H1", "H2"]
    assert len(cursors) == 2
    assert KEY not in str(cursors)


def test_a_total_that_goes_up_and_down_does_not_hold_us_for_ever(
    told_by: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_api, "_PATIENCE", 3)
    totals = cycle([6, 4])

    def flapping(request: Request) -> Response:
        first = int(request.args["viTri"])
        return Response(_json(answer([row(first), row(first + 1)], total=next(totals))))

    refused(told_by(flapping, "offset", rows_a_page=2), "the list became shorter 4 times while it was read")


def test_a_dossier_that_moved_forward_while_the_list_was_read_is_gone_back_for(told_by: Callable[..., Source]) -> None:
    """Six dossiers, two a page. H0 leaves after the first page, so H2 moves to a place that was read already."""
    left = [row(n) for n in range(6)]
    asked = list[str]()

    def leaving(request: Request) -> Response:
        asked.append(request.args["viTri"])
        now = left if len(asked) == 1 else left[1:]
        start = int(request.args["viTri"])
        return Response(_json(answer(now[start : start + 2], total=len(now))))

    kept = Pulled()
    list(kept.batches(told_by(leaving, "offset", rows_a_page=2)))
    assert asked == ["0", "2", "0", "2", "4"]
    assert sorted(kept.dossiers["code"]) == [f"H{n}" for n in range(6)]


@pytest.mark.parametrize("has", [4, 5, 6, 7])
def test_a_total_that_counts_the_rows_of_one_page_ends_nothing_in_silence(
    told_by: Callable[..., Source], has: int
) -> None:
    """Two a page. Where the last page is short its "total" falls, and the pull says that the list does not fit."""
    left = [row(n) for n in range(has)]

    def by_page(request: Request) -> Response:
        start = int(request.args["viTri"])
        return Response(_json(answer(left[start : start + 2])))

    kept, source = Pulled(), told_by(by_page, "offset", rows_a_page=2)
    try:
        list(kept.batches(source))
    except SourceError as error:
        assert "became shorter" in error.found or "do not fit together" in error.found
    else:
        assert sorted(kept.dossiers["code"]) == [f"H{n}" for n in range(has)]
    assert kept.dossiers.height > 2, "it did not stop at the first page"


def test_a_service_that_always_gives_all_is_judged_by_what_it_gives(
    told_by: Callable[..., Source], store: Store
) -> None:
    """280 dossiers, then 278: two are missing. Then 30: that is not believed, and nobody is called missing."""
    here = list(range(280))
    source = told_by(lambda _: Response(_json(answer([row(n) for n in here]))), since="", until="")
    sync_source(store, source, seen_at=NOW)
    del here[278:]
    said: list[Note] = []
    sync_source(store, source, seen_at=NOW + timedelta(minutes=15), noted=said.extend)
    assert said == [note("not_found", count=2)]
    del here[30:]
    with pytest.raises(StoreError, match="lacks 250 of 280 dossiers"):
        sync_source(store, source, seen_at=NOW + timedelta(minutes=30))
    sync_source(store, source, seen_at=NOW + timedelta(minutes=45), sweep=True, accept_missing=True, noted=said.extend)
    assert note("missing_accepted", count=248, of=280) in said


def test_a_service_that_is_asked_for_changes_misses_nobody_who_did_not_change(
    told_by: Callable[..., Source], store: Store
) -> None:
    here = list(range(280))
    source = told_by(lambda _: Response(_json(answer([row(n) for n in here]))))
    sync_source(store, source, seen_at=NOW)
    del here[2:]
    assert sync_source(store, source, seen_at=NOW + timedelta(minutes=15)).read == 2
