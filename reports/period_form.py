"""Form II.06 of any period by itself: one content object, printed as the page, the sheet and the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from config.report import Letterhead
from metrics.form_ii06 import CELLS, Form
from metrics.heard import Left
from metrics.scope import Period
from reports import annexes, formats, pdf
from reports.form_sheet import write_form
from reports.freshness import SourceState
from reports.handbook.forms import COLUMNS, PARTS
from reports.handbook.formulas import formula
from reports.sheets import Book, Column, new_book, table
from reports.slots import Slots, sentence

SCHEMA: Final = "dunghan.form/1"
#: What the rows of a form may be: heading of column (2), and the name of a row whose dossiers do not say.
ROWS: Final[Mapping[str, tuple[str, str]]] = {
    "field": ("Lĩnh vực", "Không ghi lĩnh vực"),
    "department": ("Cơ quan, đơn vị giải quyết", "Không ghi cơ quan, đơn vị"),
    "level": ("Cấp giải quyết", "Không ghi cấp"),
    "receiving_unit": ("Nơi tiếp nhận", "Không ghi nơi tiếp nhận"),
    "procedure": ("Thủ tục hành chính", "Không ghi thủ tục"),
}
CODE: Final = "Biểu số II.06"
_RULE: Final = "Thông tư 01/2020/TT-VPCP"

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form was asked for; ``period_name`` and ``where`` in words, ``names``: what a row's key is called."""

    period: Period
    period_name: str
    as_of: date
    rows: str
    where: str
    data_version: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key (a value of the dimension, None where dossiers have none), its name, its columns c3 to c13."""

    key: str | None
    name: str
    cells: Mapping[str, int]


def lines(form: Form, asked: Asked) -> tuple[Line, ...]:
    """Give the rows, the most dossiers first, what has no name last."""
    rows = sorted(form.rows.to_dicts(), key=lambda r: (r["name"] is None, -r["c3"], r["name"] or ""))
    unnamed = ROWS[asked.rows][1]
    told = [(r["name"], unnamed if r["name"] is None else asked.names.get(r["name"], r["name"]), r) for r in rows]
    return tuple(Line(key, name, {c: int(r[c]) for c in CELLS}) for key, name, r in told)


MEANS: Final = "Tình hình, kết quả giải quyết TTHC (Thông tư 01/2020/TT-VPCP): (3)=(4)+(5)+(6)=(7)+(11)."


def plain(form: Form, asked: Asked) -> pl.DataFrame:
    """Give the form as a table: column (2) by its heading, columns (3) to (13) by number and name, the total last."""
    told = [*((line.name, line.cells) for line in lines(form, asked)), ("Tổng cộng", form.total)]
    rows = [(name, *(int(cells[column]) for column in CELLS)) for name, cells in told]
    heads = [f"({column[1:]}) {COLUMNS[column]}" for column in CELLS]
    return pl.DataFrame(rows, schema=[ROWS[asked.rows][0], *heads], orient="row")


def build(
    form: Form, asked: Asked, letterhead: Letterhead, *, left: Sequence[Left] = (), sources: pl.DataFrame | None = None
) -> Content:
    """Make the content: every number of ``form`` with its words. ``left``: who is silent and counted as last known
    (metrics.heard.left_out); ``sources``: store.runs.latest, for their titles."""
    slots = Slots()
    unheard = {each.silent.department for each in left} if asked.rows == "department" else set()
    said = annexes.unheard_notes(left, _states(left, sources), slots)
    table = annexes.form_table(form, asked.period, (), slots, said)
    rows = [
        {"name": each.name, "mark": "°" if each.key in unheard and each.key else "", "cells": _cells(each.cells)}
        for each in lines(form, asked)
    ]
    stands = sentence(
        "N09", f"Số liệu đến hết ngày {slots.day('p.as_of', asked.as_of)}; bản số liệu {_seal(asked, slots)}."
    )
    told = table | {
        "code": CODE, "unit": ROWS[asked.rows][0], "rows": rows, "notes": [*table["notes"], stands],
        "name": asked.period_name, "where": asked.where, "rule": _RULE,
    }  # fmt: skip
    head = letterhead.model_dump(mode="json", exclude={"symbol", "subject", "asked"})
    edition = {"issued_on": asked.as_of.isoformat()}
    return {
        "schema": SCHEMA, "edition": edition, "letterhead": head, "form": told, "figures": slots.figures,
        "data_version": asked.data_version,
    }  # fmt: skip


def _cells(row: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"v": row[c], "t": formats.number(row[c])} for c in CELLS]


def _seal(asked: Asked, slots: Slots) -> str:
    return slots.name("p.version", asked.data_version)


def _states(left: Sequence[Left], sources: pl.DataFrame | None) -> list[SourceState]:
    """Give what the notes need of each silent source: its title, and the time zone it was heard in."""
    known = {row["name"]: row for row in sources.to_dicts()} if sources is not None else {}
    named = {each.silent.source: each.silent for each in left}
    return [
        SourceState(name, str(known.get(name, {}).get("title") or name), silent.heard_at, True, 0, 0, False)
        for name, silent in named.items()
    ]


def workbook(content: Mapping[str, Any]) -> bytes:
    """Write the form as a workbook: the sheet of the report, and how each column is worked out."""
    issued = date.fromisoformat(content["edition"]["issued_on"])
    with new_book(issued, f"{CODE} {content['form']['name']}") as (book, out):
        write_form(book, content)
        _how(book, content)
    return out.getvalue()


def _how(book: Book, content: Mapping[str, Any]) -> None:
    columns: list[Column] = [
        ("Mục", "text", "what", 16),
        ("Nội dung", "text", "told", 60),
        ("Cộng từ", "text", "of", 70),
    ]
    form = content["form"]
    about = [
        ("Kỳ", form["name"]), ("Phạm vi", form["where"]), ("Số liệu đến hết", content["edition"]["issued_on"]),
        ("Bản số liệu", content["data_version"]), ("Căn cứ", form["rule"]),
    ]  # fmt: skip
    rows = [{"what": what, "told": told, "of": ""} for what, told in about]
    rows += [
        {"what": f"({c[1:]})", "told": COLUMNS[c], "of": formula(expr, PARTS.__getitem__)} for c, expr in CELLS.items()
    ]
    table(book, book.sheet("Cách tính"), columns, rows)


def paper(content: Mapping[str, Any]) -> bytes:
    """Print the form as PDF; equal content gives equal bytes. Raises ReportError."""
    return pdf.printed("form.typ", content)
