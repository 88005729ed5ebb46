"""Load a file of satisfaction slips, or only show how it would be read; keep how many people were asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.errors import ConfigError
from config.personal import hide
from config.surveys import load_mapping
from connectors import surveys as reading
from connectors.files import read_settled
from connectors.readers import read_file
from connectors.survey_suggest import suggest
from connectors.surveys import Slips
from metrics.scope import Period
from metrics.terms import Terms
from store import surveys
from store.database import Store
from store.intakes import WORKER, Counts, Intake
from store.surveys import Asked

_LONGEST = 80  # signs of a survey's name


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load did: ``counts.read`` = new + unchanged + refused. ``reasons``: of rows refused in the file itself;
    ``contradicting``: slips that the store keeps with another content; ``skipped``: rows that are no slips."""

    file: str
    survey: str
    counts: Counts
    reasons: Mapping[str, int]
    contradicting: int
    skipped: int
    dropped: tuple[str, ...]


def read(path: Path, *, survey: str, mapping: Path | None, at: datetime) -> tuple[str, Slips]:
    """Give the survey's name (of a file that names none: the file's) and how ``path`` would be read; nothing is stored.
    ``mapping``: else FILE.toml beside it, else the national form. Raises SourceError, MappingError, ConfigError."""
    return _read(read_settled(path), path, survey, mapping, at, otherwise=path.stem)


def load(store: Store, path: Path, *, survey: str, mapping: Path | None, at: datetime, by: str = WORKER) -> Loaded:
    """Load ``path`` into ``store`` at ``at`` (aware): good rows kept, the others refused with their reasons, in one
    transaction. The same file twice changes nothing. Raises as ``read``, and StoreError; then nothing was stored."""
    data = read_settled(path)
    name, told = _read(data, path, survey, mapping, at)
    intake = Intake("surveys", hide(path.name), by, at, hashlib.sha256(data).hexdigest())
    counts = surveys.take(store, name, told.slips, told.refused, intake=intake, repeated=told.repeated)
    other = counts.refused - told.refused.height
    return Loaded(hide(path.name), name, counts, told.reasons(), other, told.skipped, tuple(map(hide, told.dropped)))


def _read(
    data: bytes, path: Path, survey: str, mapping: Path | None, at: datetime, otherwise: str = ""
) -> tuple[str, Slips]:
    where = mapping or _beside(path)
    chosen = load_mapping(where) if where else None
    name = _named(survey or (chosen.survey if chosen else "") or otherwise)
    zone = chosen.time_zone if chosen else Terms().zone
    day = at.astimezone(ZoneInfo(zone)).date()
    return name, reading.read(data, name=path.name, mapping=chosen, survey=name, today=day)


def _named(survey: str) -> str:
    name = survey.strip()
    if not name or len(name) > _LONGEST:
        found = "no survey is named." if not name else f"the name has more than {_LONGEST} signs."
        raise ConfigError("--survey", found, 'Name it by --survey NAME, or write survey = "NAME" in the mapping.')
    return name


def _beside(path: Path) -> Path | None:
    """Find the mapping that stands beside a file: ``phieu.csv.toml`` or ``phieu.toml``."""
    places = (path.with_name(path.name + ".toml"), path.with_suffix(".toml"))
    return next((p for p in places if p.is_file()), None)


def suggested(path: Path, survey: str) -> str:
    """Give the text of a mapping to begin with, from the headers of ``path``. Raises SourceError, MappingError."""
    return suggest(read_file(read_settled(path), name=path.name), survey)


def ask(
    store: Store, survey: str, period: Period, number: int, *, department: str, at: datetime, by: str = WORKER
) -> Counts:
    """Keep that ``survey`` asked ``number`` people in ``period``. Raises ConfigError, StoreError."""
    told = Asked(_named(survey), period, number, department.strip() or None)
    return surveys.ask(store, told, intake=Intake("surveys", f"asked: {told.survey}", by, at))
