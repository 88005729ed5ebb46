"""Read the register of procedures: procedures.csv, what each line says of the procedure itself, by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from config import procedure_lines
from config.errors import ConfigError, nearest
from config.procedure_lines import Line, Stamp

#: Who carries a procedure out: ministries (central), the three levels of a province, or somebody else.
LEVELS: Final = ("central", "province", "district", "commune", "other")
#: Whose it is: the province's, an agency's of the central government, an enterprise's.
KINDS: Final = ("own", "vertical", "enterprise")
#: 3 and 4: the levels of old data (to 2022); yes: online, how far is not said; information: it is only described there.
ONLINE: Final = ("3", "4", "partly", "fully", "yes", "information", "none")
_YES_NO: Final = ("yes", "no")
#: What may stand in a cell; empty is "not said" everywhere; a ``kind`` that no line says is own.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "level": LEVELS, "kind": KINDS, "centre": _YES_NO, "on_site": ("4", "5"), "awaits": ("ministry", "committee"),
    "post": _YES_NO, "online": ONLINE, "charges": _YES_NO, "status": ("ended",),
}  # fmt: skip
#: Columns in which several words may stand, parted by ";".
SEVERAL: Final = ("level",)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of one procedure from a day on; "", None and () are "not said".

    ``source`` "": for every source without a line of its own. ``centre``: handed in and given at the one-stop centre;
    ``on_site``: in four or five steps there; ``awaits``: what it waits for where it is not. ``ended``: abolished from
    that day. ``statutory``, ``committed``: the limits of this very line; without them those told before still hold.
    """

    source: str
    procedure: str
    from_on: date
    name: str = ""
    field: str = ""
    department: str = ""
    ministry: str = ""
    levels: tuple[str, ...] = ()
    kind: str = ""
    centre: bool | None = None
    on_site: int | None = None
    awaits: str = ""
    post: bool | None = None
    online: str = ""
    charges: bool | None = None
    ended: bool = False
    statutory: str = ""
    committed: str = ""
    basis: str = ""
    line: str = made(default="", repr=False, compare=False)

    @property
    def tells(self) -> bool:
        """Whether it says anything of the procedure itself: a line that tells a limit alone leaves the facts before."""
        said = (self.centre, self.on_site, self.post, self.charges)
        texts = (self.name, self.field, self.department, self.ministry, self.kind, self.awaits, self.online)
        return self.ended or any(texts) or bool(self.levels) or any(each is not None for each in said)


def load(path: Path | None = None) -> tuple[Registered, ...]:
    """Give every line, in the order of the file, as it stands now: a file that has changed is read anew.

    Raises ConfigError naming line, column and the nearest word.
    """
    return _load(stamp(path))


def stamp(path: Path | None = None) -> Stamp:
    """Tell the register from what it was before its file changed: path, time of the change (ns), size (bytes).

    Raises ConfigError when the file is not there.
    """
    return procedure_lines.stamp(path)


def forget() -> None:
    """Read anew what was read before, whatever its stamp."""
    procedure_lines.forget()
    _load.cache_clear()


@lru_cache(maxsize=4)
def _load(file: Stamp) -> tuple[Registered, ...]:
    return tuple(_registered(line) for line in procedure_lines.read(Path(file[0])))


def _registered(line: Line) -> Registered:
    for column in WORDS:
        wrong(column, line[column], line.place)
    ended = line["status"] == "ended"
    if ended and line["statutory"]:
        found = "it ends the procedure, and tells a limit."
        raise ConfigError(line.place, found, "Leave the limit out, or the word ended.")
    return Registered(
        *line.key,
        name=line["name"],
        field=line["field"],
        department=line["department"],
        ministry=line["ministry"],
        levels=split(line["level"]),
        kind=line["kind"],
        centre=_said(line["centre"]),
        on_site=int(line["on_site"]) if line["on_site"] else None,
        awaits=line["awaits"],
        post=_said(line["post"]),
        online=line["online"],
        charges=_said(line["charges"]),
        ended=ended,
        statutory=line["statutory"],
        committed=line["committed"],
        basis=line["basis"],
        line=line.place,
    )


def split(text: str) -> tuple[str, ...]:
    """Give the words of a cell, parted by ";"."""
    return tuple(word for part in text.split(";") if (word := part.strip()))


def wrong(column: str, text: str, place: str) -> None:
    """Refuse a cell of ``column`` (of WORDS) with a word that is not known. Raises ConfigError."""
    for word in split(text) if column in SEVERAL else [text] if text else []:
        if word not in WORDS[column]:
            found = f'"{column}" is "{word}".{nearest(word, WORDS[column])}'
            raise ConfigError(place, found, f"Write {', '.join(WORDS[column])}, or leave it empty.")


def _said(text: str) -> bool | None:
    return text == "yes" if text else None
