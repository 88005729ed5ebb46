"""Who gets mail of an alert and when: what has risen is the director's, each rule has its ladder, channel and hours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config import alerts as settings_of
from config.place import SHIPPED
from jobs import alerting
from store import alerts
from store.database import Store
from tests.store.alerted import ALL, at, due, look, mails, put, readers, told

XD, YT = "Sở Xây dựng", "Sở Y tế"
Sets = Callable[..., None]


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sets:
    """Put lines at the head of parts of the office's own alerts.toml, in place of what these said: part → lines."""
    mine = tmp_path / "config"
    mine.mkdir()
    monkeypatch.setenv("DUNGHAN_CONFIG", str(mine))
    parts = (SHIPPED / settings_of.NAME).read_text(encoding="utf-8").split("\n[")

    def set_lines(**lines: str) -> None:
        (mine / settings_of.NAME).write_text("\n[".join(_set(part, lines) for part in parts), encoding="utf-8")

    return set_lines


def _set(part: str, lines: dict[str, str]) -> str:
    head, *rest = part.splitlines()
    new = lines.get(head.partition("]")[0], "").splitlines()
    names = {line.partition(" =")[0] for line in new}
    return "\n".join([head, *new, *(line for line in rest if line.partition(" =")[0] not in names)])


def of_morning(store: Store, day: str, to: str) -> list[str]:
    """Write the mail of a morning and give the bodies that one reader has got of it."""
    before = len(mails(store))
    alerting.digest(store, at(day, "07:30"))
    return [body for name, body in mails(store)[before:] if name == f"{to}@example.vn"]


def risen(store: Store) -> None:
    """Let A and B of the Sở Xây dựng rise to the director's level on 30/11/2026 at five, and Y, overdue on 1/12, be
    with who holds it; A and B were with the head from 23/11 at five on."""
    put(store, due("2026-11-20", "A", "B"), at("2026-11-20", "07:00"))
    put(store, due("2026-11-30", "Y", department=YT), at("2026-11-20", "07:00"))
    for day, hour in (("2026-11-20", "09:00"), ("2026-11-21", "08:00"), ("2026-11-23", "17:00")):
        look(store, at(day, hour))


def test_the_director_gets_no_mail_of_a_dossier_with_its_head_and_one_when_it_has_risen(store: Store) -> None:
    readers(store)
    risen(store)
    assert told(store, "overdue") == [(f"mot-cua|{code}", XD, "open", 1) for code in "AB"]
    assert of_morning(store, "2026-11-24", "giamdoc") == []
    look(store, at("2026-11-30", "17:00"))
    look(store, at("2026-12-01", "07:30"))
    assert [level for *_, level in told(store, "overdue")] == [2, 2, 0]
    (body,) = of_morning(store, "2026-12-01", "giamdoc")
    lines = body.splitlines()
    assert "Hồ sơ quá hạn: 2; 2 đã chuyển cấp." in lines, "Y is with who holds it"
    assert [line for line in lines if line.startswith("- ")] == [f"- {XD}: 2"]


def test_a_director_who_is_told_of_every_overdue_dossier_is_told_apart_which_have_risen(
    store: Store, sets: Sets
) -> None:
    sets(overdue='audience = ["head", "director"]')
    readers(store)
    risen(store)
    (body,) = of_morning(store, "2026-11-24", "giamdoc")
    assert "Hồ sơ quá hạn: 2; 2 mới; 2 đã chuyển cấp." in body
    assert "đã chuyển tới Giám đốc" not in body, "they are with their head"
    look(store, at("2026-11-30", "17:00"))
    look(store, at("2026-12-01", "07:30"))
    (body,) = of_morning(store, "2026-12-01", "giamdoc")
    assert "Hồ sơ quá hạn: 3" in body
    assert [line for line in body.splitlines() if line.startswith("- ")] == [f"- {XD}: 2"]


def online(**told_of: Any) -> pl.DataFrame:
    """Give a dossier submitted online on Wednesday 18/11/2026 at two: 3 h that day and 5 h on Thursday, to two."""
    asked = {"channel": "online", "status": "submitted", "submitted_at": at("2026-11-18", "14:00"), "received_at": None}
    return due("2026-12-18", "N", **(asked | told_of))


def test_an_online_dossier_nobody_answers_is_told_once_past_its_limit_rises_on_its_own_ladder_and_ends_answered(
    store: Store,
) -> None:
    put(store, online(), at("2026-11-18", "14:05"))
    steps: dict[tuple[str, str], list[int]] = {
        ("2026-11-18", "15:00"): [],
        ("2026-11-19", "17:00"): [],  # the day of its limit
        ("2026-11-20", "07:30"): [0],
        ("2026-11-20", "08:29"): [0],
        ("2026-11-20", "08:30"): [1],  # 1 h; one that is overdue has eight
        ("2026-11-24", "08:29"): [1],  # 7 h of Friday, 8 h of Monday, 59 minutes
        ("2026-11-24", "08:30"): [2],  # 16 h; one that is overdue has forty
    }
    for moment, levels in steps.items():
        look(store, at(*moment))
        assert told(store) == [("calendar", None, "open", 1), *(("mot-cua|N", XD, "open", n) for n in levels)], moment
    (row,) = alerts.standing(store, ALL).filter(rule="acceptance").to_dicts()
    assert (row["code"], row["detail"]) == ("N", '{"due_on":"2026-11-19"}')
    answered = online(status="processing", received_at=at("2026-11-24", "09:00"))
    put(store, answered, at("2026-11-24", "09:01"))
    look(store, at("2026-11-24", "09:30"))
    assert told(store) == [("calendar", None, "open", 1)]


def test_what_stands_on_the_page_alone_is_in_no_morning_mail_however_far_it_has_risen(store: Store, sets: Sets) -> None:
    sets(overdue='channel = "page"')
    readers(store)
    risen(store)
    look(store, at("2026-11-30", "17:00"))
    look(store, at("2026-12-01", "07:30"))
    assert [level for *_, level in told(store, "overdue")] == [2, 2, 0], "the page has them"
    alerting.digest(store, at("2026-12-01", "07:30"))
    assert [to for to, _ in mails(store)] == ["vanhanh@example.vn"], "of the calendar"


def silent_on_monday(store: Store) -> None:
    """Let nothing be heard since Friday 20/11/2026, ten o'clock."""
    readers(store)
    put(store, due("2026-12-18", "A"), at("2026-11-20", "09:00"))
    look(store, at("2026-11-20", "10:00"))


def test_what_stands_on_the_page_alone_is_not_mailed_at_once(store: Store, sets: Sets) -> None:
    sets(stale_source='channel = "page"', calendar="on = false")
    silent_on_monday(store)
    assert look(store, at("2026-11-23", "10:30"), None).mailed == 0
    alerting.digest(store, at("2026-11-23", "10:30"))
    assert [subject for subject, *_ in told(store, "stale_source")] == ["mot-cua"]
    assert mails(store) == []


def test_within_the_quiet_hours_of_a_working_day_nothing_is_mailed_and_what_waited_is_told_when_they_end(
    store: Store, sets: Sets
) -> None:
    sets(quiet="from = 10:00:00\nto = 11:00:00")
    silent_on_monday(store)
    for minute in ("10:00", "10:30", "10:59"):
        assert look(store, at("2026-11-23", minute), None).mailed == 0, minute
        assert alerting.digest(store, at("2026-11-23", minute)).held == "not at this hour", minute
    assert [subject for subject, *_ in told(store, "stale_source")] == ["mot-cua"]
    assert mails(store) == []
    assert look(store, at("2026-11-23", "11:00"), None).mailed == 1
    assert [to for to, _ in mails(store)] == ["vanhanh@example.vn"]
    assert alerting.digest(store, at("2026-11-23", "11:05")).held == ""


def test_where_another_hour_is_quiet_the_same_silence_is_told_at_once(store: Store, sets: Sets) -> None:
    sets(quiet="from = 13:00:00\nto = 14:00:00")
    silent_on_monday(store)
    assert look(store, at("2026-11-23", "10:30"), None).mailed == 1
