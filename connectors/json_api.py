"""Pull dossiers from any service that answers in JSON: declared paging, declared fields, a mapping for their meaning.

Pages that do not fit together (one that came before, fewer dossiers than the total) are not believed: the window is
read again from its beginning, and when it stays so, the pull ends with an error and the cursor where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import orjson
import polars as pl

from config.errors import SourceError, nearest
from config.notes import note
from config.sources import Source
from connectors import tabled
from connectors.base import Batch, Reading
from connectors.columns import columns_of, declared_personal, used_columns
from connectors.json_api_pages import Page, Step, announced, at_work, page
from connectors.json_api_settings import Settings
from connectors.json_api_window import Cursor, Window, begin
from connectors.json_rows import broken, leaves, texts_of
from connectors.json_values import plain_text, there
from connectors.pages import TELLING, mostly_readable, no_column_gone, not_short
from connectors.personal import unseen
from connectors.rest import RefusedError

__all__ = ["Settings", "pull", "shows_all"]

#: Without one of each no figure would be true.
_NEEDED: Final = (("code",), ("status",), ("received_at", "submitted_at"))
#: Times that a list may become shorter while it is read.
_PATIENCE: Final = 50


def pull(source: Source, reading: Reading) -> Iterator[Batch]:
    """Give what changed since the cursor, page by page. Raises SourceError, MappingError, ConfigError."""
    mapping = source.mapping_file()
    with at_work(source) as desk:
        work = begin(desk, mapping, reading)
        step: Step | None = Step(work.before.number, work.before.token) if work.before.upto else Step()
        while step is not None:
            here = _read(work, step)
            if here is None:  # it does not fit what came before
                step = _again(work)
            elif (back := _behind(work, here, step)) is not None:
                step = back
            else:
                batch, step = _taken(work, here, step)
                yield batch


def shows_all(source: Source, cursor: str | None) -> bool:
    """Say whether a pull that begins at ``cursor`` shows all there is: always, where a service cannot be asked for what
    changed ``since`` a moment, unless the pull goes on where another was cut off."""
    before = Cursor.read(cursor)
    return not before.upto and not (before.until and source.told(Settings).since)


def _read(work: Window, step: Step) -> Page | None:
    """Ask for one page; None when a cursor that was kept from a former pull is not taken any more."""
    try:
        here = page(work.desk, work.window, step, work.usual)
        work.usual = len(here.rows)
        return here
    except RefusedError:
        if step.token and step == Step(work.before.number, work.before.token):
            work.notes.append(note("page_forgotten"))
            return None
        raise


def _again(work: Window) -> Step:
    """Begin the window anew. Raises SourceError when that was tried often enough."""
    work.restarts += 1
    if work.restarts > work.desk.settings.rereads:
        found = f"its pages do not fit together: one came twice, or dossiers are missing, {work.restarts} times."
        raise SourceError(work.desk.place, found, "Check paging, size and total under [source.json_api].")
    work.seen, work.tokens, work.came, work.last, work.total, work.earlier = set(), set(), 0, "", None, 0
    return Step()


def _no_circle(work: Window, after: Step | None) -> None:
    """Raise SourceError when the next page is told to be one that was read already: it would go on for ever."""
    if after is None or not after.token:
        return
    if after.token in work.tokens:
        found = f"page {after.number} leads back to a page that was read before."
        raise SourceError(work.desk.place, found, "Ask its operator, or check next; what was stored stays.")
    work.tokens.add(after.token)


def _behind(work: Window, here: Page, step: Step) -> Step | None:
    """Go back where the list became shorter while it was read: as many rows moved to pages that were read already."""
    before, work.total = work.total, here.total
    if not work.desk.counted or before is None or here.total is None or here.total >= before or not step.number:
        return None
    work.backs, work.last = work.backs + 1, ""  # the page gone back to may well be what it was
    if work.backs > _PATIENCE:
        found = f"the list became shorter {work.backs} times while it was read; the last total is {here.total}."
        raise SourceError(work.desk.place, found, "Declare until, so that the list stands still, or ask its operator.")
    pages = -(-(before - here.total) // work.desk.settings.rows_a_page)
    return Step(max(0, step.number - pages))


def _taken(work: Window, here: Page, step: Step) -> tuple[Batch, Step | None]:
    """Check a page, translate it, and say where to go on: at its next, or at the beginning again."""
    desk, said = work.desk, f"page {step.number + 1}"
    not_short(len(here.rows), announced(desk, here, step), said, desk.place)
    _columns_there(work, here.rows)
    if here.told_at:
        _look_at_clock(work, here.told_at)
    frame = texts_of(here.rows, {path: path for path in _paths(work)})
    doubted = _repeated(work, here, frame) or (here.next is None and work.rows < (here.total or 0))
    after = _again(work) if doubted else here.next
    _no_circle(work, after)
    batch = _batch(work, frame, here, step, work.cursor(after))
    mostly_readable(batch, said, desk.place)
    return batch, after


def _look_at_clock(work: Window, told_at: datetime) -> None:
    """Keep the service's own clock at its earliest, and say when it went back behind what is stored."""
    work.reached = min(told_at, work.reached or told_at)
    behind = work.since and told_at < datetime.fromisoformat(work.since)
    if behind and not work.came:
        work.notes.append(note("clock_behind", at=told_at.isoformat()))


def _repeated(work: Window, here: Page, frame: pl.DataFrame) -> bool:
    """Say whether a page is the one before it once more in all that we read of it, and remember it."""
    texts = [orjson.dumps(row, default=plain_text) for row in here.rows]
    told = hashlib.blake2b(orjson.dumps(frame.rows()), digest_size=8).hexdigest()
    before, work.last = work.last, told
    work.seen.update(pl.Series(texts, dtype=pl.Binary).hash())
    work.came += len(texts)
    return len(texts) > 1 and told == before


def _batch(work: Window, frame: pl.DataFrame, here: Page, step: Step, cursor: str) -> Batch:
    wanted = work.mapping.personal.keep_masked
    lost = unseen(
        wanted, [p for p in wanted if any(there(row, p) for row in here.rows)], rows=len(here.rows), first=False
    )
    size, notes = work.desk.settings.rows_a_page, (*work.notes, *lost)
    work.notes.clear()
    place = f"{work.desk.source.name}, page {step.number + 1}"
    first, shift = step.number * size + 1, work.reading.shift
    codes = [path for item in work.mapping.columns["code"] for path in columns_of(item)]
    return tabled.batch(
        frame, work.mapping, place=place, shift=shift, first_row=first, cursor=cursor, n_expected=here.total or 0,
        broken_codes=broken(here.rows, codes), notes=notes,
    )  # fmt: skip


def _paths(work: Window) -> list[str]:
    """List the paths that may cross the border: what the mapping names, and what is told to be kept."""
    named = [*used_columns(work.mapping), *declared_personal(work.mapping), *work.desk.settings.keep]
    return list(dict.fromkeys(named))


def _columns_there(work: Window, rows: list[dict[str, Any]]) -> None:
    """Raise SourceError when a mapped path leads nowhere in a whole page, and that cannot be chance."""
    if not rows:
        return
    came = {path for path in used_columns(work.mapping) if any(there(row, path) for row in rows)}
    may_lack = work.desk.settings.may_lack
    for names in _NEEDED:
        paths = [p for name in names for item in work.mapping.columns.get(name, ()) for p in columns_of(item)]
        if paths and not came.intersection(paths) and not set(paths) <= set(may_lack):
            found = f'nothing stands at "{paths[0]}".{nearest(paths[0], leaves(rows))}'
            raise SourceError(
                work.desk.place, found, "Check the paths of the mapping, or ask its operator what changed."
            )
    if len(rows) >= TELLING:  # a service may leave empty fields out: a few rows tell nothing
        no_column_gone(came, work.columns, may_lack, work.desk.place, "[source.json_api]")
    work.columns |= came
