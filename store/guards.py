"""The triggers that refuse changes of what is append-only: as the migrations write them, and as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.tables import (
    audit,
    corrections,
    edition_acts,
    editions,
    entered,
    fault_acts,
    intakes,
    ledger,
    papers,
    reconciliations,
    records,
    refused_rows,
    restatements,
    seals,
    software_faults,
    steps,
    surveys,
    surveys_asked,
    urging_answers,
    urgings,
)


@dataclass(frozen=True, slots=True)
class Guard:
    """How one table is guarded. ``words``: what a refused change is told; ``function``: what PostgreSQL calls, and
    ``told``: its words. ``state``: only its rows in that state are; "": all."""

    table: str
    words: str
    function: str
    told: str
    state: str = ""

    def expected(self, dialect: str) -> dict[str, str]:
        """Give the text of each trigger by its name."""
        if dialect == "sqlite":
            rows = f"WHEN OLD.state = '{self.state}' " if self.state else ""
            return {
                f"{self.table}_no_{verb.lower()}": f"CREATE TRIGGER {self.table}_no_{verb.lower()} BEFORE {verb} ON "
                f"{self.table} {rows}BEGIN SELECT RAISE(ABORT, '{self.words}'); END"
                for verb in ("UPDATE", "DELETE")
            }
        verbs, each = ("DELETE OR UPDATE OR TRUNCATE", "STATEMENT")
        if self.state:
            verbs, each = ("DELETE OR UPDATE", f"ROW WHEN (old.state = '{self.state}'::text)")
        name, does = f"{self.table}_no_change", f"BEGIN RAISE EXCEPTION '{self.told}'; END"
        refused = f"CREATE TRIGGER {name} BEFORE {verbs} ON {self.table} FOR EACH {each}"
        return {name: f"{refused} EXECUTE FUNCTION {self.function}() {does}"}

    def wrong(self, connection: Connection) -> Iterator[str]:
        """Say which triggers are gone, changed, switched off or not ours."""
        expected, found = self.expected(connection.dialect.name), _found(connection, self.table)
        for name in expected.keys() - found.keys():
            yield f"{self.table}: its trigger {name} is gone or switched off: changes are not refused. {NEXT_STEP}"
        for name in sorted(expected.keys() & found.keys()):
            if expected[name] != found[name]:
                yield f"{self.table}: its trigger {name} is not as Đúng Hạn writes it ({found[name]}). {NEXT_STEP}"
        for name in sorted(found.keys() - expected.keys()):
            yield f"{self.table}: it has a trigger {name} that is not of Đúng Hạn ({found[name]}). {NEXT_STEP}"


NEXT_STEP: Final = "Ask who may change the tables, then back the store up and restore it: that writes them anew."
_LEDGER: Final = ("ledger_append_only", "the ledger is append-only")
_CAUSES: Final = "recorded causes are append-only"
_SEALS: Final = "the seals are append-only"
_CORRECTIONS: Final = "corrections are append-only"
_RECORDS: Final = "what was recorded is append-only"
_AUDIT: Final = "the audit log is append-only"
_ISSUED: Final = "what was issued is append-only"
_TAKEN_IN: Final = "what was taken in is append-only"
GUARDS: Final = (
    Guard(ledger.name, _LEDGER[1], *_LEDGER),
    Guard(steps.name, "the steps are append-only", *_LEDGER),
    Guard(reconciliations.name, _CAUSES, "reconciliations_append_only", _CAUSES),
    Guard(seals.name, _SEALS, "seals_append_only", _SEALS),
    Guard(corrections.name, _CORRECTIONS, "corrections_append_only", _CORRECTIONS),
    Guard(records.name, _RECORDS, "records_append_only", _RECORDS),
    Guard(audit.name, _AUDIT, "audit_append_only", _AUDIT),
    *(
        Guard(table.name, _ISSUED, f"{table.name}_append_only", _ISSUED)
        for table in (papers, restatements, edition_acts, urgings, urging_answers)
    ),
    Guard(editions.name, _ISSUED, "editions_append_only", _ISSUED, "issued"),
    *(
        Guard(table.name, _TAKEN_IN, f"{table.name}_append_only", _TAKEN_IN)
        for table in (intakes, refused_rows, surveys, surveys_asked, entered, software_faults, fault_acts)
    ),
)


def _found(connection: Connection, table: str) -> dict[str, str]:
    """Give the text of each trigger that is switched on, with what it does, its blanks made one."""
    if connection.dialect.name == "sqlite":
        question = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    else:
        question = sa.text(
            "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) || ' ' || prosrc FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    return {name: re.sub(r"\s+", " ", text).strip() for name, text in connection.execute(question, {"table": table})}
