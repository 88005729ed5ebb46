"""``dunghan reconcile`` and its workbook: every number is the length of its list; a head's scope is cut everywhere."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from jobs import cli
from jobs.rebuild import rebuild
from metrics import rulebook
from metrics.dossier import COLUMNS, PLAIN, Dossier
from metrics.reconcile import BY, LISTS, Overdue, counted
from metrics.scope import Scope
from metrics.terms import Terms
from reports import reconciliation
from reports.reconciliation_xlsx import DIFFERENCES, Subject, render
from store import reconciliations, snapshot
from store.database import Store, reading
from store.ingest import Source, begin_run
from tests.reconcile.made import at, day

SEEN = datetime(2026, 11, 20, 9, tzinfo=UTC)  # Friday 16:00
A, B = "mot-cua", "cong-quoc-gia"
BUILDING, COMMUNE = "Sở Xây dựng", "UBND xã Hòa Lam"


def dossier(source: str, code: str, due: int, closed: int | None = None, **told: Any) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS) | {
        "source": source, "code": code, "status": "resolved" if closed else "processing", "department": BUILDING,
        "field": "Đất đai", "procedure_name": "=Cấp giấy", "received_at": at(day(2)), "due_at": at(day(due), 17),
        "resolved_at": at(day(closed)) if closed else None, "changed_at": at(day(closed or 2)),
    }  # fmt: skip
    return row | told


#: Worked out by hand: 1 real (late in both), 2 told late, 3 never closed at the portal, 4 only here and late,
#: 5 only there and late, 6 nothing, 7 real and of the commune.
ROWS = [
    dossier(A, "H99-1", 12), dossier(B, "H99-1", 12),
    dossier(A, "H99-2", 12, 12), dossier(B, "H99-2", 12, 16),
    dossier(A, "H99-3", 12, 11), dossier(B, "QG-3", 12, other_code="H99-3"),
    dossier(A, "H99-4", 12),
    dossier(B, "H99-5", 12, department=COMMUNE),
    dossier(A, "H99-6", 19, 18), dossier(B, "H99-6", 19, 18),
    dossier(A, "H99-7", 10, department=COMMUNE), dossier(B, "H99-7", 10, department=COMMUNE),
]  # fmt: skip


@pytest.fixture
def two(store: Store) -> Store:
    rows = Dossier.cast(pl.DataFrame(ROWS, schema=PLAIN))
    for name in (A, B):
        source = Source(name, "Asia/Ho_Chi_Minh", f"Hệ thống {name}", kind="national_portal", cadence_minutes=30)
        with begin_run(store, source, kind="sync", origin="test", seen_at=SEEN) as run:
            run.batch(rows.filter(pl.col("source") == name))
    return store


Told = Callable[..., str]


@pytest.fixture
def dunghan(two: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Told:
    """Run the command line in this process; gives what it printed, after checking how it ended."""

    def run(*words: str, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["dunghan", "reconcile", *words, "--store", two.url])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capfd.readouterr()
        assert ended.value.code == code, printed.err
        return printed.out if code == 0 else printed.err

    return run


def asked(dunghan: Told, *words: str) -> Any:
    return json.loads(dunghan(A, B, "--json", *words))


def test_the_counts_are_those_worked_out_by_hand(dunghan: Told) -> None:
    counts = asked(dunghan, "--as-of", "2026-11-20")["counts"]
    assert {name: counts[name] for name in ("dossiers", "both", "only_a", "only_b", "late_a", "late_b", "overdue")} == {
        "dossiers": 7, "both": 5, "only_a": 1, "only_b": 1, "late_a": 3, "late_b": 5, "overdue": 6,
    }  # fmt: skip
    assert [counts[each] for each in Overdue] == [3, 1, 1, 1]
    assert (counts["real_b"], counts["not_real_b"]) == (2, 2)


def test_every_list_is_as_long_as_its_number_and_groups_add_up(dunghan: Told) -> None:
    counts = asked(dunghan)["counts"]
    for name in LISTS:
        assert len(asked(dunghan, "--list", name)["dossiers"]) == counts[name], name
    groups = asked(dunghan, "--by", "department")["groups"]
    assert {g["by"]["department"]: g["counts"]["dossiers"] for g in groups} == {BUILDING: 5, COMMUNE: 2}
    assert sum(g["counts"]["overdue"] for g in groups) == counts["overdue"]


def test_a_day_before_anything_was_due_has_nothing_overdue(dunghan: Told) -> None:
    counts = asked(dunghan, "--as-of", "2026-11-09")["counts"]
    assert (counts["overdue"], counts["dossiers"]) == (0, 7)


def test_nothing_was_known_of_either_before_they_were_seen(dunghan: Told) -> None:
    assert "nothing was known" in dunghan(A, B, "--known-at", "2026-11-19", code=3)
    counts = asked(dunghan, "--known-at", "2026-11-20", "--as-of", "2026-11-20")["counts"]
    assert counts["overdue"] == 6


def test_tables_are_shown_to_people(dunghan: Told) -> None:
    assert "overdue in B, synchronisation or not closed" in dunghan(A, B)
    assert COMMUNE in dunghan(A, B, "--by", "department")
    assert "QG-3" in dunghan(A, B, "--list", "not_closed")


def test_a_cause_is_recorded_under_either_code_and_shown_in_the_list(dunghan: Told, two: Store) -> None:
    said = dunghan(A, B, "--dossier", "QG-3", "--cause", "N04", "--recorded-by", "vanhanh")
    assert said == "H99-3: N04 recorded (not_closed)\n"
    (row,) = asked(dunghan, "--list", "not_closed")["dossiers"]
    assert (row["code"], row["b_code"], row["cause"], row["recorded_by"]) == ("H99-3", "QG-3", "N04", "vanhanh")
    assert reconciliations.recorded(two, Scope.province(), A, B)["class"].to_list() == ["not_closed"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((A, "cong-quoc"), 'Did you mean "cong-quoc-gia"?'),
        ((A, A), "cannot be held against itself"),
        ((A, B, "--list", "not_close"), 'Did you mean "not_closed"?'),
        ((A, B, "--by", "level"), "not a way to group"),
        ((A, B, "--dossier", "H99-9", "--cause", "N01", "--recorded-by", "x"), f"neither {A} nor {B} has it"),
        ((A, B, "--dossier", "H99-1", "--cause", "N77", "--recorded-by", "x"), "no cause has the code"),
        ((A, B, "--dossier", "H99-1", "--cause", "N01"), "nobody is named"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_next_step(dunghan: Told, words: tuple[str, ...], said: str) -> None:
    assert said in dunghan(*words, code=3)


def sheets(book: bytes) -> dict[str, pl.DataFrame]:
    read = fastexcel.read_excel(book)
    return {
        name: read.load_sheet(name, header_row=3 if name == "Tổng hợp" else 0).to_polars() for name in read.sheet_names
    }


def test_the_workbook_holds_every_number_and_its_list(dunghan: Told, tmp_path: Path) -> None:
    file = tmp_path / "doi-soat.xlsx"
    dunghan(A, B, "--xlsx", str(file))
    found = sheets(file.read_bytes())
    counts = asked(dunghan)["counts"]
    summary = dict(found["Tổng hợp"].iter_rows())
    assert summary["Quá hạn theo Hệ thống cong-quoc-gia"] == counts["late_b"] == 5
    assert summary["Chưa kết thúc"] == found["Chưa kết thúc"].height == 1
    assert found["Quá hạn thật"].height == 3
    assert found["Chỉ nguồn B"]["Mã hồ sơ ở B"].to_list() == ["H99-5"]
    assert found["Theo đơn vị"]["Quá hạn thật"].to_list() == [2, 1]
    assert found["Quá hạn thật"]["Thủ tục"].unique().to_list() == ["=Cấp giấy"]  # a text, not a formula


def rows_of(store: Store, scope: Scope) -> pl.DataFrame:
    found = reconciliation.between(
        snapshot.facts(store, rebuild(store)), A, B, as_of=date(2026, 11, 20), calendar=rulebook.load().calendar,
        scope=scope,
    )  # fmt: skip
    return reconciliation.with_causes(found, reconciliations.recorded(store, Scope.province(), A, B))


def test_a_head_sees_own_dossiers_only_also_in_the_workbook(two: Store) -> None:
    mine = rows_of(two, Scope.of(COMMUNE))
    assert set(mine["code"]) == {"H99-5", "H99-7"}
    book = render(mine, Subject(A, B, date(2026, 11, 20), "v", {}))
    with zipfile.ZipFile(BytesIO(book)) as pieces:
        told = "".join(pieces.read(name).decode() for name in pieces.namelist() if name.endswith(".xml"))
    assert "H99-7" in told
    assert "H99-1" not in told
    assert BUILDING not in told
    assert rows_of(two, Scope.of("Sở Y tế")).is_empty()
    whole = counted(rows_of(two, Scope.province())).row(0, named=True)
    parts = [counted(rows_of(two, Scope.of(name))).row(0, named=True) for name in (BUILDING, COMMUNE)]
    assert {name: sum(part[name] for part in parts) for name in LISTS} == whole


def test_an_empty_reconciliation_is_a_workbook_too(two: Store) -> None:
    found = sheets(render(rows_of(two, Scope.of("Sở Y tế")), Subject(A, B, date(2026, 11, 20), "v", {})))
    assert len(found) == 1 + len(BY) + len(Overdue) + len(DIFFERENCES)


def test_every_count_has_its_words() -> None:
    assert set(reconciliation.COUNTS) == set(LISTS)


def told_beside(store: Store, rows: pl.DataFrame, seen_at: datetime, **told: Any) -> None:
    with begin_run(
        store, Source(B, "Asia/Ho_Chi_Minh", terms=Terms(**told)), kind="load", origin="y", seen_at=seen_at
    ) as run:
        run.batch(rows)


def test_a_source_that_stands_beside_is_compared_and_counted_nowhere(two: Store) -> None:
    rows = Dossier.cast(pl.DataFrame(ROWS, schema=PLAIN)).filter(pl.col("source").cast(pl.String) == B)
    counted_in = {"counted": [A, B], "beside": [A]}
    for word in ("counted", "beside", "counted"):
        told_beside(two, rows, SEEN, figures=word)
        state = rebuild(two)
        for frame in (snapshot.facts(two, state).collect(), snapshot.cube(two, state)):
            assert sorted(frame["source"].cast(pl.String).unique()) == sorted(counted_in[word])
        assert sorted(snapshot.all_facts(two, state).collect()["source"].cast(pl.String).unique()) == sorted([A, B])
        with reading(two) as connection:
            said = snapshot.terms(connection)[B].said
        assert ("không tính vào số liệu, chỉ để đối soát" in said) == (word == "beside")
