"""Signs of life beside the store: when the leading worker was last there, and when a backup was last made.

Files, like the derived ones that worker and dashboards share; but nobody who deletes those deletes them.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, Literal

from store.database import Store
from store.snapshot import write_whole

Sign = Literal["leader", "backup"]
FOLDER: Final = ".signs"


def give(store: Store, sign: Sign, *, at: datetime) -> None:
    """Leave a sign at ``at`` (aware). Raises StoreError when the disk refuses."""
    path = store.derived.with_suffix(FOLDER) / f"{sign}.json"
    write_whole(store, path, json.dumps({"at": at.isoformat()}).encode())


def last(store: Store, sign: Sign) -> datetime | None:
    """Say when a sign was last left; None: never, or in a file that cannot be read."""
    try:
        told = json.loads((store.derived.with_suffix(FOLDER) / f"{sign}.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, KeyError, ValueError, TypeError):
        return None
