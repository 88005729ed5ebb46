"""Load what people uploaded: the worker takes it from the inbox, and deletes the bytes whatever came of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from config import mappings, sources
from config.diary import diary
from config.errors import DunghanError, SourceError, StoreError
from config.mapping import Mapping, parse_mapping
from config.notes import note
from jobs.load import RunReport, load_bytes
from jobs.sync import stored
from store import inbox
from store.database import Store

log = diary("uploads")


def take(store: Store, home: Path, *, now: datetime) -> int:
    """Load every upload that waits, the oldest first; give how many were loaded. Never raises for one of them."""
    loaded = sum(_one(store, home, token, now) for token in inbox.waiting(home))
    inbox.forget(home, now)
    return loaded


def _one(store: Store, home: Path, token: str, now: datetime) -> bool:
    told: dict[str, Any]
    try:
        upload, data, text = inbox.taken(home, token)
        inbox.tell(home, token, {"state": "reading", "share": 0.0})
        report = _load(store, upload, data, text, now, lambda _, share: _progress(home, token, share))
        mappings.keep(home, report.source, text)
        told = {"state": "done", **_said(report)}
    except StoreError as error:
        if "under way" in error.found:  # the next turn tries again
            inbox.tell(home, token, {"state": "waiting"})
            return False
        told = _why(error)
    except DunghanError as error:
        log.warning("upload_failed", place=error.place, found=error.found)
        told = _why(error)
    except Exception:
        log.exception("upload_broken")
        told = {"state": "failed", "place": "", "found": "it could not be loaded; the log says why.", "next_step": ""}
    inbox.tell(home, token, told)
    inbox.ended(home, token)
    return bool(told["state"] == "done")


def _why(error: DunghanError) -> dict[str, Any]:
    return {"state": "failed", "place": error.place, "found": error.found, "next_step": error.next_step}


def _progress(home: Path, token: str, share: float) -> None:
    inbox.tell(home, token, {"state": "reading", "share": share})


def _load(store: Store, upload: inbox.Upload, data: bytes, text: str, now: datetime, progress: Any) -> RunReport:
    mapping = parse_mapping(text, place="mapping")
    name = upload.source or mapping.source
    known = {s.name: s for s in sources.load()}.get(name)
    if known is not None and known.kind != "folder":
        found = f'the source "{name}" is read over the network.'
        raise SourceError(upload.name, found, "Give the file a source of its own in the mapping: source = …")
    chosen = _as(mapping, name, known)
    into, by = stored(known) if known else None, note("uploaded_by", who=upload.by)
    return load_bytes(
        store, data, name=upload.name, mapping=chosen, seen_at=now, into=into, notes=(by,), progress=progress
    )


def _as(mapping: Mapping, name: str, known: sources.Source | None) -> Mapping:
    return mapping.model_copy(update={"source": name, **({"terms": known.terms} if known else {})})


def _said(report: RunReport) -> dict[str, Any]:
    counts = {n: getattr(report.counts, n) for n in ("read", "new", "changed", "unchanged", "merged", "quarantined")}
    return {
        "file": report.file, "source": report.source, "counts": counts, "skipped": report.skipped,
        "reasons": report.reasons, "flags": report.flags, "dropped": list(report.dropped),
    }  # fmt: skip
