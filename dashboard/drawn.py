"""Parts of pages that stand ready (dashboard.ready), by all that what they say depends on.

State of the figures, scope, choice, who is silent; the page and its address; what the browser is, its theme and the
language; what the reader's role opens; and what stands beside the figures: the state of the sources, what the night
made, and ten minutes of the clock, for which an outage is looked for (dashboard.outages).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Final

from dashboard import cached, components, data, filters, frame, insights, languages, ready
from dashboard import speaking as st
from dashboard.data import Ask

#: Minutes for which what a part says of sources is good, as of dashboard.outages.
KEPT: Final = 10


def shown(draw: Callable[..., None], ask: Ask, *given: Hashable) -> None:
    """Draw a part of a page about ``ask``, or say again what it said; ``given``: what else it is given."""
    now = filters.now()
    about = now.replace(minute=now.minute // KEPT * KEPT, second=0, microsecond=0)
    found = insights.made()
    beside = about, _sources(), found.made_at if found else None
    reader = frame.person()
    key = (
        draw.__module__, draw.__qualname__, given, ask.scope, ask.choice, ask.silent, beside, _address(),
        (components.phone(), components.theme(), languages.is_english()), reader.role, reader.departments,
    )  # fmt: skip
    stood = ready.shown(ask.version, key, partial(draw, ask, *given))
    cached.counted(f"drawn.{draw.__module__.rpartition('.')[2]}", stood=stood)


def _sources() -> Hashable:
    """Give what the sources are known by: a page tells of those that are late."""
    return tuple(tuple(map(str, row)) for row in data.sources().iter_rows())


def _address() -> Any:
    return tuple(sorted(st.query_params.to_dict().items()))
