"""Read sources once more as pages ask for it: the worker takes the orders and tells what came of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from config import sources
from config.diary import diary
from config.errors import DunghanError, StoreError
from jobs.quarantine import replay
from store import replays
from store.database import Store
from store.replays import Order

log = diary("replays")


def take(store: Store, home: Path, *, now: datetime) -> int:
    """Carry out the orders that wait, the oldest first; give how many were. Never raises for one of them."""
    return sum(_one(store, home, order, now) for order in replays.waiting(home))


def _one(store: Store, home: Path, order: Order, now: datetime) -> bool:
    replays.tell(home, order.source, {"state": "reading", "at": now.isoformat()})
    told: dict[str, Any]
    try:
        (source,) = sources.chosen((order.source,))
        done = replay(store, source, seen_at=now)
        told = {"state": "done", "waited": done.waited, "waiting": done.waiting, "new": done.counts.new}
    except StoreError as error:
        if "under way" in error.found:  # a reading of the same source: the next turn tries again
            replays.tell(home, order.source, {"state": "waiting"})
            return False
        told = _why(error)
    except DunghanError as error:
        log.warning("replay_failed", place=error.place, found=error.found)
        told = _why(error)
    except Exception:
        log.exception("replay_broken")
        told = {"state": "failed", "place": "", "found": "it could not be read; the log says why.", "next_step": ""}
    replays.tell(home, order.source, told | {"at": now.isoformat(), "by": order.by})
    replays.ended(home, order.source)
    return bool(told["state"] == "done")


def _why(error: DunghanError) -> dict[str, Any]:
    return {"state": "failed", "place": error.place, "found": error.found, "next_step": error.next_step}
