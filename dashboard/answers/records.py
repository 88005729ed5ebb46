"""What people recorded beside a dossier, in words: what may be chosen, what is said back, and how a list tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from config import causes
from config.causes import Cause
from dashboard import wording
from dashboard.answers.dossier import Entry
from dashboard.shapes import Link
from dashboard.wording import LOCAL, NOTHING, day, number, plain
from metrics.dossier import Status
from metrics.standing import Standing
from metrics.whose import IN_SIGHT
from store import records
from store.records import Kind, Why

CAUSE: Final = "nguyen_nhan"  # in the address
MISSING, PRESENT = "chua", "da"
KINDS: Final[dict[str, str]] = {
    Kind.CAUSE: "Nguyên nhân", Kind.ANSWER: "Trả lời", Kind.LETTER: "Thư xin lỗi", Kind.NOTE: "Ghi chú",
}  # fmt: skip
REFUSED: Final[dict[Why, str]] = {
    Why.NOBODY: "Hồ sơ không tồn tại hoặc ngoài phạm vi được ghi.",
    Why.NO_CAUSE: "Chọn một nguyên nhân.",
    Why.NEEDS_NOTE: "Nguyên nhân này cần ghi chú.",
    Why.NO_TEXT: "Nhập nội dung cần ghi.",
    Why.TOO_LONG: (
        f"Rút gọn: nội dung tối đa {number(records.LONGEST_TEXT)} ký tự, "
        f"số văn bản tối đa {number(records.LONGEST_NUMBER)} ký tự."
    ),
    Why.NO_NUMBER: "Nhập số văn bản xin lỗi.",
    Why.ISSUED_LATER: "Ngày văn bản không được sau hôm nay.",
    Why.ISSUED_EARLY: "Ngày văn bản không được trước ngày tiếp nhận.",
    Why.DUE: "Ngày hẹn mới phải sau hôm nay và là ngày làm việc.",
    Why.ONLY_HOLDS: "Thư xin lỗi hẹn lại ngày trả là việc của đơn vị giải quyết; hãy ghi trả lời hoặc ghi chú.",
    Why.CLOSED: "Hồ sơ đã kết thúc: không ghi thêm thư xin lỗi được.",
}
NO_DAY: Final = "Nhập ngày theo dạng 25/11/2026."
LETTER_COUNTS: Final = (
    "Thư được tính từ ngày ghi ở đây; nguồn cũng ghi cùng số và ngày thì chỉ tính một lần. "
    "Vì sao được tính hay không: xem Các lần hẹn trả."
)
SUPPLEMENT: Final = "Bổ sung hồ sơ"
SUPPLEMENT_MEANS: Final = "Khi cần người nộp bổ sung: mẫu 02, ghi rõ nội dung cần bổ sung trước khi ký."
SUPPLEMENT_WAITED: Final = "Đang chờ người nộp bổ sung; mẫu 02 là văn bản yêu cầu của lần này."
#: Until it is decided an applicant may be asked for more; what is owed or halted afterwards waits for something else.
_MAY_BE_ASKED: Final = frozenset((Status.SUBMITTED, Status.ACCEPTED, Status.PROCESSING, Status.SUPPLEMENT))
_DAY: Final = re.compile(r"\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})\s*")


def read_day(text: str) -> date | None:
    """Read a day as it is typed here: 25/11/2026, 5-1-2027; None where it is none."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def known() -> Mapping[str, Cause]:
    """Give every cause of lateness of the office, those no longer chosen among them."""
    return causes.lateness()


def to_choose() -> dict[str, str]:
    """Give the causes that may be chosen, in words, by their codes."""
    return {code: f"{code} {cause.title}" for code, cause in causes.to_choose(known()).items()}


def to_read() -> dict[str, str]:
    """Give every cause in words by its code, those no longer chosen among them."""
    return {code: f"{code} {cause.title}" for code, cause in known().items()}


def saved(what: str, at: datetime) -> str:
    """Say that something was kept: Đã ghi nguyên nhân N02 lúc 10:35. Bản ghi trước, nếu có, vẫn được giữ."""
    return f"Đã ghi {what} lúc {wording.clock(at)}. Bản ghi trước, nếu có, vẫn được giữ."


def cause_of(row: Mapping[str, Any]) -> str:
    """Say which cause a line of a list tells of; nothing where none was recorded."""
    code = row.get("cause")
    return f"**{KINDS[Kind.CAUSE]}** · {plain(to_read().get(code, code))}" if code else ""


def lines(told: pl.DataFrame) -> list[str]:
    """Give one line for each record (store.recorded.of_dossier), newest first, with who and when."""
    return [f"{_words(row)}  \n:gray[{_who(row)}]" for row in told.to_dicts()]


def entries(told: pl.DataFrame) -> list[Entry]:
    """Give the records as lines of the time line."""
    return [
        Entry(
            row["recorded_at"], row["recorded_at"], f"{plain(row['recorded_by'])} ghi {_lowered(_words(row, bold=''))}"
        )
        for row in told.to_dicts()
    ]


def _who(row: dict[str, Any]) -> str:
    return f"{plain(row['recorded_by'])} · {wording.moment(row['recorded_at'])}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _words(row: dict[str, Any], *, bold: str = "**") -> str:
    name = KINDS[row["kind"]]
    match row["kind"]:
        case Kind.CAUSE:
            name += f" {plain(row['cause'])}"
            title = known()[row["cause"]].title if row["cause"] in known() else NOTHING
            beside = [plain(title), *([plain(row["text"], records.LONGEST_TEXT)] if row["text"] else [])]
        case Kind.LETTER:
            name += f" số {plain(row['number'])}"
            days = f"ngày {_day(row['issued_at'])}, hẹn lại {_day(row['due_at'])}"
            beside = [days, *([plain(row["text"], records.LONGEST_TEXT)] if row["text"] else [])]
        case _:
            beside = [plain(row["text"], records.LONGEST_TEXT)]
    return f"{bold}{name}{bold} · {' · '.join(beside)}"


def _day(moment: datetime | None) -> str:
    return NOTHING if moment is None else day(moment.astimezone(LOCAL).date())


# ---------- lists ----------

#: On a rest day after its due day a dossier is overdue, and no working day late yet.
_LATE: Final = (pl.col("days_late") > 0) | (pl.col("standing") == Standing.OVERDUE.value)
#: Of a dossier that is another unit's by now nobody here can say a cause, nor see whether one was said.
_HERE: Final = cs.by_name(IN_SIGHT, require_all=False)
_UNSAID: Final = pl.all_horizontal(_LATE, pl.col("cause").is_null(), _HERE).fill_null(False)


def filters() -> dict[str, str]:
    """Give what a list can be narrowed to, by what stands in the address."""
    return {"": "Mọi nguyên nhân", MISSING: "Chưa ghi nguyên nhân", PRESENT: "Đã ghi nguyên nhân"} | to_read()


def narrowed(rows: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """Keep the dossiers of one cause, those with any, or the late ones without; an unknown word keeps all."""
    match wanted:
        case "chua":
            return rows.filter(_UNSAID)
        case "da":
            return rows.filter(pl.col("cause").is_not_null())
    return rows.filter(pl.col("cause") == wanted) if wanted in known() else rows


def said_of(rows: pl.DataFrame) -> str:
    """Say how many late dossiers of a list have no cause yet; nothing where none is late."""
    late = rows.filter(_LATE.fill_null(False)).height
    return f" · **{number(unsaid(rows))}** chưa ghi nguyên nhân" if late else ""


def unsaid(rows: pl.DataFrame) -> int:
    """Count the late dossiers of a list whose cause nobody recorded."""
    return rows.filter(_UNSAID).height


def may_be_asked(row: Mapping[str, Any]) -> bool:
    """Say whether an applicant waits to supplement a dossier, or may still be asked to."""
    return row["status"] in _MAY_BE_ASKED


def missing(rows: pl.DataFrame, query: Mapping[str, str]) -> Link | None:
    """Give the way to the late dossiers without a cause, as the same list; None where there are none, or it is it."""
    asked = query.get(CAUSE) != MISSING and unsaid(rows)
    return Link("Chỉ hồ sơ chưa ghi nguyên nhân", {**query, CAUSE: MISSING}) if asked else None


def mark() -> pl.Expr:
    """Give the column of the table: the code of the cause; a late dossier without one says so."""
    return pl.when(_UNSAID).then(pl.lit("◆ chưa ghi")).otherwise("cause").alias(KINDS[Kind.CAUSE])


def columns() -> list[pl.Expr]:
    """Give what a workbook tells of each dossier: cause, answer, letter."""
    titles = {code: cause.title for code, cause in known().items()}
    return [
        pl.col("cause").alias("Mã nguyên nhân"),
        pl.col("cause").replace_strict(titles, default=None, return_dtype=pl.String).alias("Nguyên nhân"),
        pl.col("cause_note").alias("Ghi chú nguyên nhân"),
        pl.col("answer").alias("Trả lời"),
        pl.col("letter_number").alias("Số văn bản xin lỗi"),
        _local("letter_issued_at").alias("Ngày văn bản"),
        _local("letter_due_at").alias("Ngày hẹn mới"),
    ]


def _local(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(LOCAL.key).dt.date()
