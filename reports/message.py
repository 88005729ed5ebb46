"""Page one below the tiles: what changed, which dossiers matter most, what is asked, how sound the data are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from config.report import Friday, Letterhead
from metrics.calendar import WorkingCalendar
from reports import formats
from reports.changes import Changes
from reports.earlier import FollowedUp, Restated, reminder, restated
from reports.freshness import SourceState
from reports.measure import Unit
from reports.overdue import CLEAR, NO_CAUSE, NO_LETTER, NO_LETTER_DATA
from reports.slots import Sentence, Slots, sentence
from reports.volume import Since, flow

_ORDER: Final = "theo ngày hẹn trả; giảm sút nêu trước"
#: Dossiers and requests on page one at most.
MOST: Final = 3
OLD: Final = 30  # working days overdue from which a department is asked by name


@dataclass(frozen=True, slots=True)
class Told:
    """All that the message is made of."""

    whole: Unit
    departments: Sequence[Unit]
    changes: Changes
    overdue: pl.DataFrame
    sources: Sequence[SourceState]
    issued_on: date
    asked_on: date  # the day of issue, or the day on which a late one is made: what is asked for lies after it
    ends_on: date
    calendar: WorkingCalendar
    letterhead: Letterhead
    settings: Friday
    asks_heading: str
    unit: str | None = None  # whose own sheet this is: the centre may ask its head, not order
    earlier: Sequence[FollowedUp] = ()
    restated: Sequence[Restated] | None = None
    since: Since | None = None
    because: Sequence[Sentence] = ()

    def order(self, word: str) -> str:
        """Begin a request: ``word`` through the chairman, a plain asking where the sheet goes to the unit itself."""
        return "Đề nghị" if self.unit else word


def message(told: Told, slots: Slots) -> list[dict[str, Any]]:
    """Make the sections in the order in which they are read."""
    return [
        _section("flow", None, flow(told.whole, told.departments, told.since, told.settings, slots)),
        _section(
            "change", f"Thay đổi so với {slots.noun} trước", [*told.because, *told.changes.sentences], note=_ORDER
        ),
        _dossiers(told, slots),
        _section("asks", told.asks_heading, asks(told, slots), empty=_nothing_to_ask(told, slots.edition.this)),
        _section("data", "Độ mới và độ đầy đủ của số liệu", [soundness(told, slots), *restated(told.restated, slots)]),
    ]


def _section(
    name: str, heading: str | None, items: list[Sentence], *, note: str = "", empty: Sentence | None = None
) -> dict[str, Any]:
    return {"id": name, "heading": heading, "note": note, "items": items, "table": None, "empty": empty}


def _dossiers(told: Told, slots: Slots) -> dict[str, Any]:
    """Show the dossiers that matter most."""
    section = _section("dossiers", "Hồ sơ quá hạn cần chú ý nhất", [])
    if told.overdue.is_empty():
        return section | {"empty": sentence("O01", CLEAR)}
    rows = [_row(row, told, rank) for rank, row in enumerate(_chosen(told.overdue).to_dicts())]
    columns = ["Thủ tục; mã hồ sơ; đơn vị giải quyết", "Quá hạn", "Nguyên nhân; trả lời người nộp"]
    stock = slots.count("stock", told.overdue.height, "overdue_pending")
    note = f"ngày làm việc; đủ {stock} hồ sơ tại Phụ lục II"
    return section | {"table": {"columns": columns, "rows": rows}, "note": note}


def _chosen(overdue: pl.DataFrame) -> pl.DataFrame:
    """Choose oldest, no letter, no cause first; a second of one unit and procedure only when no other is left."""
    unanswered = [pl.col("letter").is_not_null(), pl.col("reason").is_not_null()]
    ranked = overdue.sort("days_late", *unanswered, "code", descending=[True, False, False, False])
    again = pl.int_range(pl.len()).over("department", "title") > 0
    return ranked.with_columns(again=again).sort("again", maintain_order=True).head(MOST)


def _row(row: dict[str, Any], told: Told, rank: int) -> dict[str, Any]:
    kept = {} if rank == 0 else {"rank": 60 - 10 * rank}
    return kept | {
        "procedure": row["title"],
        "code": row["code"],
        "holder": row["department"],
        "days": f"{formats.number(row['days_late'])} ngày làm việc",
        "cause": row["reason"] or NO_CAUSE,
        "answer": answer(row, told.ends_on, told.calendar),
    }


def answer(row: dict[str, Any], ends_on: date, calendar: WorkingCalendar) -> str:
    """Say what the applicant was told (O02, O03, O05, O06), or that the source does not say."""
    promised: date | None = row["promised_on"]
    if row["letter"] and promised:
        if promised < ends_on:
            again = formats.number(calendar.between(promised, ends_on))
            return f"Đã hẹn lại ngày {formats.day(promised)}, tiếp tục quá hạn {again} ngày làm việc"
        return f"Đã xin lỗi, hẹn lại ngày {formats.day(promised)}"
    if row["moved"]:
        since_first = formats.number(calendar.between(row["first_due_on"], ends_on))
        return f"Đã thay đổi ngày hẹn; quá {since_first} ngày làm việc so với lần hẹn đầu"
    return NO_LETTER if row["letters_known"] else NO_LETTER_DATA


def asks(told: Told, slots: Slots) -> list[Sentence]:
    """Write the requests: one addressee and one date each (R02–R05, R07), at most MOST."""
    found = (rule(told, slots) for rule in (_reconnect, _remind, _finish_old, _report_cause, _send_letters))
    return [said for each in found for said in each][:MOST]


def _deadline(told: Told, slots: Slots) -> str:
    return slots.day("limit.date", told.calendar.add(told.asked_on, told.settings.answer_within))


def _reconnect(told: Told, slots: Slots) -> list[Sentence]:
    silent = [s for s in told.sources if s.silent]
    if not silent:
        return []
    first = max(silent, key=lambda s: s.dossiers)
    by = slots.day("limit.date2", told.calendar.add(told.asked_on, told.settings.reconnect_within))
    named = slots.name("silent.first", first.title)
    text = f"{told.order('Giao')} đơn vị quản lý nguồn {named} nối lại nguồn trước ngày {by}."
    return [sentence("R05", text)]


def _remind(told: Told, slots: Slots) -> list[Sentence]:
    return reminder(told.earlier, told.issued_on, slots)


def _finish_old(told: Told, slots: Slots) -> list[Sentence]:
    named = [u for u in told.departments if u.name and u.count("overdue_over_30")]
    if not named:
        return []
    worst = max(named, key=lambda u: u.count("overdue_over_30"))
    n = slots.count("ask.old", worst.count("overdue_over_30"), "overdue_pending.overdue_over_30", str(worst.name))
    who, days = slots.name("ask.old.name", str(worst.name)), slots.fixed("k.old", OLD)
    text = f"{told.order('Giao')} {who} giải quyết xong {n} hồ sơ quá hạn trên {days} ngày làm việc"
    return [sentence("R02", f"{text} trước ngày {_deadline(told, slots)}.")]


def _report_cause(told: Told, slots: Slots) -> list[Sentence]:
    worst = told.changes.worst
    if worst is None or worst.name is None:
        return []
    who = slots.name("ask.cause.name", worst.name)
    asked = f"{told.order('Yêu cầu')} {who} báo cáo nguyên nhân trước ngày {_deadline(told, slots)}."
    return [sentence("R03", asked)]


def _send_letters(told: Told, slots: Slots) -> list[Sentence]:
    owed = told.overdue.filter(pl.col("letters_known") & pl.col("letter").is_null()).height
    if not owed:
        return []
    n = slots.count("noletter", owed, "apology_owed")
    who = slots.name("ask.letters.name", told.unit) if told.unit else "các cơ quan, đơn vị"
    text = f"{told.order('Yêu cầu')} {who} phát hành {n} văn bản xin lỗi còn nợ trước ngày {_deadline(told, slots)}."
    return [sentence("R04", text)]


def _nothing_to_ask(told: Told, this: str) -> Sentence:
    if told.whole.count("pending_overdue") and not any(u.name for u in told.departments):
        return sentence("R01", "Không có số liệu theo cơ quan, đơn vị để kiến nghị.")
    return sentence("R00", f"{this[:1].upper()}{this[1:]} không có nội dung đề nghị{'' if told.unit else ' chỉ đạo'}.")


def soundness(told: Told, slots: Slots) -> Sentence:
    """Say which sources are complete, what waits in quarantine, and what no rate counts (Q01–Q04)."""
    if not told.sources:
        return sentence("Q00", "Chưa có nguồn số liệu nào.")
    fresh = sum(not s.silent for s in told.sources)
    refused = sum(s.refused for s in told.sources)
    of = slots.pair("src.nN", fresh, len(told.sources), "sources")
    text = f"{of} nguồn gửi đủ số liệu đến hết ngày {slots.day('p.end', told.ends_on)}"
    wrong = f"{slots.count('quar', refused, 'quarantine')} bản ghi lỗi chờ xử lý" if refused else "không có bản ghi lỗi"
    text += f"; {wrong}"
    lost = told.whole.count("pending_undetermined") + told.whole.count("resolved_undetermined")
    if lost:
        text += f"; {slots.count('undet', lost, 'undetermined')} hồ sơ không xác định ngày hẹn, không tính vào tỷ lệ"
    return sentence("Q03" if fresh < len(told.sources) else "Q01", text + ".")
