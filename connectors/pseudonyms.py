"""Officers' names become pseudonyms, by a key that only the office has: the same person, and no way back.

One name has one pseudonym in all files and pulls of one source, written in whatever case, spacing or Unicode form: who
holds late dossiers must be told apart. In another source it has another one: two systems laid side by side must not say
more of a person than each alone. Sources that should know the same officers name one ``realm``.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from typing import Final

from config.privacy import key
from connectors.texts import fold

#: 60 bits. Two of a million officers share a pseudonym once in two million offices (n²/2⁶¹); with the 32 bits of eight
#: hex digits two of fifty thousand would in one office of four.
SIGNS: Final = 12
_BEGINNING: Final = "cb-"  # cán bộ


def pseudonym(name: str, source: str) -> str:
    """Give the pseudonym of an officer in ``source`` (or in the realm that several sources share): cb- and 12 signs.

    Without the office's key it can neither be read back nor found by trying every name. Raises ConfigError.
    """
    mine = hashlib.blake2b(key().value.encode(), digest_size=32, person=b"dunghan officer").digest()
    told = f"{fold(source)}\x1f{fold(name)}".encode()
    digest = hashlib.blake2b(told, key=mine, digest_size=8).digest()
    return _BEGINNING + b32encode(digest).decode().lower()[:SIGNS]
