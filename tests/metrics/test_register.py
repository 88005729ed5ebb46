"""What the register of units says of a dossier where its source does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from config.units import Known, Units
from metrics.places import with_own_name
from metrics.register import with_register

JULY = date(2025, 7, 1)
UNITS = Units(
    own_name={"H99.21": "Xã A", "000.21.15.H99": "Xã A", "H99": "Tỉnh"},
    handed={},
    known=(
        Known("Tỉnh", "province"),
        Known("Xã A", "district", "Tỉnh", None, date(2025, 6, 30)),
        Known("Xã A", "commune", "Tỉnh", JULY),
        Known("Thuế", "vertical"),
    ),
)


def told(**changes: Any) -> dict[str, Any]:
    plain = {
        "id": 0, "department": "H99.21", "receiving_unit": "H99", "level": None,
        "received_on": JULY, "submitted_on": None,
    }  # fmt: skip
    kinds = {"level": pl.String, "received_on": pl.Date, "submitted_on": pl.Date, "department": pl.String}
    frame = pl.DataFrame([plain | changes], schema_overrides=kinds)
    row: dict[str, Any] = with_register(with_own_name(frame, UNITS), UNITS).row(0, named=True)
    return row


def test_a_unit_written_by_code_has_its_name_resolving_and_receiving() -> None:
    row = told()
    assert (row["department_own"], row["receiving_unit"]) == ("Xã A", "Tỉnh")


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "commune"),
        ({"received_on": date(2025, 6, 30)}, "district"),
        ({"received_on": None, "submitted_on": date(2025, 6, 30)}, "district"),
        ({"level": "province"}, "province"),
        ({"department": "Thuế"}, None),
        ({"department": "Sở X"}, None),
        ({"department": None}, None),
        ({"department": "Tỉnh", "received_on": date(1999, 1, 1)}, "province"),
    ],
)
def test_the_level_is_the_unit_s_on_the_day_of_receipt_unless_the_source_tells_one(
    changes: dict[str, Any], level: str | None
) -> None:
    assert told(**changes)["level"] == level


def test_without_a_register_nothing_is_said() -> None:
    frame = pl.DataFrame({"id": [0], "receiving_unit": ["x"], "department_own": ["y"], "level": [None]})
    assert with_register(frame, Units({}, {})).equals(frame)
