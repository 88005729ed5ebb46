"""Provinces that several tests look at; built once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reports import friday
from tests.fresh import Databases
from tests.reports.province import THURSDAY, Made, Making, case, extension, made, twelve_weeks, week_of_cases

BUILDING: dict[str, Any] = {"field": "Xây dựng", "procedure": "1.009974", "procedure_name": "Cấp giấy phép xây dựng"}
JUSTICE: dict[str, Any] = {"field": "Tư pháp", "procedure": "2.000488", "procedure_name": "Cấp phiếu lý lịch tư pháp"}


def bad_week() -> list[dict[str, Any]]:
    """Write the golden week: due 81, met 64 (Xây dựng 25/40, Tư pháp 39/41); five dossiers overdue at its end."""
    old = THURSDAY - timedelta(days=70)
    return [
        *twelve_weeks("XD", "Sở Xây dựng", [38, 37] * 6, 40, **BUILDING),
        *twelve_weeks("TP", "Sở Tư pháp", [39] * 12, 40, **JUSTICE),
        *week_of_cases("XD", "Sở Xây dựng", THURSDAY, 25, 40, **BUILDING),
        *week_of_cases("TP", "Sở Tư pháp", THURSDAY, 39, 40, **JUSTICE),
        *(case(f"XD-CU-{i}", "Sở Xây dựng", old, None, step="Thẩm định", **BUILDING) for i in range(4)),
        case(
            "TP-HL-1",
            "Sở Tư pháp",
            THURSDAY - timedelta(days=2),
            None,
            received=THURSDAY - timedelta(days=30),
            extensions=extension(THURSDAY, THURSDAY + timedelta(days=20), "12/XL-TP", "Chờ kết quả xác minh"),
            **JUSTICE,
        ),
    ]


@pytest.fixture(scope="session")
def make(databases: Databases) -> Making:
    return partial(made, databases)


@pytest.fixture(scope="session")
def golden(make: Making, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("golden"), bad_week())


@pytest.fixture(scope="session")
def content(golden: Made) -> dict[str, Any]:
    return golden.report()


@pytest.fixture(scope="session")
def printed(content: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return friday.write(content, tmp_path_factory.mktemp("printed"))
