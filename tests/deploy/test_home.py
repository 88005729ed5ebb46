"""The dashboard reads the figures where the worker derives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import settings
from dashboard import stored


@pytest.mark.database
def test_the_dashboard_looks_for_figures_in_its_home_and_not_where_it_was_started(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, started_in = tmp_path / "home", tmp_path / "release"
    started_in.mkdir()
    monkeypatch.chdir(started_in)
    monkeypatch.setenv("DUNGHAN_HOME", str(home))
    monkeypatch.setenv("DUNGHAN_STORE", postgres_url)
    settings.cache_clear()
    stored.store.clear()
    try:
        opened = stored.store()
        assert opened.derived.parent == home
        assert not list(started_in.iterdir())
        opened.engine.dispose()
    finally:
        stored.store.clear()
        settings.cache_clear()
