"""Báo cáo tuần: the Friday report before it is issued, as sentences, and the files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from dashboard import wording
from reports.covering import headline
from reports.slots import spoken

FRIDAY: Final = 4
_SUNDAY: Final = 6


def fridays(today: date, count: int = 12) -> list[date]:
    """Give the Fridays on which a report can be issued, the coming or present one first only on the day itself."""
    last = today - timedelta(days=(today.weekday() - FRIDAY) % 7)
    return [last - timedelta(weeks=i) for i in range(count)]


def issued(day: date) -> str:
    """Name an edition by the day of issue."""
    return f"Phát hành {wording.weekday(day)}/{day.year}"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of page one: heading and sentences in Markdown."""

    heading: str
    lines: Sequence[str]


def period(content: Mapping[str, Any]) -> str:
    """Say which days the report covers: Số liệu 13–19/11/2026."""
    told = content["edition"]["period"]
    start, end = date.fromisoformat(told["start"]), date.fromisoformat(told["end"])
    return f"Số liệu {wording.days_between(start, end)}"


def preview(content: Mapping[str, Any]) -> str:
    """Name the report as it would be made now, beside those that are prepared or went out."""
    return f"Xem trước theo số liệu hôm nay · {period(content)}"


def weeks_apart(content: Mapping[str, Any]) -> str:
    """Say why the same figure differs from that of the other pages; "" where the report's days are weeks of theirs."""
    told = content["edition"]["period"]
    start, end = date.fromisoformat(told["start"]), date.fromisoformat(told["end"])
    if start.weekday() == 0 and end.weekday() == _SUNDAY:
        return ""
    return (
        "Trang Tổng quan tính tuần từ thứ Hai đến Chủ nhật; kỳ của báo cáo khác vài ngày, nên con số không giống hệt."
    )


def mark(content: Mapping[str, Any]) -> str:
    """Say that the report is a draft, and of what."""
    return wording.plain(content["edition"]["mark"])


def against(issued_on: date, today: date) -> str:
    """Say what an edition of an earlier Friday is: figures of today, which may differ from what was printed then."""
    if issued_on == today:
        return ""
    return (
        f"Bản này tính lại kỳ phát hành {wording.day(issued_on)} theo số liệu hôm nay; hồ sơ được cập nhật sau ngày đó "
        "có thể làm con số khác bản đã in. Điều chỉnh của bản đã in, nếu có, ở mục Báo cáo đã phát hành."
    )


def blocks(content: Mapping[str, Any]) -> list[Block]:
    """Give page one as blocks of sentences, figures filled in."""
    figures = content["figures"]
    found = [Block("Chỉ tiêu chính", [wording.plain(headline(tile, figures), 600) for tile in content["headlines"]])]
    for block in content["message"]:
        lines = [wording.plain(spoken(item, figures), 600) for item in block["items"]]
        if not lines and block["empty"] and not block["table"]:
            lines = [spoken(block["empty"], figures)]
        rows = block["table"]["rows"] if block["table"] else ()
        lines += [_dossier(row) for row in rows]
        found.append(Block(block["heading"] or "Trong tuần", lines))
    return [block for block in found if block.lines]


def _dossier(row: Mapping[str, Any]) -> str:
    procedure, holder = wording.plain(row["procedure"]), wording.plain(row["holder"])
    return f"**{procedure}** · {wording.plain(row['code'])} · {holder} · quá hạn {row['days']}"
