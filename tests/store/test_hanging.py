"""A server of PostgreSQL that hangs: it takes a connection and says nothing, and nobody waits for minutes."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from config.errors import StoreError
from store import database
from store.database import open_store


@pytest.mark.parametrize(("said", "seconds"), [("", 2), ("?connect_timeout=4", 4)])
def test_a_server_that_hangs_is_said_in_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, seconds: int
) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(StoreError, match="timeout"):
            open_store(f"postgresql://x:y@127.0.0.1:{silent.getsockname()[1]}/z{said}", home=tmp_path)
        assert seconds - 0.5 < time.monotonic() - began < 60  # libpq's own patience is 130 s; a busy machine takes some
