"""The mails about a report: the one that carries it, and the one that says why it was not sent. Plain text, UTF-8.

Neither names a dossier, a procedure or a person: mail lies about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from config.notes import Note
from reports import formats
from reports.slots import spoken

Content = Mapping[str, Any]
_PRODUCT: Final = "[Đúng Hạn]"
_SHOWN_OF_HASH: Final = 16


def subject(content: Content) -> str:
    """Write the subject: the number of the report and its two headlines."""
    head = content["letterhead"]
    told = ", ".join(_short(tile, content["figures"]) for tile in content["headlines"])
    return _plain(f"{_PRODUCT} {head['kind']} {head['number']}: {told}")


def body(content: Content) -> str:
    """Write the text: the headlines with change and verdict, how many requests, the caveat, which state it is of."""
    figures, head, seal = content["figures"], content["letterhead"], content["seal"]
    asks = next(len(block["items"]) for block in content["message"] if block["id"] == "asks")
    lines = [
        f"Kính gửi {head['to']}, {' '.join(head['agency'])} gửi {head['kind'].lower()} số {head['number']}, "
        f"{head['subject'][-1]}:",
        *(f"- {headline(tile, figures)}" for tile in content["headlines"]),
        f"- Kiến nghị: {formats.number(asks)} nội dung (mục 3).",
        *([f"{content['caveat']['lead']} {spoken(content['caveat'], figures)}"] if content["caveat"] else []),
        f"Bản số liệu {seal['data_version']} · mã nội dung {seal['content_sha256'][:_SHOWN_OF_HASH]}",
    ]
    return "\n".join(_plain(line) for line in lines) + "\n"


def not_sent(name: str, issue_on: date, held: Sequence[Note]) -> tuple[str, str]:
    """Write subject and text of the word to the operator that a report is held back, and why."""
    why = "\n".join(f"- {one.vietnamese}" for one in held)
    told = f"{name}, ngày phát hành {formats.day(issue_on)}"
    step = "Trang “Báo cáo tuần” cho biết trạng thái; khi nguyên nhân được khắc phục, báo cáo được lập lại."
    return f"{_PRODUCT} Chưa gửi báo cáo {told}", f"Chưa gửi báo cáo {told} vì:\n{why}\n\n{step}\n"


def _short(tile: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    label = "đúng hạn" if tile["id"] == "on_time_due" else "quá hạn"
    return f"{label} {figures[tile['figure']]['t'] if tile['figure'] else tile.get('missing', formats.MISSING)}"


def headline(tile: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Write a headline of page one as a sentence: value, basis, change, and whether that is signal or noise."""
    basis = f" ({spoken(tile['basis'], figures)})" if tile.get("basis") else ""
    value = figures[tile["figure"]]["t"] if tile["figure"] else tile.get("missing", formats.MISSING)
    unit = f" {tile['unit']}" if tile["figure"] and tile["unit"] else ""
    change, verdict = spoken(tile["change"], figures), tile["verdict"]
    said = f"{verdict['t'][:1].lower()}{verdict['t'][1:]}, {spoken(verdict['why'], figures)}"
    return f"{tile['label']}: {value}{unit}{basis}. {change}; {said}."


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())
