"""Whom each file was made for, by what stands in it; a process forgets the oldest, which then open for nobody."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Final

#: More files than a process keeps at once; the oldest are forgotten, and then open for nobody.
MOST: Final = 4096
_owners: Final[OrderedDict[bytes, list[object]]] = OrderedDict()
_one: Final = Lock()


def by(reader: object, content: bytes) -> None:
    """Keep that ``content`` was made for ``reader``."""
    key = sha256(content).digest()
    with _one:
        readers = _owners.setdefault(key, [])
        if reader not in readers:
            readers.append(reader)
        _owners.move_to_end(key)
        while len(_owners) > MOST:
            _owners.popitem(last=False)


def has(reader: object, content: bytes) -> bool:
    """Say whether ``content`` was made for ``reader``, as that reader is now."""
    with _one:
        return reader in _owners.get(sha256(content).digest(), ())
