"""Biểu mẫu II.06: the form as a table whose every number opens its list, whether it balances, and its notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from dashboard import wording
from dashboard.filters import DEPARTMENT, FIELD, GROUP, LEVEL, NONE, PROCEDURE, RECEIVING, Choice
from dashboard.period_lists import NOTES, column_code, note_code
from dashboard.shapes import Link
from dashboard.wording import number
from metrics.form_ii06 import CELLS, Form
from reports.period_form import Line
from reports.slots import spoken

#: What the rows are, in words of the choice; their order is the order offered.
BY: Final = {
    "department": "Đơn vị",
    "field": "Lĩnh vực",
    "level": "Cấp",
    "receiving_unit": "Nơi tiếp nhận",
    "procedure": "Thủ tục",
}
#: The name in the address under which a list is narrowed to one row.
NARROWED: Final = {
    "department": DEPARTMENT, "field": FIELD, "level": LEVEL, "receiving_unit": RECEIVING, "procedure": PROCEDURE,
}  # fmt: skip
_PLURAL: Final = {
    "department": "đơn vị", "field": "lĩnh vực", "level": "cấp", "receiving_unit": "nơi tiếp nhận",
    "procedure": "thủ tục",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and the list that it opens; None where it is nothing."""

    count: int
    query: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: its number, its name, columns (3) to (13)."""

    number: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The form: heading of column (2), the total, the rows."""

    heading: str
    total: Row
    rows: tuple[Row, ...]

    @property
    def empty(self) -> bool:
        return not self.rows and not any(cell.count for cell in self.total.cells)


def table(choice: Choice, form: Form, lines: tuple[Line, ...], rows: str) -> Table:
    """Lay the form out; the most dossiers first."""
    total = Row("", "Tổng cộng", _cells(choice, form.total, {}))
    told = tuple(
        Row(str(at), each.name, _cells(choice, each.cells, {NARROWED[rows]: NONE if each.key is None else each.key}))
        for at, each in enumerate(lines, start=1)
    )
    return Table(BY[rows], total, told)


def _cells(choice: Choice, counts: Mapping[str, int], narrowed: dict[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(counts[c], _query(choice, c, counts[c], narrowed)) for c in CELLS)


def _query(choice: Choice, column: str, count: int, narrowed: dict[str, str]) -> Mapping[str, str] | None:
    if not count:
        return None
    return choice.query(**(narrowed | {GROUP: column_code(column)}))


def balance(form: Form, lines: tuple[Line, ...]) -> tuple[bool, str]:
    """Say in words whether received = resolved + pending in the total and in every row, or what does not balance."""
    total = form.total
    if form.balanced:
        came, done, open_ = (f"**{number(total[c])}**" for c in ("c3", "c7", "c11"))
        rows = f"; đúng ở cả {number(len(lines))} dòng" if len(lines) > 1 else ""
        return True, f"✓ Cân đối: tiếp nhận {came} = giải quyết {done} + tồn {open_}{rows}"
    off = [_off("Tổng cộng", total)] if total["c3"] != total["c7"] + total["c11"] else []
    off += [_off(each.name, each.cells) for each in lines if each.cells["c3"] != each.cells["c7"] + each.cells["c11"]]
    off += [
        f"cột ({c[1:]}): tổng {number(total[c])}, các dòng cộng lại {number(told)}"
        for c in CELLS
        if (told := sum(each.cells[c] for each in lines)) != total[c]
    ]
    more = f"; và {number(len(off) - 5)} chỗ khác" if len(off) > 5 else ""
    return False, f"Không cân đối: {'; '.join(off[:5])}{more}"


def _off(name: str, cells: Mapping[str, int]) -> str:
    came, done, open_ = (number(cells[c]) for c in ("c3", "c7", "c11"))
    return f"{wording.plain(name, 60)} tiếp nhận {came} ≠ giải quyết {done} + tồn {open_}"


def notes(content: Mapping[str, Any]) -> list[str]:
    """Give what stands under the form, as Markdown; the balance is said above it."""
    form, figures = content["form"], content["figures"]
    return [wording.plain(spoken(note, figures), 600) for note in form["notes"] if note["rule"] not in ("N05", "N06")]


def note_links(choice: Choice, form: Form) -> list[Link]:
    """Give the way to the dossiers that the notes count."""
    counts = asdict(form.notes)
    return [
        Link(f"{number(counts[name])} {title}", choice.query(**{GROUP: note_code(name)}))
        for name, (title, *_) in NOTES.items()
        if counts[name]
    ]


def summary(found: Table, rows: str, period: str) -> str:
    """Say what the table shows, for readers who do not see it."""
    return (
        f"Biểu II.06, {period}: {number(len(found.rows))} {_PLURAL[rows]}; {number(found.total.cells[0].count)} hồ sơ"
    )


def file_name(choice: Choice, rows: str, ending: str) -> str:
    """Name a file by period and rows: bieu-II06-2026-K11-don_vi.xlsx."""
    code = choice.named.code if choice.named else f"{choice.monday:%Y%m%d}"
    return f"bieu-II06-{code}-{NARROWED[rows]}.{ending}"
