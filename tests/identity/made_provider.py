"""A provider of the tests, which can be told to answer wrongly: real HTTP, real signatures, PKCE checked."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CLIENT = "dunghan"
SECRET = "bí mật & của ta"


@dataclass(slots=True)
class Made:
    """``claims``: what every id token says beside what it must; ``wrong``: what it says instead. ``key`` signs."""

    server: HTTPServer
    now: datetime
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    key: Any = None
    shown: Any = None
    algorithm: str = "ES256"
    asked: list[dict[str, str]] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""

    def __post_init__(self) -> None:
        self.key = self.shown = ECKey.generate_key("P-256", parameters={"kid": "one"})
        self.server.expect_request("/.well-known/openid-configuration").respond_with_handler(self._discovery)
        self.server.expect_request("/keys").respond_with_handler(lambda _: _json(self.shown_keys()))
        self.server.expect_request("/token", method="POST").respond_with_handler(self._token)
        self.server.expect_request("/userinfo").respond_with_handler(lambda _: _json(self.info))

    @property
    def issuer(self) -> str:
        return self.server.url_for("").rstrip("/")

    def shown_keys(self) -> dict[str, Any]:
        return dict(KeySet([self.shown]).as_dict(private=False))

    def sign_in(self, url: str) -> dict[str, str]:
        """Be the person at the provider who was sent to ``url``: give what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(asked)
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        return {"code": "the-code", "state": asked["state"]}

    def _discovery(self, _: Request) -> Response:
        told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize?theme=dark"}
        more = {"jwks_uri": "keys", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return _json(told | {name: f"{self.issuer}/{path}" for name, path in more.items()})

    def _token(self, request: Request) -> Response:
        form, auth = request.form, request.authorization
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge or form["code"] != "the-code":
            return _json({"error": "invalid_grant"}, 400)
        if auth is None or auth.username != CLIENT:
            return _json({"error": "invalid_client"}, 401)
        stamp = int(self.now.timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "42", "iat": stamp, "exp": stamp + 300, "nonce": self.nonce,
        } | self.claims | self.wrong  # fmt: skip
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm} | ({} if isinstance(self.key, OctKey) else {"kid": self.key.kid})
        token = jwt.encode(header, said, self.key, algorithms=[self.algorithm])
        return _json({"id_token": token, "access_token": "a", "token_type": "Bearer"})


def _json(told: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, mimetype="application/json")
