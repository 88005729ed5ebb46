"""Prefilled letters to take away from a dossier: to be written on, signed and sent; then registered with the number."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import polars as pl

from config import report
from dashboard import filters, kept, offering
from dashboard.answers import records as words
from dashboard.wording import LOCAL
from reports.word import letters
from reports.word.letters import Dossier, Written
from store.people import Person
from store.records import Kind

#: Kind of letter → what its button says, the file, how it is written.
_LETTERS: Final[dict[str, tuple[str, str, Written]]] = {
    "apology": ("Tải mẫu 04: văn bản xin lỗi", "van-ban-xin-loi.docx", letters.apology),
    "supplement": ("Tải mẫu 02: yêu cầu bổ sung", "yeu-cau-bo-sung.docx", letters.supplement),
}


def button(kind: str, row: dict[str, Any], who: Person, key: str) -> None:
    """Offer a letter about a dossier that the reader may see, prefilled when it is asked for; the log says so."""
    label, name, write = _LETTERS[kind]
    file = kept.taken(
        partial(_made, write, row, who), who, name.removesuffix(".docx"), f"{row['source']} {row['code']}"
    )
    offering.button("docx", file, name, key=f"mau_{kind}_{key}", label=label)


def _made(write: Written, row: dict[str, Any], who: Person) -> bytes:
    """Write a letter with what is known of the dossier now."""
    causes = kept.of_dossier(row, who.scope).filter(pl.col("kind") == Kind.CAUSE.value)
    known = words.known().get(str(causes["cause"][0])) if causes.height else None
    told = Dossier(
        code=row["code"], procedure=row["procedure_name"] or row["procedure"] or letters.BLANK,
        department=row["department"] or letters.BLANK, received_on=row["received_on"], due_on=row["due_on"],
        cause=known.title if known else "",
    )  # fmt: skip
    return write(told, report.load().letterhead, filters.now().astimezone(LOCAL).date())
