"""The sources an office reads: where they are, how to sign in, how often, and how their words are to be taken."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from config.errors import ConfigError, nearest
from config.place import of
from config.reading import read_toml
from config.terms import SourceTerms

TIME_ZONE: Final = "Asia/Ho_Chi_Minh"
Kind = Literal["national_portal", "demo"]
Level = Literal["province", "district", "commune"]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    levels: dict[str, Level] = {"UBND xã": "commune", "UBND phường": "commune", "UBND đặc khu": "commune"}
    level: Level | None = "province"
    #: Columns that may stop coming: the office knows why.
    may_lack: tuple[str, ...] = ()


class Source(_Told):
    """One source. Secrets are named here, never written: an environment variable, or a file of that name."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: str = ""
    kind: Kind
    url: str = ""
    url_from: str = ""  # name of an environment variable; while it is not set, the source is off
    office: str = ""  # madonvi
    user_secret: str = ""
    password_secret: str = ""
    time_zone: str = TIME_ZONE
    every_seconds: Annotated[int, Field(ge=5)] = 600
    cadence_minutes: Annotated[int, Field(ge=1)] = 30  # later than this is late
    overlap_minutes: Annotated[int, Field(ge=0)] = 10
    keep_raw_days: Annotated[int, Field(ge=0)] = 30  # 0: raw answers are not kept
    request: Request = Request()
    exchange: Exchange = Exchange()
    terms: SourceTerms = SourceTerms()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"is no time zone.{nearest(zone, available_timezones())}")
        return zone

    @model_validator(mode="after")
    def _reachable(self) -> Source:  # noqa: N804 - pydantic hands the value itself to a validator that runs after
        if bool(self.url) == bool(self.url_from):
            raise ValueError(f'source "{self.name}" needs either url or url_from')
        if self.kind != "demo" and not (self.user_secret and self.password_secret and self.office):
            raise ValueError(f'source "{self.name}" needs office, user_secret and password_secret')
        return self

    @property
    def address(self) -> str:
        """Give the base address, "" while the source is off."""
        return (self.url or os.environ.get(self.url_from, "")).rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


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
    return told


def chosen(names: tuple[str, ...], path: Path | None = None) -> tuple[Source, ...]:
    """Give the sources called ``names``; without names, all that are on. Raises ConfigError with the nearest match."""
    known = {s.name: s for s in load(path)}
    for name in names:
        if name not in known:
            found = f'no source is called "{name}".{nearest(name, known)}'
            raise ConfigError("sources.toml", found, f"Known: {', '.join(known) or 'none'}.")
        if not known[name].address:
            raise ConfigError(
                f'sources.toml, source "{name}"', f"{known[name].url_from} is not set, so it has no address.", "Set it."
            )
    return tuple(known[n] for n in names) if names else tuple(s for s in known.values() if s.address)


def secret(source: Source, name: str) -> str:
    """Read a secret by its name: the environment, else a file in DUNGHAN_SECRETS. Raises ConfigError."""
    if value := os.environ.get(name):
        return value
    folder = os.environ.get("DUNGHAN_SECRETS")
    file = Path(folder) / name if folder else None
    if file and file.is_file():
        return file.read_text(encoding="utf-8").strip()
    raise ConfigError(
        f'sources.toml, source "{source.name}"',
        f'the secret "{name}" is not set.',
        "Put it into the environment, or into a file of that name in the folder DUNGHAN_SECRETS.",
    )
