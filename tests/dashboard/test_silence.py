"""What is silent is named above the figures, is in no rate and never looks well; weeks before its silence are whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from dashboard import shapes
from dashboard.answers import fresh, sources
from metrics.dossier import INSTANT
from metrics.freshness import Silent, Standing, State, Told
from metrics.heard import Left
from tests.dashboard.conftest import NOW, Visit
from tests.dashboard.test_pages import texts

EVENING = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # 17:30 on Friday; the source was read last at 10:32
NAMES = {"mot-cua": "Một cửa điện tử tỉnh"}


def values(app: object) -> list[str]:
    return [str(metric.value) for metric in app.metric]  # type: ignore[attr-defined]


def test_a_silent_source_is_named_and_makes_no_rate(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    before = visit(shapes.OVERVIEW, tuan="2026-W47")
    assert "không có dữ liệu" not in texts(before)
    assert "—" not in values(before)[0]
    monkeypatch.setattr("dashboard.filters.now", lambda: EVENING)
    monkeypatch.setattr("store.sessions.IDLE", timedelta(hours=12))  # the reader stayed
    app = visit(shapes.OVERVIEW, tuan="2026-W47")
    assert not app.exception
    assert "không có dữ liệu** từ 10:32 20/11/2026" in texts(app)
    assert values(app)[0] == "—"
    assert values(app)[1] != "—"  # the stock is as last known


def test_a_week_before_the_silence_is_whole(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.filters.now", lambda: EVENING)
    monkeypatch.setattr("store.sessions.IDLE", timedelta(hours=12))  # the reader stayed
    app = visit(shapes.OVERVIEW, tuan="2026-W46")
    assert "không có dữ liệu" not in texts(app)
    assert values(app)[0] != "—"


def left(department: str | None, pending: int) -> Left:
    return Left(Silent("mot-cua", department, date(2026, 11, 19), NOW), pending, 100)


def test_the_largest_are_named_and_the_rest_are_counted() -> None:
    said = fresh.unheard([left(None, 5), left("A", 50), left("B", 40), left("C", 30), left("D", 1)], NAMES)
    assert [text.split(":")[0].strip("*") for text in said[:3]] == [
        f"{name} (Một cửa điện tử tỉnh)" for name in ("A", "B", "C")
    ]
    assert said[3] == "và 2 nơi khác, đang giữ 6 hồ sơ; xem Nguồn dữ liệu."
    assert fresh.unheard([], NAMES) == []


def told(state: State, department: str | None) -> Standing:
    return Standing(Told("mot-cua", department, NOW, "Asia/Ho_Chi_Minh", cadence_days=2), state, None)


def test_silent_units_stand_first_and_a_source_is_no_unit() -> None:
    found = [told(State.OK, "Á"), told(State.OK, None), told(State.SILENT, "B"), told(State.LATE, "C")]
    rows = sources.units(found, NAMES)
    assert rows.rows() == [
        (name, state, "10:32 20/11/2026", "2 ngày làm việc", "Một cửa điện tử tỉnh")
        for name, state in (("B", "○ Không có dữ liệu"), ("C", "◆ Chậm"), ("Á", "● Đủ"))
    ]


@pytest.mark.parametrize(("minutes", "state"), [(45, "ok"), (46, "late"), (90, "late"), (91, "silent")])
def test_a_source_is_never_well_once_it_is_late(minutes: int, state: str) -> None:
    heard = NOW - timedelta(minutes=minutes)
    source = {"last_state": "ok", "last_ok_at": heard, "cadence_minutes": 15, "name": "a", "title": ""}
    assert sources.state_of(source, NOW) == state
    assert (sources.STATES[state][0] == "●") == (state == "ok")


def volume(department: str | None, unit: bool, n: int, band: tuple[int, int] | None, said: str) -> dict[str, object]:
    low, high = band or (None, None)
    place: dict[str, object] = {"source": "mot-cua", "department": department, "unit": unit}
    return place | {"n": n, "low": low, "high": high, "volume": said}


def test_today_stands_beside_what_is_usual_and_only_odd_units_are_listed() -> None:
    rows = [
        volume(None, False, 12, (40, 60), "low"), volume("Sở Y tế", True, 20, (10, 30), "usual"),
        volume("Sở Xây dựng", True, 0, (5, 30), "low"), volume(None, True, 3, None, "untold"),
    ]  # fmt: skip
    last = pl.DataFrame(rows, schema_overrides={"department": pl.String})
    shown = sources.volumes(last.with_columns(n=7), last, NAMES)
    assert shown.rows() == [
        ("Nguồn Một cửa điện tử tỉnh", "▲ ít bất thường", "12", "40–60", "7"),
        ("Sở Xây dựng", "▲ ít bất thường", "0", "5–30", "7"),
    ]


def test_the_notes_of_a_run_are_shown_where_there_are_any() -> None:
    run = {
        "started_at": NOW, "source": "a", "origin": "x", "kind": "sync", "state": "ok", "notes": '["Ghi chú một."]',
        **dict.fromkeys(("read", "new", "changed", "unchanged", "merged", "quarantined"), 1),
    }  # fmt: skip
    frame = pl.DataFrame([run, run | {"notes": None}], schema_overrides={"started_at": INSTANT, "notes": pl.String})
    assert sources.runs(frame, {})["Ghi chú"].to_list() == ["Ghi chú một.", "—"]
    assert "Ghi chú" not in sources.runs(frame.tail(1), {}).columns


def test_runs_of_no_news_are_one_line_and_whatever_went_wrong_keeps_its_own() -> None:
    zero = dict.fromkeys(("new", "changed", "unchanged", "merged", "quarantined"), 0)
    run = {
        "started_at": NOW,
        "source": "a",
        "origin": "x",
        "kind": "sync",
        "state": "ok",
        "notes": None,
        "read": 0,
    } | zero
    told: list[dict[str, object]] = [
        {"state": "failed", "error": "the process was cut off"}, {"state": "running"},
        {"notes": '[{"code": "gone", "values": {"count": 2}}]'},
        {"read": 1, "new": 1}, {"read": 1, "changed": 1}, {"read": 1, "quarantined": 1}, {"kind": "load"},
    ]  # fmt: skip
    quiet = [{"read": 9, "unchanged": 8, "merged": 1, "started_at": NOW - timedelta(hours=n)} for n in range(1, 49)]
    frame = pl.DataFrame(
        [run | one for one in (*told, *quiet)], schema_overrides={"started_at": INSTANT, "notes": pl.String}
    )
    rows = sources.runs(frame, {})
    assert rows["Kết quả"].to_list() == ["Lỗi", "Đang chạy", "Xong", "Xong", "Xong", "Xong", "Xong"]
    assert rows["Ghi chú"][0].startswith("Lần đọc bị ngắt giữa chừng")
    assert rows["Ghi chú"][2] == "2 hồ sơ không còn ở nguồn: hai lần đọc toàn bộ đều không thấy."
    assert sources.quiet(frame, {"a": "Cổng tỉnh"}).startswith("**48 lần đọc không có gì mới**, gần nhất ")
    assert sources.quiet(frame.head(7), {}) == ""
