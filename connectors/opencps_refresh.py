"""Look at open dossiers again, by the days of their receipt or one by one, whichever asks less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from connectors.opencps_slices import Slice, columns_there, first_page, read_whole, whole_slices
from connectors.opencps_wire import Desk, one

_A_BATCH: Final = 200
_Found = Iterator[tuple[list[dict[str, Any]], str]]


def refresh(desk: Desk, wanted: pl.DataFrame, missing: list[str]) -> _Found:
    """Give the records of ``wanted`` (code, day of receipt or null), and of whoever was received with them, with words
    that say where they come from. Codes that are not shown any more are added to ``missing``. Raises SourceError."""
    dated = wanted.filter(pl.col("day").is_not_null()).sort("day", "code")
    pairs: list[tuple[date, str]] = list(dated.select("day", "code").iter_rows())
    refused: list[str] = []
    yield from _by_days(desk, pairs, refused)
    yield from _one_by_one(desk, wanted.filter(pl.col("day").is_null())["code"].to_list(), missing)
    days = {code: day for day, code in pairs}
    yield from _in_the_lists(desk, {code: days[code] for code in refused}, missing)


def _in_the_lists(desk: Desk, refused: dict[str, date], missing: list[str]) -> _Found:
    """Look for those not handed out one by one in the lists of their days: the account may not be allowed to, and an
    unknown number is answered just so."""
    shown: set[str] = set()
    for day in sorted(set(refused.values())):
        for whole in whole_slices(desk, Slice("Receive", day, day)):
            shown.update(str(record.get(desk.settings.code)) for record in whole.records)
            yield whole.records, whole.part.said
    missing += [code for code in refused if code not in shown]


def _by_days(desk: Desk, wanted: list[tuple[date, str]], missing: list[str]) -> _Found:
    """Read the days of ``wanted`` (in their order), halved until reading a day asks less than reading its dossiers."""
    if not wanted:
        return
    first, last, codes = wanted[0][0], wanted[-1][0], [code for _, code in wanted]
    if len(wanted) == 1 and _knows_numbers(desk):
        yield from _one_by_one(desk, codes, missing)
        return
    part = Slice("Receive", first, last)
    page = first_page(desk, part)
    more = -(-page.total // desk.settings.rows_a_page) - 1
    if page.total <= desk.settings.largest_slice and (more <= len(wanted) or not _knows_numbers(desk)):
        yield read_whole(desk, part, page).records, part.said
    elif first < last:
        middle = part.halves[0].last
        yield from _by_days(desk, [w for w in wanted if w[0] <= middle], missing)
        yield from _by_days(desk, [w for w in wanted if w[0] > middle], missing)
    elif _knows_numbers(desk):
        yield from _one_by_one(desk, codes, missing)
    else:
        yield from ((whole.records, whole.part.said) for whole in whole_slices(desk, part))


def _one_by_one(desk: Desk, codes: list[str], missing: list[str]) -> _Found:
    if not _knows_numbers(desk):  # it has lost its receipt; a sweep finds it
        missing += codes
        return
    for start in range(0, len(codes), _A_BATCH):
        some = codes[start : start + _A_BATCH]
        found = {code: one(desk, code) for code in some}
        missing += [code for code, record in found.items() if record is None]
        if records := [record for record in found.values() if record is not None]:
            columns_there(desk, records)
            yield records, f"{len(records)} open dossiers by their numbers"


def _knows_numbers(desk: Desk) -> bool:
    """Say whether a code of ours names a dossier of the site: its printed number does not."""
    return desk.settings.code != "dossierNo"
