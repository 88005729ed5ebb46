"""What is said while a request is tried again: one plain sentence, for whoever waits at a terminal or reads the log."""

from __future__ import annotations

from collections.abc import Callable

from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from config.personal import hide


class AgainError(Exception):
    """One try failed and another may mend it. ``found``: in words, for an address may carry a key in its query."""

    def __init__(self, place: str, found: str, attempts: int) -> None:
        super().__init__(found)
        self.place, self.found, self.attempts = place, found, attempts


def tell(say: Callable[[str], None]) -> None:
    """Hand the sentence of every retry of this process to ``say``, and nothing else to any log."""
    set_on_retry_hooks([lambda details: say(sentence(details))])


def sentence(details: RetryDetails) -> str:
    """Say what failed, how long is waited, and which try comes: ``exchange: the server answered 503, …``."""
    failed, wait = details.caused_by, f"trying again in {max(1, round(details.wait_for))} s"
    if not isinstance(failed, AgainError):
        return f"the database server cannot be reached, {wait} (try {details.retry_num + 1})"
    who = failed.place.removeprefix('source "').removesuffix('"')
    return hide(f"{who}: {failed.found}, {wait} ({details.retry_num + 1} of {failed.attempts})")
