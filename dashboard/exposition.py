"""How the product itself is doing, for a monitoring system: /metrics in the text format of Prometheus.

Counts and ages alone: no dossier, no unit, no person. Open to tokens of kind ``api`` that read the whole province.
"""

from __future__ import annotations

import math
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config.errors import StoreError
from dashboard import bearing, filters, gauges, watched, watching
from dashboard.families import written

PATH: Final = "/metrics"
FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def metrics(request: Request) -> Response:
    """Answer ``/metrics``: 401 without a token, 403 for one that reads less than the province, 503 without a store."""
    try:
        token = await bearing.token_of(request)
        if token is None:
            return PlainTextResponse("A valid token is needed.\n", 401, {**_HEADERS, "WWW-Authenticate": "Bearer"})
        if token.departments is not None:
            return PlainTextResponse("A token that reads the whole province is needed.\n", 403, _HEADERS)
        told = await to_thread.run_sync(gauges.families, filters.now())
    except bearing.TooOftenError as often:
        return PlainTextResponse("Asked too often.\n", 429, {**_HEADERS, "Retry-After": f"{math.ceil(often.seconds)}"})
    except StoreError as error:
        return PlainTextResponse(f"{watching.words(watched.incident(error))}\n", 503, _HEADERS)
    return Response(written(told), 200, {**_HEADERS, "Content-Type": FORMAT})


ROUTES: Final = (Route(PATH, metrics, methods=["GET"]),)
