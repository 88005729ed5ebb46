"""The whole way through a provider that others wrote: to it, its own form, back to us, and out again at both."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from config import access
from dashboard import account, doors, entering
from dashboard.scope import COOKIE
from store import people
from store.database import Store
from tests.identity.conftest import Clock

Open = Callable[..., Any]
PUBLIC = "http://127.0.0.1:8501"
RULE = '[[rule]]\nclaim = "groups"\ncontains = "ttpvhcc-giamdoc"\nrole = "director"\n'
LAN = {"preferred_username": "lan.nt", "name": "Nguyễn Thị Lan", "groups": ["nhân viên", "ttpvhcc-giamdoc"]}


@contextmanager
def provider(folder: Path, *options: str) -> Iterator[str]:
    """Run the provider as a process of its own: gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *options]
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx2.get(f"{address}/jwks", timeout=5)
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        httpx2.put(f"{address}/users/lan", json=LAN, timeout=5).raise_for_status()
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def office(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write the provider of an address into the settings; the hour is the real one, as the provider's is."""
    clock.now = datetime.now(UTC)
    (tmp_path / "access.toml").write_text(RULE, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    access._load.cache_clear()

    def use(address: str) -> None:
        for name, value in (("OIDC_ISSUER", address), ("OIDC_CLIENT_ID", "dunghan"), ("PUBLIC_URL", PUBLIC)):
            monkeypatch.setenv(f"DUNGHAN_{name}", value)
        monkeypatch.setenv("DUNGHAN_OIDC_CLIENT_SECRET", "bí mật")

    return use


def allowed(client: Any, sub: str) -> Any:
    """Go from our page to the provider, allow it there as ``sub``, and come back."""
    there = client.get(entering.OUTSIDE, params={"tiep": "/linh-vuc"}).headers["location"]
    assert httpx2.get(there, timeout=5).status_code == 200
    back = httpx2.post(there, data={"sub": sub}, timeout=5).headers["location"]
    assert back.startswith(f"{PUBLIC}/dang-nhap/tinh/ve?")
    return client.get(back)


def test_in_through_the_provider_and_out_at_both(
    browser: Open, store: Store, tmp_path: Path, office: Callable[[str], None]
) -> None:
    with provider(tmp_path, "--require-nonce", "true") as address:
        office(address)
        client = browser(base=PUBLIC)
        assert allowed(client, "lan").headers["location"] == "/linh-vuc"
        assert client.get("/linh-vuc").text == "/linh-vuc: lan.nt"
        assert people.named(store, "lan.nt").title == "Nguyễn Thị Lan"
        page = client.get(doors.ACCOUNT).text
        assert "Đang đăng nhập ở 1 nơi" in page and "Đổi mật khẩu" not in page
        out = client.get(account.sign_out_link(client.cookies[COOKIE])).headers["location"]
        asked = parse_qs(urlsplit(out).query)
        assert out.startswith(f"{address}/oauth2/end_session?")
        assert asked["post_logout_redirect_uri"] == [f"{PUBLIC}/dang-nhap"] and asked["id_token_hint"]
        assert httpx2.get(out, timeout=5).status_code == 200
        assert client.get("/linh-vuc").headers["location"].startswith("/dang-nhap")
        stranger = allowed(browser(base=PUBLIC), "nguoi-la@elsewhere.vn")
        assert "loi=chua-cap-quyen" in stranger.headers["location"]
