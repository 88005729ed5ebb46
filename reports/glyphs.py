"""Which characters our fonts can print: one emoji in one name may not keep a report from being made."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
#: What is printed for a character that no font of ours has; the workbook and the content keep the character itself.
ABSENT: Final = "?"


def printable(text: str) -> str:
    """Replace what cannot be printed: characters outside our fonts, and marks that turn the writing round.

    Letters come out composed, so that a search finds them.
    """
    return _absent().sub(ABSENT, unicodedata.normalize("NFC", text))


@cache
def _absent() -> re.Pattern[str]:
    common = set.intersection(*(set(_mapped(file.read_bytes())) for file in sorted(FONTS.glob("*.ttf"))))
    shown = {code for code in common if code >= 0x20 and not 0x202A <= code <= 0x202E} | {0x09, 0x0A, 0x0D}
    return re.compile("[^" + "".join(f"\\U{code:08x}" for code in sorted(shown)) + "]")


def _mapped(font: bytes) -> list[int]:
    """Read the characters of a TrueType font: the segments of its Unicode table (cmap, format 4)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    places = {font[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", font, 20 + 16 * i)[0] for i in range(tables)}
    start = places[b"cmap"]
    for i in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">I", font, start + 8 + 8 * i)[0]
        if struct.unpack_from(">H", font, offset)[0] == 4:
            return _segments(font, offset)
    raise ValueError("a font without a Unicode table of format 4")


def _segments(font: bytes, offset: int) -> list[int]:
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
    return [code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if code < 0xFFFF]
