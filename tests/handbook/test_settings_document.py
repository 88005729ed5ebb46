"""docs/settings.md names every file an office may change, and its examples can be read as they stand."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from config import calendar, hours, procedures, units
from config.procedure_lines import COLUMNS
from config.rules import Rules
from jobs.settings_found import FILES
from metrics.limits import parse_limit
from tests.architecture.tracked import ROOT

TEXT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def example(heading: str, kind: str, folder: Path) -> Path:
    """Give the example under a heading as a file."""
    under = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"```{kind}\n(.*?)```", under, re.DOTALL)
    assert found
    file = folder / heading
    file.write_text(found[1], encoding="utf-8")
    return file


@pytest.mark.parametrize("name", FILES)
def test_every_settings_file_is_documented(name: str) -> None:
    assert f"| `{name}` |" in TEXT


def test_every_key_of_the_rules_is_explained() -> None:
    under = TEXT.split("## rules.toml\n")[1].split("\n## ")[0]
    keys = {field.alias or name for name, field in Rules.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in under} == set()


def test_the_calendar_of_the_document_is_read(tmp_path: Path) -> None:
    told = calendar.load(example("calendar.toml", "toml", tmp_path))
    assert [closure.units for closure in told.closures] == [("UBND xã A",)]
    assert [half.worked for half in told.half.values()] == ["morning"]


def test_the_hours_of_the_document_are_read(tmp_path: Path) -> None:
    told = hours.load(example("hours.toml", "toml", tmp_path))
    assert told.of("UBND xã A").usual.minutes == 480
    assert len(told.default.seasons) == 1


def test_the_units_of_the_document_are_read(tmp_path: Path) -> None:
    told = units.load(example("units.toml", "toml", tmp_path))
    assert told.today("Sở Tài nguyên và Môi trường") == told.today("H99.01") == "Sở Nông nghiệp và Môi trường"


def test_the_procedures_of_the_document_are_read(tmp_path: Path) -> None:
    file = example("procedures.csv", "csv", tmp_path)
    told = procedures.load(file)
    assert [parse_limit(line.statutory).size for line in told] == [10, 10, 0, 30]
    assert next(csv.reader(file.read_text(encoding="utf-8").splitlines())) == list(COLUMNS)
    assert all(f"| `{column}` |" in TEXT for column in COLUMNS)
