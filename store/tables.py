"""The tables. Instants are UTC; ``dossiers`` holds what a source says now, ``ledger`` all it ever said, alike."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from metrics.dossier import COLUMNS, KEY, NUMBERS, STAMPS
from store.kinds import Instant, Serial, Text
from store.outgoing_tables import alerts as alerts
from store.outgoing_tables import edition_acts as edition_acts
from store.outgoing_tables import editions as editions
from store.outgoing_tables import outbox as outbox
from store.outgoing_tables import papers as papers
from store.outgoing_tables import restatements as restatements
from store.outgoing_tables import turns as turns
from store.outgoing_tables import urging_answers as urging_answers
from store.outgoing_tables import urgings as urgings
from store.quality_tables import entered as entered
from store.quality_tables import fault_acts as fault_acts
from store.quality_tables import intakes as intakes
from store.quality_tables import refused_rows as refused_rows
from store.quality_tables import software_faults as software_faults
from store.quality_tables import surveys as surveys
from store.quality_tables import surveys_asked as surveys_asked
from store.schema import metadata as metadata


def observed() -> list[sa.Column[Any]]:
    """Give fresh columns for one observation of a dossier (metrics.dossier.Dossier)."""
    return [sa.Column(name, _kind(name), nullable=name not in (*KEY, "status")) for name in COLUMNS]


def _kind(name: str) -> sa.types.TypeEngine[Any]:
    return Instant() if name in STAMPS else sa.BigInteger() if name in NUMBERS else Text()


sources = sa.Table(
    "sources",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("time_zone", Text, nullable=False),
    sa.Column("cadence_minutes", sa.Integer),
    sa.Column("cursor", Text),
    sa.Column("terms", Text),  # JSON of metrics.terms.Terms less its zone; null: the defaults
    sa.Column("stamped_at", Instant),  # the newest stamp that came without a change, no later than it was seen
    sa.Column("swept_at", Instant),  # when it was last read from its very beginning to its end
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", Text, sa.ForeignKey("sources.name"), nullable=False),
    sa.Column("kind", Text, nullable=False),  # load, sync, sweep
    sa.Column("origin", Text, nullable=False),  # file name or address
    sa.Column("origin_sha256", Text),
    sa.Column("state", Text, nullable=False),  # running, ok, failed
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("read", sa.Integer, nullable=False, server_default="0"),
    sa.Column("new", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("unchanged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("merged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("quarantined", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cursor", Text),
    sa.Column("error", Text),
    sa.Column("notes", Text),  # JSON list of notes (config.notes); null: none
    sa.Index("runs_by_source", "source", "id"),
)

_NAMED: Final = sa.text("other_code IS NOT NULL")

dossiers = sa.Table(
    "dossiers",
    metadata,
    *observed(),
    sa.Column("part", Text, nullable=False),  # month of receipt: names the snapshot part
    sa.Column("versions", sa.Integer, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),  # when this state was first seen
    sa.Column("stamped_at", Instant),  # the source's newest stamp, also when it came without a change
    sa.Column("missing_since", Instant),  # the first reading of the whole source that did not find it
    sa.Column("gone_at", Instant),  # the second one: its tombstone
    sa.PrimaryKeyConstraint(*KEY),
    sa.Index("dossiers_by_part", "part"),
    sa.Index("dossiers_by_other_code", "other_code", sqlite_where=_NAMED, postgresql_where=_NAMED),
)


def _of_a_run() -> sa.ForeignKey:
    """Give the key of entries that come by the thousand: PostgreSQL does not ask for each (store.verifying does)."""
    return sa.ForeignKey("runs.id", info={"unasked_on": "postgresql"})


ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, _of_a_run(), nullable=False),
    sa.Column("change", Text, nullable=False),  # new, changed, gone
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("happened_at", Instant),  # the source's own stamp; null: it did not say
    sa.Column("part", Text, nullable=False),
    sa.Column("part_before", Text),
    *observed(),
    sa.Index("ledger_by_dossier", *KEY, "seq"),
    sa.Index("ledger_by_part", "part"),
)

#: What a source said of the steps of its dossiers; a step told anew is a new row, the newest counts. Never changed.
steps = sa.Table(
    "steps",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, _of_a_run(), nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("code", Text, nullable=False),
    sa.Column("step", Text),
    sa.Column("handler", Text),  # pseudonym
    sa.Column("unit", Text),
    sa.Column("state", Text),
    *(sa.Column(name, Instant) for name in ("started_at", "due_at", "ended_at")),
    sa.Column("fingerprint", Text, nullable=False),
    sa.UniqueConstraint("source", "fingerprint"),
    sa.Index("steps_by_dossier", *KEY),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", Text, nullable=False),
    sa.Column("code", Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("corrections_by_dossier", *KEY),
)

#: What people recorded beside a dossier (store.records). Never changed; the last of a kind holds.
records = sa.Table(
    "records",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", Text, nullable=False),
    sa.Column("code", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),  # cause, answer, letter, note
    sa.Column("cause", Text),  # config/lateness.toml
    sa.Column("text", Text),  # the answer, the note; words beside a cause or a letter
    sa.Column("number", Text),  # of the letter
    sa.Column("issued_at", Instant),  # of the letter: midnight of its day at the source
    sa.Column("due_at", Instant),  # that the letter promises
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("records_by_dossier", *KEY),
)

#: Who did what and when (store.audit). Never changed.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person", Text, nullable=False),  # as typed at sign-in
    sa.Column("act", Text, nullable=False),
    sa.Column("what", Text),
    sa.Column("detail", Text),
    sa.Index("audit_by_person", "person"),
)

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source_a", Text, nullable=False),
    sa.Column("source_b", Text, nullable=False),
    sa.Column("code", Text, nullable=False),  # in source A, else in B
    sa.Column("class", Text),  # metrics.reconcile.Overdue when it was recorded; null: nobody called it overdue
    sa.Column("cause", Text, nullable=False),  # config/causes.toml
    sa.Column("note", Text),
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("reconciliations_by_dossier", "source_a", "source_b", "code"),
)

#: A digest of entries of a table ``kept`` (store.seals), those after the seal before it, up to number ``last``. Never
#: changed. Without a digest: entries that were written before seals were kept.
seals = sa.Table(
    "seals",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("kept", Text, nullable=False),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id")),  # null: recorded by a person
    sa.Column("last", Serial, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("digest", Text),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", Serial, sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("place", Text, nullable=False),
    sa.Column("code", Text),
    sa.Column("reasons", Text, nullable=False),  # JSON list of rule names
    sa.Column("found", Text, nullable=False),
    sa.Column("raw", Text, nullable=False),  # JSON, less the declared personal fields
    sa.Column("fingerprint", Text, nullable=False),  # the same bad row read again is the same entry
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("mended_at", Instant),  # its dossier was read well since
    sa.UniqueConstraint("source", "fingerprint"),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", Text, primary_key=True),  # what is typed at sign-in
    sa.Column("title", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("departments", Text),  # JSON list; null = the whole province
    sa.Column("password_hash", Text),  # null: signs in at the provider
    sa.Column("must_change_since", Instant),  # the password was given by somebody else
    sa.Column("disabled_at", Instant),
    sa.Column("signed_in_at", Instant),  # the last time
    sa.Column("issuer", Text),  # who says that it is this person, and
    sa.Column("subject", Text),  # by which name of theirs
    sa.Column("mail", Text),  # where digests and reports go; null: nowhere
    sa.UniqueConstraint("issuer", "subject", name="people_outside"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", Text, primary_key=True),
    sa.Column("person", Text, sa.ForeignKey("people.name", ondelete="CASCADE"), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("hint", Text),  # what the provider of the sign-in wants to hear at the sign-out
)

#: Tries to sign in, by name and by address (store.failures); forgotten by themselves.
failures = sa.Table(
    "failures",
    metadata,
    sa.Column("key", Text, primary_key=True),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("waited", sa.Integer, nullable=False),  # tries while it had to wait
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("locked_until", Instant),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("kind", Text, nullable=False),  # api, wall
    sa.Column("departments", Text),  # JSON list; null = the whole province
    sa.Column("secret_sha256", Text, nullable=False, unique=True),
    sa.Column("issued_by", Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

rulebooks = sa.Table(
    "rulebooks",
    metadata,
    sa.Column("version", Text, primary_key=True),
    sa.Column("told", Text, nullable=False),  # JSON: calendar, hours, rules, procedures, units as they were read
    sa.Column("first_used_at", Instant, nullable=False),
)

#: What a dossier may be recognised by, where an office keeps that: apart from the ledger, so that it can be forgotten.
masked = sa.Table(
    "masked",
    metadata,
    sa.Column("source", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("shown", Text, nullable=False),
)
