"""What an office writes on its reports: the head of the document and the choices of each edition."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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
    """Choices of the weekly edition; day counts are working days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    week_starts: Literal["friday", "monday"] = "friday"
    answer_within: int = Field(default=5, ge=1, le=60)
    reconnect_within: int = Field(default=2, ge=1, le=60)
    printed_overdue: int = Field(default=1000, ge=1)
    printed_departments: int = Field(default=14, ge=1)
    printed_fields: int = Field(default=16, ge=1)


class ReportSettings(BaseModel):
    """report.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    letterhead: Letterhead
    friday: Friday = Friday()


def load(path: Path | None = None) -> ReportSettings:
    """Give the report's settings. Raises ConfigError naming the file and the key."""
    return _load(path or of("report.toml"))


@cache
def _load(path: Path) -> ReportSettings:
    return read_toml(path, ReportSettings)
