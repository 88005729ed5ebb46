"""A mapping that is wrong says where, what was found, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import MappingError
from config.mapping import FIELDS, load_mapping, parse_mapping
from metrics.dossier import COLUMNS

GOOD = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = "r"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + 'recieved_at = "r"\n', 'no field "recieved_at". Did you mean "received_at"?'),
        (GOOD + "[fil]\n", 'no key "fil". Did you mean "file"?'),
        (GOOD + "[file]\nheder_row = 2\n", 'no key "heder_row". Did you mean "header_row"?'),
        (GOOD + '[status.words]\nXong = "resolvd"\n', "found 'resolvd'"),
        (GOOD + '[duplicates]\nkeep = "newest"\n', "newest_by is changed_at, which is not in columns"),
        ('time_zone = "Asia/Hanoi"\n' + GOOD, 'no time zone "Asia/Hanoi"'),
        ('source = "x"\n[columns]\nreceived_at = "r"\n', "columns.code is missing"),
        ('source = "x"\n[columns]\ncode = "c"\n', "columns.received_at is missing"),
        (GOOD.replace('source = "x"\n', ""), 'the key "source" is missing'),
        (GOOD + "code = \n", "is not TOML"),
    ],
)
def test_a_wrong_mapping_is_explained(text: str, said: str) -> None:
    with pytest.raises(MappingError) as told:
        parse_mapping(text, place="land.toml")
    assert said in told.value.found
    assert told.value.place.startswith("land.toml")
    assert told.value.next_step


def test_a_mapping_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(tmp_path / "land.toml")


def test_every_field_of_a_mapping_is_a_column_of_the_dossier() -> None:
    assert set(COLUMNS) - set(FIELDS) == {"source", "suspensions", "extensions"}
    assert set(FIELDS) <= set(COLUMNS)


def test_the_status_decides_where_there_is_one_and_the_finish_date_elsewhere() -> None:
    assert parse_mapping(GOOD).closed_when == "finish_date"
    assert parse_mapping(GOOD + 'status = "s"\n').closed_when == "status"


def test_the_handbook_names_every_key_and_field() -> None:
    handbook = (Path(__file__).resolve().parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    from config.mapping import STATUSES, Mapping

    parts = [f.annotation for f in Mapping.model_fields.values()]
    keys = {k for p in parts for m in (p, *getattr(p, "__args__", ())) for k in getattr(m, "model_fields", {})}
    words = {*Mapping.model_fields, *keys, *FIELDS, *STATUSES}
    assert {w for w in words if f"`{w}`" not in handbook and f".{w}`" not in handbook} == set()
