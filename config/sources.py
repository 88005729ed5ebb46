"""The sources an office reads: where they are, how to sign in, how often, and how their words are to be taken."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from config import secret as secrets
from config.errors import ConfigError, nearest
from config.mapping import TIME_ZONE, Mapping, load_mapping
from config.place import of
from config.reading import checked, read_toml
from config.terms import SourceTerms

Level = Literal["province", "district", "commune"]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Own = TypeVar("Own", bound=BaseModel)


class Request(_Told):
    """How a source wants to be asked; the names are those of its own manual, "" where it knows no such thing."""

    login_path: str = "/mapi/login"
    data_path: str = "/mapi/g"
    service: str = "DongBoHoSoMC"
    since: str = "tuNgay"
    until: str = "denNgay"
    page: str = "trang"
    page_size: str = "soLuong"
    total: str = "tongSo"
    no_session: tuple[str, ...] = ("401", "-1")
    rows_a_page: Annotated[int, Field(ge=1, le=50_000)] = 5_000
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    pause_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0  # between two pages: the source's rate limit


class Exchange(_Told):
    """How the words of the national format are to be taken; what the law leaves open is a line here."""

    #: TrangThaiHoSo → status, over the national list (1 submitted … 10 returned).
    statuses: dict[str, str] = {}
    #: 8 "dừng xử lý" without a closing date: the clock stands still. "stopped" quarantines the row instead.
    halted: Literal["paused", "stopped"] = "paused"
    #: 3 "không được tiếp nhận" with a date of receipt: handed back after acceptance.
    not_accepted_after_receipt: Literal["refused", "not_accepted"] = "refused"
    #: The column in which the source stamps its last change; "" where it does not.
    changed: str = "NgayCapNhat"
    #: Beginning of DonViXuLy → level; the first that fits. Everything else has ``level``.
    levels: dict[str, Level] = {
        "UBND xã": "commune", "UBND phường": "commune", "UBND đặc khu": "commune", "UBND thị trấn": "commune",
        "UBND huyện": "district", "UBND quận": "district", "UBND thị xã": "district",  # until 30/6/2025
    }  # fmt: skip
    level: Level | None = "province"
    #: Columns that may stop coming: the office knows why.
    may_lack: tuple[str, ...] = ()


class Privacy(_Told):
    """What of applicants is kept of a source whose format is fixed; one with a mapping says it there, [personal]."""

    #: Fields of its answers whose masked form (Ng*** V** A, …123) is kept to recognise a dossier by.
    keep_masked: tuple[str, ...] = ()


class Source(_Told):
    """One source. Secrets are named here, never written: an environment variable, or a file of that name.

    ``kind`` names a connector (connectors.registry); what only that connector wants to know stands in a table of its
    name, [source.KIND], and is read by ``told``.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: str = ""
    kind: str
    url: str = ""
    url_from: str = ""  # name of an environment variable; while it is not set, the source is off
    office: str = ""  # madonvi
    user_secret: str = ""
    password_secret: str = ""
    mapping: str = ""  # a mapping file (docs/mapping.md), beside this file; "" where the format is fixed
    time_zone: str = TIME_ZONE
    every_seconds: Annotated[int, Field(ge=5)] = 600
    cadence_minutes: Annotated[int, Field(ge=1)] = 30  # later than this is late
    #: Unit → within how many working days something is heard of it; units that are not named go by the source alone.
    unit_days: dict[str, Annotated[int, Field(ge=1, le=60)]] = {}
    overlap_minutes: Annotated[int, Field(ge=0)] = 10
    sweep_hours: Annotated[int, Field(ge=0)] = 24  # read from the very beginning so often, for what vanished; 0: never
    keep_raw_days: Annotated[int, Field(ge=0)] = 30  # 0: raw answers are not kept
    request: Request = Request()
    exchange: Exchange = Exchange()
    privacy: Privacy = Privacy()
    terms: SourceTerms = SourceTerms()
    own: dict[str, Any] = {}
    beside: Path = Path()  # the folder of sources.toml: file names in it are meant from there

    @model_validator(mode="before")
    @classmethod
    def _own_table(cls, told: Any) -> Any:
        """Take the table that is called as the kind: its connector reads it."""
        if not isinstance(told, dict):
            return told
        if hidden := {"own", "beside"} & told.keys():
            raise ValueError(f'"{hidden.pop()}" is not a key here; settings of a kind stand under [source.KIND]')
        kind = str(told.get("kind"))
        table = told.get(kind) if kind not in cls.model_fields else None
        return {k: v for k, v in told.items() if k != kind} | {"own": table} if isinstance(table, dict) else told

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"is no time zone.{nearest(zone, available_timezones())}")
        return zone

    @property
    def address(self) -> str:
        """Give the base address, "" while the source is off."""
        return (self.url or os.environ.get(self.url_from, "")).rstrip("/")

    @property
    def on(self) -> bool:
        """Say whether it is read at all: the variable that ``url_from`` names may not be set."""
        return not self.url_from or bool(os.environ.get(self.url_from))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def origin(self) -> str:
        """Say where its dossiers come from, for the record of a run: the address less any password, else the kind."""
        return re.sub(r"//[^@/]*@", "//", self.address) or self.kind

    @property
    def place(self) -> str:
        """Name it in messages about its settings."""
        return f'sources.toml, source "{self.name}"'

    def told(self, model: type[Own]) -> Own:
        """Give what stands under [source.KIND] as ``model``. Raises ConfigError, which names source and key."""
        return checked(self.own, model, place=f"{self.place}, [source.{self.kind}]")

    def mapping_file(self) -> Mapping:
        """Read its mapping, under its own name. Raises MappingError, ConfigError when both say what one may."""
        if not self.mapping:
            step = 'Write mapping = "FILE.toml", a file beside sources.toml; docs/mapping.md says what stands in it.'
            raise ConfigError(self.place, f'kind "{self.kind}" needs a mapping.', step)
        read = load_mapping(self.beside / self.mapping)
        if read.time_zone != self.time_zone or read.terms not in (self.terms, SourceTerms()):
            found = f"it and {self.mapping} disagree about time_zone or [terms]."
            raise ConfigError(self.place, found, "Say both here, and take them out of the mapping.")
        return read.model_copy(update={"source": self.name, "terms": self.terms})


class SourcesFile(_Told):
    """sources.toml as written."""

    source: tuple[Source, ...] = ()


def load(path: Path | None = None) -> tuple[Source, ...]:
    """Give the sources of ``path``, else of DUNGHAN_SOURCES, else of config.place. Raises ConfigError."""
    where = path or Path(os.environ.get("DUNGHAN_SOURCES") or of("sources.toml"))
    told = read_toml(where, SourcesFile).source
    names = [s.name for s in told]
    for name in {n for n in names if names.count(n) > 1}:
        raise ConfigError(str(where), f'two sources are called "{name}".', "Give each its own name.")
    return tuple(s.model_copy(update={"beside": where.parent}) for s in told)


def chosen(names: tuple[str, ...], path: Path | None = None) -> tuple[Source, ...]:
    """Give the sources called ``names``; without names, all that are on. Raises ConfigError with the nearest match."""
    known = {s.name: s for s in load(path)}
    for name in names:
        if name not in known:
            found = f'no source is called "{name}".{nearest(name, known)}'
            raise ConfigError("sources.toml", found, f"Known: {', '.join(known) or 'none'}.")
        if not known[name].on:
            raise ConfigError(known[name].place, f"{known[name].url_from} is not set, so it has no address.", "Set it.")
    return tuple(known[n] for n in names) if names else tuple(s for s in known.values() if s.on)


def secret(source: Source, name: str) -> str:
    """Read a secret by its name: the environment, else a file in DUNGHAN_SECRETS. Raises ConfigError."""
    if value := secrets.found(name):
        return value
    if not name:
        raise ConfigError(source.place, "no secret is named.", "Write user_secret, password_secret as its kind wants.")
    raise ConfigError(
        source.place,
        f'the secret "{name}" is not set.',
        "Put it into the environment, or into a file of that name in the folder DUNGHAN_SECRETS.",
    )
