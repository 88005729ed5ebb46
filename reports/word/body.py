"""Pages two and three in Word: figures, fields, earlier requests, the director's remark, who signs and who gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import pdf
from reports.word.house import UPRIGHT, Draft
from reports.word.parts import LATE, Cell, Lay, Look, gap, paragraph, run, spoken, table, words

#: Words of a signal in a table.
SIGNALS: Final = {"xau": "giảm", "tot": "tăng", "thuong": "thường", "nho": "số nhỏ", "chua": "chưa rõ"}
_INDENTED: Final = Lay("both", first=10)


def analysis(draft: Draft) -> str:
    """Write what stands behind the message, from a new page on."""
    content, figures = draft.content, draft.content["figures"]
    pieces = [gap(1, page=True)]
    pieces += [paragraph(spoken(said, figures), _INDENTED) for said in content["analysis"]]
    pieces += [_figure(draft, n, name) for n, name in enumerate(("trend", "departments", "ages"), start=1)]
    return "".join([*pieces, _fields(content), _followup(content), _remark(content), _signature(content["letterhead"])])


def _figure(draft: Draft, n: int, name: str) -> str:
    """Show a figure with its caption below, or say why there is none."""
    chart, figures = draft.content["charts"][name], draft.content["figures"]
    missing = chart.get("unavailable") or chart.get("empty")
    if missing:
        told = paragraph(spoken(missing, figures), _INDENTED)
        return told + (_caption(n, chart["title"]) if chart.get("unavailable") else "")
    image = draft.picture(pdf.picture(draft.content, name), f"{chart['title']}. {chart['alt']}", UPRIGHT)
    notes = [chart[key] for key in ("chances", "note") if chart.get(key)]
    told = "".join(paragraph(spoken(note, figures, Look(10.5)), Lay(after=2, keep=True)) for note in notes)
    return paragraph(image, Lay(after=2, keep=True)) + told + _caption(n, chart["title"])


def _caption(n: int, title: str) -> str:
    told = run(f"Hình {n}. ", Look(11.5, bold=True)) + run(title, Look(11.5))
    return paragraph(told, Lay("center", before=2, after=10))


def titled(title: str, first: str = "") -> str:
    """Write the line above a table."""
    return paragraph(run(f"{first}{title}", Look(12, bold=True)), Lay(before=8, after=4, keep=True))


def _fields(content: Mapping[str, Any]) -> str:
    told = content["fields"]
    if told is None:
        return ""
    noun = content["edition"]["noun"].capitalize()
    head = ("Lĩnh vực", "Đến hạn", "Tỷ lệ", f"{noun} trước", "Điểm", "Thay đổi", "Tồn quá hạn")
    rows = [[words(h, 10.5, bold=True, align="left" if i == 0 else "right") for i, h in enumerate(head)]]
    rows += [_field(row) for row in told["rows"]]
    lay = Lay(before=2, keep=True)
    said = [told[name] for name in ("note", "chances") if told.get(name)]
    note = "".join(paragraph(spoken(each, content["figures"], Look(10.5)), lay) for each in said)
    body = table(rows, [51, 17, 19, 23, 15, 19, 21], heads=1, lines="rows", together=True)
    return titled(told["title"], "Bảng 1. ") + body + note


def _field(row: Mapping[str, Any]) -> list[Cell]:
    said = run(SIGNALS[row["signal"]], Look(11, row["signal"] in ("xau", "tot"), colour=_colour(row["signal"])))
    numbers = [words(row[key], align="right") for key in ("prev", "change")]
    return [
        words(row["name"]),
        words(row["d"], align="right"),
        _rated(row["rate"]),
        *numbers,
        Cell(paragraph(said, Lay("right", after=0))),
        words(row["overdue"], align="right"),
    ]


def _rated(rate: Mapping[str, Any]) -> Cell:
    """Write a rate and, of few dossiers, its interval in small under it."""
    if "chance" not in rate:
        return words(rate["t"], align="right", bold=True)
    lay = Lay("right", after=0)
    return Cell(paragraph(run(rate["t"], Look(11, bold=True)), lay) + paragraph(run(rate["chance"], Look(8.5)), lay))


def _colour(signal: str) -> str | None:
    return LATE if signal == "xau" else None


def _followup(content: Mapping[str, Any]) -> str:
    told = content["followup"]
    if told is None:
        return ""
    head = ("Báo cáo số", "Nội dung", "Thời hạn", "Kết quả")
    return titled(told["title"], "Bảng 2. ") + plain_table(
        head, told["rows"], [37, 74, 25, 29], lines=True, together=True
    )


def plain_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *, lines: bool, together: bool = False
) -> str:
    """Write a table of texts with a head that repeats; ``lines``: between its rows only; ``together``: see table."""
    heading = [words(each, 10.5, bold=True) for each in head]
    body = [[words(each) for each in row] for row in rows]
    return table([heading, *body], widths, heads=1, lines="rows" if lines else "all", together=together)


def _remark(content: Mapping[str, Any]) -> str:
    told = content["remark"]
    if told is None:
        return ""
    lines = [line for line in told["text"].split("\n") if line.strip()]
    lead = run("Ý kiến của Giám đốc Trung tâm. ", Look(bold=True))
    return "".join(
        paragraph((lead if at == 0 else "") + run(line), Lay("both", before=10 if at == 0 else 0, first=10, keep=True))
        for at, line in enumerate(lines)
    )


def _signature(head: Mapping[str, Any]) -> str:
    copies = [f"- {each}{';' if at < len(head['copies']) - 1 else '.'}" for at, each in enumerate(head["copies"])]
    receivers = paragraph(run("Nơi nhận:", Look(12, bold=True, italic=True)), Lay(after=0))
    receivers += "".join(paragraph(run(each, Look(11)), Lay(after=0)) for each in copies)
    signs = paragraph(run(head["authority"].upper(), Look(bold=True)), Lay("center", after=62))
    signs += paragraph(run(head["signer"], Look(bold=True)), Lay("center", after=0))
    room = gap(14, keep=True)
    both = [Cell(receivers, middle=False), Cell(signs, middle=False)]
    return room + table([both], [UPRIGHT / 2] * 2, lines="")
