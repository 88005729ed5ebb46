"""Read a TOML file into a checked value; an error names the file, the key, what was found and the nearest word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import ConfigError, DunghanError, nearest

Told = TypeVar("Told", bound=BaseModel)


def read_toml(path: Path, model: type[Told], error: type[DunghanError] = ConfigError) -> Told:
    """Read ``path`` as ``model``. Raises ``error`` when it is missing, no TOML, or not as the model wants it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as missing:
        raise error(str(path), "there is no such file.", "Check the name, or create it.") from missing
    except OSError as broken:
        raise closed(path, broken, error) from broken
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise error(str(path), f"not readable as TOML: {broken}.", "Mend that line.") from broken
    return checked(told, model, place=str(path), error=error)


def closed(path: Path, why: OSError, error: type[DunghanError] = ConfigError) -> DunghanError:
    """Give the error for a file that is there and cannot be read."""
    return error(str(path), f"it cannot be read: {why.strerror}.", "Mend its rights or its folder's.")


def checked(told: Mapping[str, Any], model: type[Told], *, place: str, error: type[DunghanError] = ConfigError) -> Told:
    """Take what was read as ``model``. Raises ``error`` at ``place`` with the first thing that is not as it wants."""
    try:
        return model.model_validate(told)
    except ValidationError as wrong:
        raise error(place, *_first(wrong, model)) from wrong


def _first(wrong: ValidationError, model: type[BaseModel]) -> tuple[str, str]:
    """Put one complaint in words; a misspelt key before the key that it leaves missing."""
    faults = wrong.errors()
    fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    place = _key(fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = sorted(_known(model))
        return f'"{place}" is not a key here.{nearest(str(fault["loc"][-1]), known)}', "Take it out or mend its name."
    if fault["type"] == "missing":
        return f'"{place}" is missing.', "Add it."
    said, value = fault["msg"].removeprefix("Value error, "), fault.get("input")
    return f'"{place}": {said} (found {_short(value)}).{_near(value, fault.get("ctx", {}))}', "Mend that value."


def _key(steps: Iterable[str | int]) -> str:
    """Write a key as people count: ``day[3].kind`` is ``kind`` of the third ``[[day]]``."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _near(value: Any, said: Mapping[str, Any]) -> str:
    """Give the nearest of the words that may stand there, where the model lists them."""
    return nearest(value, re.findall("'([^']*)'", str(said.get("expected", "")))) if isinstance(value, str) else ""


def _known(model: type[BaseModel]) -> set[str]:
    """Gather the keys of a model and of the models inside it, for the nearest match."""
    names = {field.alias or name for name, field in model.model_fields.items()}
    for field in model.model_fields.values():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not model:
                names |= _known(kind)
    return names


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
