"""The dossier as a source showed it: the one frame that connectors write, the store keeps and the metrics read.

Instants are UTC, to the microsecond; days are cut later, in the time zone of the source. Words: GLOSSARY.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import dataframely as dy
import polars as pl


class Status(StrEnum):
    """Where a dossier stands in its source. Numbers: TrangThaiHoSo of the national exchange."""

    SUBMITTED = "submitted"  # 1 mới đăng ký
    ACCEPTED = "accepted"  # 2 được tiếp nhận
    NOT_ACCEPTED = "not_accepted"  # 3 không được tiếp nhận
    PROCESSING = "processing"  # 4 đang xử lý
    SUPPLEMENT = "supplement"  # 5 yêu cầu bổ sung
    PAYMENT = "payment"  # 6 yêu cầu nghĩa vụ tài chính
    PAUSED = "paused"  # 8 dừng xử lý, without a closing date
    WITHDRAWN = "withdrawn"  # 7 công dân rút
    REFUSED = "refused"  # trả lại hồ sơ (no number in the exchange)
    STOPPED = "stopped"  # 8 dừng xử lý, with a closing date
    GONE = "gone"  # open when its source showed it last; two readings of the whole source found it no more
    RESOLVED = "resolved"  # 9 đã xử lý xong
    RETURNED = "returned"  # 10 đã trả kết quả


SUSPENDED: Final = frozenset({Status.SUPPLEMENT, Status.PAYMENT, Status.PAUSED})
WITH_RESULT: Final = frozenset({Status.RESOLVED, Status.RETURNED})
WITHOUT_RESULT: Final = frozenset({Status.WITHDRAWN, Status.REFUSED, Status.STOPPED, Status.GONE})
CLOSED: Final = WITH_RESULT | WITHOUT_RESULT
OPEN: Final = frozenset({Status.ACCEPTED, Status.PROCESSING}) | SUSPENDED
BEFORE_RECEIPT: Final = frozenset({Status.SUBMITTED, Status.NOT_ACCEPTED})
#: Somebody has it on the desk: it is open, or waits to be accepted.
UNFINISHED: Final = OPEN | {Status.SUBMITTED}


class Channel(StrEnum):
    """How the dossier came in; an unknown channel is null, never guessed."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class Level(StrEnum):
    """Level of government of the department; district until 30/6/2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


INSTANT: Final = pl.Datetime("us", "UTC")


class Suspension(StrEnum):
    """Why the clock does not run."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    OTHER = "other"


#: ``suspensions`` holds JSON text: a list of these, ordered by ``from_at``; instants are microseconds since 1970 UTC.
#: ``to_at`` null = still suspended; ``due_before``/``due_after`` are the promises the source wrote beside it, or null;
#: ``notice`` = written notice was given (null = not said).
SUSPENSIONS: Final = pl.List(
    pl.Struct(
        {
            "kind": pl.String,
            "from_at": pl.Int64,
            "to_at": pl.Int64,
            "due_before": pl.Int64,
            "due_after": pl.Int64,
            "notice": pl.Boolean,
        }
    )
)
#: ``extensions`` holds JSON text: a list of these, ordered by ``at`` (when the letter was sent, microseconds UTC).
EXTENSIONS: Final = pl.List(
    pl.Struct({"at": pl.Int64, "due_before": pl.Int64, "due_after": pl.Int64, "letter": pl.String, "reason": pl.String})
)


class Dossier(dy.Schema):
    """One row per dossier of one source, as observed now. Texts are NFC, trimmed, never empty (null instead).

    Rows that break a rule go to quarantine under the rule's name. Missing due dates and finishes before the
    receipt are kept: they are counted in their own buckets (domain: no usable due date is never "on time").
    """

    source = dy.String(min_length=1)
    code = dy.String(min_length=1, max_length=200)
    other_code = dy.String(nullable=True)
    status = dy.Enum([s.value for s in Status])
    procedure = dy.String(nullable=True)  # code, or the name where the source has no code
    procedure_name = dy.String(nullable=True)
    field = dy.String(nullable=True)
    department = dy.String(nullable=True)  # resolving unit, by the name or code the source uses
    receiving_unit = dy.String(nullable=True)
    holding_unit = dy.String(nullable=True)  # with whom it lies now, where the source has a column for that
    level = dy.Enum([v.value for v in Level], nullable=True)
    channel = dy.Enum([c.value for c in Channel], nullable=True)
    applicant_kind = dy.String(nullable=True)  # citizen, business, agency, organisation
    step = dy.String(nullable=True)
    handler = dy.String(nullable=True)  # pseudonym of the present holder
    submitted_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    received_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    due_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    resolved_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    returned_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    rejected_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")  # not accepted, on
    changed_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")  # the source's own stamp of this state
    suspensions = dy.String(nullable=True)
    extensions = dy.String(nullable=True)
    fee = dy.Int64(nullable=True, min=0, max=10**12)  # đồng, all fees and charges together
    payment = dy.String(nullable=True)  # how it was paid: online, direct
    components = dy.Int64(nullable=True, min=0)  # papers handed in
    components_digitised = dy.Int64(nullable=True, min=0)
    components_reused = dy.Int64(nullable=True, min=0)
    results = dy.Int64(nullable=True, min=0)  # papers given as a result in electronic form
    returned_by = dy.String(nullable=True)  # counter, post: how the result goes to the applicant

    @dy.rule()
    def started(cls) -> pl.Expr:
        """Every dossier was submitted or received at some time."""
        return pl.coalesce("submitted_at", "received_at").is_not_null()

    @dy.rule()
    def finish_of_a_result_known(cls) -> pl.Expr:
        """A dossier closed with or without a result says when."""
        closed = pl.col("status").cast(pl.String).is_in([s.value for s in CLOSED])
        return ~closed | pl.coalesce("resolved_at", "returned_at").is_not_null()

    @dy.rule()
    def received_before_a_result(cls) -> pl.Expr:
        """A result exists only for an accepted dossier."""
        done = pl.col("status").cast(pl.String).is_in([s.value for s in WITH_RESULT])
        return ~done | pl.col("received_at").is_not_null()

    @dy.rule()
    def believable_years(cls) -> pl.Expr:
        """No instant lies before 1990 or after 2100: such a year is a reading error, not a date."""
        stamps = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at")
        return pl.all_horizontal(pl.col(c).is_null() | pl.col(c).dt.year().is_between(1990, 2100) for c in stamps)


KEY: Final = ("source", "code")
STAMPS: Final = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at", "changed_at")
COLUMNS: Final[tuple[str, ...]] = tuple(Dossier.column_names())
NUMBERS: Final = ("fee", "components", "components_digitised", "components_reused", "results")
#: COLUMNS with their plain types, as the store keeps them: enumerations are words.
PLAIN: Final = pl.Schema({c: INSTANT if c in STAMPS else pl.Int64() if c in NUMBERS else pl.String() for c in COLUMNS})
#: What two observations of one dossier are compared by; ``changed_at`` alone is no change.
COMPARED: Final = tuple(c for c in COLUMNS if c not in (*KEY, "changed_at"))

#: Rejected rows, as the store keeps them: where in the origin, the code if it could be read, the names of the
#: broken rules, what was found, and the raw row as JSON text less the declared personal fields.
REJECTS: Final = pl.Schema(
    [
        ("place", pl.String()),
        ("code", pl.String()),
        ("reasons", pl.List(pl.String())),
        ("found", pl.String()),
        ("raw", pl.String()),
    ]
)


def whole(frame: pl.DataFrame) -> pl.DataFrame:
    """Give ``frame`` as COLUMNS of Dossier; what its maker knows nothing of is null."""
    lacking = [pl.lit(None, kind).alias(name) for name, kind in PLAIN.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(COLUMNS)
