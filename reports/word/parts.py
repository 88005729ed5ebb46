"""Pieces of a Word document as its own XML (WordprocessingML): runs, paragraphs, tables; no content, no order.

Texts come from other systems: each is composed, rid of what XML forbids and of marks that turn the writing round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from xml.sax.saxutils import escape  # nosec B406  # writes, reads nothing

from reports.slots import SLOT

Align = Literal["left", "right", "center", "both"]
Lines = Literal["all", "rows", ""]
#: What XML forbids, and the marks by which a name could turn the writing after it round.
_FORBIDDEN: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")

BODY, SMALL, TABLE = 13.0, 11.0, 11.0
LATE, MID, FAINT, SOFT = "9B1C1C", "56616B", "EEF1F3", "C8CED3"


def twips(mm: float) -> int:
    """Give millimetres as twentieths of a point, the unit of Word."""
    return round(mm * 1440 / 25.4)


def clean(text: str) -> str:
    """Give a text as Word may hold it."""
    return _FORBIDDEN.sub("", unicodedata.normalize("NFC", text))


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text looks; ``size`` in points."""

    size: float = BODY
    bold: bool = False
    italic: bool = False
    colour: str | None = None
    fill: str | None = None
    framed: bool = False

    def properties(self, bold: bool = False) -> str:
        """Write ``w:rPr``."""
        told = "<w:b/>" if self.bold or bold else ""
        told += "<w:i/>" if self.italic else ""
        told += f'<w:color w:val="{self.colour}"/>' if self.colour else ""
        told += f'<w:sz w:val="{round(2 * self.size)}"/><w:szCs w:val="{round(2 * self.size)}"/>'
        told += f'<w:bdr w:val="single" w:sz="4" w:space="0" w:color="{MID}"/>' if self.framed else ""
        told += f'<w:shd w:val="clear" w:color="auto" w:fill="{self.fill}"/>' if self.fill else ""
        return f"<w:rPr>{told}</w:rPr>"


PLAIN: Final = Look()


def run(text: str, look: Look = PLAIN, *, bold: bool = False) -> str:
    """Write a run of text; a line feed is a line break."""
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n")]
    return f"<w:r>{look.properties(bold)}{'<w:br/>'.join(lines)}</w:r>"


def spoken(told: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]], look: Look = PLAIN) -> str:
    """Write a sentence: slots filled, ``**`` turned into bold."""
    bold, runs = False, []
    for at, part in enumerate(SLOT.split(str(told["text"]))):
        if at % 2:
            runs.append(run(str(figures[part]["t"]), look, bold=bold))
            continue
        for i, piece in enumerate(part.split("**")):
            bold = bold != (i > 0)
            runs.append(run(piece, look, bold=bold) if piece else "")
    return "".join(runs)


@dataclass(frozen=True, slots=True)
class Lay:
    """How a paragraph lies: spaces in points, indents in millimetres; ``rule``: a line below, or beside."""

    align: Align = "left"
    before: float = 0
    after: float = 6
    first: float = 0
    left: float = 0
    right: float = 0
    keep: bool = False
    rule: Literal["below", "beside"] | None = None
    style: str | None = None
    page: bool = False  # begins a page
    height: float | None = None  # of its line, in points; None: a single line

    def properties(self, section: str = "") -> str:
        """Write ``w:pPr``; ``section``: the section that ends with this paragraph."""
        told = f'<w:pStyle w:val="{self.style}"/>' if self.style else ""
        told += "<w:keepNext/>" if self.keep else ""
        told += "<w:pageBreakBefore/>" if self.page else ""
        if self.rule:
            side, width, colour = ("bottom", 6, "000000") if self.rule == "below" else ("left", 20, LATE)
            told += f'<w:pBdr><w:{side} w:val="single" w:sz="{width}" w:space="4" w:color="{colour}"/></w:pBdr>'
        line, rule = (round(20 * self.height), "exact") if self.height else (240, "auto")
        told += f'<w:spacing w:before="{round(20 * self.before)}" w:after="{round(20 * self.after)}" '
        told += f'w:line="{line}" w:lineRule="{rule}"/>'
        told += f'<w:ind w:left="{twips(self.left)}" w:right="{twips(self.right)}" w:firstLine="{twips(self.first)}"/>'
        return f'<w:pPr>{told}<w:jc w:val="{self.align}"/>{section}</w:pPr>'


LYING: Final = Lay()
TIGHT: Final = Lay(after=0)


def paragraph(runs: str, lay: Lay = LYING, section: str = "") -> str:
    """Write a paragraph of runs."""
    return f"<w:p>{lay.properties(section)}{runs}</w:p>"


def gap(points: float, **told: Any) -> str:
    """Leave room, where a paragraph's own spaces do not count: beside a table."""
    return paragraph("", Lay(after=0, height=points, **told))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its paragraphs; how many columns it spans; whether it begins or goes on with a cell above."""

    body: str
    span: int = 1
    merge: Literal["restart", "continue"] | None = None
    fill: str | None = None
    middle: bool = True

    def xml(self, width: int) -> str:
        """Write ``w:tc``."""
        told = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        told += f'<w:gridSpan w:val="{self.span}"/>' if self.span > 1 else ""
        told += f'<w:vMerge w:val="{self.merge}"/>' if self.merge else ""
        told += f'<w:shd w:val="clear" w:color="auto" w:fill="{self.fill}"/>' if self.fill else ""
        told += '<w:vAlign w:val="center"/>' if self.middle else ""
        return f"<w:tc><w:tcPr>{told}</w:tcPr>{self.body or paragraph('', TIGHT)}</w:tc>"


def words(text: str, size: float = TABLE, *, align: Align = "left", bold: bool = False, **told: Any) -> Cell:
    """Make a cell of one plain text."""
    return Cell(paragraph(run(text, Look(size, bold)), Lay(align, after=0)), **told)


def table(
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[float],
    *,
    heads: int = 0,
    lines: Lines = "all",
    together: bool = False,
) -> str:
    """Write a table. ``widths``: its columns, in mm; the first ``heads`` rows repeat on every page; no row splits.

    ``together``: on one page with what follows it.
    """
    grid = [twips(width) for width in widths]
    told = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    body = "".join(_row(row, grid, head=at < heads) for at, row in enumerate(rows))
    if together:
        body = body.replace("<w:pPr>", "<w:pPr><w:keepNext/>")
    return f"<w:tbl>{_table_properties(sum(grid), lines)}<w:tblGrid>{told}</w:tblGrid>{body}</w:tbl>"


def _row(cells: Sequence[Cell], grid: Sequence[int], *, head: bool) -> str:
    at, told = 0, ""
    for cell in cells:
        told += cell.xml(sum(grid[at : at + cell.span]))
        at += cell.span
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{told}</w:tr>"


_SIDES: Final[dict[Lines, tuple[str, ...]]] = {
    "all": ("top", "left", "bottom", "right", "insideH", "insideV"), "rows": ("bottom", "insideH"), "": (),
}  # fmt: skip


def _table_properties(width: int, lines: Lines) -> str:
    drawn = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A949E"/>' for side in _SIDES[lines])
    inset = "".join(
        f'<w:{side} w:w="{w}" w:type="dxa"/>' for side, w in (("top", 40), ("left", 70), ("bottom", 30), ("right", 70))
    )
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders>{drawn}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{inset}</w:tblCellMar></w:tblPr>'
    )


def section(*, flipped: bool, references: str = "", first: bool = False) -> str:
    """Write ``w:sectPr``: A4, upright or ``flipped``, with the margins of the decree."""
    width, height = (twips(297), twips(210)) if flipped else (twips(210), twips(297))
    turned = ' w:orient="landscape"' if flipped else ""
    left, bottom = (20, 18) if flipped else (30, 20)
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{twips(20)}" w:right="{twips(15)}" w:bottom="{twips(bottom)}" w:left="{twips(left)}" '
        f'w:header="{twips(10)}" w:footer="{twips(10)}" w:gutter="0"/>{"<w:titlePg/>" if first else ""}</w:sectPr>'
    )
