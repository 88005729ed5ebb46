"""The annexes in Word: form II.06, the list of overdue dossiers, sources, definitions, restatements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from reports.word.body import plain_table, titled
from reports.word.house import FLIPPED, UPRIGHT, Draft
from reports.word.parts import FAINT, Cell, Lay, Look, gap, paragraph, run, spoken, table, words

_NUMBERS: Final = (
    "(1)", "(2)", "(3)=(4) +(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8) +(9)+(10)", "(8)", "(9)", "(10)", "(11)=(12) +(13)",
    "(12)", "(13)",
)  # fmt: skip
_FORM: Final = (11.0, FLIPPED - 11 - 11 * 17, *(17.0,) * 11)


def form(draft: Draft) -> str:
    """Write form II.06 with its notes."""
    told, figures = draft.content["form"], draft.content["figures"]
    lines = [[str(at), r["name"] + r["mark"], *(c["t"] for c in r["cells"])] for at, r in enumerate(told["rows"], 1)]
    rows = [_form_row(line, bold=False) for line in lines]
    total = [c["t"] for c in told["total"]["cells"]]
    last = [words(told["total"]["name"], align="center", bold=True, span=2, fill=FAINT), *_right(total, bold=True)]
    above = spoken(told["period"], figures, Look(12)) + run(f" · {told['code']} · Đơn vị tính: hồ sơ", Look(12))
    notes = [paragraph(spoken(note, figures, Look(11)), Lay(before=2, after=2)) for note in told["notes"]]
    head = [*_form_head(told["unit"]), [words(each, 9, align="center") for each in _NUMBERS]]
    return "".join([paragraph(above, Lay(after=4, keep=True)), table([*head, *rows, last], _FORM, heads=4), *notes])


def _form_row(line: Sequence[str], *, bold: bool) -> list[Cell]:
    return [words(line[0], align="center", bold=bold), words(line[1], bold=bold), *_right(line[2:], bold=bold)]


def _right(texts: Sequence[str], *, bold: bool) -> list[Cell]:
    return [words(each, align="right", bold=bold) for each in texts]


def _form_head(unit: str) -> Iterator[list[Cell]]:
    """Give the three rows of headings: groups, totals beside what is within the period, its two channels."""

    def head(text: str, span: int = 1, merge: Any = None) -> Cell:
        return words(text, 10.5, align="center", bold=True, span=span, merge=merge, fill=FAINT)

    below = head("", merge="continue")
    yield [
        head("STT", merge="restart"), head(unit, merge="restart"), head("Số hồ sơ tiếp nhận", 4),
        head("Số hồ sơ đã giải quyết", 4), head("Số hồ sơ đang giải quyết", 3),
    ]  # fmt: skip
    named = ("Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn")
    opened = [head(each, merge="restart") for each in named]
    first, last = head("Tổng số", merge="restart"), head("Từ kỳ trước", merge="restart")
    yield [below, below, first, head("Trong kỳ", 2), last, *opened]
    yield [below, below, below, head("Trực tuyến"), head("Trực tiếp, bưu chính"), *[below] * 8]


#: Widths of the list's columns by what they hold, in mm; 0: what is left.
_WIDTHS: Final = {
    "n": 11, "code": 40, "text": 0, "step": 34, "letter": 26, "date": 23, "days": 15, "reason": 56, "field": 40,
}  # fmt: skip


def overdue(draft: Draft) -> str:
    """Write the list of overdue dossiers by department; the heading repeats on every page, no row splits."""
    told, figures = draft.content["overdue"], draft.content["figures"]
    if not told["groups"]:
        return paragraph(spoken(told["empty"], figures), Lay("both", first=10))
    kinds = [column["kind"] for column in told["columns"]]
    left = FLIPPED - sum(_WIDTHS[kind] for kind in kinds)
    widths = [_WIDTHS[kind] or left for kind in kinds]
    head = [words(column["t"], 10, align="center", bold=True) for column in told["columns"]]
    note = paragraph(spoken(told["note"], figures, Look(11)), Lay(after=4, keep=True))
    return note + table([head, *_dossiers(told["groups"], kinds)], widths, heads=1)


def _dossiers(groups: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> Iterator[list[Cell]]:
    number = 0
    for group in groups:
        text = run(group["name"], Look(10.5, bold=True)) + run(f" — {group['count']} hồ sơ", Look(10.5))
        yield [Cell(paragraph(text, Lay(after=0, keep=True)), span=len(kinds), fill=FAINT)]
        for row in group["rows"]:
            number += 1
            yield [words(str(number), 10, align="right"), *(_cell(*each) for each in zip(kinds[1:], row, strict=True))]


def _cell(kind: str, text: str) -> Cell:
    if kind == "days":
        return words(text, 10, align="center", bold=True)
    return words(text, 10, align="right" if kind == "date" else "left")


def sources(draft: Draft) -> str:
    """Write how far each source has told us."""
    told = draft.content["sources"]
    if told is None:
        return ""
    head = ("Nguồn", "Tình trạng", "Số liệu đến", "Bản ghi lỗi")
    return titled(told["title"]) + plain_table(head, told["rows"], [80, 28, 34, 23], lines=True)


def definitions(draft: Draft) -> str:
    """Write every term as this report uses it."""
    figures = draft.content["figures"]
    head = [words("Khái niệm", 12, bold=True), words("Cách tính trong báo cáo này", 12, bold=True)]
    rows = [
        [words(term, 12, bold=True), Cell(paragraph(spoken({"text": text}, figures, Look(12)), Lay(after=0)))]
        for term, _, text in draft.content["definitions"]
    ]
    return gap(8) + table([head, *rows], [48, UPRIGHT - 48], heads=1, lines="rows")


def restatements(draft: Draft) -> str:
    """Write which figures of earlier reports are known otherwise today."""
    told = draft.content["restatements"]
    if not told["rows"]:
        return paragraph(spoken(told["empty"], draft.content["figures"]), Lay("both", first=10))
    head = ("Báo cáo số", "Số liệu", "Kỳ", "Đã báo cáo", "Nay là", "Số hồ sơ thay đổi", "Lý do")
    return plain_table(head, told["rows"], [22, 34, 22, 18, 18, 17, 34], lines=False)


def service(draft: Draft) -> str:
    """Write how people were served."""
    told = draft.content["service"]
    note = paragraph(spoken(told["note"], draft.content["figures"], Look(11)), Lay("both", before=6))
    return plain_table(told["columns"], told["rows"], [UPRIGHT - 113, 29, 36, 29, 19], lines=True) + note
