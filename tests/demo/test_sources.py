"""sources.toml: every mistake names the file, the source and the key, with the nearest word; secrets are only named."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import sources
from config.errors import ConfigError
from connectors.registry import connector_of

GOOD = """
[[source]]
name = "mot-cua"
kind = "national_portal"
url = "https://mot-cua.invalid"
office = "H99"
user_secret = "MC_USER"
password_secret = "MC_PASSWORD"
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_source_needs_little_and_has_defaults(tmp_path: Path) -> None:
    (source,) = sources.load(write(tmp_path, GOOD))
    assert (source.time_zone, source.every_seconds, source.overlap_minutes) == ("Asia/Ho_Chi_Minh", 600, 10)
    assert source.request.since == "tuNgay"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('overlap_minuts = 5', 'Did you mean "overlap_minutes"'),
        ('time_zone = "Asia/Ho_Chi_Min"', 'Did you mean "Asia/Ho_Chi_Minh"'),
        ('every_seconds = 1', "every_seconds"),
        ('url_from = "X"', "either url or url_from"),
        ('[source.national_portal]\npath = "x"', '[source.national_portal]: "path" is not a key here'),
        ('[source.opencps]\npath = "x"', '"source[1].opencps" is not a key here'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_the_nearest_word(tmp_path: Path, change: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        (source,) = sources.load(write(tmp_path, GOOD + change))
        connector_of(source)
    assert "sources.toml" in str(caught.value)
    assert said in str(caught.value)


def test_an_unknown_kind_and_a_missing_key_are_said(tmp_path: Path) -> None:
    (odd,) = sources.load(write(tmp_path, GOOD.replace("national_portal", "national_portl")))
    with pytest.raises(ConfigError, match='no kind "national_portl". Did you mean "national_portal"'):
        connector_of(odd)
    (bare,) = sources.load(write(tmp_path, GOOD.replace('office = "H99"', "")))
    with pytest.raises(ConfigError, match='source "mot-cua".*needs office'):
        connector_of(bare)


def test_two_sources_may_not_share_a_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='two sources are called "mot-cua"'):
        sources.load(write(tmp_path, GOOD + GOOD))


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='no source is called "mot-cu". Did you mean "mot-cua"'):
        sources.chosen(("mot-cu",), write(tmp_path, GOOD))


def test_the_demo_is_off_until_it_is_given_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUNGHAN_DEMO_URL", raising=False)
    assert "minh-son" not in [s.name for s in sources.chosen(())]
    with pytest.raises(ConfigError, match="DUNGHAN_DEMO_URL is not set"):
        sources.chosen(("minh-son",))
    monkeypatch.setenv("DUNGHAN_DEMO_URL", "http://127.0.0.1:1/")
    assert sources.chosen(("minh-son",))[0].address == "http://127.0.0.1:1"


def test_a_secret_comes_from_the_environment_or_a_file_and_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = sources.load(write(tmp_path, GOOD))
    monkeypatch.delenv("MC_USER", raising=False)
    monkeypatch.setenv("DUNGHAN_SECRETS", str(tmp_path))
    with pytest.raises(ConfigError, match='the secret "MC_USER" is not set'):
        sources.secret(source, "MC_USER")
    (tmp_path / "MC_USER").write_text("from-file\n")
    assert sources.secret(source, "MC_USER") == "from-file"
    monkeypatch.setenv("MC_USER", "from-environment")
    assert sources.secret(source, "MC_USER") == "from-environment"
