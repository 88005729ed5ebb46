"""Nguồn dữ liệu: runs hour by hour, rows that can be read once more, codes that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.settings import settings
from dashboard import run_strip, shapes
from dashboard.answers import replay, run_hours, unmapped
from metrics.dossier import INSTANT
from store import audit, replays
from store.database import Store
from tests.dashboard.conftest import NOW, Visit
from tests.dashboard.test_pages import texts

NAMES = {"b": "Sở Y tế", "a": "Một cửa tỉnh", "c": "Thuế"}


def run(source: str, minutes_ago: int, state: str = "ok", **counts: int) -> dict[str, object]:
    zero = {"new": 0, "changed": 0, "quarantined": 0}
    return {"source": source, "started_at": NOW - timedelta(minutes=minutes_ago), "state": state} | zero | counts


def test_each_hour_says_what_it_brought_and_whether_a_reading_failed() -> None:
    told = [run("a", 5), run("a", 20, new=2, changed=1), run("a", 70), run("b", 3, "failed"), run("b", 1, new=9)]
    strip = run_hours.strip(pl.DataFrame(told, schema_overrides={"started_at": INSTANT}), NAMES, NOW)
    assert strip.names == ["Một cửa tỉnh", "Sở Y tế", "Thuế"]  # one that was never read keeps its line
    seen = [(hour.line, hour.at, hour.state) for hour in strip.hours]
    assert seen == [
        (0, "2026-11-20T09:30", "quiet"),
        (0, "2026-11-20T10:30", "news"),
        (1, "2026-11-20T10:30", "failed"),
    ]
    assert "2 lần đọc" in strip.hours[1].hover and "2 mới, 1 thay đổi" in strip.hours[1].hover
    assert strip.text == "48 giờ qua: 5 lần đọc, 1 lần lỗi, 11 hồ sơ mới, 1 thay đổi."


def source(name: str, refused: int, *, kind: str = "rest", cadence: int | None = 15) -> dict[str, object]:
    return {"name": name, "title": NAMES[name], "refused": refused, "kind": kind, "cadence_minutes": cadence}


def test_only_a_source_that_can_be_asked_has_a_button_and_the_others_name_their_files() -> None:
    rows = pl.DataFrame([source("a", 0), source("b", 3), source("c", 12, kind="file", cadence=None)])
    found = replay.waiting(rows, {"b": {"state": "reading"}})
    assert [(each.source, each.by_file, each.under_way) for each in found] == [("c", True, False), ("b", False, True)]
    assert found[1].said == "Đang đọc lại nguồn …"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"state": "waiting"}, "Đã nhận lệnh nạp lại, chờ bộ đọc"),
        (
            {"state": "done", "waited": 12, "waiting": 3, "at": "2026-11-20T03:35:00+00:00"},
            "Nạp lại lúc 10:35 20/11/2026: 9 dòng đã vào kho, 3 dòng còn chờ",
        ),
    ],
)
def test_what_became_of_an_order_is_said(outcome: replays.Outcome, said: str) -> None:
    (found,) = replay.waiting(pl.DataFrame([source("a", 3)]), {"a": outcome})
    assert found.said == said


def test_unknown_units_and_states_are_counted() -> None:
    rows = pl.DataFrame({"reasons": [["unknown_status"], ["unknown_status", "code_missing"], ["code_missing"]]})
    told = unmapped.said(("Sở A", "Sở B"), rows, everybody=True)
    assert told[0] == "**2** đơn vị chưa có trong danh mục: Sở A, Sở B. Xem Đơn vị và thủ tục."
    assert told[1].startswith("**2** dòng cách ly vì trạng thái chưa ánh xạ; ghi vào bảng ánh xạ")
    assert len(unmapped.said((), rows.clear(), everybody=False)) == 1


def test_without_a_register_nobody_is_said_to_be_in_it() -> None:
    (told,) = unmapped.said((), pl.DataFrame(), everybody=False, registered=False)
    assert "Chưa có danh mục đơn vị" in told


def test_the_mark_of_the_running_hour_stands_within_the_strip() -> None:
    now = datetime(2026, 11, 20, 3, 1, tzinfo=UTC)
    row = {"source": "a", "started_at": now, "new": 1, "changed": 0, "quarantined": 0, "state": "ok"}
    told = run_hours.strip(pl.DataFrame([row]), {"a": "A"}, now)
    assert told.begin < told.hours[0].at < told.end == "2026-11-20T11:00"


def test_an_operator_gives_the_order_and_nobody_else_can(
    visit: Visit, in_use: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = settings().model_copy(update={"home": tmp_path})
    monkeypatch.setattr("dashboard.replaying.settings", lambda: own)
    head = visit(shapes.SOURCES, who="truongphong")
    assert [button.label for button in head.button if button.label == "Nạp lại"] == []
    app = visit(shapes.SOURCES)
    (again,) = [button for button in app.button if button.label == "Nạp lại"]
    told = again.click().run()
    assert [each.source for each in replays.waiting(tmp_path)] == ["mot-cua"]
    assert replays.waiting(tmp_path)[0].by == "giamdoc"
    assert "Đã nhận lệnh nạp lại" in texts(told)
    kept = audit.read(in_use, act="change_settings", person="giamdoc").row(0, named=True)
    assert (kept["what"], kept["at"]) == ("replay mot-cua", NOW.astimezone(UTC))
    assert isinstance(kept["at"], datetime)


def test_the_hours_under_the_strip_have_room_below_its_lines() -> None:
    told = run_hours.Strip(("A", "B"), (), "2026-11-19", "2026-11-20", "")
    room = run_strip.height(told) - run_strip.LINE * len(told.names)
    margin = run_strip.spec(told, theme="light", size=13)["layout"]["margin"]
    assert margin["b"] >= 2 * 13  # a line of letters, and what stands between it and the lines
    assert margin["t"] + margin["b"] < room
