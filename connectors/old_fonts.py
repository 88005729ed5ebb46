"""Read texts that were typed for the fonts of before Unicode: TCVN3 (ABC, .VnTime) and VNI.

They are letters of western Europe that only such a font shows as Vietnamese: "Hå s¬" and "Hoà sô" are Hồ sơ. Capitals
with a tone are small letters in a font of capitals (.VnTimeH), so they are read as small ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import product
from typing import Final

import polars as pl

from config.errors import SourceError

_TCVN3_NEW: Final = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ"
_TCVN3_OLD: Final = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢£¤¥¦§"
_TCVN3: Final = str.maketrans(_TCVN3_OLD, _TCVN3_NEW)
#: Accent and tone as they follow a vowel in VNI: of the plain vowels, of those with a roof, of ă.
_TONES: Final = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_ROOFED: Final = {"â": "\u0302"} | {m: "\u0302" + t for m, t in zip("áàåãä", _TONES.values(), strict=True)}
_SHORT: Final = {"ê": "\u0306"} | {m: "\u0306" + t for m, t in zip("éèúüë", _TONES.values(), strict=True)}
_VNI_ALONE: Final = dict(zip("ñöôíìæóòî", "đươíìỉĩịỵ", strict=True))


def _pairs() -> dict[str, str]:
    told = {v + m: {"ô": "ơ", "ö": "ư"}.get(v, v) + t for v, (m, t) in product("aeouyôö", _TONES.items())}
    told |= {v + m: v + t for v, (m, t) in product("aeo", _ROOFED.items())}
    told |= {"a" + m: "a" + t for m, t in _SHORT.items()}
    told |= _VNI_ALONE
    return {old: unicodedata.normalize("NFC", new) for old, new in told.items()}


_VNI: Final = _pairs()
_VNI_ALL: Final = _VNI | {old.upper(): new.upper() for old, new in _VNI.items()}
_VNI_ALL_MIXED: Final = _VNI_ALL | {old[0].upper() + old[1:]: new.capitalize() for old, new in _VNI.items()}
_VNI_FOUND: Final = re.compile("|".join(sorted(map(re.escape, _VNI_ALL_MIXED), key=len, reverse=True)))


def _of_vni(text: str) -> str:
    return _VNI_FOUND.sub(lambda found: _VNI_ALL_MIXED[found[0]], text)


#: What file.encoding may say → how such a text is read.
FONTS: Final[dict[str, Callable[[str], str]]] = {"tcvn3": lambda text: text.translate(_TCVN3), "vni": _of_vni}
#: Signs that stand inside words in one of the two only; Vietnamese in Unicode has letters beyond U+0100 besides.
_SIGNS: Final = {
    "tcvn3": re.compile("[a-zA-Z][µ¸¶·¹¨»¾¼½©ª«¬\xad®]|[µ¸¶·¹¨»¾¼½©ª«¬\xad®][a-z]"),
    "vni": re.compile("[ñÑ][aeouyAEOUY]|[öÖ][ùøûõïÙØÛÕÏôÔ]|[aeoAEO][âåäÂÅÄ]"),
}
_ENOUGH: Final = 3
_LOOKED_AT: Final = 20_000


def font_of(text: str) -> str:
    """Say which old font the beginning of a text was typed for, "" for none."""
    head = text[:_LOOKED_AT]
    if any(sign > "\u00ff" for sign in head):
        return ""
    seen = {font: len(pattern.findall(head)) for font, pattern in _SIGNS.items()}
    font = max(seen, key=lambda name: seen[name])
    return font if seen[font] >= _ENOUGH else ""


def refuse(text: str, name: str) -> None:
    """Raise SourceError for a text of an old font: its names would be counted as units that nobody knows."""
    if font := font_of(text):
        found = f"is written for an old font ({font.upper()}): its letters are not those of Unicode."
        raise SourceError(name, found, f'Write encoding = "{font}" under [file] of its mapping.')


def read_cells(grid: pl.DataFrame, name: str, encoding: str) -> pl.DataFrame:
    """Read the cells of a table by the font that was declared; where none was, refuse what looks like one.

    Raises SourceError.
    """
    if font := FONTS.get(encoding):
        return grid.with_columns(_read(column, font) for column in grid)
    refuse("\n".join(cell for row in grid.head(100).iter_rows() for cell in row if cell), name)
    return grid


def _read(cells: pl.Series, font: Callable[[str], str]) -> pl.Series:
    words = cells.drop_nulls().unique()
    return cells.replace(words, pl.Series([font(word) for word in words], dtype=pl.String))
