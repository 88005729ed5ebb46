"""A small province whose units, codes and fields cannot be mistaken: wherever one is read, its dossier was seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import sqlalchemy as sa

from jobs.rebuild import rebuild
from metrics import integrity, rulebook
from metrics.dossier import INSTANT, REJECTS, whole
from metrics.terms import Terms
from store import insight, people, records, snapshot, tables
from store.database import Store, writing
from store.ingest import Source, begin_run
from tests.access import planted_risk, planted_steps

NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)  # thứ Sáu 20/11/2026, 10:32 at the centre
TODAY: Final = date(2026, 11, 20)
#: Aquila stands over Boreas. Cygnus takes in what Draco resolves, which gives it no sight of it.
UNITS: Final = ("Aquila", "Boreas", "Cygnus", "Draco")
REGISTER: Final = """
[[unit]]
name = "Sở Aquila"
[[unit]]
name = "Sở Boreas"
parent = "Sở Aquila"
"""
#: A code of a row that was refused: of which unit it is, nobody knows.
REFUSED: Final = "REFUSED-7Q"
#: A code of a dossier that Cygnus had until Draco took it over on 17/11/2026: it says Draco of its present alone.
MOVED: Final = "MOVED-7Q"
ONE_STOP: Final = Source("mot-cua", "Asia/Ho_Chi_Minh", "Một cửa", kind="rest", cadence_minutes=15)
PORTAL: Final = Source(
    "cong", "Asia/Ho_Chi_Minh", "Cổng", kind="rest", cadence_minutes=15, terms=Terms(figures="beside")
)
EVERYBODY: Final = frozenset(UNITS)
#: Reader → role, units of the account, whether those below too, and whose dossiers the reader may see.
READERS: Final[dict[str, tuple[people.Role, tuple[str, ...] | None, bool, frozenset[str]]]] = {
    "giamdoc": ("director", None, False, EVERYBODY),
    "aquila": ("head", ("Sở Aquila",), False, frozenset({"Aquila"})),
    "aquila-ca": ("head", ("Sở Aquila",), True, frozenset({"Aquila", "Boreas"})),
    "cygnus": ("head", ("Sở Cygnus",), False, frozenset({"Cygnus"})),
    "chutich": ("chairman", None, False, EVERYBODY),
    "vanhanh": ("operator", None, False, EVERYBODY),
    "kiemtra": ("auditor", None, False, EVERYBODY),
    "quantri": ("administrator", None, False, EVERYBODY),
}


def code(unit: str, number: int = 1) -> str:
    """Give the code of a unit's dossier: 1 is overdue, 2 was closed late in this week."""
    return f"{unit.upper()}-7Q0{number}"


def seen_in(content: bytes) -> frozenset[str]:
    """Say whose names or codes stand in ``content``."""
    return frozenset(u for u in UNITS if u.encode() in content or u.upper().encode() in content)


def at(days: int, hour: int = 2) -> datetime:
    """Give a moment so many days ago, at 09:00 of the centre."""
    return datetime(2026, 11, 20, hour, tzinfo=UTC) - timedelta(days=days)


def dossiers(source: str, units: tuple[str, ...] = UNITS) -> pl.DataFrame:
    """Make two dossiers of each unit."""
    return framed([_dossier(source, unit, number) for unit in units for number in (1, 2)])


def framed(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Give rows as dossiers (metrics.dossier.COLUMNS)."""
    return whole(pl.DataFrame(rows, schema_overrides={c: INSTANT for r in rows for c in r if c.endswith("_at")}))


def _dossier(source: str, unit: str, number: int) -> dict[str, object]:
    row: dict[str, object] = {
        "source": source, "code": code(unit, number), "status": "processing", "department": f"Sở {unit}",
        "field": f"Lĩnh vực {unit}", "procedure": f"9.00{UNITS.index(unit)}", "procedure_name": f"Thủ tục {unit}",
        "channel": "counter", "level": "province", "step": f"Bước {unit}", "handler": f"cb-{unit}",
        "submitted_at": at(30), "received_at": at(30), "due_at": at(4), "changed_at": at(30),
        "receiving_unit": "Sở Cygnus" if unit == "Draco" else f"Sở {unit}",
    }  # fmt: skip
    if number == 1 or source == PORTAL.name:  # the portal was not told of the closing: a difference to reconcile
        return row
    return row | {"status": "returned", "resolved_at": at(2), "changed_at": at(2)}


def fill(store: Store) -> None:
    """Store the dossiers twice, as the one-stop shop and the portal tell them, a refused row, and the readers."""
    refused = pl.DataFrame(
        [{"place": "dòng 9", "code": REFUSED, "reasons": ["started"], "found": REFUSED, "raw": "{}"}], schema=REJECTS
    )
    for source, bad in ((ONE_STOP, refused), (PORTAL, None)):
        with begin_run(store, source, kind="sync", origin="http://127.0.0.1/hoso", seen_at=NOW) as run:
            run.batch(dossiers(source.name), bad)
    rebuild(store)
    marked(store)
    with writing(store) as connection:  # without a password: nobody signs in here, sessions are opened
        for name, (role, units, below, _) in READERS.items():
            person = people.Person(name, f"Bạn đọc {name}", role, units, below)
            connection.execute(sa.insert(tables.people).values(people.row_of(person)))
        connection.execute(sa.insert(tables.alerts), [_alert(unit) for unit in UNITS])
        slips = [_slip(unit, number) for number, unit in enumerate(UNITS, 1)]
        connection.execute(sa.insert(tables.urgings), slips)


def _alert(unit: str) -> dict[str, object]:
    """Make the alert of a unit's overdue dossier."""
    return {
        "rule": "overdue", "subject": f"planted {unit}", "source": ONE_STOP.name, "code": code(unit), "level": 1,
        "department": f"Sở {unit}", "state": "open", "detail": '{"due_on":"2026-11-16"}', "raised_at": NOW,
        "level_at": NOW, "told": 0,
    }  # fmt: skip


def _slip(unit: str, number: int) -> dict[str, object]:
    """Make a slip to a unit about its overdue dossier."""
    return {
        "number": number, "year": 2026, "department": f"Sở {unit}", "asked": f"Đề nghị Sở {unit} trả lời",
        "answer_by": "2026-11-24", "dossiers": f'[["{ONE_STOP.name}", "{code(unit)}"]]', "made_by": "giamdoc",
        "made_at": NOW,
    }  # fmt: skip


def marked(store: Store) -> None:
    """Keep a mark of one dossier of each unit, as the night does."""
    state = snapshot.read_manifest(store)
    assert state is not None
    who = [{"source": ONE_STOP.name, "code": code(unit), "department": f"Sở {unit}", "field": f"Lĩnh vực {unit}",
            "procedure": f"9.00{UNITS.index(unit)}", "day": TODAY, "from_on": TODAY, "kind": "processing", "n": 1}
           for unit in UNITS]  # fmt: skip
    marks = integrity.marks(pl.DataFrame(who), integrity.Flag.BACK)
    looked = integrity.looked(marks, integrity.Flag.BACK)
    tables_of_it = {
        "integrity_marks": marks, "integrity_cells": integrity.CELLS.to_frame(), "integrity_looked": looked,
        "integrity_quiet": integrity.QUIET.to_frame(), **planted_steps.tables(UNITS, ONE_STOP.name),
        **planted_risk.tables(UNITS, ONE_STOP.name, code, TODAY),
    }  # fmt: skip
    made = insight.Made(state.data_version, state.ledger_seq, TODAY, NOW, "planted")
    insight.keep(store, made, tables_of_it, None)


def moved(store: Store) -> None:
    """Store MOVED, ten days ago with Cygnus and for three days now with Draco, whose head has answered."""
    row = _dossier(ONE_STOP.name, "Cygnus", 1) | {"code": MOVED}
    draco = {"department": "Sở Draco", "step": "Bước Draco", "handler": "cb-Draco", "changed_at": at(3)}
    for days, told in ((10, row), (3, row | draco)):
        with begin_run(store, ONE_STOP, kind="sync", origin="here", seen_at=at(days)) as run:
            run.batch(framed([told]))
    head, said = people.Person("draco", "Draco", "head", ("Sở Draco",)), records.Words(records.Kind.ANSWER, "Draco đáp")
    records.record(store, ONE_STOP.name, MOVED, said, by=head, at=at(1), calendar=rulebook.load().calendar)


def register(folder: Path) -> None:
    """Write the register of units into a folder of settings."""
    (folder / "units.toml").write_text(REGISTER, encoding="utf-8")
