"""`dunghan doctor` says which settings are read, and finds a file without effect and a file that cannot be read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import procedures, report, rules, secret, sources, units
from config.errors import ConfigError
from config.place import SHIPPED
from config.settings import settings
from jobs import settings_found
from jobs.doctor import examine


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office's own folder; what was read before is forgotten."""
    kept = (procedures.load, rules.load, units.load)
    for read in kept:
        getattr(read, "cache_clear", lambda: None)()
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    monkeypatch.delenv("DUNGHAN_SOURCES", raising=False)
    yield tmp_path
    for read in kept:
        getattr(read, "cache_clear", lambda: None)()


def test_without_a_folder_the_shipped_files_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_CONFIG", raising=False)
    assert "as shipped" in settings_found.in_use()
    assert list(settings_found.troubles()) == []


def test_the_office_s_own_files_are_named_and_win(own: Path) -> None:
    for name in ("report.toml", "sources.toml"):
        text = (SHIPPED / name).read_text(encoding="utf-8")
        (own / name).write_text(text.replace("Minh Sơn", "Bình Nguyên"), encoding="utf-8")
    assert settings_found.in_use() == f"from {own}: report.toml, sources.toml; every other file as shipped"
    assert report.load().letterhead.place == "Bình Nguyên"
    assert sources.load()[0].title == "Một cửa tỉnh Bình Nguyên (mô phỏng)"
    assert list(settings_found.troubles()) == []


@pytest.mark.parametrize("name", settings_found.FILES)
@pytest.mark.parametrize("lies", ["folder", "nowhere", "halves"])
def test_a_file_that_lies_there_and_cannot_be_read_is_said_and_never_read_as_shipped(
    own: Path, name: str, lies: str
) -> None:
    file = own / name
    if lies == "folder":
        file.mkdir()
    elif lies == "nowhere":
        file.symlink_to(own / "gone")
    else:
        file.write_bytes(b"name,code\n\0\0\0\0,x\n")
    if (name, lies) != ("units.csv", "nowhere"):  # which may be missing
        assert str(file) in [trouble.place.partition(",")[0] for trouble in settings_found.troubles()]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser becomes another user")
@pytest.mark.parametrize("rights", [0o700, 0o711])
def test_a_folder_that_is_closed_to_us_is_one_trouble(own: Path, monkeypatch: pytest.MonkeyPatch, rights: int) -> None:
    list(settings_found.troubles())  # what nobody else may read is imported by now
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # pytest's own are closed to other users altogether
        monkeypatch.setenv("DUNGHAN_CONFIG", folder)
        monkeypatch.setenv("DUNGHAN_SECRETS", folder)
        Path(folder).chmod(rights)
        os.seteuid(65534)
        try:
            said = [trouble.found for trouble in settings_found.troubles()]
            assert "none yet" in settings_found.in_use()
            if rights == 0o700:
                with pytest.raises(ConfigError, match="cannot be read"):
                    secret.found("DUNGHAN_SMTP_PASSWORD")
        finally:
            os.seteuid(0)
    assert said == [f"the folder {folder} cannot be read: Permission denied."]


def test_the_file_that_dunghan_sources_names_wins_over_the_folder(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "sources.toml").write_text("source = []\n", encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_SOURCES", str(SHIPPED / "sources.toml"))
    assert [source.name for source in sources.load()] == ["minh-son"]


def test_the_next_step_is_in_the_office_s_own_folder_and_never_in_the_program_s(own: Path) -> None:
    said = [f.next_step for f in examine(f"sqlite:///{own / 'store.sqlite'}") if f.what == "calendar" and f.next_step]
    assert said, "the calendar has days without the number of their decision"
    copied = f"{own / 'calendar.toml'} (copy {SHIPPED / 'calendar.toml'} there first)"
    assert all(copied in step for step in said)
    (own / "calendar.toml").write_text((SHIPPED / "calendar.toml").read_text(encoding="utf-8"), encoding="utf-8")
    said = [f.next_step for f in examine(f"sqlite:///{own / 'store.sqlite'}") if f.what == "calendar" and f.next_step]
    assert all("copy" not in step and str(own) in step for step in said)


def test_every_shipped_settings_file_is_looked_at() -> None:
    made = {"holidays.toml"}  # the seed of the calendar is no setting: calendar.toml corrects it
    shipped = {file.name for file in SHIPPED.iterdir() if file.suffix in (".toml", ".csv")}
    assert set(settings_found.FILES) == shipped - made


def test_a_file_that_nothing_reads_is_told_with_the_nearest_name(own: Path) -> None:
    (own / "calender.toml").write_text("", encoding="utf-8")
    (found,) = settings_found.troubles()
    assert not found.grave
    assert 'Did you mean "calendar.toml"?' in found.found


def test_a_mapping_that_a_source_names_is_read_by_somebody(own: Path) -> None:
    source = '[[source]]\nname = "tep"\nkind = "folder"\nmapping = "a.toml"\n[source.folder]\npath = "/srv/tep"\n'
    further = '[[source.folder.files]]\npattern = "*.zip"\nmapping = "b.toml"\n'
    (own / "sources.toml").write_text(source + further, encoding="utf-8")
    for name in ("a.toml", "b.toml", "c.toml"):
        (own / name).write_text("", encoding="utf-8")
    assert [Path(found.place).name for found in settings_found.troubles()] == ["c.toml"]


def test_one_broken_file_does_not_hide_another(own: Path) -> None:
    (own / "rules.toml").write_text("[[rule]]\n", encoding="utf-8")
    (own / "hours.toml").write_text('[default]\nsesions = ["07:30-11:30"]\n', encoding="utf-8")
    (own / "procedures.csv").write_text("procedure,statutory\n1.000001,10 ngày\n", encoding="utf-8")
    said = [f"{found.place}: {found.found}" for found in settings_found.troubles()]
    assert len(said) == 3
    assert any('"rule" is not a key here. Did you mean "rules"?' in text for text in said)
    assert any('"default.sesions" is not a key here. Did you mean "sessions"?' in text for text in said)
    assert any("procedure 1.000001" in text and "not a limit" in text for text in said)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path / "none"))
    (found,) = settings_found.troubles()
    assert (found.place, found.grave) == ("DUNGHAN_CONFIG", True)


@pytest.fixture
def provided(own: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An office that set a provider's addresses and nothing more; its settings are read anew."""
    for name, value in (("ISSUER", "http://localhost:8080/realms/tinh"), ("CLIENT_ID", "dunghan")):
        monkeypatch.setenv(f"DUNGHAN_OIDC_{name}", value)
    monkeypatch.setenv("DUNGHAN_PUBLIC_URL", "http://127.0.0.1:8501")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def of_provider(own: Path) -> dict[str, tuple[str, str]]:
    """Give verdict and words of what the doctor says about the provider, by what it is about."""
    told = {f.what.removeprefix("settings: "): f for f in examine(f"sqlite:///{own / 'dunghan.sqlite'}")}
    return {what: (f.verdict, f.found) for what, f in told.items() if "access.toml" in what or "DUNGHAN" in what}


def test_the_doctor_names_all_that_a_provider_still_lacks(own: Path, provided: pytest.MonkeyPatch) -> None:
    found = of_provider(own)
    assert {Path(what).name: verdict for what, (verdict, _) in found.items()} == {
        "DUNGHAN_OIDC_CLIENT_SECRET": "look", "access.toml": "look",
        "DUNGHAN_OIDC_ISSUER": "look", "DUNGHAN_PUBLIC_URL": "look",
    }  # fmt: skip
    assert found["DUNGHAN_PUBLIC_URL"][1].startswith("http://127.0.0.1:8501 is an address of this machine alone")


def test_the_doctor_is_content_with_a_provider_that_is_set_whole(own: Path, provided: pytest.MonkeyPatch) -> None:
    rule = '[[rule]]\nclaim = "groups"\ncontains = "ttpvhcc-giamdoc"\nrole = "director"\n'
    (own / "access.toml").write_text(rule, encoding="utf-8")
    for name, value in (("OIDC_ISSUER", "https://id.example"), ("PUBLIC_URL", "https://dunghan.example")):
        provided.setenv(f"DUNGHAN_{name}", value)
    provided.setenv("DUNGHAN_OIDC_CLIENT_SECRET", "planted")
    settings.cache_clear()
    assert of_provider(own) == {}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DUNGHAN_OIDC_ISSUER", "http://id.example", "it is no https address."),
        ("DUNGHAN_PUBLIC_URL", "http://dunghan.example", "it is no https address."),
        ("DUNGHAN_OIDC_CLIENT_ID", "", "it is missing, and a provider is half set."),
        ("DUNGHAN_PUBLIC_URL", "", "it is missing, and a provider is half set."),
    ],
)
def test_half_of_a_provider_is_wrong(
    own: Path, provided: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    provided.setenv(name, value)
    settings.cache_clear()
    assert of_provider(own) == {name: ("wrong", words)}


def test_the_doctor_says_it(own: Path) -> None:
    (own / "units.toml").write_text('[[unit]]\nnme = "x"\n', encoding="utf-8")
    found = examine(f"sqlite:///{own / 'dunghan.sqlite'}")
    assert found[0].found.startswith(f"from {own}: units.toml")
    wrong = [finding for finding in found if finding.verdict == "wrong"]
    assert any('Did you mean "name"?' in finding.found for finding in wrong)


def test_a_wrong_word_in_a_table_is_told_once_counted_from_one_with_the_nearest(own: Path) -> None:
    day = '[[day]]\nday = 2026-03-0{n}\nwhy = "x"\nkind = "{kind}"\n'
    text = "confirmed_to = 2026-12-31\n" + "".join(
        day.format(n=n, kind=kind) for n, kind in enumerate(("off", "off", "haft"), start=2)
    )
    (own / "calendar.toml").write_text(text, encoding="utf-8")
    wrong = [f for f in examine(f"sqlite:///{own / 'dunghan.sqlite'}") if f.verdict == "wrong"]
    assert [f.what for f in wrong] == [f"settings: {own / 'calendar.toml'}"]
    assert '"day[3].kind"' in wrong[0].found and wrong[0].found.endswith('Did you mean "half"?')


def test_the_doctor_sends_to_the_calendar_that_is_read(own: Path) -> None:
    (own / "calendar.toml").write_text("confirmed_to = 2020-12-31\n", encoding="utf-8")
    (late,) = [f for f in examine(f"sqlite:///{own / 'dunghan.sqlite'}") if f.what == "calendar"]
    assert late.next_step == f"Enter next year's announcement in {own / 'calendar.toml'} and move confirmed_to."
