"""The tables of what goes out: reports that were issued, mail, turns of the worker, alerts, urging slips.

Days without an hour are ISO texts: both databases, a backup and a seal say them alike.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.kinds import Instant, Serial, Text
from store.schema import metadata

#: One row for each report that was ever begun; whoever writes it first has claimed it (store.editions).
editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("kind", Text, nullable=False),  # reports.editions: friday, month, quarter, year
    sa.Column("department", Text, nullable=False),  # "": the whole province
    sa.Column("period_start", Text, nullable=False),
    sa.Column("period_end", Text, nullable=False),
    sa.Column("issue_on", Text, nullable=False),  # the day it carries
    sa.Column("state", Text, nullable=False),  # claimed, draft, held, approved, issued
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Column("data_version", Text),
    sa.Column("ledger_seq", Serial),  # the draft knows the ledger up to here
    sa.Column("known_at", Instant),  # and everything that people recorded up to here
    sa.Column("draft", Text),  # JSON: the content object, frozen; null once issued (papers)
    sa.Column("held", Text),  # JSON list: why it was not sent, in codes (config.notes); null: nothing stands against it
    sa.Column("remark", Text),
    sa.Column("caveat", Text),  # of who sends it all the same
    sa.Column("approved_by", Text),
    sa.Column("approved_at", Instant),
    sa.Column("number", sa.Integer),
    sa.Column("year", sa.Integer),
    sa.Column("issued_at", Instant),
    sa.UniqueConstraint("kind", "department", "period_start", name="editions_once"),
    sa.UniqueConstraint("year", "number", name="editions_numbered"),
)

#: An issued report as it was printed. Never changed.
papers = sa.Table(
    "papers",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("edition_id", Serial, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("form", Text, nullable=False),  # json, pdf, docx, xlsx
    sa.Column("name", Text, nullable=False),  # of the file
    sa.Column("sha256", Text, nullable=False),  # of its bytes
    sa.Column("content", Text, nullable=False),  # its bytes, in base64
    sa.UniqueConstraint("edition_id", "form", name="papers_once"),
)

#: What was learned later of an issued report: numbered within it, never changed.
restatements = sa.Table(
    "restatements",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("edition_id", Serial, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("data_version", Text, nullable=False),
    sa.Column("told", Text, nullable=False),  # JSON: figures then and now, and the dossiers that explain each
    sa.UniqueConstraint("edition_id", "number", name="restatements_once"),
)

#: What happened to a report: claimed, drafted, held, remarked, approved, issued. Never changed.
edition_acts = sa.Table(
    "edition_acts",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("edition_id", Serial, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("act", Text, nullable=False),
    sa.Column("by", Text, nullable=False),  # a person, or "worker"
    sa.Column("at", Instant, nullable=False),
    sa.Column("detail", Text),
)

#: Messages to single recipients (store.outbox). ``waiting`` → ``claimed`` → ``data`` → ``sent``, ``refused``; cut off
#: in ``data`` → ``unknown``, which is never sent again by itself.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("key", Text, nullable=False, unique=True),  # what it is and for whom: nothing is put in twice
    sa.Column("message_id", Text, nullable=False, unique=True),
    sa.Column("about", Text, nullable=False),  # report, digest, escalation, notice
    sa.Column("edition_id", Serial, sa.ForeignKey("editions.id")),
    sa.Column("department", Text),  # whose units it is about; null: the province
    sa.Column("channel", Text, nullable=False),  # mail, or the name of a gateway
    sa.Column("recipient", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("attached", Text, nullable=False),  # JSON list of forms of the edition's papers
    sa.Column("state", Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("put_at", Instant, nullable=False),
    sa.Column("next_at", Instant),  # not before
    sa.Column("begun_at", Instant),  # of the last attempt
    sa.Column("ended_at", Instant),
    sa.Column("reply", Text),  # what the server said last
    sa.Index("outbox_by_state", "state"),
)

#: Turns of the worker's daily and weekly jobs: when each was due last, and what came of it.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("job", Text, primary_key=True),
    sa.Column("last_due_at", Instant),
    sa.Column("begun_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("outcome", Text),  # done, failed, held
    sa.Column("detail", Text),
    sa.Column("next_due_at", Instant),
)

#: What somebody has to know: opened once, told again, acknowledged, ended (store.alerts).
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("rule", Text, nullable=False),  # config/alerts.toml
    sa.Column("subject", Text, nullable=False),  # a dossier, a unit or a source, as the rule names it
    sa.Column("department", Text),  # who has to act; null: the province
    sa.Column("source", Text),
    sa.Column("code", Text),
    sa.Column("state", Text, nullable=False),  # open, acknowledged, unknown, ended
    sa.Column("level", sa.Integer, nullable=False),  # 0 holder, 1 head, 2 director
    sa.Column("detail", Text),  # JSON: figures the sentence is made of
    sa.Column("raised_at", Instant, nullable=False),
    sa.Column("level_at", Instant, nullable=False),  # since when on this level
    sa.Column("told", sa.Integer, nullable=False),  # how many digests named it
    sa.Column("told_at", Instant),
    sa.Column("acknowledged_by", Text),
    sa.Column("acknowledged_at", Instant),
    sa.Column("note", Text),
    sa.Column("ended_at", Instant),
    sa.Index("alerts_by_dossier", "source", "code"),
    sa.Index(
        "alerts_open_once", "rule", "subject", unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    ),
)  # fmt: skip

#: Phiếu đôn đốc: a numbered request to a unit about some of its dossiers. Never changed; the answer stands beside.
urgings = sa.Table(
    "urgings",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("department", Text, nullable=False),
    sa.Column("asked", Text, nullable=False),
    sa.Column("answer_by", Text, nullable=False),  # day
    sa.Column("dossiers", Text, nullable=False),  # JSON list of [source, code]
    sa.Column("made_by", Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.UniqueConstraint("year", "number", name="urgings_numbered"),
)

#: Answers to urging slips. Never changed; the last one holds.
urging_answers = sa.Table(
    "urging_answers",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("urging_seq", Serial, sa.ForeignKey("urgings.seq"), nullable=False),
    sa.Column("answer", Text, nullable=False),
    sa.Column("answered_by", Text, nullable=False),
    sa.Column("answered_at", Instant, nullable=False),
)
