"""Whatever a source writes wherever: nobody's name, number or address is in anything that the product wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from config import errors, privacy
from config.settings import settings
from config.sources import Source
from connectors import (
    border,
    check,
    exchange,
    opencps,
    payload,
    personal,
    registry,
    translate,
)  # fmt: skip
from metrics.scope import Scope
from store import masked
from store.database import open_store
from tests.jobs.shell import Shell
from tests.privacy.planted import NAME, PHONE, WHOLE, found_in
from tests.privacy.sent import MAPPING, RECORD, everything, load, load_payload, payload_of, table
from tests.privacy.served import REFUSALS, SOURCE, answered, log_of_events, logged


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A product whose every word goes into tmp_path/home; what sources send lies in tmp_path/sent."""
    for folder in ("home", "sent"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(privacy.KEY, raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    store = f"sqlite:///{tmp_path / 'home' / 'dunghan.sqlite'}"  # a file beside the rest, to be searched
    shell = Shell(tmp_path / "sent", store, monkeypatch, capsys)
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
    (shell.folder / "log.xes").write_text(log_of_events(), encoding="utf-8")
    for name, least in (("log.xes", 6), ("plain.csv", 6), ("book.xlsx", 6), ("payload.json", 5)):
        assert len([hit for hit in found_in(shell.folder) if hit.endswith(f"in {name}")]) >= least, name


def test_nobody_in_the_answers_and_refusals_of_a_system_is_found_in_anything_written(
    shell: Shell, home: Path, httpserver: HTTPServer
) -> None:
    said = list(answered(shell, httpserver))
    assert [words[0] for words in said] == ["0", *["3"] * len(REFUSALS)], said
    assert [path for path in (home / "raw").rglob("*") if path.is_file()], "answers were kept"
    said += [" ".join(map(str, shell(*words))) for words in (("quarantine", "--json"), ("sources",), ("doctor",))]
    assert "unreadable_date" in said[-3]
    assert found_in(home, *said) == set()


def test_nobody_in_a_log_of_events_is_found_in_done_failed_or_anywhere_else(shell: Shell, home: Path) -> None:
    said = logged(shell)
    said.append(" ".join(map(str, shell("quarantine", "--json"))))
    lies = {p.relative_to(home / "logs").parts[0] for p in (home / "logs").rglob("*") if p.is_file()}
    assert lies == {"done", "failed"}
    assert "unreadable_date" in said[-1]
    assert found_in(home, *said) == set()


Mutant = Callable[[pytest.MonkeyPatch], None]


def _keep_every_column(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "_fields", lambda table, mapping: dict.fromkeys(table.columns, "code"))


def _look_at_no_cell(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "hidden", lambda texts, field="", known=(): texts)


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
        shown = masked.of(store, "mot-cua", "H99-1", Scope.province())
        store.engine.dispose()
        return shown

    assert kept() == ""
    mapping.write_text(MAPPING + KEPT, encoding="utf-8")
    assert kept() == "Ng*** T** Z** · …345 · z…@…"
    mapping.write_text(MAPPING, encoding="utf-8")
    assert kept() == ""


def test_of_a_system_of_the_exchange_a_masked_form_is_kept_where_an_office_wants_it(
    shell: Shell, home: Path, httpserver: HTTPServer
) -> None:
    """And nothing once the line is taken out and the source is read again."""

    def kept(line: str) -> str:
        told = SOURCE.format(url=httpserver.url_for("").rstrip("/")) + line
        (shell.folder / "sources.toml").write_text(told, encoding="utf-8")
        said = " ".join(map(str, shell("sync", "--sweep", "served")))
        assert found_in(home, said) == set()
        store = open_store(shell.store)
        shown = masked.of(store, "served", "H99.02-260302-0002", Scope.province())
        store.engine.dispose()
        return shown

    next(answered(shell, httpserver))
    assert kept("") == ""
    assert kept('[source.privacy]\nkeep_masked = ["ChuHoSo", "SoDienThoai"]\n') == "Ng*** T** Z** · …345"
    assert kept("") == ""


MISSPELT = '[source.privacy]\nkeep_masked = ["ChuHoSo", "SoDienThoi"]\n'


def test_a_misspelt_field_of_the_exchange_is_named_by_the_run_and_by_the_doctor(
    shell: Shell,
    httpserver: HTTPServer,
) -> None:
    next(answered(shell, httpserver))

    def said(line: str) -> tuple[str, str]:
        told = SOURCE.format(url=httpserver.url_for("").rstrip("/")) + line
        (shell.folder / "sources.toml").write_text(told, encoding="utf-8")
        return " ".join(map(str, shell("sync", "--sweep", "served"))), " ".join(map(str, shell("doctor")))

    run, doctor = said(MISSPELT)
    assert "the source's answers never had SoDienThoi, so nothing of it is kept" in " ".join(run.split())
    assert "keep_masked names SoDienThoi, which its answers never had" in " ".join(doctor.split())
    run, doctor = said(MISSPELT.replace("SoDienThoi", "SoDienThoai"))
    assert "never had" not in run + doctor


@pytest.mark.parametrize(
    ("rows", "first", "named"),
    [(1, True, True), (0, True, False), (personal.TELLING, False, True), (personal.TELLING - 1, False, False)],
)
def test_of_a_few_rows_of_a_later_pull_nothing_is_said(rows: int, first: bool, named: bool) -> None:
    assert bool(personal.unseen(["a", "b"], {"a"}, rows=rows, first=first)) == named
    assert personal.unseen(["a"], {"a"}, rows=rows, first=first) == ()


def test_of_opencps_a_masked_form_is_kept_where_an_office_wants_it() -> None:
    record = RECORD | {"dossierId": "7", "applicantName": NAME, "contactTelNo": PHONE}
    told = {"name": "o", "kind": "opencps", "url": "http://x", "opencps": {"group_id": "1"}}
    source = Source.model_validate(told | {"privacy": {"keep_masked": ["applicantName", "contactTelNo"]}})
    assert opencps.masked_of([record], source).rows() == [("7", "Ng*** T** Z** · …345")]
    assert opencps.masked_of([record], Source.model_validate(told)).rows() == []


def test_a_kind_with_a_mapping_is_told_where_to_say_what_is_kept() -> None:
    told = {"name": "d", "kind": "database", "url": "sqlite:///x", "mapping": "x.toml"}
    source = Source.model_validate(told | {"privacy": {"keep_masked": ["ChuHoSo"]}})
    with pytest.raises(errors.ConfigError, match=r'kind "database" does not read \[source.privacy\].*of its mapping'):
        registry.connector_of(source)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Văn A", "Ng*** V** A"), ("Vũ Lan", "Vũ L**"), ("0912 345 123", "…123"),
        ("CCCD 031095001234", "…234"), ("an@x.vn", "a…@…"), ("Y", "Y"),
    ],
)  # fmt: skip
def test_a_mask_leaves_initials_and_last_digits(text: str, shown: str) -> None:
    assert personal.mask(text) == shown


def test_a_column_to_keep_masked_that_a_file_does_not_have_is_named(shell: Shell, home: Path) -> None:
    """A misspelt name would keep nothing, without a word."""
    mapping = shell.folder / "mapping.toml"
    mapping.write_text(MAPPING + KEPT.replace("SĐT", "SDTT"), encoding="utf-8")
    said = load(shell, "a.csv", table()[1:3])
    assert 'there is no column "SDTT"' in " ".join(said.split())
