"""Who asks by a token, and how often: the one place where /api and /metrics look a token up.

A token is 256 random bits, which nobody guesses; what is limited is what asking costs. Counts stand in this process
alone (dashboard/paced.py), so two dashboards answer twice as much.
"""

from __future__ import annotations

import hashlib
from typing import Final

from anyio import to_thread
from starlette.requests import Request

from dashboard import data, doors
from dashboard.paced import Pace
from store import failures, tokens
from store.tokens import Token

#: Answers a minute to one token.
PER_MINUTE: Final = 240
#: Tokens a minute that open nothing, of one address; of all that a proxy of this machine may hide together.
WRONG_PER_MINUTE: Final = 20
WRONG_PER_MINUTE_ALL: Final = 200
RIGHT: Final = Pace()
WRONG: Final = Pace()


class TooOftenError(Exception):
    """Somebody asks more often than is answered; ``seconds`` until the next answer."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


async def token_of(request: Request) -> Token | None:
    """Give the token of kind ``api`` that a request bears, None where there is none. Raises StoreError, TooOftenError.

    A try counts before it is looked at, and is given back where it was right; a token that was right here before waits
    for nobody else's wrong ones.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    mark, who = hashlib.sha256(secret.encode()).hexdigest(), failures.of_address(doors.address(request))
    known = RIGHT.knows(mark)
    if known:
        _take(RIGHT, mark, PER_MINUTE)
    else:
        _take(WRONG, who, WRONG_PER_MINUTE if who else WRONG_PER_MINUTE_ALL)
    token = await to_thread.run_sync(tokens.by_secret, data.store(), secret, "api")
    if token is None:
        RIGHT.forget(mark)
    elif not known:
        WRONG.give_back(who)
        _take(RIGHT, mark, PER_MINUTE)
    return token


def _take(pace: Pace, who: str, each: int) -> None:
    if seconds := pace.wait(who, each=each, together=None):
        raise TooOftenError(seconds)
