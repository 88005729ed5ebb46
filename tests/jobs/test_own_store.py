"""An office's own store: people are added by hand, and the made-up province stays out of it."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import ConfigError
from jobs import cli
from jobs.place import Place, choose_place
from jobs.starting import must_be_own
from metrics.scope import Scope
from store import people
from store.database import Store
from store.ingest import Source, begin_run


def place_of(store: Store, home: Path) -> Place:
    return Place(home=home, store=store.url, port=8501, demo_port=None, is_new=False)


def person(monkeypatch: pytest.MonkeyPatch, typed: str, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dunghan", "person", *words])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        cli.main()
        raise SystemExit(0)
    return int(ended.value.code or 0)


def test_a_person_is_added_with_a_password_from_a_pipe(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("add", "soxd", "--role", "head", "--department", "Sở Xây dựng", "--store", store.url)
    assert person(monkeypatch, "một mật khẩu dài\n", *words) == 0
    found = people.check(store, "soxd", "một mật khẩu dài")
    assert found is not None
    assert found.scope == Scope.of("Sở Xây dựng")


@pytest.mark.parametrize(
    ("typed", "words", "said"),
    [
        ("ngắn\n", ("--role", "director"), "it has fewer than 12 characters"),
        ("một mật khẩu dài\n", ("--role", "boss"), "there is no such role"),
        ("một mật khẩu dài\n", ("--role", "head"), "a department head without a department"),
    ],
)
def test_a_person_that_would_be_wrong_is_refused(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    words: tuple[str, ...],
    said: str,
) -> None:
    assert person(monkeypatch, typed, "add", "ai", *words, "--store", store.url) == 3
    assert said in " ".join(capsys.readouterr().err.split())
    assert people.names(store) == frozenset()


def test_serving_refuses_a_store_into_which_nobody_can_sign_in(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nobody can sign in yet") as caught:
        must_be_own(place_of(store, tmp_path))
    assert "dunghan person add" in caught.value.next_step
    people.add(store, "giamdoc", "một mật khẩu dài", role="director", title="Giám đốc")
    must_be_own(place_of(store, tmp_path))


def test_serving_refuses_the_store_of_the_made_up_province(store: Store, tmp_path: Path) -> None:
    people.add(store, "giamdoc", "một mật khẩu dài", role="director", title="Giám đốc")
    source = Source("minh-son", "Asia/Ho_Chi_Minh", kind="demo")
    with begin_run(store, source, kind="sync", origin="http://127.0.0.1", seen_at=datetime.now(UTC)):
        pass
    with pytest.raises(ConfigError, match="made-up province"):
        must_be_own(place_of(store, tmp_path))


def test_without_the_demo_no_child_is_told_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_PORT", raising=False)
    monkeypatch.delenv("DUNGHAN_DEMO_URL", raising=False)
    own = choose_place(home=tmp_path, store="sqlite://", demo=False)
    assert own.demo_port is None
    assert "DUNGHAN_DEMO_URL" not in own.environment()
    assert "DUNGHAN_DEMO_URL" in choose_place(home=tmp_path, store="sqlite://").environment()
