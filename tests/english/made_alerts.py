"""One alert of every rule, in every state: every sentence of the page Cảnh báo is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from jobs import alerting
from store import tables
from store.database import Store, writing

#: Rule, code, detail and state; of the source "one".
_MADE: Final = (
    ("due_soon", None, '{"due_on":"2026-11-20","days":0,"n":4}', "open"),
    ("due_soon", None, '{"due_on":"2026-11-23","days":1,"n":14}', "unknown"),
    ("overdue", "H99.00-261102-00001", '{"due_on":"2026-11-19"}', "acknowledged"),
    ("acceptance", "H99.00-261102-00002", '{"due_on":"2026-11-18"}', "open"),
    ("acceptance", None, '{"n":12}', "open"),
    ("rate", None, '{"metric":"on_time_due","week":"2026-11-09","met":70,"n":100,"below":0.98}', "open"),
    ("rate", None,
     '{"metric":"on_time_due","week":"2026-11-09","met":94,"n":99,"below":0.98,"signal":"shift","row":8}', "open"),
    ("backlog", None, '{"week":"2026-11-16","n":41,"more":12,"signal":"trend","row":7}', "open"),
    ("stale_source", None, '{"state":"silent","heard_at":"2026-11-19T03:00:00+00:00"}', "open"),
    ("stale_source", None, '{"state":"silent","heard_at":null}', "open"),
    ("quarantine", None, '{"n":50,"more":21}', "open"),
)  # fmt: skip


def of_every_rule(store: Store, unit: str, now: datetime) -> None:
    """Look at the province, and add what it has none of: for ``unit``, at all three levels."""
    alerting.alert(store, now)
    rows = [
        {
            "rule": rule, "subject": f"made {n}", "source": "one", "code": code, "detail": detail, "state": state,
            "department": unit if n % 2 else None, "level": n % 3, "raised_at": now, "level_at": now, "told": n,
            "acknowledged_by": "director" if state == "acknowledged" else None,
            "acknowledged_at": now if state == "acknowledged" else None, "note": None, "told_at": None,
        }
        for n, (rule, code, detail, state) in enumerate(_MADE)
    ]  # fmt: skip
    with writing(store) as connection:
        connection.execute(sa.insert(tables.alerts), rows)


def of_every_slip(store: Store, unit: str, source: str, code: str, now: datetime) -> None:
    """Urge ``unit`` about a dossier of its own three times: one slip waits, one is late, one is answered."""
    slips = [
        {
            "seq": number, "number": number, "year": now.year, "department": unit, "asked": "Please answer",
            "answer_by": day, "dossiers": f'[["{source}", "{code}"]]', "made_by": "director", "made_at": now,
        }
        for number, day in enumerate(("2027-01-04", "2026-11-02", "2027-01-05"), 1)
    ]  # fmt: skip
    answer = {"urging_seq": 3, "answer": "Done", "answered_by": "head", "answered_at": now}
    with writing(store) as connection:
        connection.execute(sa.insert(tables.urgings), slips)
        connection.execute(sa.insert(tables.urging_answers).values(answer))
