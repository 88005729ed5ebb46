"""Every overdue dossier, with cause, letter, new date as its source or people tell them; what is missing is said so.

No applicant's name, number or address is here; the dossier's code is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from config import causes
from config.errors import ReportError
from metrics.calendar import WorkingCalendar
from metrics.dossier import EXTENSIONS, KEY
from metrics.scope import Scope
from metrics.standing import overdue

CLEAR: Final = "Không có hồ sơ quá hạn đang giải quyết tại thời điểm chốt số liệu."
NO_CAUSE: Final = "Chưa ghi nguyên nhân"
NO_LETTER: Final = "Chưa có văn bản xin lỗi"
NO_LETTER_DATA: Final = "Không có số liệu về văn bản xin lỗi"
NO_UNIT: Final = "Không ghi cơ quan, đơn vị"
NO_FIELD: Final = "Không ghi lĩnh vực"
NO_PROCEDURE: Final = "Không ghi thủ tục"
LOCAL: Final = "Asia/Ho_Chi_Minh"
#: What a list prints of a procedure's name; the workbook has the whole of it.
SHORT_TITLE: Final = 70


def overdue_list(
    facts: pl.LazyFrame, as_of: date, calendar: WorkingCalendar, scope: Scope, zones: Mapping[str, str],
    recorded: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Give one row per dossier that is overdue at the end of ``as_of``, the largest department first, oldest first.

    Columns: source, code, procedure, procedure_name, title (short), field, department, step, channel, received_on,
    first_due_on, due_on, days_late, suspended, moved (the promise moved), reason (null: none written), letter,
    letter_on, promised_on, letters_known (this source writes letters at all), answer (to the applicant, null: none).
    ``zones``: source → IANA time zone; ``recorded``: what people recorded by then (store.recorded.last).
    """
    late = overdue(facts.filter(scope.expr()), as_of, calendar).collect()
    rows = with_recorded(with_letters(late, as_of, zones), recorded, zones)
    known = facts.filter(pl.col("extensions").is_not_null()).select(pl.col("source").cast(pl.String)).unique().collect()
    return (
        rows.with_columns(
            (pl.col("source").cast(pl.String).is_in(known["source"].to_list()) | pl.col("lettered")).alias(
                "letters_known"
            ),
            (pl.col("due_on") != pl.col("first_due_on")).fill_null(False).alias("moved"),
            pl.coalesce("procedure_name", "procedure", pl.lit(NO_PROCEDURE)).alias("title_full"),
            pl.coalesce(pl.col("department").cast(pl.String), pl.lit(NO_UNIT)).alias("department"),
            pl.coalesce(pl.col("field").cast(pl.String), pl.lit(NO_FIELD)).alias("field"),
        )
        .with_columns(_short(pl.col("title_full")).alias("title"))
        .sort(pl.len().over("department"), "department", "days_late", "code", descending=[True, False, True, False])
    )


def with_letters(rows: pl.DataFrame, as_of: date, zones: Mapping[str, str]) -> pl.DataFrame:
    """Add what the newest extension known on ``as_of`` says: reason, letter, letter_on, promised_on."""
    parts = rows.partition_by("source", as_dict=True).items()
    told = [_said(part, as_of, zones.get(str(key[0]), LOCAL)) for key, part in parts]
    return pl.concat(told) if told else _said(rows, as_of, LOCAL)


def _said(rows: pl.DataFrame, as_of: date, zone: str) -> pl.DataFrame:
    close = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(zone))
    before = pl.element().filter(pl.element().struct.field("at") < int(close.timestamp() * 1_000_000))
    last = pl.col("extensions").str.json_decode(EXTENSIONS).list.eval(before).list.last()

    def day(field: str) -> pl.Expr:
        instant = pl.from_epoch(last.struct.field(field), time_unit="us")
        return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()

    return rows.with_columns(
        reason=last.struct.field("reason"),
        letter=last.struct.field("letter"),
        letter_on=day("at"),
        promised_on=day("due_after"),
    )


def with_recorded(rows: pl.DataFrame, recorded: pl.DataFrame | None, zones: Mapping[str, str]) -> pl.DataFrame:
    """Let what people recorded stand before what a source tells: cause, and the letter where it is the later one; add
    answer and ``lettered`` (somebody recorded a letter)."""
    if recorded is None or recorded.is_empty():
        return rows.with_columns(answer=pl.lit(None, pl.String), lettered=pl.lit(False))
    titles = {code: cause.title for code, cause in causes.lateness().items()}
    title = pl.col("cause").replace_strict(titles, default=pl.col("cause"), return_dtype=pl.String)
    said = rows.with_columns(pl.col("source").cast(pl.String)).join(
        recorded.select(*KEY, "cause", "cause_note", "answer", "letter_number", "letter_issued_at", "letter_due_at"),
        on=list(KEY), how="left", maintain_order="left",
    )  # fmt: skip
    issued, due = (_days(said, name, zones) for name in ("letter_issued_at", "letter_due_at"))
    ours = pl.col("letter_number").is_not_null() & (pl.col("letter_on").is_null() | (issued >= pl.col("letter_on")))
    named = pl.concat_str(title, "cause_note", separator=": ", ignore_nulls=True)
    return said.with_columns(
        reason=pl.when(pl.col("cause").is_not_null()).then(named).otherwise("reason"),
        letter=pl.when(ours).then("letter_number").otherwise("letter"),
        letter_on=pl.when(ours).then(issued).otherwise("letter_on"),
        promised_on=pl.when(ours).then(due).otherwise("promised_on"),
        lettered=pl.col("letter_number").is_not_null(),
    ).drop("cause", "cause_note", "letter_number", "letter_issued_at", "letter_due_at")


def _days(rows: pl.DataFrame, column: str, zones: Mapping[str, str]) -> pl.Expr:
    """Give the days of instants, each where its source is."""
    day = pl.col(column).dt.convert_time_zone(LOCAL).dt.date()
    for source in rows["source"].unique():
        here = pl.col(column).dt.convert_time_zone(zones.get(source, LOCAL)).dt.date()
        day = pl.when(pl.col("source") == source).then(here).otherwise(day)
    return day


def _short(title: pl.Expr) -> pl.Expr:
    """Leave out what stands in brackets at the end of a long title; cut it at a word if it is still too long."""
    bare = title.str.replace(r"\s*\([^()]*\)\s*$", "")
    plain = pl.when(title.str.len_chars() > SHORT_TITLE).then(bare).otherwise(title)
    cut = plain.str.slice(0, SHORT_TITLE - 1).str.replace(r"[\s,;(]+\S*$", "")
    return pl.when(plain.str.len_chars() > SHORT_TITLE).then(cut + "…").otherwise(plain)


def agree(rows: pl.DataFrame, counted: int, as_of: date) -> None:
    """Fail closed when the list and the headline do not count the same dossiers. Raises ReportError."""
    if rows.height != counted:
        raise ReportError(
            f"overdue list of {as_of}",
            f"the list has {rows.height} dossiers and the headline counts {counted}.",
            "Run `dunghan rebuild` and make the report again; keep both numbers if it stays so.",
        )
