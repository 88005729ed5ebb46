"""Faults told as a text, from the environment or a command line: ``500=0.1,cut=0.05``."""

from __future__ import annotations

from config.errors import ConfigError
from connectors.simulator.faults import KINDS, Faults

_STEP = f"Write name=share, such as 500=0.1,cut=0.05; names: {', '.join(KINDS)}."


def faults_of(text: str, *, place: str, seed: int = 1) -> Faults | None:
    """Read faults and their shares of the requests; None for an empty text. Raises ConfigError that names ``place``."""
    rates: dict[str, float] = {}
    for part in (p.strip() for p in text.split(",") if p.strip()):
        name, equals, share = part.partition("=")
        try:
            rates[name.strip()] = float(share)
        except ValueError as error:
            found = f'"{part}" has no share.' if not equals else f'"{share}" is no share.'
            raise ConfigError(place, found, _STEP) from error
    if not rates:
        return None
    try:
        return Faults(seed, rates)
    except ConfigError as error:
        raise ConfigError(place, error.found, _STEP) from error
