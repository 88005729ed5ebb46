"""The stages at which a process of ours may be met, by the marks that it passes."""

from __future__ import annotations

from typing import Final

READ, FIGURES, DRAFT, PRINT, ISSUE, MAIL, TURN, PAGE = (
    "reading a source", "figures", "draft", "printing", "issuing", "mail", "turn", "drawing a page",
)  # fmt: skip
IDLE: Final = "between"
#: Stage → what marks of it contain; the first that fits. Marks of transactions: tests/nothing_lost/nursery.py.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    READ: ("before sync", "store.ingest."),
    FIGURES: ("before figures",),
    DRAFT: ("before draft", "store.editions.claim", "store.editions.drafted"),
    PRINT: ("before print",),
    ISSUE: ("store.editions.issue",),
    MAIL: ("before MAIL", "before DATA", "store.delivery."),
    TURN: ("store.turns.",),
    PAGE: ("before page",),
}


def stage(mark: str) -> str:
    """Name the stage of a mark, "" for one that is of none."""
    return next((name for name, words in _WORDS.items() if any(word in mark for word in words)), "")
