"""Ask over HTTP: a timeout on everything, few retries with jitter, Retry-After obeyed, no secret in any message."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2
import orjson
import stamina

from config.errors import SourceError
from connectors import outbound
from connectors.access import Signer
from connectors.manners import Circuit, Manners, Pace
from connectors.retries import AgainError

#: Answers that another try may mend. 4xx else are ours to mend, not the network's.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT: Final = timedelta(seconds=60)
#: One answer may take so many timeouts in all: a source that sends a byte now and then would never end.
_PATIENCE: Final = 10
_TOKEN_LIVES: Final = 300.0  # where the source does not say how long


class RefusedError(SourceError):
    """The source answered, and will not hand this out: ``status`` is 400, 403, 404, 410 or 422."""

    def __init__(self, place: str, found: str, next_step: str, status: int) -> None:
        super().__init__(place, found, next_step)
        self.status = status


class _FailedError(AgainError):
    """One request failed by ``error``."""

    def __init__(self, wire: Wire, error: httpx2.HTTPError) -> None:
        super().__init__(wire.place, f"the server {_told(error)}", wire.attempts)
        self.error = error


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: the status, the headers by their names in lower case, the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """An open connection to one source. ``place`` names it in messages; the address is shown without its query."""

    client: httpx2.Client
    place: str
    attempts: int
    manners: Manners = field(default_factory=Manners)
    pace: Pace = field(default_factory=Pace)
    circuit: Circuit = field(default_factory=Circuit)
    signer: Signer | None = None

    def veil(self, text: str) -> str:
        """Cover the secrets of this source in a text that came from it."""
        return self.signer.veil(text) if self.signer else text


@contextmanager
def connect(
    address: str,
    *,
    place: str,
    timeout_seconds: float = 60.0,
    attempts: int = 6,
    manners: Manners | None = None,
    signer: Signer | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Wire]:
    """Open a wire to ``address``; it closes with the block. ``manners`` go before timeout_seconds and attempts."""
    told = manners or Manners(timeout_seconds=timeout_seconds, attempts=attempts)
    limits = httpx2.Timeout(told.timeout_seconds, connect=min(10.0, told.timeout_seconds))
    always = {"Accept": "application/json", **(headers or {})}
    try:
        opened = httpx2.Client(base_url=address, timeout=limits, headers=always, event_hooks=outbound.hooks(place))
    except httpx2.InvalidURL as wrong:
        raise SourceError(place, f"its url is no address: {wrong}.", "Mend url.") from None
    with opened as client:
        pace, circuit = Pace(told.requests_a_minute), Circuit(told.stops_after)
        yield Wire(client, place, told.attempts, told, pace, circuit, signer)


def post(wire: Wire, path: str, body: Mapping[str, Any]) -> bytes:
    """Send ``body`` as JSON and give the whole answer. Raises SourceError when it stays out of reach."""
    return send(wire, "POST", path, body=body).body


def get(wire: Wire, path: str, params: Mapping[str, str] | None = None) -> Answer:
    """Ask for ``path`` with ``params`` as its query. Raises SourceError when it stays out of reach."""
    return send(wire, "GET", path, params=params)


def send(
    wire: Wire,
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> Answer:
    """Send one request, signed as the source wants, and again where that may mend it. Raises SourceError."""
    content = None if body is None else orjson.dumps(dict(body))
    kind = {"Content-Type": "application/json"} if body is not None else {}
    for renewed in (False, True):
        asked = {"params": params, "content": content, "headers": kind | _signed(wire)}
        try:
            return _patiently(wire, method, path, asked)
        except httpx2.InvalidURL:
            raise SourceError(wire.place, "the address that it leads to is none.", "Ask its operator.") from None
        except httpx2.HTTPError as error:
            if not renewed and _refused(error) and wire.signer and wire.signer.renewable:
                wire.signer.forget()
                continue
            raise _unreachable(wire, path, error) from None  # the original carries the request
    raise AssertionError("the second try returns or raises")


def _signed(wire: Wire) -> dict[str, str]:
    """Give the headers that sign a request, after fetching a token where one is needed."""
    signer = wire.signer
    if signer is None:
        return {}
    if signer.needs_token:
        form, headers = signer.token_request()
        path = signer.access.token_path
        try:
            answer = _patiently(wire, "POST", path, {"data": form, "headers": headers})
        except httpx2.HTTPError as error:
            raise _unreachable(wire, path, error) from None
        signer.keep(*_token_of(answer, wire, path))
    return signer.headers()


def _token_of(answer: Answer, wire: Wire, path: str) -> tuple[str, float]:
    try:
        told = orjson.loads(answer.body)
        return str(told["access_token"]), float(told.get("expires_in") or _TOKEN_LIVES)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        found = f"{path} answered without an access_token."
        raise SourceError(wire.place, found, "Check token_path under access, and what its manual calls it.") from None


def _patiently(wire: Wire, method: str, path: str, asked: Mapping[str, Any]) -> Answer:
    """Ask until an answer comes that another try would not mend. Raises httpx2.HTTPError and SourceError."""
    try:
        for attempt in stamina.retry_context(on=_again, attempts=wire.attempts, timeout=300, wait_max=20):
            with attempt:
                return _tried(wire, method, path, asked)
    except _FailedError as failed:
        raise failed.error from None
    raise AssertionError("the retry loop ends by returning or raising")


def _again(failed: Exception) -> bool | timedelta:
    return isinstance(failed, _FailedError) and _worth_another_try(failed.error)


def _tried(wire: Wire, method: str, path: str, asked: Mapping[str, Any]) -> Answer:
    if wire.circuit.open:
        raise _left_in_peace(wire)
    wire.pace.wait()
    try:
        answer = _once(wire, method, path, asked)
    except httpx2.HTTPError as error:
        if _worth_another_try(error):
            wire.circuit.failed()
        raise _FailedError(wire, error) from None
    wire.circuit.worked()
    return answer


def _once(wire: Wire, method: str, path: str, asked: Mapping[str, Any]) -> Answer:
    ends = time.monotonic() + _PATIENCE * wire.manners.timeout_seconds
    with wire.client.stream(method, path, **asked) as answer:
        answer.raise_for_status()
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > wire.manners.largest_megabytes * 1_000_000:
                found = f"{path} answers with more than {wire.manners.largest_megabytes:g} MB."
                raise SourceError(wire.place, found, "Ask for smaller pages, or raise largest_megabytes.")
            if time.monotonic() > ends:
                raise httpx2.ReadTimeout("the answer does not end", request=answer.request)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, headers, bytes(body))


def _worth_another_try(error: Exception) -> bool | timedelta:
    """Say whether to try again, and when the source itself named a time, after how long."""
    if not isinstance(error, httpx2.HTTPStatusError):
        return isinstance(error, httpx2.TransportError | httpx2.DecodingError)
    if error.response.status_code not in PASSING:
        return False
    wait = _told_to_wait(error.response.headers)
    return True if wait is None else min(wait, LONGEST_WAIT)


def _told_to_wait(headers: Mapping[str, str]) -> timedelta | None:
    """Read Retry-After: seconds, or a date, which is reckoned from the source's own date and not from our clock."""
    told = headers.get("Retry-After", "")
    if told.isdecimal():
        return timedelta(seconds=int(told))
    try:
        return max(timedelta(0), parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date", "")))
    except (ValueError, TypeError):
        return None


def _refused(error: httpx2.HTTPError) -> bool:
    return isinstance(error, httpx2.HTTPStatusError) and error.response.status_code == 401


def _left_in_peace(wire: Wire) -> SourceError:
    found = f"{wire.circuit.failures} requests in a row failed, so this pull ends here and leaves the system in peace."
    return SourceError(wire.place, found, "What came is stored; the next pull goes on from there. Ask its operator.")


def _unreachable(wire: Wire, path: str, error: httpx2.HTTPError) -> SourceError:
    shown = wire.veil(path.partition("?")[0])  # what stands behind it may be anybody's key
    if isinstance(error, httpx2.HTTPStatusError):
        status = error.response.status_code
        found, step = _said_by_status(wire, shown, error.response)
        kept_back = status in (400, 403, 404, 410, 422)
        return RefusedError(wire.place, found, step, status) if kept_back else SourceError(wire.place, found, step)
    return SourceError(
        wire.place, f"{shown} {_told(error)}, {wire.attempts} tries.",
        "Check the address and the network; nothing is lost.",
    )  # fmt: skip


def _told(error: httpx2.HTTPError) -> str:
    if isinstance(error, httpx2.HTTPStatusError):
        return f"answered {error.response.status_code}"
    words = {
        httpx2.ConnectError: "cannot be reached",
        httpx2.TimeoutException: "did not answer in time",
        httpx2.RemoteProtocolError: "broke off in the middle of an answer",
        httpx2.DecodingError: "sent an answer that cannot be unpacked",
    }
    return next((text for kind, text in words.items() if isinstance(error, kind)), type(error).__name__)


def _said_by_status(wire: Wire, path: str, answer: httpx2.Response) -> tuple[str, str]:
    status = answer.status_code
    if status in PASSING:
        step = "Ask its operator." if status >= 500 else "Ask it less often: requests_a_minute, every_seconds."
        return f"{path} answered {status} after {wire.attempts} tries.", step
    if status in (401, 403):
        return f"{path} answered {status}: it does not take our sign-in, or not for this.", (
            "Check the secrets that the source names, and ask its operator what the account may read."
        )
    if 300 <= status < 400:
        return f"{path} answered {status}: it sends us elsewhere, often to a page to sign in.", (
            "Check url and how the source wants to be signed in."
        )
    return f"{path} answered {status}.", "Check url and the paths of this source."
