"""What was loaded from a watched folder: its contents, the last one last, and how new the newest of them was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.put_aside import Aside

_REMEMBERED: Final = 200  # contents in the cursor; older ones are known by their reports
_NEWEST: Final = "@"  # begins the time among the contents; a cursor of former days has none
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Loaded:
    """``keys``: contents and their mappings. ``newest_ns``: the newest own time of change of a file that was loaded, by
    nobody's clock later than ours was then; None: not known yet."""

    keys: list[str] = field(default_factory=list)
    newest_ns: int | None = None

    @classmethod
    def read(cls, cursor: str | None) -> Loaded:
        """Read a cursor that stands in the store."""
        told = (cursor or "").split()
        newest = [int(word[1:]) for word in told if word.startswith(_NEWEST)]
        return cls([word for word in told if not word.startswith(_NEWEST)], max(newest, default=None))

    def written(self) -> str:
        """Give the cursor that is stored with the rows."""
        newest = [] if self.newest_ns is None else [f"{_NEWEST}{self.newest_ns}"]
        return " ".join([*newest, *self.keys[-_REMEMBERED:]])

    def recall(self, aside: Aside) -> None:
        """Learn from the reports how new the newest file was, where the cursor is of former days."""
        if self.newest_ns is None:
            told = (aside.modified(key) for key in self.keys)
            self.newest_ns = max((ns for ns in told if ns is not None), default=None)

    def is_older(self, modified_ns: int) -> bool:
        """Say whether a file is older than one that was loaded."""
        return self.newest_ns is not None and modified_ns < self.newest_ns

    def take(self, key: str, modified_ns: int) -> None:
        """Note that a file was loaded."""
        self.keys.append(key)
        self.newest_ns = max(modified_ns, self.newest_ns or 0)


def ns_of(moment: datetime) -> int:
    """Give a moment as files have it: ns since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def moment_of(ns: int) -> datetime:
    """Give a time of a file (ns since 1970) as the store has it, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=ns // 1000)
