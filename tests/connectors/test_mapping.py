"""A mapping that is wrong says where, what was found, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.errors import MappingError
from config.mapping import FIELDS, NUMBER_FIELDS, STATUSES, Mapping, load_mapping, parse_mapping
from connectors.check import REASONS
from metrics.dossier import COLUMNS, NUMBERS
from tests.connectors.made import here, translated, workbook

HANDBOOK = (Path(__file__).resolve().parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", HANDBOOK, re.DOTALL)

GOOD = 'source = "x"\n[columns]\ncode = "c"\nreceived_at = "r"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + 'recieved_at = "r"\n', 'no field "recieved_at". Did you mean "received_at"?'),
        (GOOD + "[fil]\n", 'no key "fil". Did you mean "file"?'),
        (GOOD + "[file]\nheder_row = 2\n", 'no key "heder_row". Did you mean "header_row"?'),
        (GOOD + '[status.words]\nXong = "resolvd"\n', "found 'resolvd'"),
        (GOOD + '[file]\ndelimiter = ";;"\n', '";;" is not one sign'),
        (GOOD + '[dates.columns]\ndue = "dd/MM/yyyy"\n', 'no date field "due". Did you mean "due_at"?'),
        (GOOD + '[events]\ntime = "t"\nlast_row_only = ["resolved"]\n', 'Did you mean "resolved_at"?'),
        (GOOD + '[duplicates]\nkeep = "newest"\n', "newest_by is changed_at, which is not in columns"),
        ('time_zone = "Asia/Hanoi"\n' + GOOD, 'no time zone "Asia/Hanoi"'),
        ('source = "x"\n[columns]\nreceived_at = "r"\n', "columns.code is missing"),
        ('source = "x"\n[columns]\ncode = "c"\n', "columns.received_at is missing"),
        (GOOD.replace('source = "x"\n', ""), 'the key "source" is missing'),
        (GOOD + "code = \n", "is not TOML"),
        (GOOD + '[events]\ntime = "t"\nresolved = ["Done"]\n', "events.activity is missing"),
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
    assert NUMBERS == NUMBER_FIELDS
    assert set(FIELDS) <= set(COLUMNS)


def test_the_status_decides_where_there_is_one_and_the_finish_date_elsewhere() -> None:
    assert parse_mapping(GOOD).closed_when == "finish_date"
    assert parse_mapping(GOOD + 'status = "s"\n').closed_when == "status"


def test_the_handbook_names_every_key_field_status_and_reason() -> None:
    parts = [f.annotation for f in Mapping.model_fields.values()]
    keys = {k for p in parts for m in (p, *getattr(p, "__args__", ())) for k in getattr(m, "model_fields", {})}
    words = {*Mapping.model_fields, *keys, *FIELDS, *STATUSES, *REASONS.values()}
    assert {w for w in words if f"`{w}`" not in HANDBOOK and f"[{w}" not in HANDBOOK} == set()


@pytest.mark.parametrize("text", [t for t in EXAMPLES if "source = " in t], ids=lambda t: t.split('"')[1])
def test_every_whole_mapping_of_the_handbook_can_be_read(text: str) -> None:
    assert parse_mapping(text).source


def test_the_worked_example_of_the_handbook_does_what_the_handbook_says() -> None:
    text = next(t for t in EXAMPLES if 'source = "construction"' in t)
    lines = HANDBOOK.split("## 3.")[1].split("```")[0].splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")][1:] for line in lines if re.match(r"\| \d", line)]
    done = translated(workbook({"Danh sách": cells}), text)
    assert [(r["status"], r["department"]) for r in done.good.iter_rows(named=True)] == [
        ("returned", "Sở Xây dựng"),
        ("supplement", "Sở Xây dựng"),
    ]
    assert here(done.good["returned_at"][0]) == "2026-11-13 14:05"
    assert (done.skipped, done.dropped) == (1, ("Chủ hồ sơ",))
