"""What an operator says about a file: the mapping TOML, read and checked. The handbook is docs/mapping.md."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_validator, model_validator

from config.errors import MappingError, nearest
from config.mapping_parts import Extended, Part, Rows, Suspended, Words
from config.terms import SourceTerms

TIME_ZONE: Final = "Asia/Ho_Chi_Minh"  # of the whole country: nothing in it keeps another
TEXT_FIELDS: Final = (
    "code", "other_code", "status", "procedure", "procedure_name", "field", "department", "receiving_unit",
    "holding_unit", "level", "channel", "applicant_kind", "step", "handler",
)  # fmt: skip
DATE_FIELDS: Final = (
    "submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at", "changed_at",
)  # fmt: skip
NUMBER_FIELDS: Final = ("fee", "components", "components_digitised", "components_reused", "results")
WORD_FIELDS: Final = ("payment", "returned_by")  # words of closed sets, beside status, channel, level, applicant_kind
FIELDS: Final = (*TEXT_FIELDS, *DATE_FIELDS, *NUMBER_FIELDS, *WORD_FIELDS)
STATUSES: Final = (
    "submitted", "accepted", "not_accepted", "processing", "supplement", "payment", "paused", "withdrawn", "refused",
    "stopped", "resolved", "returned",
)  # fmt: skip
StatusWord = Literal[
    "submitted", "accepted", "not_accepted", "processing", "supplement", "payment", "paused", "withdrawn", "refused",
    "stopped", "resolved", "returned",
]  # fmt: skip
ChannelWord = Literal["online", "counter", "post"]
LevelWord = Literal["province", "district", "commune"]
KnownWords = Literal["vietnamese", "national", "opencps", "english"]


Sheets = Annotated[tuple[str | int, ...], Field(min_length=1)]


class Joined(Part):
    """Columns whose texts make one value together, such as a date and an hour."""

    join: Words = Field(min_length=1)
    between: str = " "


def _as_columns(value: object) -> object:
    """Read a column name, a list of alternatives, or ``{join = [...]}``."""
    return (value,) if isinstance(value, str | dict) else value


Columns = Annotated[tuple[str | Joined, ...], BeforeValidator(_as_columns)]


class FileShape(Part):
    """How the file is laid out."""

    format: Literal["auto", "csv", "xlsx", "xes", "json", "parquet", "zip"] = "auto"
    sheet: str | int | None = None  # a name, or 1 for the first
    sheets: Literal["all"] | Sheets | None = None  # several sheets in one load
    rows_at: str = ""  # where the list of rows stands in a JSON file: "data.items"
    header_row: Literal["auto"] | Rows = "auto"  # 1 is the first row of the file; two numbers for a header in two rows
    delimiter: str = "auto"
    encoding: str = "auto"
    missing: Words = ()  # further texts that mean an empty cell
    fill_down: Words = ()  # columns with vertically merged cells

    @model_validator(mode="after")
    def _one_choice_of_sheets(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        if self.sheet is not None and self.sheets is not None:
            raise ValueError("file.sheet and file.sheets are both given. Keep one of them")
        return self

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, value: str) -> str:
        if len(value) != 1 and value not in ("auto", "tab", "\\t"):
            raise ValueError(f'"{value}" is not one sign. Write "auto", "tab" or a sign such as ";"')
        return value


class RowChoice(Part):
    """Which rows are dossiers."""

    skip_starting: Words = ()  # rows whose first filled cell starts so
    keep: dict[str, Words] = {}
    skip: dict[str, Words] = {}


class DateReading(Part):
    """How the file writes days and hours."""

    formats: Words = ()
    day_first: bool | None = None
    only: bool = False  # read nothing but the formats
    columns: dict[str, Words] = {}  # our field → formats of that field alone

    @field_validator("columns")
    @classmethod
    def _dates_exist(cls, value: dict[str, Words]) -> dict[str, Words]:
        return {_one_of(name, (*DATE_FIELDS, "event_at"), "date field"): formats for name, formats in value.items()}


class StatusReading(Part):
    """Which words mean which status, and what decides that a dossier is closed."""

    closed_when: Literal["status", "finish_date"] | None = None
    missing: Literal["from_dates", "reject"] | StatusWord = "from_dates"
    unknown: Literal["reject", "from_dates"] = "reject"
    known: tuple[KnownWords, ...] | None = None
    words: dict[str, StatusWord] = {}


class Duplicates(Part):
    """Which of several rows of one code counts."""

    keep: Literal["last", "first", "newest"] = "last"
    newest_by: str = "changed_at"


class Events(Part):
    """One row per event; the last one wins. Lists name activities of the file."""

    time: str
    activity: str | None = None
    resource: str | None = None
    received: Words = ()
    submitted: Words = ()
    not_accepted: Words = ()
    resolved: Words = ()
    returned: Words = ()
    withdrawn: Words = ()
    refused: Words = ()
    stopped: Words = ()
    reopened: Words = ()  # takes every earlier ending back
    suspended: Words = ()  # papers were asked for: the clock stands from here …
    resumed: Words = ()  # … to the next of these
    last_row_only: Words = ("resolved_at", "returned_at", "rejected_at")

    @field_validator("last_row_only")
    @classmethod
    def _fields_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_one_of(name, FIELDS, "field") for name in value)

    @property
    def names_activities(self) -> bool:
        """Say whether some list names an activity, and not only the first or the last event."""
        starts, ends = ("received", "submitted", "not_accepted"), ("resolved", "returned", "withdrawn", "refused")
        kinds = (*starts, *ends, "stopped", "reopened")
        return any({*getattr(self, kind)} - {"first", "last"} for kind in (*kinds, "suspended", "resumed"))


class Due(Part):
    """A due date that is reckoned from the receipt because the file has none."""

    days_column: str | None = None
    days: float | None = None
    unit: Literal["calendar_days", "working_days", "hours"] = "calendar_days"


class Personal(Part):
    """What must not be kept."""

    columns: Words = ()
    keep: Words = ()  # columns that only look personal
    keep_masked: Words = ()  # columns whose masked cells (Ng*** V** A, …123) are kept to recognise a dossier by
    handler: Literal["pseudonym", "keep"] = "pseudonym"
    realm: str = ""  # sources of one realm give one officer one pseudonym; "": this source alone


class Mapping(Part):
    """One mapping file. Errors of its readers are ``MappingError`` with file, key, what was found, what to write."""

    source: str = Field(min_length=1, max_length=100)
    title: str = ""
    time_zone: str = TIME_ZONE
    cadence_minutes: int | None = None
    file: FileShape = FileShape()
    rows: RowChoice = RowChoice()
    columns: dict[str, Columns] = {}
    constants: dict[str, str] = {}
    dates: DateReading = DateReading()
    status: StatusReading = StatusReading()
    channels: dict[str, ChannelWord] = {}
    levels: dict[str, LevelWord] = {}
    applicant_kinds: dict[str, Literal["citizen", "business", "agency", "organisation"]] = {}
    duplicates: Duplicates = Duplicates()
    events: Events | None = None
    due: Due | None = None
    suspensions: tuple[Suspended, ...] = ()
    extensions: tuple[Extended, ...] = ()
    personal: Personal = Personal()
    terms: SourceTerms = SourceTerms()

    @field_validator("source")
    @classmethod
    def _names_a_file(cls, value: str) -> str:
        """Refuse a name that would lead out of the folder in which the mapping is kept under it."""
        if value.startswith(".") or not value.isprintable() or set(value) & set("/\\"):
            raise ValueError("is no name: write letters, digits, - and _.")
        return value

    @field_validator("columns", "constants")
    @classmethod
    def _fields_exist(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name in value:
            _one_of(name, FIELDS, "field")
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        return _one_of(value, sorted(available_timezones()), "time zone")

    @model_validator(mode="after")
    def _enough_to_begin(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        """Refuse a mapping that can make no dossier at all, before any file is opened."""
        if "code" not in self.columns:
            raise ValueError('columns.code is missing. Write code = "the column with the dossier code"')
        starts = {"received_at", "submitted_at"} & {*self.columns, *self.constants}
        if not starts and not (self.events and (self.events.received or self.events.submitted)):
            raise ValueError("columns.received_at is missing. Every dossier begins: map received_at or submitted_at")
        if self.events and self.events.activity is None and self.events.names_activities:
            raise ValueError("events.activity is missing. Name the column in which the activities stand")
        _one_of(self.duplicates.newest_by, DATE_FIELDS, "date field")
        if self.duplicates.keep == "newest" and self.duplicates.newest_by not in self.columns:
            raise ValueError(f"duplicates.newest_by is {self.duplicates.newest_by}, which is not in columns")
        return self

    @property
    def closed_when(self) -> str:
        """Say what decides between open and closed: the status where the file has one, else the finish date."""
        has_status = "status" in self.columns or "status" in self.constants
        return self.status.closed_when or ("status" if has_status else "finish_date")


def _one_of(word: str, known: Any, what: str) -> str:
    if word not in known:
        raise ValueError(f'there is no {what} "{word}".{nearest(word, known)}')
    return word


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises ``MappingError``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(str(path), f"cannot be read: {error}.", "Save it as UTF-8 text and give its path.") from None
    return parse_mapping(text, place=path.name)


def parse_mapping(text: str, *, place: str = "mapping") -> Mapping:
    """Check the text of a mapping file; ``place`` names it in errors. Raises ``MappingError``."""
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(place, f"is not TOML: {error}.", "Mend that line; texts stand in quotes.") from None
    except ValidationError as error:
        raise _explain(error, place) from None


def _explain(error: ValidationError, place: str) -> MappingError:
    first = error.errors()[0]
    where = [str(p) for p in first["loc"]]
    key = ".".join(where)
    if first["type"] == "extra_forbidden":
        known = _keys_of(where[:-1])
        found = f'there is no key "{where[-1]}".{nearest(where[-1], known)}'
        return MappingError(f"{place}, {key}" if key else place, found, f"Known here: {', '.join(known)}.")
    if first["type"] == "missing":
        return MappingError(place, f'the key "{key}" is missing.', f'Add the key "{key}".')
    message = first["msg"].removeprefix("Value error, ")
    found = f"{message.rstrip('.')}; found {first['input']!r}."
    if first["type"] == "value_error":
        found = message if message.endswith(("?", ".")) else message + "."
    return MappingError(f"{place}, {key}" if key else place, found, "See docs/mapping.md for what may stand there.")


def _keys_of(where: list[str]) -> list[str]:
    model: Any = Mapping
    for step in (s for s in where if not s.isdigit()):
        field = model.model_fields.get(step) if hasattr(model, "model_fields") else None
        model = _model_in(field.annotation) if field else None
        if model is None:
            return []
    return sorted(model.model_fields)


def _model_in(annotation: Any) -> Any:
    options = [annotation, *getattr(annotation, "__args__", ())]
    return next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)
