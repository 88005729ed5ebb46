"""Sign-in at the office's own provider by OpenID Connect Core 1.0: authorization code with PKCE, one id token, no more.

We ask twice: what the provider is (its addresses and keys, kept for an hour), and the id token of a code. The token
is believed when its signature, issuer, audience, nonce and hours are right; what it claims is judged by config.access.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config.errors import SourceError
from config.provider import Provider, is_safe
from connectors import outbound

#: Keys that nobody but the provider has; never a shared secret, never "none".
ALGORITHMS: Final = (
    "RS256",
    "PS256",
    "ES256",
    "RS384",
    "PS384",
    "ES384",
    "RS512",
    "PS512",
    "ES512",
    "Ed25519",
    "EdDSA",
)
KEPT: Final = timedelta(hours=1)
#: An unknown key is asked for again, but not for every token that somebody makes up.
KEYS_AGAIN: Final = timedelta(minutes=1)
LEEWAY: Final = 60  # seconds by which two clocks may differ
PATIENCE: Final = httpx2.Timeout(8.0, connect=4.0)
MOST: Final = 1_000_000  # bytes of an answer
LONGEST: Final = 20.0  # seconds that one answer may take in all
HINT_AT_MOST: Final = 3_000  # characters of an id token that fit into an address


class ProviderError(SourceError):
    """The provider does not answer, or answers what nobody can use: nobody's fault who wants to sign in."""


class NotVouchedError(SourceError):
    """The provider, or what came from it, vouches for nobody: a code or token that is wrong, old or not for us."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a provider tells of itself. ``keys``: its key set as JSON."""

    authorize: str
    token: str
    keys_at: str
    keys: Mapping[str, Any]
    read_at: datetime
    userinfo: str = ""
    end: str = ""
    basic: bool = True


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody on the way to the provider: the address, and what the browser brings back to us in its cookie."""

    url: str
    state: str
    nonce: str
    verifier: str


_KNOWN: dict[str, Known] = {}


def begin(provider: Provider, *, scopes: tuple[str, ...], now: datetime) -> Going:
    """Give the address at which somebody signs in. Raises ProviderError when the provider cannot be asked."""
    known = _known(provider, now)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": provider.return_url,
        "scope": " ".join(dict.fromkeys(("openid", *scopes))), "state": state, "nonce": nonce,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return Going(f"{known.authorize}{'&' if '?' in known.authorize else '?'}{urlencode(asked)}", state, nonce, verifier)


def finish(
    provider: Provider, code: str, *, nonce: str, verifier: str, userinfo: bool, now: datetime
) -> tuple[dict[str, Any], str]:
    """Give the claims behind a code, and the id token they stand in. Raises ProviderError and NotVouchedError."""
    known = _known(provider, now)
    told = _token(provider, known, code, verifier)
    id_token = told.get("id_token")
    if not isinstance(id_token, str):
        raise NotVouchedError(provider.issuer, "its answer holds no id token.", "Let the client ask for openid.")
    claims = _believed(provider, known, id_token, nonce=nonce, now=now)
    if userinfo:
        claims = _userinfo(provider, known, str(told.get("access_token", "")), claims["sub"]) | claims
    return claims, id_token


def goodbye(provider: Provider, id_token: str, *, back: str, now: datetime) -> str:
    """Give the address at which the provider ends its own session, empty where it has none or does not answer."""
    try:
        end = _known(provider, now).end
    except ProviderError:
        return ""
    if not end:
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    asked |= {"id_token_hint": id_token} if len(id_token) <= HINT_AT_MOST else {}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}"


def forget() -> None:
    """Ask every provider again what it is."""
    _KNOWN.clear()


def _known(provider: Provider, now: datetime) -> Known:
    known = _KNOWN.get(provider.issuer)
    if known is None or not timedelta() <= now - known.read_at < KEPT:
        known = _KNOWN[provider.issuer] = _discovered(provider, now)
    return known


def _discovered(provider: Provider, now: datetime) -> Known:
    """Read what the provider says of itself (OpenID Connect Discovery 1.0); it must call itself as we call it."""
    told = _asked(provider, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        found = f"it calls itself {str(told.get('issuer'))[:200]!r}."
        raise ProviderError(provider.issuer, found, "Write that name into DUNGHAN_OIDC_ISSUER, letter by letter.")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
    urls = {name: told[name] for name in wanted if isinstance(told.get(name), str) and is_safe_at(told[name])}
    for name in wanted[:3]:
        if name not in urls:
            raise ProviderError(provider.issuer, f"it tells no {name} with https.", "Ask who runs it.")
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Known(
        urls[wanted[0]], urls[wanted[1]], urls[wanted[2]], _asked(provider, urls[wanted[2]]), now,
        urls.get(wanted[3], ""), urls.get(wanted[4], ""), "client_secret_basic" in methods,
    )  # fmt: skip


def is_safe_at(url: str) -> bool:
    """Say whether an address of the provider is https, whatever it asks in its query."""
    return is_safe(urlsplit(url)._replace(query="", fragment="").geturl())


def _token(provider: Provider, known: Known, code: str, verifier: str) -> Mapping[str, Any]:
    """Exchange the code (RFC 6749 §4.1.3, RFC 7636 §4.5)."""
    body = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": provider.return_url,
        "client_id": provider.client_id, "code_verifier": verifier,
    }  # fmt: skip
    auth = None
    if provider.secret and known.basic:
        auth = httpx2.BasicAuth(_quoted(provider.client_id), _quoted(provider.secret))
    elif provider.secret:
        body["client_secret"] = provider.secret
    return _asked(provider, known.token, body=body, auth=auth)


def _quoted(text: str) -> str:
    """Write a name or secret as RFC 6749 §2.3.1 wants it in the header."""
    return urlencode({"": text})[1:]


def _believed(provider: Provider, known: Known, id_token: str, *, nonce: str, now: datetime) -> dict[str, Any]:
    """Give the claims of an id token that is right in every way (OpenID Connect Core 1.0 §3.1.3.7)."""
    try:
        claims = _signed(provider, known, id_token, now)
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=LEEWAY, iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id}, sub={"essential": True}, exp={"essential": True},
            iat={"essential": True}, nonce={"essential": True},
        )  # fmt: skip
        rules.validate(claims)
    except (JoseError, ValueError) as error:
        raise _unbelieved(provider, type(error).__name__) from None
    if not isinstance(claims["sub"], str):  # §2: a number 123 would be whoever is called "123"
        raise _unbelieved(provider, "its subject is no text")
    parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", provider.client_id) != provider.client_id or (len(parties) > 1 and "azp" not in claims):
        raise _unbelieved(provider, "it was made for another client")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise _unbelieved(provider, "it answers another question")
    return claims


def _signed(provider: Provider, known: Known, id_token: str, now: datetime) -> dict[str, Any]:
    """Give the claims of a token whose signature is the provider's; keys that it has changed are asked for again."""
    try:
        return jwt.decode(id_token, _keys(known), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError):
        if now - known.read_at < KEYS_AGAIN:
            raise
    newer = replace(known, keys=_asked(provider, known.keys_at), read_at=now)
    _KNOWN[provider.issuer] = newer
    return jwt.decode(id_token, _keys(newer), algorithms=ALGORITHMS).claims


def _keys(known: Known) -> KeySet:
    listed = known.keys.get("keys")
    usable = [key for key in listed if _is_public(key)] if isinstance(listed, list) else []
    return KeySet.import_key_set({"keys": usable})


def _is_public(key: Any) -> bool:
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


def _userinfo(provider: Provider, known: Known, access_token: str, subject: str) -> dict[str, Any]:
    if not known.userinfo:
        raise ProviderError(provider.issuer, "it has no userinfo address.", "Write `userinfo = false`.")
    told = dict(_asked(provider, known.userinfo, headers={"Authorization": f"Bearer {access_token}"}))
    if told.get("sub") != subject:  # §5.3.2: else it may be told of somebody else
        raise _unbelieved(provider, "its userinfo is of somebody else")
    return told


def _asked(
    provider: Provider, url: str, *, body: Mapping[str, str] | None = None, auth: httpx2.Auth | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Ask for a JSON object. Raises ProviderError, and NotVouchedError where the provider refuses what we sent."""
    step = "Try again later; if it stays so, ask who runs the provider."
    try:
        with httpx2.Client(timeout=PATIENCE, event_hooks=outbound.hooks(provider.issuer)) as client:
            method = "GET" if body is None else "POST"
            always = {"Accept": "application/json", **(headers or {})}
            with client.stream(method, url, data=body, auth=auth, headers=always) as answer:
                content = _whole(answer)
        told = json.loads(content) if len(content) <= MOST else None
    except httpx2.HTTPError as error:
        raise ProviderError(provider.issuer, f"no answer ({type(error).__name__}).", step) from error
    except outbound.OutsideError as error:
        raise ProviderError(provider.issuer, error.found, error.next_step) from error
    except ValueError:
        told = None
    why = str(told.get("error", ""))[:80] if isinstance(told, dict) else ""
    if why in ("invalid_client", "unauthorized_client"):
        step = "Mend DUNGHAN_OIDC_CLIENT_ID and the secret."
        raise ProviderError(provider.issuer, f"it does not know us: {why}.", step)
    if answer.status_code in (400, 401, 403) and (body or headers):
        raise NotVouchedError(provider.issuer, f"it refused: {why or answer.status_code}.", "Sign in again.")
    if answer.status_code != 200 or not isinstance(told, dict):
        raise ProviderError(provider.issuer, f"it answers {answer.status_code} and nothing to use.", step)
    return told


def _whole(answer: httpx2.Response) -> bytes:
    """Read an answer as far as it may be long. Raises httpx2.ReadTimeout for one that comes by drops."""
    ends, content = time.monotonic() + LONGEST, bytearray()
    for part in answer.iter_bytes():
        content += part
        if len(content) > MOST:
            break
        if time.monotonic() > ends:
            raise httpx2.ReadTimeout("the answer does not end", request=answer.request)
    return bytes(content)


def _unbelieved(provider: Provider, why: str) -> NotVouchedError:
    return NotVouchedError(provider.issuer, f"its token is not believed ({why}).", "Sign in again.")
