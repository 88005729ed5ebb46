"""Where things are: from the environment (DUNGHAN_…), with defaults that work in a fresh clone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """``home``: folder for the embedded store, logs and reports. ``store``: database address.

    ``public_url``: the address that readers type, where a proxy stands before the dashboard. ``oidc_issuer``,
    ``oidc_client_id``: the provider at which people sign in (docs/access.md); both or none. ``refused_networks``: where
    no source may be asked for anything (docs/security.md). ``engine``: what derives figures (jobs.deriving), and for
    Spark its master and the dossiers up to which a rebuild stays in this process (docs/scale.md).
    """

    model_config = SettingsConfigDict(env_prefix="DUNGHAN_", frozen=True, extra="ignore")
    home: Path = Path("var")
    store: str = ""
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    refused_networks: str = ""
    engine: str = "polars"
    spark_master: str = ""
    spark_above: int = 500_000

    @property
    def store_url(self) -> str:
        """The address in use: DUNGHAN_STORE, else an SQLite file in ``home``."""
        return self.store or f"sqlite:///{self.home / 'dunghan.sqlite'}"


@cache
def settings() -> Settings:
    """Give the settings, read once."""
    return Settings()
