"""How a request shows who asks: by user and password, by a token, by a key, or by a token that is fetched (OAuth).

Secrets are named in the settings, never written there, and never come out again: ``Signer.veil`` covers them in
whatever a source says back.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError
from config.sources import Source, secret

#: A secret shorter than this hides nothing, and covering it would make any text unreadable.
_SHORTEST: Final = 3


class Access(BaseModel):
    """[source.KIND.access]. ``basic`` and ``oauth`` (client credentials) use user_secret and password_secret of the
    source; ``bearer`` and ``key`` use ``token_secret``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["none", "basic", "bearer", "key", "oauth"] = "none"
    token_secret: str = ""
    header: str = "X-Api-Key"  # key: the header that carries it
    token_path: str = ""  # oauth: where tokens are given; a path, or a whole address
    scope: str = ""
    client_in: Literal["header", "body"] = "header"  # oauth: where the client's name and password are shown
    early_seconds: Annotated[int, Field(ge=0, le=3600)] = 60  # a token is fetched so long before it ends


@dataclass(slots=True)
class Signer:
    """Signs the requests of one pull. ``fetch``: asks for a token; gives it and the seconds that it lives."""

    source: Source
    access: Access = field(default_factory=Access)
    clock: Callable[[], float] = time.monotonic
    _hidden: set[str] = field(default_factory=set, repr=False)
    _token: str = field(default="", repr=False)
    _ends: float = 0.0

    @property
    def renewable(self) -> bool:
        """Say whether a new token can be had when the source refuses the present one."""
        return self.access.kind == "oauth"

    @property
    def needs_token(self) -> bool:
        return self.renewable and (not self._token or self.clock() >= self._ends)

    def headers(self) -> dict[str, str]:
        """Give the headers that sign a request. Raises ConfigError when a secret is not set."""
        kind = self.access.kind
        if kind == "basic":
            return {"Authorization": f"Basic {self._pair()}"}
        if kind == "bearer":
            return {"Authorization": f"Bearer {self._secret(self.access.token_secret)}"}
        if kind == "key":
            return {self.access.header: self._secret(self.access.token_secret)}
        return {"Authorization": f"Bearer {self._token}"} if kind == "oauth" else {}

    def token_request(self) -> tuple[dict[str, str], dict[str, str]]:
        """Give form and headers that ask for a token (RFC 6749, 4.4). Raises ConfigError."""
        if not self.access.token_path:
            raise ConfigError(self.source.place, "oauth needs token_path.", "Write where the source gives its tokens.")
        form = {"grant_type": "client_credentials"} | ({"scope": self.access.scope} if self.access.scope else {})
        if self.access.client_in == "header":
            return form, {"Authorization": f"Basic {self._pair()}"}
        user, password = self._secret(self.source.user_secret), self._secret(self.source.password_secret)
        return form | {"client_id": user, "client_secret": password}, {}

    def keep(self, token: str, lives_seconds: float) -> None:
        """Keep a fetched token until shortly before it ends."""
        self._hide(token)
        early = min(self.access.early_seconds, lives_seconds / 2)  # one that lives a minute is used for half of it
        self._token, self._ends = token, self.clock() + lives_seconds - early

    def forget(self) -> None:
        """Give the token up: the source does not take it any more."""
        self._ends = float("-inf")

    def veil(self, text: str) -> str:
        """Cover every secret in a text, also as an address or as Basic writes it."""
        for hidden in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(hidden, "…")
        return text

    def _pair(self) -> str:
        user, password = self._secret(self.source.user_secret, hide=False), self._secret(self.source.password_secret)
        pair = b64encode(f"{user}:{password}".encode()).decode()
        self._hide(pair)
        return pair

    def _secret(self, name: str, *, hide: bool = True) -> str:
        value = secret(self.source, name)
        if hide:
            self._hide(value)
        return value

    def _hide(self, value: str) -> None:
        if len(value) >= _SHORTEST:
            self._hidden |= {value, quote(value, safe=""), b64encode(value.encode()).decode()}
