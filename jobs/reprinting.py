"""Print an issued report again from its stored content, and compare every byte with what was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

from config.errors import DunghanError
from metrics.scope import Scope
from reports import finished, friday
from store import issued
from store.database import Store


def wrong(store: Store, one: issued.Edition) -> list[str]:
    """Say what of an issued report is not as it was issued, in words; nothing: every form is the same byte for byte."""
    hashes = issued.hashes(store, one.id, Scope.province())
    papers = {paper.form: paper for paper in issued.papers_of(store, one.id, Scope.province())}
    if "json" not in papers:
        return ["json: the content is not there."]
    kept = [f"{form}: its bytes are not those of its hash." for form, p in papers.items() if p.sha256 != hashes[form]]
    try:
        return [*kept, *_printed_otherwise(papers["json"].content, {form: p.content for form, p in papers.items()})]
    except (DunghanError, ValueError, KeyError, TypeError) as error:
        return [*kept, f"json: it cannot be printed again ({type(error).__name__})."]


def _printed_otherwise(told: bytes, papers: dict[str, bytes]) -> Iterator[str]:
    content = json.loads(told)
    if not friday.intact(content):
        yield "json: its content does not carry its own hash."
    again = finished.pieces(content)
    for form in sorted(again.keys() | papers.keys()):
        if form not in papers or form not in again or papers[form] != again[form][1]:
            yield f"{form}: printed again it is not the same."
