"""Indicators that people enter: by whom, under which rules, with a history in which nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import StoreError
from metrics.scope import Scope
from store import audit, entered, intakes, tables
from store.database import Store, writing
from store.entered import EnteredError, Told, Why
from store.intakes import Counts, Intake
from store.people import Person

NOW, TODAY = datetime(2026, 11, 23, 3, tzinfo=UTC), date(2026, 11, 23)
OPERATOR = Person("vanhanh", "Vận hành", "operator", None)
ALL = Scope.province()
CALLS = Told("hotline_calls", "2026-10", "1.234", "Tổng đài 1022", date(2026, 11, 2))
DDCI = Told("ddci", "2025", "71,25", "Quyết định của UBND tỉnh", date(2026, 3, 1), "Sở Cygnus")


@pytest.fixture(autouse=True)
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = "".join(f'[[unit]]\nname = "Sở {name}"\nlevel = "tỉnh"\n' for name in ("Aquila", "Cygnus"))
    (tmp_path / "units.toml").write_text(register, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))


def enter(store: Store, told: Told = CALLS, by: Person = OPERATOR) -> bool:
    return entered.enter(store, told, by=by, at=NOW, today=TODAY)


def other(told: Told, **changes: object) -> Told:
    return replace(told, **changes)  # type: ignore[arg-type]


def values(rows: pl.DataFrame) -> list[tuple[str, date, str | None, str | None]]:
    return rows.select("indicator", "from_on", "department", "value").rows()


def test_a_value_is_kept_with_source_day_and_who_and_the_audit_log_says_so(store: Store) -> None:
    assert enter(store)
    row = entered.holding(store, ALL).row(0, named=True)
    assert (row["indicator"], row["from_on"], row["to_on"], row["value"]) == (
        "hotline_calls", date(2026, 10, 1), date(2026, 10, 31), "1234",
    )  # fmt: skip
    assert (row["stated_by"], row["stated_on"], row["entered_by"], row["entered_at"]) == (
        "Tổng đài 1022", date(2026, 11, 2), "vanhanh", NOW,
    )  # fmt: skip
    log = audit.read(store, act="record").row(0, named=True)
    assert (log["person"], log["what"], log["detail"]) == ("vanhanh", "indicator hotline_calls", "2026-10-01  1234")


def test_the_same_word_again_changes_nothing_and_another_stands_beside_it(store: Store) -> None:
    assert enter(store)
    assert not enter(store)
    assert enter(store, other(CALLS, value="1300"))
    assert [row[3] for row in values(entered.holding(store, ALL))] == ["1300"]
    assert [row[3] for row in values(entered.history(store, ALL))] == ["1300", "1234"]


def test_what_is_taken_back_holds_no_more_and_stays_in_the_history(store: Store) -> None:
    enter(store)
    entered.take_back(store, "hotline_calls", "2026-10", "", reason="Nhầm tháng", by=OPERATOR, at=NOW)
    assert entered.holding(store, ALL).is_empty()
    assert entered.history(store, ALL)["note"].to_list() == ["Nhầm tháng", None]
    with pytest.raises(EnteredError) as nothing:
        entered.take_back(store, "hotline_calls", "2026-10", "", reason="x", by=OPERATOR, at=NOW)
    assert nothing.value.why is Why.NOTHING
    assert enter(store)  # and may be entered once more


@pytest.mark.parametrize("role", ["head", "chairman", "auditor", "administrator"])
def test_only_director_and_operator_of_the_whole_province_enter(store: Store, role: str) -> None:
    for who in (Person("ai", "Ai", role, None), Person("ai", "Ai", "operator", ("Sở Cygnus",))):  # type: ignore[arg-type]
        for attempt in (
            lambda who=who: enter(store, by=who),
            lambda who=who: entered.take_back(store, "ddci", "2025", "", reason="x", by=who, at=NOW),
        ):
            with pytest.raises(EnteredError) as refused:
                attempt()
            assert refused.value.why is Why.NOBODY
    assert entered.history(store, ALL).is_empty()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"indicator": "hotline_call"}, Why.INDICATOR),
        ({"period": "2026-Q3"}, Why.PERIOD),
        ({"period": "2026-12"}, Why.EARLY),
        ({"value": "12,5"}, Why.VALUE),
        ({"value": "-3"}, Why.VALUE),
        ({"value": ""}, Why.VALUE),
        ({"department": "Sở Cygnus"}, Why.NO_UNIT),
        ({"stated_by": "  "}, Why.SOURCE),
        ({"stated_by": "x" * 201}, Why.LONG),
        ({"stated_on": None}, Why.DAY),
        ({"stated_on": date(2026, 11, 24)}, Why.DAY),
        ({"stated_on": date(2026, 9, 30)}, Why.DAY),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_its_rule(
    store: Store, changes: dict[str, object], why: Why
) -> None:
    with pytest.raises(EnteredError) as refused:
        enter(store, other(CALLS, **changes))
    assert refused.value.why is why
    assert entered.history(store, ALL).is_empty()


@pytest.mark.parametrize(("value", "kept"), [("100", "100"), ("99,5", "99.5"), ("100,01", None), ("71.255", None)])
def test_points_have_their_decimals_and_their_highest(store: Store, value: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(EnteredError):
            enter(store, other(DDCI, value=value))
    else:
        enter(store, other(DDCI, value=value))
        assert entered.holding(store, ALL)["value"].to_list() == [kept]


def test_a_unit_is_one_of_the_register_and_is_seen_by_its_own_readers(store: Store) -> None:
    with pytest.raises(EnteredError) as strange:
        enter(store, other(DDCI, department="Sở Cygnuss"))
    assert strange.value.why is Why.UNIT and 'Did you mean "Sở Cygnus"?' in str(strange.value)
    enter(store, DDCI)
    enter(store, CALLS)
    assert {row[0] for row in values(entered.holding(store, Scope.of("Sở Cygnus")))} == {"ddci", "hotline_calls"}
    assert {row[0] for row in values(entered.holding(store, Scope.of("Sở Aquila")))} == {"hotline_calls"}


def test_nothing_entered_can_be_changed_or_deleted(store: Store) -> None:
    enter(store)
    for said in (sa.update(tables.entered).values(value="1"), sa.delete(tables.entered)):
        with pytest.raises(StoreError, match="what was taken in is append-only"), writing(store) as connection:
            connection.execute(said)


def test_a_file_is_one_transaction_and_twice_the_same_brings_nothing_new(store: Store) -> None:
    rows = [entered.row_of(told, TODAY) for told in (CALLS, DDCI)]
    bad = pl.DataFrame([{"place": "a, row 4", "reasons": ["x"], "found": "x", "raw": "{}"}], schema=intakes.REFUSED)
    intake = Intake("indicators", "a.csv", "vanhanh", NOW, "s")
    assert entered.load(store, rows, bad, by=OPERATOR, intake=intake) == Counts(new=2, refused=1)
    assert entered.load(store, rows, bad, by=OPERATOR, intake=intake) == Counts(unchanged=2, refused=1)
    assert entered.history(store, ALL).height == 2


def test_the_same_file_again_neither_undoes_a_correction_nor_revives_what_was_taken_back(store: Store) -> None:
    papi = Told("papi", "2024", "43,15", "Báo cáo PAPI", date(2025, 5, 20))
    rows = [entered.row_of(told, TODAY) for told in (CALLS, DDCI)]
    more = [*rows, entered.row_of(papi, TODAY)]  # a row that the file had and that was refused then
    none = pl.DataFrame(schema=intakes.REFUSED)
    file, other_file = (Intake("indicators", "a.csv", "vanhanh", NOW, sha) for sha in ("s", "t"))
    entered.load(store, rows, none, by=OPERATOR, intake=file)
    enter(store, other(CALLS, value="1300"))
    entered.take_back(store, "ddci", "2025", "Sở Cygnus", reason="Nhầm", by=OPERATOR, at=NOW)
    assert entered.load(store, more, none, by=OPERATOR, intake=file) == Counts(new=1, unchanged=2)
    assert [row[3] for row in values(entered.holding(store, ALL))] == ["1300", "43.15"]
    assert entered.load(store, rows, none, by=OPERATOR, intake=other_file) == Counts(new=2)  # another word of today


def test_the_wrong_value_of_a_retired_indicator_can_be_taken_back_and_none_entered(
    store: Store, tmp_path: Path
) -> None:
    enter(store)
    known = (files("config") / "indicators.toml").read_text(encoding="utf-8")
    retired = known.replace('id = "hotline_calls"', 'id = "hotline_calls"\nretired = true')
    (tmp_path / "indicators.toml").write_text(retired, encoding="utf-8")
    with pytest.raises(EnteredError) as refused:
        enter(store, other(CALLS, value="1300"))
    assert refused.value.why is Why.INDICATOR
    entered.take_back(store, "hotline_calls", "2026-10", "", reason="Nhầm", by=OPERATOR, at=NOW)
    assert entered.holding(store, ALL).is_empty()


def test_people_are_left_out_of_source_note_and_reason(store: Store) -> None:
    enter(store, other(CALLS, stated_by="Tổng đài 1022, Nguyễn Văn An", note="Hỏi 0912345678 hoặc an@vnpt.vn"))
    entered.take_back(store, "hotline_calls", "2026-10", "", reason="Bà Trần Thị Bình báo nhầm", by=OPERATOR, at=NOW)
    kept = str(entered.history(store, ALL).select("stated_by", "note").rows())
    assert "Tổng đài 1022, …" in kept
    for word in ("Văn An", "0912", "vnpt", "Bình"):
        assert word not in kept
