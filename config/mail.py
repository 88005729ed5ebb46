"""How mail goes out: the server from the environment (DUNGHAN_SMTP_…) and a secret, the rest from mail.toml."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config import secret
from config.errors import ConfigError
from config.place import of
from config.provider import is_here
from config.reading import read_toml

NAME: Final = "mail.toml"
PASSWORD: Final = "DUNGHAN_SMTP_PASSWORD"  # nosec B105  # the name of a secret
Security = Literal["starttls", "tls", "none"]
PORTS: Final[dict[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}
#: What an address must be: one @, no sign that parts, quotes or breaks a line. Names beyond ASCII need a server of
#: their own kind (SMTPUTF8), which nobody here has.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LONGEST_ADDRESS: Final = 254


class Server(BaseSettings):
    """The mail server. ``sender``: the address that mail comes from (DUNGHAN_SMTP_FROM); ``name`` stands before it.

    ``ca_file``: a PEM file of who vouches for the server, where that is not an authority that the machine knows;
    ``domain``: of Message-IDs and of the greeting, else that of the sender. ``answer_seconds``: how long the server may
    take to answer once it has the message; RFC 5321 gives it ten minutes, for who hangs up too soon never knows.
    """

    model_config = SettingsConfigDict(env_prefix="DUNGHAN_SMTP_", frozen=True, extra="ignore", populate_by_name=True)
    host: str = ""
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "starttls"
    user: str = ""
    sender: str = Field(default="", validation_alias="DUNGHAN_SMTP_FROM")
    name: str = "Đúng Hạn"
    ca_file: Path | None = None
    domain: str = ""
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    answer_seconds: float = Field(default=600.0, gt=0, le=3600)

    @property
    def own_domain(self) -> str:
        """The domain in use; before mail is set up one that nobody can own (RFC 2606)."""
        return self.domain or self.sender.rpartition("@")[2] or "dunghan.invalid"

    @property
    def at_port(self) -> int:
        """The port in use."""
        return self.port or PORTS[self.security]


class Mail(BaseModel):
    """mail.toml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    operators: tuple[str, ...] = ()
    again_after_minutes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] = (
        1,
        5,
        15,
        60,
        240,
        720,
        1440,
        1440,
    )
    gateways: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = ()

    def again_after(self, attempts: int) -> timedelta | None:
        """Say how long to wait after the ``attempts``-th attempt, None when that was the last one."""
        told = self.again_after_minutes
        return timedelta(minutes=told[attempts - 1]) if attempts <= len(told) else None


def load(path: Path | None = None) -> Mail:
    """Give what mail.toml says. Raises ConfigError, also for an operator's address that is none."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> Mail:
    told = read_toml(where, Mail)
    for address in told.operators:
        if not is_address(address):
            raise ConfigError(str(where), f'"{address}" is no mail address.', "Mend it in operators.")
    return told


def server_told() -> Server:
    """Give what the environment says of the server, whole or not. Raises ConfigError for a value that cannot be."""
    try:
        return Server()
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        name = str(fault["loc"][0])
        place = name if name.isupper() else f"DUNGHAN_SMTP_{name.upper()}"
        raise ConfigError(place, f"{fault['msg']}.", "Mend it (docs/mail.md).") from None


def server() -> Server | None:
    """Give the server that mail goes through, None where none is set up. Raises ConfigError for half of one, and for
    a password that would cross a network in the clear."""
    told = server_told()
    if not told.host and not told.sender:
        return None
    for name, value in (("DUNGHAN_SMTP_HOST", told.host), ("DUNGHAN_SMTP_FROM", told.sender)):
        if not value:
            raise ConfigError(name, "it is missing, and a mail server is half set.", "Set it (docs/mail.md).")
    if not is_address(told.sender):
        raise ConfigError("DUNGHAN_SMTP_FROM", f'"{told.sender}" is no mail address.', "Write name@domain.")
    if told.user and password() is None:
        raise ConfigError(PASSWORD, "there is none, and a user is set.", "Set it, or take DUNGHAN_SMTP_USER out.")
    if told.user and told.security == "none" and not is_here(told.host):
        found = f"the password would go to {told.host} in the clear."
        raise ConfigError("DUNGHAN_SMTP_SECURITY", found, "Write starttls or tls.")
    return told


def password() -> str | None:
    """Give the password of the mail server's user, None where nobody set one."""
    return secret.found(PASSWORD)


def gateway(name: str) -> str | None:
    """Give the address of a gateway, which may hold a key: the secret DUNGHAN_GATEWAY_NAME."""
    return secret.found(f"DUNGHAN_GATEWAY_{name.upper()}")


def is_address(text: str) -> bool:
    """Say whether ``text`` is a mail address and nothing more."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None
