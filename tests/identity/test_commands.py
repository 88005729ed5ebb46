"""dunghan person …: people looked after from the command line, each change with who made it."""

from __future__ import annotations

import getpass
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs import cli
from metrics.scope import Scope
from store import audit, failures, people, sessions
from store.database import Store
from tests.identity.conftest import NOW, PASSWORD

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def person(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``dunghan person …`` and give the exit code and what it said."""

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["dunghan", "person", *words, "--store", store.url])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        told = capsys.readouterr()
        return int(ended.value.code or 0), " ".join((told.out + told.err).split())

    return run


def test_a_person_is_added_with_a_password_made_for_the_first_sign_in(person: Run, store: Store) -> None:
    code, said = person("add", "soxd", "--role", "head", "--department", "Sở Xây dựng", "--one-time", "--by", "lan.nt")
    assert code == 0
    found = people.check(store, "soxd", said.rsplit(" ", 1)[1])
    assert found is not None and found.must_change
    assert audit.read(store).select("person", "act", "what", "detail").rows() == [
        ("lan.nt", "change_person", "person soxd", "added: head, Sở Xây dựng")
    ]


def test_a_unit_that_the_register_does_not_know_is_doubted_and_not_refused(
    person: Run, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "units.toml").write_text('[[unit]]\nname = "Sở Y tế"\n', encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    assert "!" not in person("add", "mot", "--role", "head", "--department", "Sở Y tế", "--one-time")[1]
    doubt = '! the register of units knows no "Sở Y Tế". Did you mean "Sở Y tế"?'
    code, said = person("add", "hai", "--role", "head", "--department", "Sở Y Tế", "--one-time")
    assert code == 0 and doubt in said
    assert people.check(store, "hai", said.rsplit(" ", 1)[1]) is not None
    code, said = person("role", "mot", "--department", "Sở Y Tế")
    assert code == 0 and doubt in said and people.named(store, "mot").scope == Scope.of("Sở Y Tế")


def test_what_is_not_named_stays_when_a_role_changes(person: Run, store: Store, head: people.Person) -> None:
    assert person("role", "soxd", "--title", "Phó Giám đốc")[0] == 0
    assert people.named(store, "soxd").scope == Scope.of("Sở Xây dựng")
    assert person("role", "soxd", "--role", "director", "--province")[1] == "soxd (director) sees the whole province."
    assert people.named(store, "soxd").title == "Phó Giám đốc"
    assert audit.read(store)["person"].to_list() == [getpass.getuser()] * 2


def test_a_person_is_shut_out_let_in_signed_out_and_unlocked(person: Run, store: Store, head: people.Person) -> None:
    assert person("disable", "soxd")[0] == 0
    assert "no more, since" in person("list")[1]
    assert person("enable", "soxd")[0] == 0
    sessions.open_for(store, head, now=NOW)
    assert person("sign-out", "soxd")[1] == "1 sessions of soxd are ended."
    for _ in range(5):
        failures.begin(store, "soxd", "127.0.0.1", at=NOW)
    assert person("unlock", "soxd")[0] == 0
    assert failures.waiting(store, ["soxd"], at=NOW) == {}


def test_a_password_is_given_and_has_to_be_changed(person: Run, store: Store, head: people.Person) -> None:
    assert person("password", "soxd", typed="sáu con ngựa ô\n")[0] == 0
    found = people.check(store, "soxd", "sáu con ngựa ô")
    assert found is not None and found.must_change
    code, said = person("password", "soxd", typed="sáu con ngựa ô\n")
    assert code == 3 and "it is the old one" in said


def test_the_list_tells_programs_all_of_it_and_no_hash(person: Run, store: Store, head: people.Person) -> None:
    (told,) = json.loads(person("list", "--json")[1])
    assert told["departments"] == ["Sở Xây dựng"] and told["disabled_at"] is None
    assert "argon2" not in str(told)


def test_the_last_administrator_stays(person: Run, store: Store, admin: people.Person) -> None:
    code, said = person("role", "quantri", "--role", "auditor")
    assert code == 3 and "nobody else is administrator" in said
    assert person("disable", "quantrri")[1].count('Did you mean "quantri"') == 1
    assert people.check(store, "quantri", PASSWORD) == admin
