"""The command ``dunghan form``: form II.06 of a period, by field within a unit or by unit, with its notes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from config.errors import ConfigError, nearest
from jobs.options import AsJson, AsOf, KnownAt, StoreOption, day_of, day_option, opened, out, show_json

ROWS: Final = ("field", "department", "level", "receiving_unit", "procedure")
_HEADS: Final = {
    "c3": "(3) nhận, tổng", "c4": "(4) trực tuyến", "c5": "(5) trực tiếp, bưu chính", "c6": "(6) kỳ trước",
    "c7": "(7) giải quyết", "c8": "(8) trước hạn", "c9": "(9) đúng hạn", "c10": "(10) quá hạn",
    "c11": "(11) đang giải quyết", "c12": "(12) trong hạn", "c13": "(13) quá hạn",
}  # fmt: skip
_NOTES: Final = {
    "undetermined_received": "Tiếp nhận chưa có ngày hẹn (ngoài biểu)",
    "undetermined_carried": "Kỳ trước chuyển sang chưa có ngày hẹn (ngoài biểu)",
    "undetermined_resolved": "Đã giải quyết không có ngày hẹn (ngoài biểu)",
    "undetermined_pending": "Đang giải quyết chưa có ngày hẹn (ngoài biểu)",
    "without_result": "Rút, trả lại, dừng giải quyết: trong cột (7)",
    "suspended": "Đang tạm dừng: trong cột (12)",
    "channel_unknown": "Không rõ kênh: trong cột (5)",
    "handed_in": "Nhận từ đơn vị khác trong kỳ: trong cột (6)",
    "handed_out": "Chuyển cho đơn vị khác trong kỳ: trừ ở cột (6)",
}


def form(
    start: Annotated[datetime | None, day_option("--from", "First day of the period.")] = None,
    end: Annotated[datetime | None, day_option("--to", "Last day of the period.")] = None,
    rows: Annotated[
        str, typer.Option("--rows", metavar="NAME", help=f"One row for each: {', '.join(ROWS)}.")
    ] = "department",
    department: Annotated[
        list[str] | None,
        typer.Option(
            "--department", metavar="NAME", help="Only this unit (form II.06a: --rows field); may be repeated."
        ),
    ] = None,
    on_map: Annotated[str, typer.Option("--map", metavar="today|then", help="Units as today, or as then.")] = "today",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Fill form II.06 of TT 01/2020/TT-VPCP: what came in, what was resolved, what is pending."""
    from jobs.answers import Asked, filled
    from metrics.scope import Filters

    if rows not in ROWS:
        raise ConfigError(
            f"--rows {rows}", f"not a way to fill rows.{nearest(rows, ROWS)}", f"Known: {', '.join(ROWS)}."
        )
    asked = Asked(
        day_of(start), day_of(end), as_of, (rows,), Filters(department=tuple(department or ())), known_at, on_map
    )
    found = filled(opened(store), asked)
    show_json(found) if json_ else out.print(shown(found))


def shown(found: dict[str, Any]) -> RenderableType:
    """Show the form and, under it, the notes that are not nothing."""
    stands_on = min(found["to"], found["as_of"])
    title = f"Biểu II.06: {found['from']} – {found['to']}; đang giải quyết: cuối ngày {stands_on}"
    if known_at := found.get("known_at"):
        title += f"; known at {known_at}"
    table = Table(title=title, box=SIMPLE_HEAD)
    table.add_column("(1)", justify="right")
    table.add_column("(2)", overflow="fold")
    for title in _HEADS.values():
        table.add_column(title, justify="right")
    for number, row in enumerate(found["rows"], start=1):
        table.add_row(str(number), escape(row["name"] or "không rõ"), *(f"{row[c]:,}" for c in _HEADS))
    table.add_section()
    table.add_row("", "Tổng", *(f"{found['total'][c]:,}" for c in _HEADS))
    notes = [f"{told}: {found['notes'][name]:,}" for name, told in _NOTES.items() if found["notes"][name]]
    handed = [
        f"{escape(row['name'] or 'không rõ')}: chuyển đi {row['handed_out']:,}, nhận {row['handed_in']:,}"
        for row in found["rows"]
        if row["handed_out"]
    ]
    silent = [_silent(each) for each in found["silent"]]
    strangers = [f"{escape(name)}: chưa có trong danh mục đơn vị" for name in found["unregistered"]]
    return Group(table, *silent, *notes, *handed, *strangers, f"{found['data_version']}")


def _silent(each: dict[str, Any]) -> str:
    """Say of whom the form holds what was known last, and since when."""
    who = f"{each['department']} ({each['source']})" if each["department"] else f"nguồn {each['source']}"
    since = f"từ {each['heard_at']}" if each["heard_at"] else "lần nào"
    held = f"{each['pending']:,} hồ sơ đang giữ"
    return escape(f"Không có dữ liệu của {who} {since}: biểu tính số biết lần cuối, gồm {held}")
