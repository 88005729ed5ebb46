"""Whatever a source writes wherever: nobody's name, number or address is in anything that the product wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import errors, privacy
from config.settings import settings
from connectors import (
    border,
    check,
    exchange,
    payload,
    personal,
    translate,
)  # fmt: skip
from store import masked
from store.database import open_store
from tests.jobs.shell import Shell
from tests.privacy.planted import NAME, WHOLE, found_in
from tests.privacy.sent import MAPPING, everything, load, load_payload, payload_of, table


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A product whose every word goes into tmp_path/home; what sources send lies in tmp_path/sent."""
    for folder in ("home", "sent"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(privacy.KEY, raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    shell = Shell(tmp_path / "sent", monkeypatch, capsys)
    shell.store = f"sqlite:///{tmp_path / 'home' / 'dunghan.sqlite'}"
    (tmp_path / "sent" / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    yield shell
    settings.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_nobody_planted_anywhere_is_found_in_anything_written(shell: Shell, home: Path) -> None:
    said = everything(shell)
    written = {p.suffix for p in home.rglob("*") if p.is_file()}
    assert {".sqlite", ".parquet", ".pdf", ".xlsx", ".json", ".backup", ".txt"} <= written, said[-4:]
    assert {"overdue.xlsx", "reconcile.xlsx"} <= {p.name for p in home.iterdir()}
    assert found_in(home, *said) == set()


def test_the_search_finds_everybody_in_what_was_sent(shell: Shell) -> None:
    """Else it would find nobody anywhere."""
    load(shell, "plain.csv", table())
    load(shell, "book.xlsx", table())
    load_payload(shell, "payload.json", payload_of())
    for name, least in (("plain.csv", 6), ("book.xlsx", 6), ("payload.json", 5)):
        assert len([hit for hit in found_in(shell.folder) if hit.endswith(f"in {name}")]) >= least, name


Mutant = Callable[[pytest.MonkeyPatch], None]


def _keep_every_column(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "_fields", lambda table, mapping: dict.fromkeys(table.columns, "code"))


def _look_at_no_cell(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "hidden", lambda texts, field="": texts)


def _keep_one_field_of_the_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payload, "KEPT", (*payload.KEPT, "TenGoi"))


def _keep_the_free_text_of_supplements(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exchange, "raw", lambda rows: rows)


def _call_officers_by_their_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(translate, "pseudonym", lambda name, source: name)


def _quote_what_came_in_errors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(errors, "hide", lambda text: text)


def _look_into_no_dossier(patch: pytest.MonkeyPatch) -> None:
    for module in (check, border):
        patch.setattr(module, "without_people", lambda frame: frame)


MUTANTS = (
    _keep_every_column, _look_at_no_cell, _keep_one_field_of_the_exchange, _keep_the_free_text_of_supplements,
    _call_officers_by_their_names, _quote_what_came_in_errors, _look_into_no_dossier,
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_product_that_lets_one_thing_through_is_found_out(
    mutant: Mutant, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    said = [load(shell, "a.csv", table()), load(shell, "b.csv", [["code", WHOLE], ["A", NAME]])]
    said += [load_payload(shell, "a.json", payload_of()), load_payload(shell, "wrong.json", f"{WHOLE}, no payload")]
    assert found_in(home, *said) != set()


KEPT = '[personal]\nkeep_masked = ["Chủ hồ sơ", "SĐT", "Hộp thư"]\n'


def test_where_an_office_wants_it_a_masked_form_is_kept_and_nothing_else(shell: Shell, home: Path) -> None:
    """By default nothing is kept; turned on, initials and last digits; turned off and read again, nothing."""
    rows = table()[1:3]
    mapping = shell.folder / "mapping.toml"

    def kept() -> str:
        said = load(shell, "a.csv", rows)
        assert found_in(home, said) == set()
        store = open_store(shell.store)
        shown = masked.of(store, "mot-cua", "H99-1")
        store.engine.dispose()
        return shown

    assert kept() == ""
    mapping.write_text(MAPPING + KEPT, encoding="utf-8")
    assert kept() == "Ng*** T** Z** · …345 · z…@…"
    mapping.write_text(MAPPING, encoding="utf-8")
    assert kept() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Văn A", "Ng*** V** A"), ("Vũ Lan", "Vũ L**"), ("0912 345 123", "…123"),
        ("CCCD 031095001234", "…234"), ("an@x.vn", "a…@…"), ("Y", "Y"),
    ],
)  # fmt: skip
def test_a_mask_leaves_initials_and_last_digits(text: str, shown: str) -> None:
    assert personal.mask(text) == shown
