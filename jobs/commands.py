"""What a command says where nobody looks on: with DUNGHAN_LOG=json one line of the diary instead of words.

Its arguments are not told: they may name people.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from config.diary import SETTING, about, begin, diary, new_number
from config.errors import DunghanError

log = diary("command")
BROKEN: Final = 3


def as_lines() -> bool:
    """Say whether a command writes lines of the diary: it was asked to, and no terminal shows what it says."""
    return os.environ.get(SETTING) == "json" and not sys.stderr.isatty()


def named(arguments: Sequence[str], groups: Collection[str]) -> str:
    """Give the name of the command that is called, with its group's, and none of what it is given."""
    words = [word for word in arguments[:2] if re.fullmatch("[a-z][a-z-]*", word)]
    return " ".join(words[: 2 if words and words[0] in groups else 1])


@contextmanager
def told(command: str) -> Iterator[None]:
    """Write what becomes of ``command``: one line when it ends, with its exit code, its seconds, and what was wrong."""
    if not as_lines():
        yield
        return
    begin(f"dunghan {command}".strip())
    begun = time.monotonic()
    with about(task=new_number()):
        try:
            yield
        except DunghanError as error:
            wrong = {"place": error.place, "found": error.found, "then": error.next_step}
            log.error("command_failed", code=BROKEN, seconds=_since(begun), **wrong)
            sys.exit(BROKEN)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            (log.warning if code else log.info)("command", code=code, seconds=_since(begun))
            raise
        except Exception:
            log.exception("command_broken", code=BROKEN, seconds=_since(begun))
            sys.exit(BROKEN)


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 2)
