"""What an operator says about an export of procedures: the mapping TOML, read and checked (docs/procedures.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from config import registered
from config.errors import ConfigError, MappingError, nearest
from config.mapping import FileShape, Joined, Mapping, RowChoice
from config.mapping_parts import Part, Words
from config.procedure_lines import FACTS
from config.reading import checked, read_toml

#: What may be mapped beside the facts of a line. ``channels``: one cell that lists the ways to hand in;
#: ``statutory_least``: the shorter end of a span of limits, only counted.
BESIDE: Final = (
    "procedure", "basis", "statutory", "statutory_unit", "statutory_least", "committed", "committed_unit", "channels",
)  # fmt: skip
FIELDS: Final = (*BESIDE, *FACTS)
UNITS: Final = ("wd", "d", "wh", "m")
Headings = Annotated[Words, Field(min_length=1)]


def _as_shape(value: object) -> object:
    return {} if value is None else value


class RegisterMapping(Part):
    """One mapping. ``columns``: our column → heading, or several of which the first filled counts; ``words``: our
    column → word of the file → our word; ``marks``: heading of a column of crosses → what a cross says; ``empty``: our
    column → what an empty cell says there; ``pad_codes``: give codes back the noughts that a spreadsheet took.
    """

    title: str = ""
    file: Annotated[FileShape, BeforeValidator(_as_shape)] = FileShape()
    rows: RowChoice = RowChoice()
    columns: dict[str, Headings]
    constants: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    marks: dict[str, dict[str, str]] = {}
    empty: dict[str, str] = {}
    pad_codes: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        """Refuse columns and words that the register does not know, before any file is opened."""
        if "procedure" not in self.columns:
            raise ValueError('columns.procedure is missing. Write procedure = "the column with the code"')
        for name in (*self.columns, *self.constants, *self.words, *self.empty, *self._marked):
            if name not in FIELDS:
                raise ValueError(f'the register has no column "{name}".{nearest(name, FIELDS)}')
        told = [
            *self.constants.items(),
            *self.empty.items(),
            *(p for mark in self.marks.values() for p in mark.items()),
        ]
        told += [(name, word) for name, words in self.words.items() for word in words.values()]
        for name, word in told:
            known(name, word)
        return self

    @property
    def _marked(self) -> tuple[str, ...]:
        return tuple(name for mark in self.marks.values() for name in mark)

    @property
    def told(self) -> frozenset[str]:
        """The columns of the register that this mapping says something of."""
        named = {*self.columns, *self.constants, *self._marked, *self.empty}
        channels = {"post", "online"} if "channels" in named else set()
        return frozenset((named | channels) & {"statutory", "committed", "basis", *FACTS})

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the file that are read."""
        return (*(heading for several in self.columns.values() for heading in several), *self.marks)

    @property
    def for_readers(self) -> Mapping:
        """Give it as the readers of files want a mapping: they look at its layout and at the columns it names."""
        named: dict[str, tuple[str | Joined, ...]] = {"code": tuple(self.columns["procedure"])}
        named["procedure_name"] = tuple(h for h in self.headings if h not in self.columns["procedure"])
        return Mapping.model_construct(source="register", file=self.file, rows=self.rows, columns=named)


def known(column: str, word: str) -> str:
    """Give ``word`` where the register knows it in ``column``. Raises ValueError naming the nearest."""
    if column in ("statutory_unit", "committed_unit") and word not in UNITS:
        raise ValueError(f'"{word}" is no unit of a limit.{nearest(word, UNITS)} Write {", ".join(UNITS)}')
    if column in registered.WORDS:
        try:
            registered.wrong(column, word, column)
        except ConfigError as error:
            raise ValueError(f"{error.found} {error.next_step.rstrip('.')}") from None
    return word


def load_mapping(path: Path) -> RegisterMapping:
    """Read and check a mapping file. Raises MappingError."""
    return read_toml(path, RegisterMapping, MappingError)


def of(columns: dict[str, tuple[str, ...]], *, place: str) -> RegisterMapping:
    """Make a mapping of headings that are known. Raises MappingError."""
    return checked({"columns": columns}, RegisterMapping, place=place, error=MappingError)
