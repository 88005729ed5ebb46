"""What an operator says about an export of satisfaction slips: the mapping TOML, read and checked (docs/surveys.md)."""

from __future__ import annotations

from collections.abc import Mapping as Told
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.errors import MappingError
from config.mapping import TIME_ZONE, DateReading, FileShape, Joined, Mapping
from config.mapping_parts import Part, Words
from config.reading import read_toml

Way = Literal["paper", "kiosk", "web", "phone", "message"]
#: Fields of a slip that a column may carry. ``score`` and ``answered_on`` are those without which there is no slip.
FIELDS: Final = ("slip", "answered_on", "score", "department", "field", "procedure", "code", "way")
LOWEST, HIGHEST = 1, 5
#: Words that say how satisfied somebody was; a mapping's own words come first.
SCORES: Final[Told[str, int]] = {
    "rất hài lòng": 5, "rất tốt": 5, "very satisfied": 5, "5 sao": 5, "5": 5,
    "hài lòng": 4, "tốt": 4, "satisfied": 4, "4 sao": 4, "4": 4,
    "bình thường": 3, "trung lập": 3, "trung bình": 3, "neutral": 3, "3 sao": 3, "3": 3,
    "không hài lòng": 2, "chưa hài lòng": 2, "kém": 2, "dissatisfied": 2, "2 sao": 2, "2": 2,
    "rất không hài lòng": 1, "rất kém": 1, "very dissatisfied": 1, "1 sao": 1, "1": 1,
}  # fmt: skip
WAYS: Final[Told[str, Way]] = {
    "phiếu giấy": "paper", "giấy": "paper", "phiếu": "paper", "trực tiếp": "paper", "paper": "paper",
    "kiosk": "kiosk", "màn hình cảm ứng": "kiosk", "máy tính bảng": "kiosk", "tại quầy": "kiosk",
    "trực tuyến": "web", "cổng dịch vụ công": "web", "website": "web", "web": "web", "qr": "web",
    "điện thoại": "phone", "tổng đài": "phone", "phone": "phone",
    "zalo": "message", "sms": "message", "tin nhắn": "message", "message": "message",
}  # fmt: skip


def _as_columns(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Columns = Annotated[Words, BeforeValidator(_as_columns), Field(min_length=1)]
Score = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]


class SlipColumns(Part):
    """Which column of the file carries which field of a slip; of several the first that is filled."""

    answered_on: Columns
    score: Columns
    slip: Columns | None = None
    department: Columns | None = None
    field: Columns | None = None
    procedure: Columns | None = None
    code: Columns | None = None
    way: Columns | None = None

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """Give field → columns, of those that the mapping names."""
        return {name: told for name in FIELDS if (told := getattr(self, name)) is not None}


class SurveyMapping(Part):
    """One mapping of a survey. ``parts``: name of a question → its column; ``scores``: word of the file → 1 to 5."""

    survey: str = ""
    title: str = ""
    way: Way | None = None  # of every slip, where no column tells it
    department: str = ""  # of every slip, where no column tells it
    time_zone: str = TIME_ZONE
    file: FileShape = FileShape()
    columns: SlipColumns
    parts: dict[str, str] = {}
    scores: dict[str, Score] = {}
    ways: dict[str, Way] = {}
    dates: DateReading = DateReading()

    @model_validator(mode="after")
    def _one_column_one_field(self) -> Self:  # noqa: N804 - an "after" validator is given the model itself
        """Refuse one column for two fields; the code of a dossier may be the number of its slip."""
        fields = self.columns.named
        names = [
            name for field, told in fields.items() if field != "code" or told != self.columns.slip for name in told
        ]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f'the column "{twice[0]}" is named for two fields. Name each column once')
        return self

    @property
    def for_readers(self) -> Mapping:
        """Give it as the readers of files want a mapping: they look at its layout and at the columns it names."""
        key = self.columns.slip or self.columns.answered_on  # by which totals and signatures under a table are known
        named: dict[str, tuple[str | Joined, ...]] = {**self.columns.named, "code": key}
        named |= {f"part {name}": (column,) for name, column in self.parts.items()}
        return Mapping.model_construct(source=self.survey, file=self.file, columns=named, dates=self.dates)


def load_mapping(path: Path) -> SurveyMapping:
    """Read and check a mapping file. Raises MappingError."""
    return read_toml(path, SurveyMapping, MappingError)


#: How the national portal's answers are read: the exchange's names, its stamps and its numbers (docs/surveys.md).
NATIONAL: Final = SurveyMapping(
    way="web",
    columns=SlipColumns(
        slip=("MaDanhGia",), answered_on=("NgayDanhGia",), score=("MucDo",), department=("DonViXuLy",),
        field=("TenLinhVuc",), procedure=("MaTTHC",), code=("MaHoSo",),
    ),
    dates=DateReading(formats=("yyyyMMddHHmmss",)),
)  # fmt: skip
#: Columns without which it is not that form.
NATIONAL_NEEDS: Final = ("MaHoSo", "NgayDanhGia", "MucDo")
