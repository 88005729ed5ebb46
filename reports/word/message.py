"""Page one in Word: head of the document, caveat, the two tiles, the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports.word.house import UPRIGHT, Draft
from reports.word.parts import LATE, MID, Cell, Lay, Look, gap, paragraph, run, spoken, table, words

_CENTRE: Final = Lay("center", after=0)
_INDENTED: Final = Lay("both", first=10)


def first_page(draft: Draft) -> str:
    """Write page one."""
    content = draft.content
    pieces = [head_of(content["letterhead"]), _title(content["letterhead"]), _caveat(content), _tiles(content)]
    number = 0
    for section in content["message"]:
        number += section["heading"] is not None
        pieces.append(_section(content, section, number))
    return "".join(pieces)


def head_of(head: Mapping[str, Any]) -> str:
    """Write the head of a document: who writes, under which number, where and when."""
    sender = "".join(paragraph(run(line.upper(), Look(12)), _CENTRE) for line in head["parent"])
    sender += "".join(paragraph(run(line.upper(), Look(12, bold=True)), _CENTRE) for line in head["agency"])
    sender += _rule(24, 68.5) + paragraph(run(f"Số: {head['number']}"), Lay("center", before=4, after=0))
    state = paragraph(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Look(12, bold=True)), _CENTRE)
    state += paragraph(run("Độc lập - Tự do - Hạnh phúc", Look(bold=True)), _CENTRE) + _rule(56, 91.5)
    dated = run(f"{head['place']}, {head['date_text']}", Look(italic=True))
    state += paragraph(dated, Lay("center", before=4, after=0))
    return table([[Cell(sender, middle=False), Cell(state, middle=False)]], [71, 94], lines="")


def _rule(length: float, width: float) -> str:
    """Draw a line ``length`` mm long in the middle of ``width`` mm."""
    side = (width - length) / 2
    return paragraph("", Lay("center", after=0, left=side, right=side, rule="below", height=3))


def _title(head: Mapping[str, Any]) -> str:
    lines = [paragraph(run(head["kind"].upper(), Look(14, bold=True)), Lay("center", before=6, after=0))]
    lines += [paragraph(run(line, Look(bold=True)), _CENTRE) for line in head["subject"]]
    to = paragraph(run(f"Kính gửi: {head['to']}."), Lay("center", before=4, after=5))
    return "".join(lines) + _rule(32, UPRIGHT - 2.5) + to


def _caveat(content: Mapping[str, Any]) -> str:
    told, look = content["caveat"], Look(11.5)
    if told is None:
        return ""
    return paragraph(
        run(f"{told['lead']} ", Look(11.5, bold=True)) + spoken(told, content["figures"], look),
        Lay("both", after=0, left=3, rule="beside"),
    ) + gap(5)


def _tiles(content: Mapping[str, Any]) -> str:
    cells = [Cell(_tile(content, tile), middle=False) for tile in content["headlines"]]
    return table([cells], [UPRIGHT / 2] * 2) + gap(5)


def _tile(content: Mapping[str, Any], tile: Mapping[str, Any]) -> str:
    figures, lay = content["figures"], Lay(after=1)
    lines = [paragraph(run(tile["label"], Look(12, bold=True)), lay), *_number(figures, tile, lay)]
    lines.append(paragraph(spoken(tile["change"], figures, Look(11.5)), lay))
    lines.append(paragraph(_verdict(tile["verdict"], figures), lay))
    return "".join(lines)


def _number(figures: Mapping[str, Any], tile: Mapping[str, Any], lay: Lay) -> list[str]:
    if tile["figure"] is None:
        return [paragraph(run(tile["missing"], Look(15, colour=MID)), lay), *_substitute(figures, tile, lay)]
    colour = LATE if tile["verdict"]["kind"] == "xau" else None
    number = run(figures[tile["figure"]]["t"], Look(24, bold=True, colour=colour))
    number += run(f" {tile['unit']}") if tile["unit"] else ""
    return [paragraph(number, lay), paragraph(_basis(figures, tile), lay)]


def _substitute(figures: Mapping[str, Any], tile: Mapping[str, Any], lay: Lay) -> list[str]:
    near = tile["substitute"]
    if near is None:
        return []
    told = run(f"{near['label']}: ", Look(11)) + run(figures[near["figure"]]["t"], Look(15, bold=True))
    return [paragraph(told, lay), paragraph(spoken(near["text"], figures, Look(11)), lay)]


def _basis(figures: Mapping[str, Any], tile: Mapping[str, Any]) -> str:
    if tile["basis"]:
        return spoken(tile["basis"], figures, Look(11))
    ages = [run(f"{label}: ", Look(10)) + run(figures[key]["t"], Look(11.5, bold=True)) for label, key in tile["ages"]]
    return run(" · ", Look(10)).join(ages)


def _verdict(verdict: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    fill = LATE if verdict["kind"] == "xau" else None
    stamp = Look(10, bold=True, colour="FFFFFF" if fill else None, fill=fill, framed=not fill)
    return run(f" {verdict['t'].upper()} ", stamp) + run(" ") + spoken(verdict["why"], figures, Look(10.5))


def _section(content: Mapping[str, Any], section: Mapping[str, Any], number: int) -> str:
    figures, told = content["figures"], section["table"]
    pieces = [_heading(section, number, figures)] if section["heading"] else []
    if not section["items"] and not told and section["empty"]:
        pieces.append(paragraph(spoken(section["empty"], figures), _INDENTED))
    for at, item in enumerate(section["items"]):
        pieces.append(paragraph(run(_mark(section, at)) + spoken(item, figures), _INDENTED))
    return "".join(pieces) + (_dossiers(told) if told else "")


def _heading(section: Mapping[str, Any], number: int, figures: Mapping[str, Any]) -> str:
    note = run(" (", Look(11.5, italic=True)) + spoken({"text": section["note"]}, figures, Look(11.5, italic=True))
    note = note + run(")", Look(11.5, italic=True)) if section["note"] else ""
    lay = Lay(after=2, keep=True, style="Heading2")
    return paragraph(run(f"{number}. {section['heading']}", Look(bold=True)) + note, lay)


def _mark(section: Mapping[str, Any], at: int) -> str:
    if len(section["items"]) == 1 or section["heading"] is None:
        return ""
    return f"{'abcdefgh'[at]}) " if section["id"] == "asks" else "– "


def _dossiers(told: Mapping[str, Any]) -> str:
    head = [words(heading, 10.5, bold=True) for heading in told["columns"]]
    return table([head, *(_dossier(row) for row in told["rows"])], [84, 24, 57], heads=1, lines="rows") + gap(5)


def _dossier(row: Mapping[str, Any]) -> Sequence[Cell]:
    def two(first: str, second: str) -> Cell:
        lines = (run(first, Look(11)), run(second, Look(10.5, italic=True)))
        return Cell("".join(paragraph(line, Lay(after=0)) for line in lines), middle=False)

    days = words(row["days"], 11, align="right", bold=True, middle=False)
    return [two(row["procedure"], f"{row['code']} · {row['holder']}"), days, two(row["cause"], row["answer"])]
