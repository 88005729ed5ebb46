"""access.toml: what it may say, and what an office is told that wrote it wrong; the provider of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config import access
from config.errors import ConfigError
from config.provider import provider
from config.settings import Settings
from tests.architecture.tracked import ROOT

SET: dict[str, Any] = {
    "oidc_issuer": "https://id.tinh.gov.vn", "oidc_client_id": "dunghan", "public_url": "https://dunghan.tinh.gov.vn/",
}  # fmt: skip


def written(folder: Path, text: str) -> access.Access:
    file = folder / "access.toml"
    file.write_text(text, encoding="utf-8")
    return access.load(file)


def test_as_shipped_passwords_of_ours_come_in_and_nobody_from_outside() -> None:
    shipped = access.load(ROOT / "config" / "access.toml")
    assert shipped.local.may("giamdoc") and shipped.rule == ()


def test_the_example_in_the_shipped_file_can_be_read_as_it_stands(tmp_path: Path) -> None:
    text = (ROOT / "config" / "access.toml").read_text(encoding="utf-8")
    settings, mark, example = text.partition("# [[rule]]")
    told = written(tmp_path, settings + (mark + example).replace("\n#", "\n").removeprefix("#"))
    assert [rule.role for rule in told.rule] == ["director", "head"]
    assert told.rule[1].units_from == "don_vi" and told.rule[1].below


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[rule]]\nclaim = "g"\ncontains = "x"\nrole = "boss"\n', "role"),
        ('[[rule]]\nclaim = "g"\ncontains = ""\nrole = "director"\n', "contains"),
        ('[[rule]]\nclaim = "g"\ncontains = "x"\nrole = "head"\n', "a head has units"),
        ('[[rule]]\nclaim = "g"\ncontains = "x"\nrole = "head"\nunits = ["A"]\nunits_from = "b"\n', "exclude"),
        ("[local]\nopen = false\n", "local accounts are closed"),
        ("[local]\nopne = true\n", 'Did you mean "open"'),
    ],
)
def test_what_would_let_the_wrong_people_in_or_nobody_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        written(tmp_path, text)


def test_a_provider_is_set_whole_and_by_https() -> None:
    assert provider(Settings()) is None
    told = provider(Settings(**SET))
    assert told is not None and told.return_url == "https://dunghan.tinh.gov.vn/dang-nhap/tinh/ve"
    for name in SET:
        with pytest.raises(ConfigError, match="half set"):
            provider(Settings(**SET | {name: ""}))
    for name in ("oidc_issuer", "public_url"):
        with pytest.raises(ConfigError, match="no https address"):
            provider(Settings(**SET | {name: "http://id.tinh.gov.vn"}))


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNGHAN_OIDC_CLIENT_SECRET", "rất bí mật")
    assert "bí mật" not in repr(provider(Settings(**SET)))
