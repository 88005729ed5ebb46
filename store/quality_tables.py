"""The tables of what no dossier holds: satisfaction slips, indicators that people enter, faults of the software.

Nothing in them is ever changed: a later row stands beside the one before, and holds. Days without an hour are ISO
texts.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.kinds import Instant, Serial, Text
from store.schema import metadata

#: Every reading of a file that is not of dossiers: how many rows it had, and what became of them.
intakes = sa.Table(
    "intakes",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("kind", Text, nullable=False),  # surveys, indicators
    sa.Column("origin", Text, nullable=False),  # name of the file, or who asked
    sa.Column("origin_sha256", Text),
    sa.Column("read", sa.Integer, nullable=False),
    sa.Column("new", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("by", Text, nullable=False),  # a person, or "worker"
    sa.Column("at", Instant, nullable=False),
)

#: Rows that such a file had and that could not be kept.
refused_rows = sa.Table(
    "refused_rows",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("intake_id", Serial, sa.ForeignKey("intakes.id"), nullable=False),
    sa.Column("place", Text, nullable=False),
    sa.Column("reasons", Text, nullable=False),  # JSON list of rule names
    sa.Column("found", Text, nullable=False),
    sa.Column("raw", Text, nullable=False),  # JSON, less personal fields
)

#: Answers of people who were served, a slip each.
surveys = sa.Table(
    "surveys",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("intake_id", Serial, sa.ForeignKey("intakes.id"), nullable=False),
    sa.Column("survey", Text, nullable=False),  # which survey: where and how people were asked
    sa.Column("slip", Text, nullable=False),  # its number, or a fingerprint of the row
    sa.Column("answered_on", Text, nullable=False),  # day
    sa.Column("department", Text),
    sa.Column("field", Text),
    sa.Column("procedure", Text),
    sa.Column("code", Text),  # of the dossier, where the slip names it
    sa.Column("way", Text),  # paper, kiosk, web, phone, message
    sa.Column("score", sa.Integer, nullable=False),  # 1 very dissatisfied … 5 very satisfied
    sa.Column("parts", Text),  # JSON: scores of single questions, by their names
    sa.UniqueConstraint("survey", "slip", name="surveys_once"),
    sa.Index("surveys_by_day", "answered_on"),
)

#: How many people a survey asked: without it there is no response rate. The last row of a stretch and unit holds.
surveys_asked = sa.Table(
    "surveys_asked",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("intake_id", Serial, sa.ForeignKey("intakes.id"), nullable=False),
    sa.Column("survey", Text, nullable=False),
    sa.Column("from_on", Text, nullable=False),  # day
    sa.Column("to_on", Text, nullable=False),  # day
    sa.Column("department", Text),  # null: all units together
    sa.Column("asked", sa.Integer, nullable=False),
)

#: Values of config/indicators.toml, as people entered or loaded them. The last one of a period and unit holds; a value
#: of null takes the one before back.
entered = sa.Table(
    "entered",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("intake_id", Serial, sa.ForeignKey("intakes.id")),  # null: on the page
    sa.Column("indicator", Text, nullable=False),
    sa.Column("from_on", Text, nullable=False),  # day
    sa.Column("to_on", Text, nullable=False),  # day
    sa.Column("department", Text),  # null: the province
    sa.Column("value", Text),  # a decimal, as it was written
    sa.Column("stated_by", Text, nullable=False),  # whose figure it is: a decision, a report, a system
    sa.Column("stated_on", Text, nullable=False),  # day
    sa.Column("note", Text),
    sa.Column("entered_by", Text, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Index("entered_by_indicator", "indicator", "from_on"),
)

#: Faults of a one-stop system, reported to its vendor.
software_faults = sa.Table(
    "software_faults",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("source", Text, nullable=False),
    sa.Column("vendor", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),  # availability, delay, data, function, other
    sa.Column("title", Text, nullable=False),
    sa.Column("text", Text),
    sa.Column("reported_on", Text, nullable=False),  # day
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("software_faults_by_source", "source"),
)

#: What became of a fault: answered, mended, open again, or a note.
fault_acts = sa.Table(
    "fault_acts",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("fault_seq", Serial, sa.ForeignKey("software_faults.seq"), nullable=False),
    sa.Column("act", Text, nullable=False),  # answered, mended, reopened, note
    sa.Column("on", Text, nullable=False),  # day
    sa.Column("text", Text),
    sa.Column("recorded_by", Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
