"""Ask over HTTP: a timeout on everything, few retries with jitter, Retry-After obeyed, no secret in any message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx2
import orjson
import stamina

from config.errors import SourceError

#: Answers that another try may mend. 4xx else are ours to mend, not the network's.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Wire:
    """An open connection to one source. ``place`` names it in messages; the address is shown without its query."""

    client: httpx2.Client
    place: str
    attempts: int


@contextmanager
def connect(address: str, *, place: str, timeout_seconds: float, attempts: int) -> Iterator[Wire]:
    """Open a wire to ``address``; it closes with the block."""
    limits = httpx2.Timeout(timeout_seconds, connect=min(10.0, timeout_seconds))
    with httpx2.Client(base_url=address, timeout=limits, headers={"Accept": "application/json"}) as client:
        yield Wire(client, place, attempts)


def post(wire: Wire, path: str, body: Mapping[str, str]) -> bytes:
    """Send ``body`` as JSON and give the whole answer. Raises SourceError when it stays out of reach."""
    try:
        for attempt in stamina.retry_context(on=_worth_another_try, attempts=wire.attempts, timeout=300, wait_max=20):
            with attempt:
                answer = wire.client.post(
                    path, content=orjson.dumps(dict(body)), headers={"Content-Type": "application/json"}
                )
                answer.raise_for_status()
                return answer.content
    except httpx2.HTTPError as error:
        raise _unreachable(wire, path, error) from None  # the original carries the request
    raise AssertionError("the retry loop ends by returning or raising")


def _worth_another_try(error: Exception) -> bool | timedelta:
    """Say whether to try again, and when the source itself named a time, after how long."""
    if not isinstance(error, httpx2.HTTPStatusError):
        return isinstance(error, httpx2.TransportError)
    if error.response.status_code not in PASSING:
        return False
    wait = error.response.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(wait)), LONGEST_WAIT) if wait.isdecimal() else True


def _unreachable(wire: Wire, path: str, error: httpx2.HTTPError) -> SourceError:
    if isinstance(error, httpx2.HTTPStatusError):
        status = error.response.status_code
        step = "Ask its operator." if status >= 500 else "Check url and the paths under [source.request]."
        return SourceError(wire.place, f"{path} answered {status} after {wire.attempts} tries.", step)
    words = {
        httpx2.ConnectError: "cannot be reached",
        httpx2.TimeoutException: "did not answer in time",
        httpx2.RemoteProtocolError: "broke off in the middle of an answer",
    }
    said = next((text for kind, text in words.items() if isinstance(error, kind)), type(error).__name__)
    return SourceError(
        wire.place, f"{path} {said}, {wire.attempts} tries.", "Check the address and the network; nothing is lost."
    )
