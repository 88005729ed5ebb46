"""The way to the office's provider and back: what the browser carries, and whom we let in by what it brings."""

from __future__ import annotations

import hmac
import json
from typing import Any, Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from config import access, units
from config.access import Unfit, UnfitError
from config.errors import ConfigError, SourceError
from config.provider import RETURN_PATH, Provider, provider
from connectors import oidc
from connectors.oidc import NotVouchedError, ProviderError
from dashboard import data, doors, entering, filters, posted, watched
from store import failures, signing_in
from store.people import Person
from store.signing_in import Refusal, Vouched

#: What the browser carries from our page to the provider and back: state, nonce, verifier, the wanted page.
COOKIE: Final = "dunghan_tinh"
COOKIE_SECONDS: Final = 600
_UNFIT: Final[dict[Unfit, str]] = {
    "no_rule": "chua-cap-quyen",
    "no_name": "chua-cap-quyen",
    "no_units": "chua-co-don-vi",
    "unknown_unit": "chua-co-don-vi",
}
_REFUSED: Final[dict[Refusal, str]] = {"disabled": "da-khoa", "taken": "trung-ten"}


async def go(request: Request) -> Response:
    """Send somebody to the provider, with a question that only this browser can bring the answer to."""
    after = doors.wanted(request.query_params.get("tiep"))
    try:
        going = await posted.PROVIDER.do(_begun)
    except posted.BusyError:
        return entering.trouble("khong-tra-loi", after)
    except ProviderError as error:
        return _said(error, "khong-tra-loi", after)
    except ConfigError as error:
        return entering.trouble("chua-cau-hinh", after, incident=watched.incident(error))
    if going is None:  # nobody is led here, so anybody who comes breaks nothing
        return entering.trouble("chua-cau-hinh", after)
    carried = json.dumps({"state": going.state, "nonce": going.nonce, "verifier": going.verifier, "tiep": after})
    answer = RedirectResponse(going.url, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    answer.set_cookie(
        COOKIE, quote(carried, safe=""), COOKIE_SECONDS, path=entering.OUTSIDE, httponly=True, samesite="lax",
        secure=doors.secure(request),
    )  # fmt: skip
    return answer


async def back(request: Request) -> Response:
    """Let somebody in whom the provider vouches for, in answer to the question that this browser carried there."""
    carried = _carried(request)
    after = doors.wanted(carried.get("tiep"))
    answer = await _answered(request, carried, after)
    answer.delete_cookie(COOKIE, path=entering.OUTSIDE)
    return answer


async def _answered(request: Request, carried: dict[str, str], after: str) -> Response:
    at, told = provider(), request.query_params
    state = carried.get("state", "")
    if at is None or not state or not hmac.compare_digest(state.encode(), told.get("state", "").encode()):
        return entering.trouble("qua-han", after)
    if "error" in told:
        return entering.trouble("da-dung" if told["error"] == "access_denied" else "khong-xac-nhan", after)
    if told.get("iss", at.issuer) != at.issuer:  # RFC 9207: another provider's answer
        return entering.trouble("khong-xac-nhan", after)
    try:
        person, hint = await posted.PROVIDER.do(_vouched, at, told.get("code", ""), carried)
    except posted.BusyError:
        return entering.trouble("khong-tra-loi", after)
    except ProviderError as error:
        return _said(error, "khong-tra-loi", after)
    except NotVouchedError as error:
        return _said(error, "khong-xac-nhan", after)
    except UnfitError as error:
        return entering.trouble(_UNFIT[error.why], after)
    except ConfigError as error:
        return entering.trouble("chua-cau-hinh", after, incident=watched.incident(error))
    if not isinstance(person, Person):
        return entering.trouble(_REFUSED[person], after)
    return await entering.opened(request, person, after, hint=hint)


def _said(error: SourceError, which: str, after: str) -> Response:
    """Write down what the provider did not do, and go back to the sign-in page."""
    watched.log.warning("provider_failed", place=error.place, found=error.found, then=error.next_step)
    return entering.trouble(which, after)


def goodbye(hint: str) -> str:
    """Give where a session ends that began at the provider: there, and then on our sign-in page."""
    at = provider()
    if at is None or not hint:
        return doors.SIGN_IN
    return oidc.goodbye(at, hint, back=at.public_url + doors.SIGN_IN, now=filters.now()) or doors.SIGN_IN


def _begun() -> oidc.Going | None:
    at = provider()
    return oidc.begin(at, scopes=access.load().claims.scopes, now=filters.now()) if at else None


def _vouched(at: Provider, code: str, carried: dict[str, str]) -> tuple[Person | Refusal, str]:
    """Judge what the provider says of somebody by access.toml, and take it over. Raises DunghanError."""
    told, now = access.load(), filters.now()
    claims, hint = oidc.finish(
        at, code, nonce=carried["nonce"], verifier=carried["verifier"], userinfo=told.claims.userinfo, now=now
    )
    try:
        who = access.described(claims, told, units.load())
    except UnfitError as error:
        failures.was_wrong(data.store(), str(claims["sub"]), at=now, detail=f"{at.issuer}: {error.why}")
        raise
    person = Person(who.name, who.title, who.role, who.units, who.below)
    return signing_in.vouched(data.store(), Vouched(at.issuer, str(claims["sub"]), person), at=now), hint


def _carried(request: Request) -> dict[str, str]:
    """Read the browser's cookie; whatever else somebody put there says nothing."""
    names = ("state", "nonce", "verifier", "tiep")
    try:
        told: Any = json.loads(unquote(request.cookies.get(COOKIE, "")))
        carried = {name: told[name] for name in names}
        "".join(carried.values()).encode()  # else a text that no answer can hold
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    return carried


ROUTES: Final = (Route(entering.OUTSIDE, go, methods=["GET"]), Route(RETURN_PATH, back, methods=["GET"]))
