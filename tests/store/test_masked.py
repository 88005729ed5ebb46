"""What an office keeps to recognise a dossier by is replaced when it is read again, and forgotten with the setting."""

from __future__ import annotations

import polars as pl

from metrics.scope import Scope
from store import masked
from store.database import Store, writing

CODES = pl.Series(["A", "B"])


def keep(store: Store, source: str, codes: pl.Series, shown: pl.DataFrame | None) -> None:
    with writing(store) as connection:
        masked.keep(connection, source, codes, shown)


def told(**shown: str) -> pl.DataFrame:
    return pl.DataFrame({"code": list(shown), "shown": list(shown.values())}, schema=masked.MASKED)


def test_what_was_told_last_is_kept(store: Store) -> None:
    keep(store, "one", CODES, told(A="Ng*** V** A", B="…123"))
    keep(store, "one", CODES, told(A="Tr*** V** A", B="…123"))
    assert [masked.of(store, "one", code, Scope.province()) for code in ("A", "B", "C")] == ["Tr*** V** A", "…123", ""]


def test_a_dossier_that_is_read_without_is_forgotten_and_no_other(store: Store) -> None:
    keep(store, "one", CODES, told(A="Ng*** V** A", B="…123"))
    keep(store, "two", CODES, told(A="of another source"))
    keep(store, "one", pl.Series(["A"]), told())
    assert [masked.of(store, "one", code, Scope.province()) for code in ("A", "B")] == ["", "…123"]
    assert masked.of(store, "two", "A", Scope.province()) == "of another source"


def test_a_connector_that_says_nothing_changes_nothing(store: Store) -> None:
    keep(store, "one", CODES, told(A="Ng*** V** A"))
    keep(store, "one", CODES, None)
    assert masked.of(store, "one", "A", Scope.province()) == "Ng*** V** A"


def test_what_belongs_to_no_dossier_of_the_batch_is_not_kept(store: Store) -> None:
    keep(store, "one", CODES, told(A="Ng*** V** A", Z="refused"))
    assert masked.of(store, "one", "Z", Scope.province()) == ""
