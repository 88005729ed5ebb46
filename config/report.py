"""What an office writes on its reports: the head of the document and the choices of each edition."""

from __future__ import annotations

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from config.place import of
from config.reading import read_toml

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Lines = Annotated[tuple[Text, ...], Field(min_length=1)]


class Letterhead(BaseModel):
    """Head and foot of the document (Nghị định 30/2020/NĐ-CP, Phụ lục I); lines are broken by hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    parent: Lines
    agency: Lines
    symbol: Text
    place: Text
    to: Text
    kind: Text
    subject: Text
    asked: Text
    authority: Text
    signer: str = ""
    copies: Lines


class Friday(BaseModel):
    """Choices of the report, every edition's; day counts are working days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    week_starts: Literal["friday", "monday"] = "friday"
    answer_within: int = Field(default=5, ge=1, le=60)
    reconnect_within: int = Field(default=2, ge=1, le=60)
    printed_overdue: int = Field(default=1000, ge=1)
    printed_departments: int = Field(default=14, ge=1)
    printed_fields: int = Field(default=16, ge=1)
    online_by_department: bool = False
    cumulative_since: date | Literal["", "year"] = ""
    draft_at: time = time(7, 30)
    issue_at: time = time(8)
    approval: Literal["director", "automatic"] = "director"
    editions: tuple[Literal["friday", "month", "quarter", "year"], ...] = ("friday",)
    silent_share: float = Field(default=0.1, ge=0, le=1)
    restated_weeks: int = Field(default=13, ge=0, le=60)

    @model_validator(mode="after")
    def _drafted_before(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if self.draft_at > self.issue_at:
            raise ValueError("issue_at must not be earlier than draft_at")
        return self


class Recipient(BaseModel):
    """Who gets an edition by mail. ``department`` "": the whole province's, else that department's own sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Literal["friday", "month", "quarter", "year"]
    department: str = ""
    to: Annotated[tuple[Text, ...], Field(min_length=1)]
    channel: Text = "mail"


class UnitSheet(BaseModel):
    """Head and foot of one department's own sheet; ``{unit}`` in ``to`` stands for its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    to: Text = "Thủ trưởng {unit}"
    asks: Text = "Đề nghị đơn vị"
    copies: Lines = ("Như trên", "Lưu: VT")

    @field_validator("to")
    @classmethod
    def _names_nothing_else(cls, value: str) -> str:
        if "{" in value.replace("{unit}", "") or "}" in value.replace("{unit}", ""):
            raise ValueError("only {unit} may stand in braces")
        return value


class ReportSettings(BaseModel):
    """report.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    letterhead: Letterhead
    friday: Friday = Friday()
    unit_sheet: UnitSheet = UnitSheet()
    recipients: tuple[Recipient, ...] = ()

    def to(self, kind: str, department: str = "") -> tuple[tuple[str, str], ...]:
        """Give channel and address of everybody who gets an edition, each once, in the order of the file."""
        mine = (told for told in self.recipients if (told.kind, told.department) == (kind, department))
        return tuple(dict.fromkeys((told.channel, address) for told in mine for address in told.to))


def load(path: Path | None = None) -> ReportSettings:
    """Give the report's settings. Raises ConfigError naming the file and the key."""
    return _load(path or of("report.toml"))


@cache
def _load(path: Path) -> ReportSettings:
    return read_toml(path, ReportSettings)
