"""The tables. Instants are UTC; ``dossiers`` holds what a source says now, ``ledger`` all it ever said, alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from metrics.dossier import COLUMNS, KEY, NUMBERS, STAMPS


class Instant(sa.TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; SQLite keeps it as text, PostgreSQL as ``timestamptz``."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone: {value}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stamp: datetime = value
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


metadata = sa.MetaData()
#: 64 bits on PostgreSQL; on SQLite only INTEGER counts up by itself.
Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def observed() -> list[sa.Column[Any]]:
    """Give fresh columns for one observation of a dossier (metrics.dossier.Dossier)."""
    return [sa.Column(name, _kind(name), nullable=name not in (*KEY, "status")) for name in COLUMNS]


def _kind(name: str) -> sa.types.TypeEngine[Any]:
    return Instant() if name in STAMPS else sa.BigInteger() if name in NUMBERS else sa.Text()


sources = sa.Table(
    "sources",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("cadence_minutes", sa.Integer),
    sa.Column("cursor", sa.Text),
    sa.Column("terms", sa.Text),  # JSON of metrics.terms.Terms less its zone; null: the defaults
    sa.Column("stamped_at", Instant),  # the newest stamp that came without a change, no later than it was seen
    sa.Column("swept_at", Instant),  # when it was last read from its very beginning to its end
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # load, sync, sweep
    sa.Column("origin", sa.Text, nullable=False),  # file name or address
    sa.Column("origin_sha256", sa.Text),
    sa.Column("state", sa.Text, nullable=False),  # running, ok, failed
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("read", sa.Integer, nullable=False, server_default="0"),
    sa.Column("new", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("unchanged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("merged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("quarantined", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cursor", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("notes", sa.Text),  # JSON list of notes (config.notes); null: none
    sa.Index("runs_by_source", "source", "id"),
)

dossiers = sa.Table(
    "dossiers",
    metadata,
    *observed(),
    sa.Column("part", sa.Text, nullable=False),  # month of receipt: names the snapshot part
    sa.Column("versions", sa.Integer, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),  # when this state was first seen
    sa.Column("stamped_at", Instant),  # the source's newest stamp, also when it came without a change
    sa.Column("missing_since", Instant),  # the first reading of the whole source that did not find it
    sa.Column("gone_at", Instant),  # the second one: its tombstone
    sa.PrimaryKeyConstraint(*KEY),
    sa.Index("dossiers_by_part", "part"),
    sa.Index("dossiers_by_other_code", "other_code"),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("change", sa.Text, nullable=False),  # new, changed, gone
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("happened_at", Instant),  # the source's own stamp; null: it did not say
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("part_before", sa.Text),
    *observed(),
    sa.Index("ledger_by_dossier", *KEY, "seq"),
    sa.Index("ledger_by_part", "part"),
)

#: What a source said of the steps of its dossiers; a step told anew is a new row, the newest counts. Never changed.
steps = sa.Table(
    "steps",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("step", sa.Text),
    sa.Column("handler", sa.Text),  # pseudonym
    sa.Column("unit", sa.Text),
    sa.Column("state", sa.Text),
    *(sa.Column(name, Instant) for name in ("started_at", "due_at", "ended_at")),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.UniqueConstraint("source", "fingerprint"),
    sa.Index("steps_by_dossier", *KEY),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("corrections_by_dossier", *KEY),
)

#: What people recorded beside a dossier (store.records). Never changed; the last of a kind holds.
records = sa.Table(
    "records",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # cause, answer, letter, note
    sa.Column("cause", sa.Text),  # config/lateness.toml
    sa.Column("text", sa.Text),  # the answer, the note; words beside a cause or a letter
    sa.Column("number", sa.Text),  # of the letter
    sa.Column("issued_at", Instant),  # of the letter: midnight of its day at the source
    sa.Column("due_at", Instant),  # that the letter promises
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("records_by_dossier", *KEY),
)

#: Who did what and when (store.audit). Never changed.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person", sa.Text, nullable=False),  # as typed at sign-in
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("what", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Index("audit_by_person", "person"),
)

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source_a", sa.Text, nullable=False),
    sa.Column("source_b", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # in source A, else in B
    sa.Column("class", sa.Text),  # metrics.reconcile.Overdue when it was recorded; null: nobody called it overdue
    sa.Column("cause", sa.Text, nullable=False),  # config/causes.toml
    sa.Column("note", sa.Text),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("reconciliations_by_dossier", "source_a", "source_b", "code"),
)

#: A digest of entries of a table ``kept`` (store.seals), those after the seal before it, up to number ``last``. Never
#: changed. Without a digest: entries that were written before seals were kept.
seals = sa.Table(
    "seals",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("kept", sa.Text, nullable=False),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id")),  # null: recorded by a person
    sa.Column("last", Serial, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("reasons", sa.Text, nullable=False),  # JSON list of rule names
    sa.Column("found", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),  # JSON, less the declared personal fields
    sa.Column("fingerprint", sa.Text, nullable=False),  # the same bad row read again is the same entry
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("mended_at", Instant),  # its dossier was read well since
    sa.UniqueConstraint("source", "fingerprint"),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # what is typed at sign-in
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("departments", sa.Text),  # JSON list; null = the whole province
    sa.Column("password_hash", sa.Text, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, sa.ForeignKey("people.name", ondelete="CASCADE"), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # api, wall
    sa.Column("departments", sa.Text),  # JSON list; null = the whole province
    sa.Column("secret_sha256", sa.Text, nullable=False, unique=True),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

rulebooks = sa.Table(
    "rulebooks",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("told", sa.Text, nullable=False),  # JSON: calendar, hours, rules, procedures, units as they were read
    sa.Column("first_used_at", Instant, nullable=False),
)

#: What a dossier may be recognised by, where an office keeps that: apart from the ledger, so that it can be forgotten.
masked = sa.Table(
    "masked",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("shown", sa.Text, nullable=False),
)
