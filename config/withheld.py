"""What may stand in no log: the secrets that this process was given, and what looks like one."""

from __future__ import annotations

import re
from typing import Final

from config.personal import WITHHELD

#: A shorter one would be found in half the words.
SHORTEST: Final = 6
_GIVEN: Final[set[str]] = set()
_NAMED: Final = rf"\1={WITHHELD}"
_LOOKS: Final = (
    (re.compile(r"(?<=://)[^/\s:@\"']*:[^@\s\"']+(?=@)"), WITHHELD),  # who signs in with what, in an address
    (re.compile(r"\bDETAIL:.*"), f"DETAIL: {WITHHELD}"),  # PostgreSQL quotes the row that it refuses
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {WITHHELD}"),
    (re.compile(r"(?i)(?<=[?&])([\w-]*(?:secret|token|key|session|hint|khoa|ma|code|state))=[^\s&#\"']+"), _NAMED),
    (re.compile(r"(?i)\b(dunghan_\w+|password|passwd|mat_khau)(?:['\"]?: ['\"]|=)[^\s&;,\"')]+"), _NAMED),
)


def keep(value: str) -> str:
    """Let ``value`` stand in no log of this process, and give it back."""
    if len(value) >= SHORTEST:
        _GIVEN.add(value)
    return value


def hide(text: str) -> str:
    """Put … where ``text`` tells a secret that was given, or what looks like one."""
    for value in sorted(_GIVEN, key=len, reverse=True):
        text = text.replace(value, WITHHELD)
    for pattern, instead in _LOOKS:
        text = pattern.sub(instead, text)
    return text
