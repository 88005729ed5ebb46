"""Read a file of the national exchange: dossiers or steps, told apart by their fields."""

from __future__ import annotations

from pathlib import Path

from config.errors import SourceError
from config.sources import Exchange
from connectors import exchange
from connectors.base import Batch
from connectors.exchange_steps import DEFAULT_STEPS, is_steps, parse_steps, steps_batch
from connectors.payload import parse


def batch_of_file(data: bytes, told: Exchange, *, source: str, time_zone: str, name: str) -> Batch:
    """Give the one batch of a payload, or of a bare list, of dossiers or steps; ``name`` is the file's.

    Raises SourceError.
    """
    if is_steps(data):
        return steps_batch(parse_steps(data, name), DEFAULT_STEPS, source=source, time_zone=time_zone, origin=name)
    rows = parse(data, place=name, changed=told.changed).dossiers
    done = exchange.translate(rows, told, source=source, time_zone=time_zone, origin=name)
    return Batch(done.good, done.rejects, done.merged)


def read_bytes(path: Path) -> bytes:
    """Give the bytes of a file. Raises SourceError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}.", "Check the name and the rights.") from error
