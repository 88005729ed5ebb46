"""Which settings files are in use, and whether each can be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config import (
    access,
    alerts,
    annotated,
    calendar,
    catalogue,
    causes,
    english,
    hours,
    index766,
    indicators,
    insight,
    mail,
    officers,
    place,
    procedures,
    provider,
    public,
    registered,
    report,
    rules,
    sources,
    units,
)
from config.errors import ConfigError, DunghanError, nearest
from connectors import folder_settings
from connectors.registry import connector_of
from metrics.limits import parse_limit


def _limits() -> object:
    """Read the lines of procedures.csv: what they say of procedures, and the limits written in them."""
    told = [(line, text) for line in procedures.load() for text in (line.statutory, line.committed) if text]
    return registered.load(), [parse_limit(text, place=line.place) for line, text in told]


def _sources() -> object:
    """Read sources.toml, and what each connector wants to know of its own."""
    found = sources.load()
    told = [connector_of(source) for source in found]
    folder_settings.refuse_shared(found)
    return told


def _access() -> object:
    """Read access.toml, and the provider of the environment that its rules are for."""
    told, at = access.load(), provider.provider()
    if at is None and not told.local.open:
        found = "local accounts are closed, and no provider is set."
        raise ConfigError(str(place.of(access.NAME)), found, "Set DUNGHAN_OIDC_ISSUER, or write `open = true`.")
    return told


def _mail() -> object:
    """Read mail.toml, and the server of the environment."""
    return mail.load(), mail.server()


#: Every file that an office may put into the folder DUNGHAN_CONFIG (docs/settings.md), and what reads it.
FILES: Final[Mapping[str, Callable[[], object]]] = {
    "calendar.toml": calendar.load,
    "hours.toml": hours.load,
    "rules.toml": rules.load,
    "procedures.csv": _limits,
    "units.toml": units.load,
    "units.csv": units.load,
    "metrics.toml": catalogue.load,
    "report.toml": report.load,
    "alerts.toml": alerts.load,
    "sources.toml": _sources,
    "causes.toml": causes.load,
    "lateness.toml": causes.lateness,
    "access.toml": _access,
    "annotations.toml": annotated.load,
    "public.toml": public.load,
    "english.toml": english.load,
    "officers.toml": officers.load,
    "mail.toml": _mail,
    "indicators.toml": indicators.load,
    "index766.toml": index766.load,
    "insight.toml": insight.load,
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the settings, and what to do next; ``grave``: figures cannot be worked out."""

    place: str
    found: str
    next_step: str
    grave: bool = True


def in_use() -> str:
    """Say which folder the settings are read from, and which files are the office's own."""
    folder = _folder()
    if folder is None:
        return "as shipped, from config/; DUNGHAN_CONFIG names no folder"
    own = [name for name in FILES if os.path.isfile(folder / name)]  # noqa: PTH113 - False where we may not look
    return f"from {folder}: {', '.join(own) or 'none yet'}; every other file as shipped"


def troubles() -> Iterator[Trouble]:
    """Try to read every file; a broken one does not hide another."""
    folder = _folder()
    try:
        there = sorted(folder.iterdir()) if folder is not None else []
    except (FileNotFoundError, NotADirectoryError):
        there = []
        yield Trouble("DUNGHAN_CONFIG", f"there is no folder {folder}.", "Make it, or mend the setting.")
    except OSError as closed:
        found = f"the folder {folder} cannot be read: {closed.strerror}."
        yield Trouble("DUNGHAN_CONFIG", found, "Let the user that we run as read it.")
        return
    for read in FILES.values():
        try:
            read()
        except DunghanError as error:
            yield Trouble(error.place, error.found, error.next_step)
    yield from _sign_in()
    yield from _unread(there)


def _sign_in() -> Iterator[Trouble]:
    """Name what is odd about a provider that can be used; half of one, and a broken file, were said before."""
    try:
        told, at = access.load(), provider.provider()
    except DunghanError:
        return
    if at is None:
        return
    if at.secret is None:
        found = "there is none: the provider is asked as a public client, by PKCE alone."
        yield Trouble(provider.SECRET, found, "Set it, unless the provider gave none (docs/access.md).", grave=False)
    if not told.rule:
        found = "a provider is set, and no [[rule]] lets anybody in from there."
        yield Trouble(str(place.of(access.NAME)), found, "Write a [[rule]] (docs/access.md).", grave=False)
    for name, url in (("DUNGHAN_OIDC_ISSUER", at.issuer), ("DUNGHAN_PUBLIC_URL", at.public_url)):
        if url.startswith("http://"):
            found = f"{url} is an address of this machine alone, in the clear."
            yield Trouble(name, found, "Good for a trial; for readers elsewhere write https://…", grave=False)


def _unread(there: Iterable[Path]) -> Iterator[Trouble]:
    """Name files of the office's folder that nothing reads: a misspelt name would be a setting without effect."""
    read = {*FILES, *_mappings()}
    for file in there:
        if file.suffix in (".toml", ".csv") and file.name not in read:
            found = f"nothing reads a file of this name.{nearest(file.name, FILES)}"
            yield Trouble(str(file), found, f"Known: {', '.join(FILES)}.", grave=False)


def _mappings() -> set[str]:
    """Give the mapping files that sources name; what cannot be read of sources.toml was said before."""
    try:
        told = sources.load()
        folders = [source.told(folder_settings.Settings) for source in told if source.kind == "folder"]
    except DunghanError:
        return set()
    return {source.mapping for source in told} | {files.mapping for folder in folders for files in folder.files}


def _folder() -> Path | None:
    told = os.environ.get("DUNGHAN_CONFIG")
    return Path(told) if told else None
