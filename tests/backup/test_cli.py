"""dunghan store backup, restore, verify, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.errors import ConfigError, StoreError
from jobs.cli import app
from jobs.options import close
from store.database import Store, writing


def run(*words: object) -> Result:
    try:
        return CliRunner().invoke(app, ["store", *map(str, words)])
    finally:
        close()  # as the command does when it ends


def test_a_store_is_backed_up_verified_and_put_back(filled: Store, tmp_path: Path) -> None:
    triggers = {"sqlite": 40, "postgresql": 20}[filled.engine.dialect.name]  # SQLite has one for update, one for delete
    file, other = tmp_path / "b.zip", f"sqlite:///{tmp_path / 'other.db'}"
    done = run("backup", file)
    assert done.exit_code == 0, done.output
    assert "5 dossiers, 6 ledger entries" in done.output
    assert "key of the pseudonyms" in done.output
    for words in (("verify",), ("verify", file), ("verify", file, "--deep"), ("verify", "--json")):
        sound = run(*words)
        assert sound.exit_code == 0, sound.output
        assert sound.output.strip().splitlines()[0] in ("✓ nothing is wrong.", "[]")
    assert (
        run("verify")
        .output.splitlines()[1]
        .startswith(
            f"Checked: 15 references, {triggers} triggers, 6 ledger entries under seals, 0 step entries under seals, "
            "0 reconciliation entries under seals, 1 correction entries under seals, "
            "0 record entries under seals, 5 dossiers against their newest entry, 2 runs against their "
        )
    )
    assert "parts by their hash" in run("verify", file).output
    seal = run("verify").output.splitlines()[-1]
    back = run("restore", file, "--store", other)
    assert back.exit_code == 0, back.output
    assert "rows of 2" in back.output
    again = run("verify", "--store", other)
    assert again.exit_code == 0
    assert again.output.splitlines()[-1] == seal, "the same past has the same seal"


def test_what_is_wrong_with_the_store_is_said_with_exit_code_1(filled: Store) -> None:
    with writing(filled) as connection:
        connection.exec_driver_sql("DELETE FROM dossiers WHERE code = 'H-3'")
    told = run("verify")
    assert (told.exit_code, told.output.splitlines()[0]) == (1, "✗ 1 dossiers of the ledger are gone: vendor H-3.")
    assert "4 dossiers against their newest entry" in told.output
    assert json.loads(run("verify", "--json").output) == ["1 dossiers of the ledger are gone: vendor H-3."]


def test_a_backup_that_was_changed_is_said_with_exit_code_1(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    run("backup", file)
    data = bytearray(file.read_bytes())
    data[500] ^= 1
    file.write_bytes(data)
    told = run("verify", file)
    assert told.exit_code == 1
    assert "cut off or changed" in told.output


@pytest.mark.parametrize("engine_kind", ["sqlite"])  # of what befalls files only
def test_a_damaged_sqlite_file_is_said_with_exit_code_1(filled: Store, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    filled.engine.dispose()
    data = bytearray(Path(str(filled.engine.url.database)).read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    broken.write_bytes(data)
    assert run("verify", "--store", f"sqlite:///{broken}").exit_code == 1


@pytest.mark.parametrize("engine_kind", ["sqlite"])  # of what befalls files only
def test_a_store_with_rows_is_replaced_only_by_who_says_so_twice(filled: Store, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.zip")
    assert isinstance(run("restore", tmp_path / "b.zip").exception, StoreError)
    assert isinstance(run("restore", tmp_path / "b.zip", "--replace").exception, ConfigError), "nobody was asked"
    in_use = run("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert "another program has it open" in str(in_use.exception)
    filled.engine.dispose()
    done = run("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert done.exit_code == 0, done.output
    assert "is kept as" in done.output


@pytest.mark.parametrize("word", ["backup", "restore", "verify"])
def test_each_command_says_what_it_does(word: str) -> None:
    assert run(word, "--help").exit_code == 0
