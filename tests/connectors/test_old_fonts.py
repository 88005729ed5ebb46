"""Texts typed for the fonts of before Unicode are read where that is declared, and refused where it is not."""

from __future__ import annotations

import string
import unicodedata

import pytest

from config.errors import SourceError
from connectors import old_fonts
from tests.connectors.made import by_code, translated, workbook

#: The same table three times: in Unicode, and as the two fonts want it typed.
UNICODE = "Hồ sơ;Ngày tiếp nhận;Hẹn trả;Cơ quan\nA;03/11/2026;16/11/2026;Ủy ban phường Đống Đa\n"
TYPED = {
    "tcvn3": "Hå s¬;Ngµy tiÕp nhËn;HÑn tr¶;C¬ quan\nA;03/11/2026;16/11/2026;ñy ban ph­êng §èng §a\n",
    "vni": "Hoà sô;Ngaøy tieáp nhaän;Heïn traû;Cô quan\nA;03/11/2026;16/11/2026;UÛy ban phöôøng Ñoáng Ña\n",
}
#: A capital with a tone is typed as a small letter in TCVN3.
UNIT = {"tcvn3": "ủy ban phường Đống Đa", "vni": "Ủy ban phường Đống Đa"}
MAPPING = """
source = "cu"
[columns]
code = "Hồ sơ"
received_at = "Ngày tiếp nhận"
due_at = "Hẹn trả"
department = "Cơ quan"
[dates]
day_first = true
"""


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
@pytest.mark.parametrize("kind", ["bytes of the font", "letters of Unicode", "workbook"])
def test_a_table_of_an_old_font_is_read_where_it_is_declared(font: str, kind: str) -> None:
    cells = [line.split(";") for line in TYPED[font].splitlines()]
    data = {
        "bytes of the font": TYPED[font].encode("latin-1"),
        "letters of Unicode": TYPED[font].encode(),
        "workbook": workbook({"S": cells}),
    }[kind]
    done = translated(data, MAPPING + f'[file]\nencoding = "{font}"\n')
    assert by_code(done)["A"]["department"] == UNIT[font]


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
@pytest.mark.parametrize("kind", ["bytes of the font", "letters of Unicode", "workbook"])
def test_a_table_of_an_old_font_is_refused_with_the_line_that_reads_it(font: str, kind: str) -> None:
    cells = [line.split(";") for line in TYPED[font].splitlines()]
    data = {
        "bytes of the font": TYPED[font].encode("latin-1"),
        "letters of Unicode": TYPED[font].encode(),
        "workbook": workbook({"S": cells}),
    }[kind]
    with pytest.raises(SourceError, match=f'old font \\({font.upper()}\\).*Write encoding = "{font}" under \\[file\\]'):
        translated(data, MAPPING)


@pytest.mark.parametrize(
    "text",
    [
        UNICODE, "thuê hoà quá khuân Müller Señor niño Köln", "® 2026 © «Hồ sơ»", "", "Ngay tiep nhan", "Ngày 3½ · 5°",
        unicodedata.normalize("NFD", UNICODE).encode("cp1258", "ignore").decode("latin-1"),
    ],
)  # fmt: skip
def test_other_texts_are_of_no_old_font(text: str) -> None:
    assert old_fonts.font_of(text) == ""


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
def test_what_has_no_letter_of_the_font_stays(font: str) -> None:
    assert old_fonts.FONTS[font](string.printable) == string.printable
