"""Stores of both kinds, and a mail server to send through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import mail
from store.database import Store, writing
from store.outbox import Message, put
from tests.mailing.office_mail import Mailbox, open_mailbox

NOW = datetime(2018, 11, 9, 1, 0, tzinfo=UTC)  # Friday, eight in the morning at the office
OPERATOR = "truc-ban@minhson.example"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office with an operator, three attempts, and no server of its own."""
    (tmp_path / "mail.toml").write_text(f'operators = ["{OPERATOR}"]\nagain_after_minutes = [1, 5]\n', "utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    for name in mail.Server.model_fields:
        monkeypatch.delenv(f"DUNGHAN_SMTP_{name.upper()}", raising=False)
    monkeypatch.setenv("DUNGHAN_SMTP_FROM", "baocao@minhson.example")


def letter_to(name: str, **more: Any) -> Message:
    """Give a message of this Friday's report to ``name``."""
    told: dict[str, Any] = {"channel": "mail", "subject": "Báo cáo tuần", "body": "Kính gửi …", "about": "report"}
    return Message(**({"key": f"report/45/{name}", "recipient": f"{name}@minhson.example"} | told | more))


def put_in(store: Store, *messages: Message) -> None:
    with writing(store) as connection:
        assert all([put(connection, message, at=NOW) for message in messages])


class Clock:
    """The time, as the test tells it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)
