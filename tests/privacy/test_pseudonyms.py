"""Officers' names: the same person, and no way back without the office's key."""

from __future__ import annotations

import re
import stat
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import privacy
from config.errors import ConfigError
from connectors.pseudonyms import SIGNS, pseudonym
from jobs import doctor
from store.database import Store

NAME = "Nguyễn Thị Hồng Đào"
OFFICE = "a key of the office, long enough"


@pytest.fixture(autouse=True)
def _of_an_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(privacy.KEY, OFFICE)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an office that has told no key."""
    monkeypatch.delenv(privacy.KEY)
    monkeypatch.delenv("DUNGHAN_SECRETS", raising=False)
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "var"))
    return tmp_path / "var"


def test_one_officer_has_one_pseudonym_however_the_name_is_written() -> None:
    written = (NAME, NAME.upper(), f"  {NAME.replace(' ', '   ')} ", unicodedata.normalize("NFD", NAME))
    assert len({pseudonym(name, "one") for name in written}) == 1
    assert re.fullmatch(rf"cb-[a-z2-7]{{{SIGNS}}}", pseudonym(NAME, "one"))


def test_two_sources_know_one_officer_by_two_pseudonyms() -> None:
    assert pseudonym(NAME, "one") != pseudonym(NAME, "two")


def test_a_source_and_a_name_that_run_into_each_other_are_told_apart() -> None:
    assert pseudonym("b c", "a") != pseudonym("c", "a b")


def test_another_office_s_key_gives_another_pseudonym(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = pseudonym(NAME, "one")
    monkeypatch.setenv(privacy.KEY, OFFICE + "!")
    assert pseudonym(NAME, "one") != mine


def test_a_pseudonym_of_today_is_that_of_tomorrow() -> None:
    """Written down once: a release that gave other pseudonyms would give every dossier another holder."""
    assert pseudonym(NAME, "one") == "cb-4k633thxu3li"


def test_a_hundred_thousand_officers_have_as_many_pseudonyms() -> None:
    assert len({pseudonym(f"officer {n}", "one") for n in range(100_000)}) == 100_000


def test_the_key_may_lie_in_the_folder_of_the_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = pseudonym(NAME, "one")
    monkeypatch.delenv(privacy.KEY)
    (tmp_path / privacy.KEY).write_text(OFFICE + "\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SECRETS", str(tmp_path))
    assert pseudonym(NAME, "one") == mine


def test_a_key_that_can_be_guessed_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(privacy.KEY, "hunter2")
    with pytest.raises(ConfigError) as refused:
        pseudonym(NAME, "one")
    assert "7 signs" in str(refused.value) and "hunter2" not in str(refused.value)


def test_without_a_key_one_is_made_that_only_its_owner_can_read(home: Path) -> None:
    mine = pseudonym(NAME, "one")
    file = home / privacy.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [privacy.FILE]
    privacy._kept.cache_clear()  # as another process would
    assert pseudonym(NAME, "one") == mine
    assert privacy.key().value not in repr(privacy.key())


def test_two_processes_that_begin_at_once_have_one_key(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(lambda _: privacy._kept.__wrapped__(home / privacy.FILE), range(64)))
    assert len(told) == 1


def test_a_key_cut_off_is_said_and_never_replaced(home: Path) -> None:
    home.mkdir()
    (home / privacy.FILE).write_text("", encoding="ascii")
    with pytest.raises(ConfigError, match="cut off"):
        pseudonym(NAME, "one")
    assert (home / privacy.FILE).read_text(encoding="ascii") == ""


def test_the_doctor_is_content_with_a_key_that_was_told(store: Store) -> None:
    (found,) = doctor._pseudonyms(store)
    assert found.verdict == "ok" and OFFICE not in str(found)


@pytest.mark.parametrize("engine_kind", ["sqlite"])  # a server stands elsewhere
def test_the_doctor_is_content_with_a_made_key_beside_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(privacy.KEY)
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path))
    (found,) = doctor._pseudonyms(store)
    assert found.verdict == "ok" and str(tmp_path / privacy.FILE) in found.found


def test_the_doctor_warns_of_a_made_key_when_the_store_is_elsewhere(store: Store, home: Path) -> None:
    (found,) = doctor._pseudonyms(store)
    assert found.verdict == "look" and privacy.KEY in found.next_step
