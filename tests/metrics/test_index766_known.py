"""What is known for Index 766: a share of nothing is not, nor one for which nobody said anything."""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics import index766_known as known
from metrics import procedures_register as register
from metrics.publication import Publication


def pair(over: int, under: int) -> dict[str, Any]:
    return {"numerator": over, "denominator": under, "value": over / under if under else None}


def test_shares_of_something_are_known_with_their_parts() -> None:
    row = {
        "on_time_766": pair(90, 100),
        "online_payment": pair(0, 0),
        "online_share": pair(0, 40),
        "pending_in_term": 3,
    }
    assert known.of_dossiers(row) == {"on_time_766": (90, 100), "online_share": (0, 40)}
    assert known.of_dossiers({}) == {}


def test_dossiers_of_which_none_has_a_due_day_are_no_late_ones() -> None:
    """A source that tells no due day gives 0 of 100; that is not known, and not nought."""
    row = {
        "on_time_766": pair(0, 100),
        "online_share": pair(7, 100),
        "resolved_undetermined": 60,
        "pending_undetermined": 40,
    }
    assert known.of_dossiers(row) == {"online_share": (7, 100)}
    assert known.of_dossiers(row | {"pending_overdue": 1})["on_time_766"] == (0, 100)


def counted(*lines: pl.DataFrame) -> dict[str, Any]:
    shares = {
        name: pl.struct(numerator=rate.numerator, denominator=rate.denominator) for name, rate in register.RATES.items()
    }
    return register.counted(pl.concat(lines)).with_columns(**shares).row(0, named=True)


def line(procedure: str, **told: Any) -> pl.DataFrame:
    row = {name: None for name in register.COLUMNS} | {"procedure": procedure, "kind": "own"} | told
    return pl.DataFrame([row], schema=register.COLUMNS)


def test_a_register_that_says_nothing_of_online_has_no_share_of_it() -> None:
    silent = counted(line("1"), line("2"))
    assert "procedures_online_share" not in known.of_register(silent)
    assert "procedures_centre_share" not in known.of_register(silent)
    said = counted(line("1", online="none", post=True), line("2", centre=True))
    assert known.of_register(said)["procedures_online_share"] == (0, 2)
    assert known.of_register(said)["procedures_post_share"] == (1, 2)
    assert known.of_register(said)["procedures_four_step_share"] == (0, 1)
    assert known.of_register({}) == {}


def test_what_the_portal_cannot_tell_is_not_there() -> None:
    assert known.of_portal(Publication(70, 20, 10)) == {"published_share": (70, 100)}
    assert known.of_portal(Publication(0, 0, 0)) == known.of_portal(None) == {}


def test_slips_are_satisfied_of_all() -> None:
    assert known.of_slips({"n": 30, "satisfied": 27}) == (27, 30)
    assert known.of_slips({"n": 0, "satisfied": 0}) is None and known.of_slips({}) is None
