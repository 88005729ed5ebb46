"""One dossier, learned of late: what was known on Friday, what is known now, and what made the difference."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.errors import ConfigError, StoreError
from jobs import cli
from jobs.answers import Asked, answer, overdue_on
from jobs.difference import difference
from jobs.moments import moment_in
from jobs.rebuild import rebuild
from metrics.rulebook import load as load_book
from store import corrections, records, rulebooks
from store.database import Store
from store.people import Person
from tests.known.histories import SOURCES, Told, load

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def here(day: int, hour: int = 9) -> datetime:
    """Give an hour of a day of March 2026, local."""
    return datetime(2026, 3, day, hour, tzinfo=HANOI)


def told(seen: datetime, *rows: dict[str, Any]) -> Told:
    shared = {"source": SOURCES[0], "department": "Sở Y tế", "received_at": here(2), "due_at": here(13)}
    return Told(SOURCES[0], seen.astimezone(UTC), tuple(shared | row for row in rows))


@pytest.fixture
def late(store: Store) -> Store:
    """On Friday 13/3, 18:00, A and B are open. On Monday we hear that A was done on Friday, and of C, taken in then."""
    load(
        store,
        [
            told(here(13, 18), {"code": "A", "status": "processing"}, {"code": "B", "status": "processing"}),
            told(
                here(16, 8),
                {"code": "A", "status": "resolved", "resolved_at": here(13, 15)},
                {"code": "B", "status": "processing"},
                {"code": "C", "status": "processing", "received_at": here(13, 16), "due_at": here(27)},
            ),
        ],
    )
    return store


def counts(store: Store, known_at: str | None, as_of: str = "2026-03-13") -> dict[str, int]:
    found = answer(store, Asked(as_of=as_of, known_at=known_at))["groups"][0]["counts"]
    return {name: found[name] for name in ("received", "resolved", "pending")}


def test_what_was_learned_on_monday_was_not_known_on_friday(late: Store) -> None:
    assert counts(late, "2026-03-13") == {"received": 2, "resolved": 0, "pending": 2}
    assert counts(late, None) == {"received": 3, "resolved": 1, "pending": 2}
    assert counts(late, "2026-03-16T07:59") == counts(late, "2026-03-13")
    assert counts(late, "2026-03-16T08:00") == counts(late, None)


def test_an_offset_is_honoured_and_an_hour_without_one_is_the_sources(late: Store) -> None:
    assert counts(late, "2026-03-16T00:59Z") == counts(late, "2026-03-13")
    assert counts(late, "2026-03-16T10:00+09:00") == counts(late, None)
    assert answer(late, Asked(known_at="2026-03-16T01:00Z"))["known_at"] == "2026-03-16T08:00:00+07:00"


def test_a_day_without_an_hour_means_its_end() -> None:
    assert moment_in("2026-03-13", HANOI, option="x") == here(14, 0) - timedelta(microseconds=1)
    assert moment_in(" 2026-03-13T00:00 ", HANOI, option="x") == here(13, 0)


def test_without_a_day_figures_are_told_for_the_newest_thing_known_then(late: Store) -> None:
    assert answer(late, Asked(known_at="2026-03-15"))["as_of"] == "2026-03-02"
    assert answer(late, Asked())["as_of"] == "2026-03-13"


def test_the_difference_names_each_dossier_what_was_learned_and_by_which_run(late: Store) -> None:
    found = difference(late, Asked(as_of="2026-03-13", known_at="2026-03-13"))
    changed = {name: n["difference"] for name, n in found["counts"].items() if n["difference"]}
    assert (changed["received"], changed["resolved"], changed["resolved_on_time"]) == (1, 1, 1)
    assert "pending" not in changed  # A left it, C came
    a, c = found["dossiers"]
    assert (a["code"], a["department"], a["counts"]["resolved"], a["counts"]["pending"]) == ("A", "Sở Y tế", 1, -1)
    assert (c["code"], c["counts"]["received"], c["counts"]["pending"]) == ("C", 1, 1)
    when = {"seen_at": "2026-03-16T08:00:00+07:00", "run": 2}
    assert a["changes"] == [
        {"column": "status", "before": "processing", "after": "resolved"} | when,
        {"column": "resolved_at", "before": None, "after": "2026-03-13T15:00:00+07:00"} | when,
    ]
    assert c["changes"] == [{"column": "code", "before": None, "after": "C"} | when]


def test_a_correction_recorded_since_is_something_learned(late: Store) -> None:
    corrections.record(
        late, SOURCES[0], "B", due_at=here(20), reason="Nhập sai ngày hẹn", by="van-hanh", at=here(17)
    )  # fmt: skip
    found = difference(late, Asked(as_of="2026-03-18", known_at="2026-03-16"))
    (b,) = found["dossiers"]
    assert [change["column"] for change in b["changes"]] == ["correction"]
    assert b["changes"][0]["after"] == "2026-03-20T09:00:00+07:00"
    # Due on Friday 13/3 it was overdue on Wednesday 18/3; recorded on the 17th, after the due day, the new day holds.
    assert (b["counts"]["pending_overdue"], b["counts"]["pending_in_term"]) == (-1, 1)


def test_a_letter_recorded_since_is_something_learned(late: Store) -> None:
    writer = Person("giamdoc", "Giám đốc", "director", None)
    entry = records.Letter("7/XL", here(17).date(), here(30).date())
    records.record(late, SOURCES[0], "C", entry, by=writer, at=here(17), calendar=load_book().calendar)
    rebuild(late)
    found = difference(late, Asked(as_of="2026-03-18", known_at="2026-03-16"))
    (c,) = found["dossiers"]
    assert [(change["column"], change["after"]) for change in c["changes"]] == [("letter", "7/XL")]

    def moved(known_at: str | None) -> tuple[int, int]:
        told = answer(late, Asked(as_of="2026-03-18", known_at=known_at))["groups"][0]["counts"]
        return told["letters_issued"], told["extensions"]

    assert (moved("2026-03-16"), moved("2026-03-17"), moved(None)) == ((0, 0), (1, 1), (1, 1))


def test_the_overdue_of_a_day_can_be_listed_as_they_were_known(late: Store) -> None:
    # Due on Friday 13/3: on Monday 16/3 both A and B were overdue for all that was known on Friday night.
    def codes(known_at: str | None) -> list[str]:
        return sorted(overdue_on(late, "2026-03-16", known_at)[2]["code"].to_list())

    assert (codes("2026-03-13"), codes(None)) == (["A", "B"], ["B"])


def test_nothing_learned_is_no_difference(late: Store) -> None:
    found = difference(late, Asked(as_of="2026-03-18", known_at="2026-03-16"))
    assert found["dossiers"] == []
    assert {n["difference"] for n in found["counts"].values()} == {0}
    assert found["data_version"]["then"] == found["data_version"]["now"]


def test_figures_are_by_the_rules_of_now_and_name_those_of_then(late: Store) -> None:
    rulebooks.keep(late, "cũ", {}, used_at=here(14))
    now = rebuild(late).rules
    assert load_book().version in now
    said = [answer(late, Asked(known_at=day))["rules"] for day in ("2026-03-13", "2026-03-16")]
    assert said == [{"now": now, "then": None}, {"now": now, "then": "cũ"}]


def test_a_moment_before_the_first_sight_is_refused_with_the_first_that_can_be_asked(late: Store) -> None:
    with pytest.raises(StoreError) as refused:
        answer(late, Asked(known_at="2026-03-13T17:59"))
    assert "nothing was known at 2026-03-13 17:59" in refused.value.found
    assert refused.value.next_step == "Ask for 2026-03-13T18:01 or later."
    with pytest.raises(ConfigError, match="neither a day nor an instant"):
        answer(late, Asked(known_at="thứ sáu"))


def test_an_empty_store_is_told_so(store: Store) -> None:
    with pytest.raises(StoreError, match="no dossiers yet"):
        answer(store, Asked(known_at="2026-03-13"))


@pytest.fixture
def typed(
    late: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", *words, "--store", late.url])
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_both_questions_can_be_typed(typed: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = typed("figures", "--as-of", "2026-03-13", "--known-at", "2026-03-13", "--json")
    assert code == 0
    assert json.loads(out)["groups"][0]["counts"]["received"] == 2
    code, out, _ = typed("difference", "--known-at", "2026-03-13", "--as-of", "2026-03-13", "--json")
    assert code == 0
    assert json.loads(out)["counts"]["received"] == {"then": 2, "now": 3, "difference": 1}


def test_the_difference_on_the_screen_names_counts_dossiers_and_rules(
    typed: Callable[..., tuple[int, str, str]],
) -> None:
    _, out, _ = typed("difference", "--known-at", "2026-03-13", "--as-of", "2026-03-13")
    assert "received" in out and "+1" in out
    assert "2026-03-16 08:00:00  status: processing → resolved" in out
    assert "form_" not in out
    assert "those of that time were not kept" in out
    _, out, _ = typed("difference", "--known-at", "2026-03-16", "--as-of", "2026-03-13")
    assert "no count has changed" in out


def test_a_moment_that_cannot_be_read_ends_with_words(typed: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = typed("figures", "--known-at", "hôm qua")
    assert (code, "Write 2026-11-20 or 2026-11-20T16:30." in err) == (3, True)
