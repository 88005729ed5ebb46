"""Which connector reads which kind of source. (Which reader opens which kind of file: readers.py.)

A new connector is one module (a ``pull``, and a model of its settings) and one line in ``CONNECTORS``;
docs/connectors.md shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from config.errors import ConfigError, nearest
from config.sources import Source
from connectors import database, folder, folder_settings, json_api, national_portal, opencps
from connectors.base import Pull


class NoSettings(BaseModel):
    """For a connector that wants to know nothing of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _from_the_beginning(_: Source, cursor: str | None) -> bool:
    return cursor is None


@dataclass(frozen=True, slots=True)
class Connector:
    """How a kind of source is read. ``settings``: what stands in [source.KIND]. ``needs``: keys of Source without which
    it cannot begin; ``a|b`` means one of both. ``sweeps``: read without a cursor it shows all that it has, so that what
    it does not show then is missing there. ``is_awaited``: it is to be heard at its cadence_minutes; a folder is filled
    when somebody fills it, and is awaited only where the office says so. ``masks``: it reads [source.privacy]; a kind
    with a mapping has [personal] there. ``shows_all``: whether a pull that begins at this cursor shows all there is."""

    pull: Pull
    settings: type[BaseModel] = NoSettings
    needs: tuple[str, ...] = ()
    sweeps: bool = True
    is_awaited: bool = True
    masks: bool = False
    shows_all: Callable[[Source, str | None], bool] = _from_the_beginning


CONNECTORS: Final[dict[str, Connector]] = {
    "folder": Connector(folder.pull, folder_settings.Settings, sweeps=False, is_awaited=False),
    "national_portal": Connector(
        national_portal.pull,
        national_portal.Settings,
        needs=("url|url_from", "office", "user_secret", "password_secret"),
        masks=True,
    ),
    "demo": Connector(national_portal.pull, national_portal.Settings, needs=("url|url_from",), masks=True),
    "opencps": Connector(opencps.pull, opencps.Settings, needs=("url|url_from",), masks=True),
    "json_api": Connector(
        json_api.pull, json_api.Settings, needs=("url|url_from", "mapping"), shows_all=json_api.shows_all
    ),
    "database": Connector(database.pull, database.Settings, needs=("mapping",)),
}


def connector_of(source: Source) -> Connector:
    """Give the connector of ``source``, whose settings were checked. Raises ConfigError for what cannot be meant."""
    connector = CONNECTORS.get(source.kind)
    if connector is None:
        found = f'there is no kind "{source.kind}".{nearest(source.kind, CONNECTORS)}'
        raise ConfigError(source.place, found, f"Known: {', '.join(CONNECTORS)}.")
    for keys in connector.needs:
        if sum(bool(getattr(source, key)) for key in keys.split("|")) != 1:
            said = f"either {keys.replace('|', ' or ')}" if "|" in keys else keys
            raise ConfigError(source.place, f'kind "{source.kind}" needs {said}.', "Write it; docs/connectors.md.")
    if source.privacy.keep_masked and not connector.masks:
        found = f'kind "{source.kind}" does not read [source.privacy].'
        raise ConfigError(source.place, found, "Write keep_masked under [personal] of its mapping; docs/privacy.md.")
    source.told(connector.settings)
    return connector
