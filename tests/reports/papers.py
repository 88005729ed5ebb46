"""The editions that are printed whole and read back, and their papers: each made and printed once in a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from io import BytesIO
from typing import Any

import docx
import fastexcel
import polars as pl

from metrics.dossier import INSTANT
from reports import editions, finished, workbook
from reports.earlier import FollowedUp, Restated
from reports.editions import Edition
from tests.reports.printed import of_docx, of_pdf, of_xlsx, plain
from tests.reports.province import Made

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

FOLLOWED: list[FollowedUp] = [
    {
        "report": "44/BC-TTPVHCC", "request": "Giải quyết xong hồ sơ quá hạn trên ba mươi ngày",
        "unit": "Sở Xây dựng", "due": date(2018, 11, 7), "done": 3, "of": 7,
    },
    {
        "report": "43/BC-TTPVHCC", "request": "Báo cáo nguyên nhân", "unit": "Sở Tư pháp", "due": date(2018, 11, 2),
        "done": 1, "of": 1,
    },
]  # fmt: skip
RESTATED: list[Restated] = [
    {
        "report": "44/BC-TTPVHCC", "figure": "Đúng hạn theo ngày hẹn trả", "period": "26/10–01/11/2018",
        "then": "95,0\u00a0%", "now": "94,7\u00a0%", "dossiers": 3, "why": "Hồ sơ gửi muộn sau ngày chốt",
    },
    {
        "report": "43/BC-TTPVHCC", "figure": "Quá hạn đang tồn", "period": "19/10–25/10/2018", "then": "4",
        "now": "6", "dossiers": 2, "why": "Hồ sơ nhập bù",
    },
]  # fmt: skip
REMARK = "Trung tâm đã làm việc với Sở Xây dựng ngày 08/11/2018.\nSở cam kết xử lý xong 4 hồ sơ."


def weekly(golden: Made) -> dict[str, Any]:
    """Make Friday's report."""
    return golden.report()


def annotated(golden: Made) -> dict[str, Any]:
    """Make Friday's report with everything that people and earlier reports add."""
    return golden.report(
        remark=REMARK,
        followup=FOLLOWED,
        restatements=RESTATED,
        caveat_of_sender="số liệu Sở Tư pháp còn thiếu 2 hồ sơ.",
    )


def monthly(golden: Made) -> dict[str, Any]:
    """Make the month's report, whose source fell silent within it: no rate, and every count with its mark."""
    return golden.report(issued_on=date(2018, 11, 15), edition=Edition("month"))


def quarterly(golden: Made) -> dict[str, Any]:
    """Make the quarter's report, all heard: two quarters, too few for limits."""
    heard = golden.sources.with_columns(last_ok_at=pl.lit(datetime(2018, 12, 17, tzinfo=UTC), INSTANT))
    return replace(golden, sources=heard).report(issued_on=date(2018, 12, 17), edition=Edition("quarter"))


def own_sheet(golden: Made) -> dict[str, Any]:
    """Make the sheet of one department."""
    return golden.report(edition=editions.for_unit(editions.WEEKLY, "Sở Tư pháp"))


EDITIONS: list[Callable[[Made], dict[str, Any]]] = [weekly, annotated, monthly, quarterly, own_sheet]


@dataclass(frozen=True)
class Papers:
    """A printed report: what it should say, and the three forms as they are read back."""

    content: dict[str, Any]
    pieces: finished.Pieces

    @cached_property
    def pdf(self) -> str:
        """Read the PDF, without white space."""
        return of_pdf(self.pieces["pdf"][1])

    @cached_property
    def word(self) -> str:
        """Read the Word document, without white space."""
        return of_docx(self.pieces["docx"][1])

    @cached_property
    def book(self) -> str:
        """Read every cell of the workbook, without white space."""
        return of_xlsx(self.pieces["xlsx"][1])

    def sheet(self, name: str) -> list[list[Any]]:
        """Read a sheet as it stands."""
        frame = fastexcel.read_excel(self.pieces["xlsx"][1]).load_sheet(name, header_row=None).to_polars()
        return [list(row) for row in frame.rows()]

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Read every table of the Word document, cell by cell."""
        body = docx.Document(BytesIO(self.pieces["docx"][1])).element.body
        return [[list(_cells(row)) for row in table.iter(f"{_W}tr")] for table in body.iter(f"{_W}tbl")]


def _cells(row: Any) -> Iterator[str]:
    for cell in row.iter(f"{_W}tc"):
        yield plain("".join(node.text or "" for node in cell.iter(f"{_W}t")))


@cache
def _printed(made: str) -> Papers:
    pieces = finished.pieces(json.loads(made))
    return Papers(json.loads(pieces["json"][1]), pieces)


def printed(content: dict[str, Any]) -> Papers:
    """Print a report in every form, once."""
    return _printed(json.dumps(content))


def booked(content: dict[str, Any]) -> Papers:
    """Write the workbook of a report alone, which takes a tenth of the time."""
    return Papers(content, {"xlsx": ("", workbook.render(content))})
