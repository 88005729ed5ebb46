"""Reports in every state that their page shows, with plain names: whatever is Vietnamese there is a word of ours."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final

from store import as_read, editions, restatements
from store.database import Store
from store.editions import Claim, Draft, Paper, Printed
from store.people import Person

_DIRECTOR: Final = Person("director", "Title of director", "director", None)
_DAYS: Final = (date(2026, 10, 15), date(2026, 11, 14), date(2026, 11, 16))
_CONTENT: Final[dict[str, Any]] = {
    "message": [], "figures": {}, "edition": {"issued_on": "2026-11-16"}, "seal": {"content_sha256": "a" * 64},
}  # fmt: skip


def in_every_state(store: Store, now: datetime) -> None:
    """Leave a report that is claimed, one each that waits, is held back and is approved, and one that went out."""
    assert editions.claim(store, Claim("friday", "", *_DAYS), at=now) is not None
    _drafted(store, "month", now)
    _drafted(store, "quarter", now, [{"code": "report_unbalanced", "values": {}}])
    editions.approve(store, _drafted(store, "year", now), by=_DIRECTOR, at=now, read=as_read.mark(_CONTENT, []))
    mine = _drafted(store, "friday", now, department="Unit")
    editions.approve(store, mine, by=_DIRECTOR, at=now, read=as_read.mark(_CONTENT, []))
    papers = [Paper(form, f"a.{form}", json.dumps(_CONTENT).encode()) for form in ("json", "pdf", "docx", "xlsx")]
    assert editions.issue(store, mine, Printed(1, 2026), papers, at=now)
    told = {"then": {"t": "1"}, "now": {"t": "2"}, "dossiers": [], "why": "Why", "name": "Figure"}
    restatements.keep(store, mine, [told], data_version="v", at=now)


def _drafted(
    store: Store, kind: str, now: datetime, held: list[dict[str, Any]] | None = None, department: str = ""
) -> int:
    mine = editions.claim(store, Claim(kind, department, *_DAYS), at=now)
    assert mine is not None
    assert editions.drafted(store, mine, Draft(_CONTENT, "v", 1), held or [], at=now)
    return mine
