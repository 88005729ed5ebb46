"""Put the words of a page into English, by config/english.toml. No screen: texts, tables and charts as values.

What the catalogue does not know stays as it is, because names from the data are never put into other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Final

from config import catalogue, english
from dashboard.english_book import NUMBER, SHARE, Book, book, compiled, kind
from dashboard.wording import plain

#: Characters of a text that is looked up; a longer one is only taken apart. The longest entry of ours has 354.
LONGEST: Final = 1_000
#: How often a text is taken apart or out of its signs, one within the other. Ours need 7.
DEEPEST: Final = 24
_SWAP: Final = str.maketrans(".,", ",.")
_VIETNAMESE: Final = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
#: Where a text is taken apart when no entry has the whole, the widest first.
_APART: Final = tuple(
    map(
        re.compile,
        (
            r"((?<!\s)\s*\n\s*(?:- )?|<br>|<extra></extra>)",
            r"((?<!\s)\s*\|\s*)",
            r"(:[a-z-]+\[(?:\\.|[^\[\]\\])*\]|<b>[^<]*</b>)",
            r"( · )",
            r"((?<=[.?!…])(?<!\\[.?!])\s+)",
            r"(; )",
        ),
    )
)
_SIGN: Final = r"(?::material/\w+:|:[a-z-]+\[(?::material/\w+:|[^\]]{1,3})\]|[▲●◆○■✓▼–]|- )\s*"
#: What stands round words: bold, colours, links inside a page, and signs and icons before or after them.
_ROUND: Final = tuple(
    map(
        re.compile,
        (
            r"(\*\*)([^*]+)(\*\*)",
            r"(<b>)([^<]+)(</b>)",
            r"(:[a-z-]+\[)((?:\\.|[^\[\]\\])+)(\])",
            r"(\[)([^\]]+)(\]\(#[^)]*\))",
            rf"({_SIGN})(\S.*)()",
            r"(<span[^>]*>[^<]*</span> )(\S.*)()",
            r"(\()([^()]+)(\))",
            r"(\s+)(\S.*?)(\s*)",
            r"()(\S.*?)(\s+)",
        ),
    )
)
#: The marks at the end that not every entry has.
_EDGES: Final = (re.compile(r"()(\S(?:.*\S)?)([\s:.,;]+)"),)
#: More signs or marks than an entry has: taken off all at once, and before an entry takes words between two of them.
_HEAPS: Final = (re.compile(rf"((?:{_SIGN}){{4,}})(\S.*)()"), re.compile(r"()(\S(?:.*[^\s:.,;])?)([\s:.,;]{4,})"))
#: An escape that lost its sign: the backslash before it is itself not escaped.
_HALF: Final = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_ESCAPED: Final = re.compile(r"\\([^\w\s])")
#: Markdown of ours, which no text from the data has.
_MADE: Final = re.compile(r"\*\*|(?<!\\)[\[\]`|]|:material/|\n")


class _TooDeep(Exception):  # noqa: N818  no error: nothing of ours is made so, and it stays as it stands
    pass


#: How many texts are being put into English round the one at hand.
_deep: Final[ContextVar[int]] = ContextVar("deep", default=0)


def text(vietnamese: str) -> str:
    """Give words of ours in English; what is not known stays as it stands."""
    try:
        return _text(vietnamese)
    except _TooDeep:
        return vietnamese


def name(vietnamese: str) -> str:
    """Give what stands where names of the data stand: in English only the few words of ours among them."""
    try:
        return _exact(_names(), vietnamese) or vietnamese
    except _TooDeep:
        return vietnamese


def page(html: str) -> str:
    """Put a page or a part of one into English: its texts and labels; what is ``strong`` is data."""
    told = re.sub(r"(<strong>[^<]*</strong>)|(?<=>)([^<>]+)(?=<|$)", _node, html)
    told = re.sub(r'((?:aria-label|title|alt)=")([^"]+)(?=")', lambda m: m[1] + text(m[2]), told)
    return told.replace('<html lang="vi">', '<html lang="en">')


def _node(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    inside = found[2].strip()
    return found[2].replace(inside, text(" ".join(inside.split()))) if inside else found[2]


@lru_cache(maxsize=50_000)
def _text(said: str) -> str:
    if not _VIETNAMESE.search(said) and not re.search(r"\d|[a-zA-Z]", said):
        return said
    deep = _deep.get()
    if deep >= DEEPEST:
        raise _TooDeep
    before = _deep.set(deep + 1)
    try:
        return _put(said)
    finally:
        _deep.reset(before)


def _put(said: str) -> str:
    ways = (_heaped, _unescaped, _entry, _round, _apart, _number, _edges) if len(said) <= LONGEST else (_apart,)
    for split in ways:
        told = split(said)
        if told is not None:
            return told
    return said


def _entry(said: str) -> str | None:
    return _exact(_phrases(), said)


def _exact(book: Book, said: str) -> str | None:
    """Find the entry of a whole text, also with its first letter small or large."""
    plain_spaces = said.replace("\u00a0", " ")
    found = _as_written(book, plain_spaces)
    if found is not None or not plain_spaces[:1].isalpha():
        return found
    other = _as_written(book, plain_spaces[0].swapcase() + plain_spaces[1:])
    return None if other is None else _first(other, large=plain_spaces[0].isupper())


def _first(told: str, *, large: bool) -> str:
    if told[1:2].isupper():  # an abbreviation stays one
        return told
    return (told[:1].upper() if large else told[:1].lower()) + told[1:]


def _as_written(book: Book, said: str) -> str | None:
    if said in book.whole:
        return book.whole[said]
    for pattern in book.candidates(said):
        found = compiled(pattern.vietnamese).fullmatch(said)
        filled = _filled(found.groupdict()) if found else None
        if filled is not None:
            return _counted(pattern.told.format_map(filled))
    return None


def _filled(holes: Mapping[str, str]) -> dict[str, str] | None:
    """Put what stands in the holes into English; None where words of ours stay Vietnamese, or a hole ends within an
    escaped sign."""
    if any(_HALF.search(value) for value in holes.values()):
        return None
    told = {hole: _KINDS.get(kind(hole), _kept)(value) for hole, value in holes.items()}
    stuck = any(kind(hole) in ("t", "s") and told[hole] == value for hole, value in holes.items())
    return None if stuck else told


def _kept(value: str) -> str:
    return value


def number(value: str) -> str:
    """Write a number the English way: 1.234,5 → 1,234.5."""
    return value.translate(_SWAP)


def _share(value: str) -> str:
    return number(value).replace(" %", "%")


_KINDS: Final[Mapping[str, Callable[[str], str]]] = {"n": number, "p": _share, "t": _text, "s": _text}


def _counted(told: str) -> str:
    """Write one of a thing in the singular."""
    return _one().sub(lambda m: f"{m[1]}{_singular()[m[2]]}", told)


@cache
def _one() -> re.Pattern[str]:
    several = "|".join(map(re.escape, _singular()))
    return re.compile(
        rf"((?<![\w.,/–])\**1\** (?:(?:working|calendar|more|other|new|overdue|pending|online) )*)({several})\b"
    )


@cache
def _singular() -> Mapping[str, str]:
    return english.load().singular


def _round(said: str) -> str | None:
    return _inside(said, _ROUND)


def _heaped(said: str) -> str | None:
    return _inside(said, _HEAPS)


def _edges(said: str) -> str | None:
    return _inside(said, _EDGES)


def _inside(said: str, shapes: Sequence[re.Pattern[str]]) -> str | None:
    for around in shapes:
        found = around.fullmatch(said)
        if found and not _HALF.search(found[2]):
            inside = _text(found[2])
            return None if inside == found[2] else found[1] + inside + found[3]
    return None


def _apart(said: str) -> str | None:
    for between in _APART:
        parts = between.split(said)
        if len(parts) > 1 and sum(bool(part) for part in parts) > 1:
            return "".join(
                _text(part) if at % 2 == 0 or part[:1] in (":", "<") else part for at, part in enumerate(parts)
            )
    return None


def _number(said: str) -> str | None:
    bare = said.replace("\u00a0", " ")
    if re.fullmatch(NUMBER, bare):
        return number(bare)
    return _share(bare) if re.fullmatch(SHARE, bare) else None


def _unescaped(said: str) -> str | None:
    """Find a text of ours that was made safe as if it came from the data; what stays is made safe again."""
    if "\\" not in said or _MADE.search(said):
        return None
    bare = _ESCAPED.sub(r"\1", said).replace("\u2060", "")
    if bare == said:  # a text of the data that has a backslash itself
        return None
    told = _text(bare)
    return None if told == bare else plain(told, 4000)


# ---------- the catalogue, ready to be asked ----------


@cache
def _phrases() -> Book:
    return book({**dict(_figures()), **english.load().phrase})


@cache
def _names() -> Book:
    return book(english.load().name)


def data_columns() -> frozenset[str]:
    """Give the headings of columns whose cells are data."""
    return english.load().columns.data


def _figures() -> Iterable[tuple[str, str]]:
    """Pair what metrics.toml says of its figures with the English of it: whole, and sentence by sentence."""
    told = english.load().figure
    for code, metric in catalogue.load().metric.items():
        if code not in told:
            continue
        words = told[code]
        beside = ((metric.weaknesses or ("",))[0], words.weakness)
        for theirs, ours in (
            (metric.title, words.title), (metric.meaning, words.meaning), (metric.numerator, words.numerator),
            (metric.base, words.base), (metric.is_not, words.is_not), beside,
        ):  # fmt: skip
            if theirs and ours:
                yield theirs, ours
                yield from zip(*(re.split(r"(?<=[.?!]) ", each) for each in (theirs, ours)), strict=False)
