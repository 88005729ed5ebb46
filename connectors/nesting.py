"""How deep and how wide JSON is, seen before it is read: who makes a type of all its levels and names may never end."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

#: Levels of an answer that somebody could mean; those of the exchange have four.
DEEPEST: Final = 32
#: Different names of fields in the first and in the last part of an answer; those of the exchange have a hundred.
MOST_NAMES: Final = 1_000
_LOOKED_AT: Final = 1 << 17
_NAME: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:')
_CHUNK: Final = 1 << 20
_STEPS: Final = np.zeros(256, np.int8)
_STEPS[[ord("{"), ord("[")]] = 1
_STEPS[[ord("}"), ord("]")]] = -1


def is_deep(data: bytes) -> bool:
    """Say whether records and lists stand more than DEEPEST levels inside each other; brackets in texts are none."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    level, quotes = 0, 0
    for start in range(0, len(plain), _CHUNK):
        signs = np.frombuffer(plain, np.uint8, count=min(_CHUNK, len(plain) - start), offset=start)
        marks = np.cumsum(signs == ord('"'), dtype=np.int64) + quotes
        levels = np.cumsum(np.where(marks % 2 == 0, _STEPS[signs], 0), dtype=np.int64) + level
        if levels.max(initial=0) > DEEPEST:
            return True
        level, quotes = int(levels[-1]), int(marks[-1])
    return False


def is_wide(data: bytes) -> bool:
    """Say whether the fields of its records have more names than a table has columns, at its beginning or its end."""
    return any(len(set(_NAME.findall(part))) > MOST_NAMES for part in (data[:_LOOKED_AT], data[-_LOOKED_AT:]))
