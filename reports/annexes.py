"""The proof behind the message: form II.06, the list of overdue dossiers, sources, definitions, restatements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

import polars as pl

from metrics.form_ii06 import CELLS, Form
from metrics.heard import Left
from metrics.scope import Period
from reports import formats
from reports.freshness import SourceState, since
from reports.overdue import CLEAR, NO_CAUSE, NO_PROCEDURE
from reports.slots import Sentence, Slots, sentence


def form_table(
    form: Form, week: Period, unheard: Collection[str | None], slots: Slots, said: Sequence[Sentence] = ()
) -> dict[str, Any]:
    """Lay out form II.06 by department, with its balance and its notes; ``said``: of whom there are no data."""
    rows = sorted(form.rows.to_dicts(), key=lambda r: (r["name"] is None, -r["c3"], r["name"] or ""))
    since, until = slots.day("p.start", week.start), slots.day("p.end", week.end)
    return {
        "title": "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết",
        "code": "Biểu số II.06",
        "unit": "Cơ quan, đơn vị giải quyết",
        "period": sentence("N00", f"Kỳ báo cáo: từ ngày {since} đến ngày {until}"),
        "rows": [_form_row(r, r["name"] in unheard) for r in rows],
        "total": {"name": "Tổng cộng", "mark": "", "cells": _cells(form.total)},
        "balanced": form.balanced,
        "notes": [*_form_notes(form, slots), *said],
    }


def _form_row(row: Mapping[str, Any], unheard: bool) -> dict[str, Any]:
    name = row["name"] or "Không ghi cơ quan, đơn vị"
    return {"name": name, "mark": "°" if unheard else "", "cells": _cells(row)}


def _cells(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"v": row[c], "t": formats.number(row[c])} for c in CELLS]


def _form_notes(form: Form, slots: Slots) -> list[Sentence]:
    n = form.notes
    told = {f"c{k}": slots.put(f"ref.c{k}", f"({k})", v=k, metric="ref") for k in (3, 5, 7, 11, 12)}
    balance = f"Đã kiểm tra: {told['c3']} = {told['c7']} + {told['c11']} ở mọi hàng; hàng tổng bằng tổng các hàng."
    off = f"Không cân đối: {told['c3']} khác {told['c7']} + {told['c11']}, hoặc hàng tổng khác tổng các hàng."
    notes = [sentence("N05", balance) if form.balanced else sentence("N06", off)]
    if n.without_result:
        closed = slots.count("f.closed", n.without_result, "without_result")
        notes.append(sentence("N01", f"Cột {told['c7']} gồm {closed} hồ sơ rút, trả lại hoặc dừng giải quyết."))
    if n.suspended:
        halted = slots.count("f.susp", n.suspended, "pending_suspended")
        notes.append(sentence("N03", f"Cột {told['c12']} gồm {halted} hồ sơ đang tạm dừng tính thời gian."))
    if n.channel_unknown:
        unknown = slots.count("f.channel", n.channel_unknown, "channel_unknown")
        notes.append(sentence("N07", f"Cột {told['c5']} gồm {unknown} hồ sơ không ghi kênh tiếp nhận."))
    return [*notes, *_undetermined(form, slots)]


def unheard_notes(left: Sequence[Left], sources: Sequence[SourceState], slots: Slots) -> list[Sentence]:
    """Say of whom the form counts what was known last, since when, and what they hold: nobody leaves a form."""
    zones = {s.name: s.reached.tzinfo for s in sources if s.reached}
    titles = {s.name: s.title for s in sources}
    return [
        _unheard_note(
            each, titles.get(each.silent.source, each.silent.source), zones.get(each.silent.source), at, slots
        )
        for at, each in enumerate(sorted(left, key=lambda each: -each.pending), start=1)
    ]


def _unheard_note(each: Left, title: str, zone: tzinfo | None, at: int, slots: Slots) -> Sentence:
    key, unit = f"f.silent.{at}", each.silent.department
    source = f"nguồn {slots.name(f'{key}.source', title)}"
    who = f"{slots.name(f'{key}.unit', unit)} ({source})" if unit else source
    reached = each.silent.heard_at.astimezone(zone) if each.silent.heard_at else None
    held = slots.count(f"{key}.held", each.pending, "freshness.held")
    text = f"Biểu tính cả {who}, {since(reached, key, slots)}: số biết lần cuối, {held} hồ sơ đang giải quyết."
    return sentence("N08", text)


def _undetermined(form: Form, slots: Slots) -> list[Sentence]:
    n = form.notes
    if not (n.undetermined_received or n.undetermined_carried):
        return []
    named = (
        ("tiếp nhận trong kỳ", "received", n.undetermined_received),
        ("từ kỳ trước", "carried", n.undetermined_carried),
        ("đã giải quyết", "resolved", n.undetermined_resolved),
        ("đang giải quyết", "pending", n.undetermined_pending),
    )
    told = [f"{words} {slots.count(f'f.undet.{key}', count, 'undetermined')}" for words, key, count in named]
    return [sentence("N02", f"Ngoài bảng, hồ sơ không xác định ngày hẹn trả: {', '.join(told)}.")]


#: Columns of the list: heading, kind (the template knows widths by kind), key.
_COLUMNS: Final = (
    ("TT", "n", ""),
    ("Mã hồ sơ", "code", "code"),
    ("Thủ tục hành chính", "text", "title"),
    ("Lĩnh vực", "field", "field"),
    ("Bước đang giữ", "step", "step"),
    ("Ngày tiếp nhận", "date", "received_on"),
    ("Ngày hẹn trả", "date", "due_on"),
    ("Số ngày quá hạn", "days", "days_late"),
    ("Nguyên nhân", "reason", "reason"),
    ("Văn bản xin lỗi", "letter", "letter"),
    ("Hẹn lại", "date", "promised_on"),
)


def overdue_annex(rows: pl.DataFrame, most: int, slots: Slots) -> dict[str, Any]:
    """Lay out the list, grouped by department; columns that no source fills are left out and named in the note."""
    title = "Danh sách hồ sơ quá hạn đang giải quyết"
    clear = sentence("O01", CLEAR)
    if rows.is_empty():
        return {"title": title, "columns": [], "groups": [], "total": "0", "note": None, "empty": clear}
    columns = _filled(rows)
    printed = rows.head(most)
    groups = [_group(part, rows, columns) for part in printed.partition_by("department", maintain_order=True)]
    return {
        "title": title,
        "columns": [{"t": heading, "kind": kind} for heading, kind, _ in columns],
        "groups": groups,
        "total": formats.number(rows.height),
        "note": _list_note(rows, printed.height, slots),
        "empty": clear,
    }


def _filled(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Keep the columns that hold anything; with causes or letters there is no room for the field."""
    letters = bool(rows["letters_known"].any())
    reasons = rows["reason"].drop_nulls().len() > 0
    told = letters or reasons
    out = {
        "title": rows["title"].eq(NO_PROCEDURE).all(),
        "field": told or rows["step"].drop_nulls().len() > 0,
        "step": rows["step"].drop_nulls().is_empty(),
        "reason": not reasons,
        "letter": not letters,
        "promised_on": not letters,
        "received_on": reasons,
    }
    return [c for c in _COLUMNS if not out.get(c[2], False)]


def _group(part: pl.DataFrame, rows: pl.DataFrame, columns: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    name = part["department"][0]
    whole = rows.filter(pl.col("department") == name).height
    keys = [key for _, _, key in columns if key]
    cells = [[_cell(row, key) for key in keys] for row in part.to_dicts()]
    return {"name": name, "count": formats.number(whole), "rows": cells}


def _cell(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if key == "due_on":
        return formats.day(value) + ("*" if row["moved"] else "")
    if key == "reason":
        return str(value or NO_CAUSE)
    if key == "letter":
        return str(value or ("Chưa có" if row["letters_known"] else formats.MISSING_CELL))
    if key == "promised_on" and not row["letter"]:
        return "—"
    if value is None:
        return formats.MISSING_CELL
    if key in ("received_on", "promised_on"):
        return formats.day(value)
    return formats.number(value) if key == "days_late" else str(value)


def _list_note(rows: pl.DataFrame, printed: int, slots: Slots) -> Sentence:
    total, moved = slots.count("stock", rows.height, "overdue_pending"), int(rows["moved"].sum())
    text = f"Tổng số: **{total}** hồ sơ. Số ngày quá hạn là ngày làm việc."
    if moved:
        count = slots.count("moved", moved, "due_moved")
        text += f" Dấu *: ngày hẹn trả đã thay đổi so với lần hẹn đầu ({count} hồ sơ)."
    if rows["reason"].drop_nulls().is_empty():
        text += " Chưa ghi nguyên nhân: các nguồn không có số liệu."
    if not rows["letters_known"].any():
        text += " Văn bản xin lỗi: các nguồn không có số liệu."
    if printed < rows.height:
        text += f" Bản in có {slots.count('list.printed', printed, 'printed')} hồ sơ đầu; tệp Excel có đủ."
    return sentence("L01", text + " Danh sách không có thông tin cá nhân của người nộp hồ sơ.")


def sources_table(sources: Sequence[SourceState]) -> dict[str, Any] | None:
    """List the sources: state, how far each has told us, rows refused."""
    if not sources:
        return None
    rows = [
        [
            s.title,
            "Chậm gửi" if s.silent else "Đủ",
            formats.moment(s.reached) if s.reached else formats.MISSING,
            formats.number(s.refused),
        ]
        for s in sorted(sources, key=lambda s: (not s.silent, s.title))
    ]
    return {"title": "Nguồn số liệu", "rows": rows, "note": None}
