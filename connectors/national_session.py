"""Speak with a system of the national exchange: sign in, ask for a page, sign in again when the session is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from config.errors import SourceError
from config.sources import Source, secret
from connectors.rest import Wire, post


@dataclass(slots=True)
class Session:
    """One pull's way to the source; ``key`` is what the last sign-in gave."""

    source: Source
    wire: Wire
    key: str = ""

    def ask(self, service: str, since: str, until: str, page: int, more: Mapping[str, Any] | None = None) -> bytes:
        """Give the answer to one page of a service; ``more`` is asked beside. Raises SourceError when it says no."""
        for _ in range(3):
            self.key = self.key or self._sign_in()
            data = self._call(service, since, until, page, more or {})
            code = _code(data)
            if code in _FINE:
                return data
            if code not in self.source.request.no_session:
                raise self._refused(service, code, data)
            self.key = ""
        raise SourceError(self.wire.place, "closes every session at once.", "Ask its operator about the account.")

    def _call(self, service: str, since: str, until: str, page: int, more: Mapping[str, Any]) -> bytes:
        request = self.source.request
        named = {
            request.since: since, request.until: until,
            request.page: str(page), request.page_size: str(request.rows_a_page),
        }  # fmt: skip
        body = {"session": self.key, "madonvi": self.source.office, "service": service} | {
            name: value for name, value in named.items() if name
        }
        return post(self.wire, request.data_path, body | dict(more))

    def _refused(self, service: str, code: str | None, data: bytes) -> SourceError:
        if code is None:  # a gateway's own words, with a good status: not "nothing has changed"
            found = "an answer without error_code came, which is none of the exchange."
            step = "Is the system under maintenance? Ask its operator; nothing is lost."
            return SourceError(f"{self.wire.place}, {service}", found, step)
        # Some systems say the request back, and with it the key.
        message = str(orjson.loads(data).get("error_message", "")).replace(self.key, "…")[:120]
        found = f'answered error {code}: "{message}".'
        return SourceError(self.wire.place, found, "Check service, office and [source.request].")

    def _sign_in(self) -> str:
        user, password = _credentials(self.source)
        path = self.source.request.login_path
        data = post(self.wire, path, {"username": user, "password": password})
        try:
            key = str(orjson.loads(data).get("session") or "")
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise SourceError(self.wire.place, f"{path} answered no JSON.", "Check url and login_path.") from error
        if not key:
            step = "Check the secrets that user_secret and password_secret name."
            raise SourceError(self.wire.place, "refused the sign-in.", step)
        return key


_FINE: Final = ("0", "00", "")


def _code(data: bytes) -> str | None:
    """Read error_code; None where there is none. What is no JSON at all is said by who reads the rows."""
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError:
        return ""
    return str(told["error_code"]) if isinstance(told, dict) and "error_code" in told else None


def _credentials(source: Source) -> tuple[str, str]:
    if source.kind == "demo":
        from connectors.simulator.access import PASSWORD, USER

        return USER, PASSWORD
    return secret(source, source.user_secret), secret(source, source.password_secret)
