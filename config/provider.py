"""The provider at which people sign in, from the environment: DUNGHAN_OIDC_…, DUNGHAN_PUBLIC_URL and a secret."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from config import secret
from config.errors import ConfigError
from config.settings import Settings, settings

#: The address of the dashboard to which the provider sends people back.
RETURN_PATH: Final = "/dang-nhap/tinh/ve"
SECRET: Final = "DUNGHAN_OIDC_CLIENT_SECRET"  # nosec B105  # the name of a secret


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and what we are called there. ``public_url``: our own address, as readers type it."""

    issuer: str
    client_id: str
    public_url: str
    secret: str | None = field(default=None, repr=False)

    @property
    def return_url(self) -> str:
        """The address to which the provider sends people back; never taken from what a request says."""
        return self.public_url + RETURN_PATH


def provider(told: Settings | None = None) -> Provider | None:
    """Give the provider of the settings, None where none is set. Raises ConfigError for half of one, and for http."""
    told = told or settings()
    wanted = {
        "DUNGHAN_OIDC_ISSUER": told.oidc_issuer,
        "DUNGHAN_OIDC_CLIENT_ID": told.oidc_client_id,
        "DUNGHAN_PUBLIC_URL": told.public_url,
    }
    if not told.oidc_issuer and not told.oidc_client_id:
        return None
    for name, value in wanted.items():
        if not value:
            raise ConfigError(name, "it is missing, and a provider is half set.", "Set it (docs/access.md).")
    for name in ("DUNGHAN_OIDC_ISSUER", "DUNGHAN_PUBLIC_URL"):
        if not is_safe(wanted[name]):
            found = "it is no https address."
            raise ConfigError(name, found, "Passwords and tokens go nowhere in the clear: write https://…")
    return Provider(told.oidc_issuer, told.oidc_client_id, told.public_url.rstrip("/"), secret.found(SECRET))


def is_safe(url: str) -> bool:
    """Say whether an address is https, or of this machine."""
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname))


def is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
