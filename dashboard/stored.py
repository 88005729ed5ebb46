"""The store of this process, and the newest state of its figures."""

from __future__ import annotations

from config.settings import settings
from dashboard import cached
from store import database, snapshot
from store.database import Store
from store.snapshot import Manifest


@cached.resource()
def store() -> Store:
    """Open the store of the settings, once per process."""
    return database.open_store(settings().store_url, home=settings().home)


def manifest() -> Manifest | None:
    """Give the newest state of the figures, None before the first dossier."""
    state = snapshot.read_manifest(store())
    return state if state is not None and state.parts else None


def of_version(version: str) -> Manifest:
    """Give the manifest of ``version``; a newer one when that has gone, for its files are gone too."""
    state = manifest()
    if state is None:
        raise LookupError(version)
    return state
