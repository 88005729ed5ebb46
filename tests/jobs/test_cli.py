"""The command line as an operator and a script meet it: what it prints, returns, and says when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from store import database
from tests.jobs.shell import HEADER, ROWS, Shell


def test_a_load_keeps_the_good_rows_and_says_how_many_it_refused(shell: Shell) -> None:
    code, out, _ = shell.load()
    assert code == 0
    assert "5 rows read = 4 new + 0 changed + 0 unchanged + 0 merged + 1 quarantined" in " ".join(out.split())
    _, listed, _ = shell("quarantine", "--json")
    assert [(row["code"], row["reasons"]) for row in json.loads(listed)] == [("H01-5", ["unknown_status"])]


def test_a_strict_load_returns_one_when_a_row_was_refused(shell: Shell) -> None:
    files = (str(shell.folder / "a.csv"), "--mapping", str(shell.folder / "a.toml"))
    assert shell("load", *files, "--strict")[0] == 1
    (shell.folder / "a.csv").write_text(HEADER + ROWS.splitlines()[0], encoding="utf-8")
    assert shell("load", *files, "--strict")[0] == 0


def test_the_same_file_again_changes_nothing_and_says_so(shell: Shell) -> None:
    shell.load()
    before = shell.figures()["data_version"]
    _, out, _ = shell.load()
    assert "0 new + 0 changed + 4 unchanged" in " ".join(out.split())
    assert shell.figures()["data_version"] == before


def test_figures_have_the_promised_shape_and_add_up(shell: Shell) -> None:
    shell.load()
    found = shell.figures("--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-03-20")
    assert (found["from"], found["to"], found["as_of"]) == ("2026-03-01", "2026-03-31", "2026-03-20")
    (group,) = found["groups"]
    counts = group["counts"]
    assert group["by"] == {}
    assert {name: counts[name] for name in list(counts)[:19]} == {
        "submitted": 0, "awaiting_acceptance": 0, "not_accepted": 0, "received": 4, "carried_over": 0,
        "resolved": 2, "resolved_early": 1, "resolved_on_time": 0, "resolved_overdue": 1, "resolved_undetermined": 0,
        "withdrawn": 0, "refused": 0, "stopped": 0, "gone": 0,
        "pending": 2, "pending_in_term": 0, "pending_overdue": 1, "pending_undetermined": 1, "pending_suspended": 0,
    }  # fmt: skip
    assert group["rates"]["on_time_due"] == {"numerator": 1, "denominator": 3, "value": pytest.approx(1 / 3)}
    assert group["rates"]["on_time_resolved"] == {"numerator": 1, "denominator": 2, "value": 0.5}


def test_a_share_of_nothing_is_null_in_json_and_a_dash_on_the_screen(shell: Shell) -> None:
    shell.load()
    found = shell.figures("--by", "department", "--as-of", "2026-03-20")
    health = next(g for g in found["groups"] if g["by"]["department"] == "Sở Y tế")
    assert health["rates"]["on_time_resolved"] == {"numerator": 0, "denominator": 0, "value": None}
    _, out, _ = shell("figures", "--by", "department", "--as-of", "2026-03-20")
    assert next(line for line in out.splitlines() if "Sở Y tế" in line).rstrip().endswith("—")


def test_months_are_named_as_people_name_them(shell: Shell) -> None:
    shell.load()
    assert [g["by"] for g in shell.figures("--by", "month")["groups"]] == [{"month": "2026-03"}]


def test_the_day_of_an_instant_is_cut_in_the_zone_of_the_source(shell: Shell) -> None:
    shell.load()
    assert shell.figures("--as-of", "2026-03-17T17:30:00Z")["as_of"] == "2026-03-18"
    assert shell.figures("--as-of", "2026-03-17T23:30:00")["as_of"] == "2026-03-17"


def test_without_a_day_figures_are_as_of_the_newest_observation(shell: Shell) -> None:
    shell.load()
    assert shell.figures()["as_of"] == "2026-03-20"


def test_the_overdue_of_a_day_as_json_and_as_a_workbook(shell: Shell) -> None:
    shell.load()
    _, out, _ = shell("overdue", "--as-of", "2026-03-20", "--json")
    found = json.loads(out)
    assert (found["as_of"], found["count"]) == ("2026-03-20", 1)
    assert found["dossiers"][0]["code"] == "H01-3"
    assert found["dossiers"][0]["days_late"] == 3
    code, _, _ = shell("overdue", "--as-of", "2026-03-20", "--xlsx", str(shell.folder / "late.xlsx"))
    assert code == 0
    assert (shell.folder / "late.xlsx").stat().st_size > 3000


def test_on_the_due_day_nothing_is_overdue(shell: Shell) -> None:
    shell.load()
    _, out, _ = shell("overdue", "--as-of", "2026-03-16", "--json")
    assert json.loads(out)["count"] == 0


Case = tuple[Callable[[Shell], tuple[str, ...]], str, str]
CASES: dict[str, Case] = {
    "no such file": (lambda s: ("load", str(s.folder / "b.csv")), "b.csv", "→"),
    "an empty store": (lambda s: ("figures",), "holds no dossiers yet", "dunghan load"),
    "an unknown grouping": (lambda s: ("figures", "--by", "departmnt"), 'Did you mean "department"', "Known:"),
    "a day that is none": (
        lambda s: ("overdue", "--as-of", "31/02/2026"),
        "neither a day nor an instant",
        "2026-11-20",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_cannot_be_done_is_said_in_words_with_the_next_step(shell: Shell, case: Case) -> None:
    words, found, step = case
    if "empty" not in found and "no dossiers" not in found:
        shell.load()
    code, out, err = shell(*words(shell))
    said = " ".join(err.split())
    assert (code, out) == (3, "")
    assert found in said and step in said
    assert "Traceback" not in said


def test_a_locked_store_is_said_and_nothing_is_stored(on_file: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    on_file.load()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    holder = sa.create_engine(on_file.store)
    with holder.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        code, _, err = on_file.load()
    holder.dispose()
    assert code == 3
    assert "database is locked" in err and "wait for it to end" in err


def test_a_full_database_is_said_and_the_batch_is_stored_whole_or_not_at_all(on_file: Shell) -> None:
    on_file.load()
    store = database.open_store(on_file.store)

    def limit(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite never shrinks below what is there: it is full now

    many = "".join(f"X-{n},Sở Y tế,Y tế,Đang xử lý,20/03/2026 08:00,30/03/2026,\n" for n in range(3000))
    (on_file.folder / "many.csv").write_text(HEADER + many, encoding="utf-8")
    sa.event.listen(sa.pool.Pool, "connect", limit)
    try:
        code, _, err = on_file("load", str(on_file.folder / "many.csv"), "--mapping", str(on_file.folder / "a.toml"))
    finally:
        sa.event.remove(sa.pool.Pool, "connect", limit)
        store.engine.dispose()
    assert code == 3
    assert "full" in err and "Free some space" in err
    assert on_file.figures("--as-of", "2026-03-20")["groups"][0]["counts"]["received"] == 4


def test_derived_files_that_cannot_be_written_lose_no_dossier(shell: Shell) -> None:
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from jobs import rebuild, cli; real = rebuild.rebuild\n"
        "def small(store, **told):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY)); return real(store, **told)\n"
        "rebuild.rebuild = small; cli.main()"
    )
    words = ["load", str(shell.folder / "a.csv"), "--mapping", str(shell.folder / "a.toml"), "--store", shell.store]
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "300"},
    )
    assert done.returncode == 3
    assert "could not be written" in done.stderr and "dunghan rebuild" in done.stderr
    assert "Traceback" not in done.stderr
    assert shell.figures("--as-of", "2026-03-20")["groups"][0]["counts"]["received"] == 4


def test_a_payload_of_the_national_exchange_is_loaded_without_a_mapping(on_file: Shell) -> None:
    dossier = {
        "MaHoSo": "H99-1", "MaTTHC": "1.004238", "TenLinhVuc": "Đất đai", "DonViXuLy": "Sở X", "KenhThucHien": "2",
        "NgayNopHoSo": "20260302080000", "NgayTiepNhan": "20260302090000", "NgayHenTra": "20260316170000",
        "TrangThaiHoSo": "9", "NgayKetThucXuLy": "20260316235959", "ChuHoSo": "Người Không Có Thật",
    }  # fmt: skip
    file = on_file.folder / "payload.json"
    file.write_text(json.dumps({"service": "DongBoHoSoMC", "data": [dossier]}, ensure_ascii=False), encoding="utf-8")
    code, _, err = on_file("load", str(file))
    assert code == 3
    assert "--source NAME" in err
    code, out, _ = on_file("load", str(file), "--source", "quoc-gia")
    assert (code, "1 new" in out) == (0, True)
    (group,) = on_file.figures("--by", "field")["groups"]
    assert group["by"] == {"field": "Đất đai"}
    assert group["counts"]["resolved_on_time"] == 1
    kept = [f.read_bytes() for f in on_file.folder.rglob("cli*") if f.is_file()]
    assert not any("Không Có Thật".encode() in content for content in kept)
    assert any("Đất đai".encode() in content for content in kept)  # the search would find a kept text


def test_doctor_says_what_to_do_next(on_file: Shell) -> None:
    code, out, _ = on_file("doctor")
    assert code == 0
    assert "nothing was ever read" in out and "dunghan load FILE" in out
    on_file.load()
    _, out, _ = on_file("doctor", "--json")
    told = {f["what"]: f["verdict"] for f in json.loads(out) if f["what"].startswith(("source", "figures", "store"))}
    assert told["store"] == "ok"
    assert told['source "mot-cua"'] == "look"  # one row in quarantine
    for left in on_file.folder.glob("cli.sqlite*"):
        if left.is_file():
            left.unlink()  # a new file: a connection still closing must not write into it
    (on_file.folder / "cli.sqlite").write_bytes(b"this is no database" * 100)
    code, out, _ = on_file("doctor")
    assert code == 1
    assert "not a database" in out
