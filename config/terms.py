"""How the word of one source is taken, as an operator writes it: in a mapping, or under [source.terms]."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from config.errors import nearest


class SourceTerms(BaseModel):
    """The settings that change what dossiers of a source mean; their meaning: metrics.terms, docs/mapping.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    counting: Literal["days", "minutes"] = "days"
    precision: Literal["day", "minute"] = "day"
    promise: Literal["source", "computed"] = "source"
    moves: Literal["judged", "as_told"] = "judged"
    figures: Literal["counted", "beside"] = "counted"

    @field_validator("*", mode="before")
    @classmethod
    def _known_word(cls, value: Any, info: ValidationInfo) -> Any:
        known = get_args(cls.model_fields[str(info.field_name)].annotation)
        if value not in known:
            close = nearest(str(value), known) or f" Known: {', '.join(known)}."
            raise ValueError(f'"{value}" is no way of {info.field_name}.{close}')
        return value
