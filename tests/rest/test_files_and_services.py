"""JSON means the same whether it lies in a file or is told by a service: places in it, numbers, codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pytest_httpserver import HTTPServer

from config.errors import MappingError, SourceError
from config.mapping import parse_mapping
from connectors import json_values
from connectors.readers import read_file
from connectors.translate import translate
from tests.connectors.made import translated, workbook
from tests.rest.conftest import Pulled, source_at

MAPPING = """
source = "service"
[columns]
code = "ma"
procedure = "thuTuc"
department = "coQuan.0.ten"
received_at = "nhan"
fee = "phi"
[[suspensions]]
from_at = "boSung.0.tu"
to_at = "boSung.0.den"
[[suspensions]]
from_at = "boSung.1.tu"
to_at = "boSung.1.den"
"""
WAIT = '{"tu": "2026-11-04", "den": "2026-11-06"}'
#: Five records: three writings of one code, one number that is none, one with a second wait; the last has no office.
RECORDS = (
    '{"ma": 12, "thuTuc": 1.110, "coQuan": [{"ten": "Sở Y tế"}, {"ten": "x"}], "nhan": "2026-11-03", "phi": 50000.0,'
    ' "boSung": []}',
    '{"ma": 12.0, "thuTuc": 1.110, "coQuan": [{"ten": "Sở Y tế"}], "nhan": "2026-11-03", "phi": 5e4, "boSung": []}',
    '{"ma": "12", "thuTuc": "1.110", "coQuan": [{"ten": "Sở Y tế"}], "nhan": "2026-11-03", "phi": "50000",'
    ' "boSung": []}',
    '{"ma": 12.5, "thuTuc": 1.110, "coQuan": [{"ten": "Sở Y tế"}], "nhan": "2026-11-03", "phi": 0, "boSung": []}',
    f'{{"ma": 13, "thuTuc": 1.11, "coQuan": [], "nhan": "2026-11-03", "phi": null, "boSung": [{WAIT}, {WAIT}]}}',
)
LISTED = "[" + ",".join(RECORDS) + "]"
TOLD = ("code", "procedure", "department", "fee")
WORKED_OUT = [("12", "1.110", "Sở Y tế", 50000), ("13", "1.11", None, None)]


def in_a_file(text: str) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    done = translated(text, MAPPING, "x.json")
    return done.good, done.rejects, done.merged


def at_a_service(server: HTTPServer, folder: Path, text: str) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    (folder / "service.toml").write_text(MAPPING, encoding="utf-8")
    server.expect_request("/api/none").respond_with_data(text, content_type="application/json")
    source = source_at(server.url_for("").rstrip("/"), folder, "none", rows="", total="", no_two_alike=False)
    batches = list(Pulled().batches(source))
    return (
        pl.concat(b.good for b in batches), pl.concat(b.rejects for b in batches), sum(b.merged for b in batches)
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["list", "lines", "service"])
def test_one_mapping_reads_a_file_and_a_service_alike(kind: str, httpserver: HTTPServer, tmp_path: Path) -> None:
    if kind == "service":
        good, rejects, merged = at_a_service(httpserver, tmp_path, LISTED)
    else:
        good, rejects, merged = in_a_file(LISTED if kind == "list" else "\n".join(RECORDS) + "\n")
    assert (good.sort("code").select(TOLD).rows(), merged) == (WORKED_OUT, 2)
    assert rejects.select("code", "reasons").rows() == [("12.5", ["code_broken"])]
    waits = dict(good.select("code", "suspensions").rows())
    assert (waits["12"], len(json.loads(waits["13"]))) == (None, 2)


def test_a_path_into_a_list_that_no_record_has_is_a_wrong_mapping() -> None:
    with pytest.raises(MappingError, match=r'"coQuan.0.tne"'):
        read_file(LISTED.encode(), name="x", mapping=parse_mapping(MAPPING.replace("coQuan.0.ten", "coQuan.0.tne")))


def test_a_code_in_a_cell_of_excel_is_the_same_as_number_and_as_text() -> None:
    rows: list[list[Any]] = [["ma", "nhan"], [12, "03/11/2026"], [12.0, "03/11/2026"], ["12", "03/11/2026"]]
    mapping = parse_mapping('source = "s"\n[columns]\ncode = "ma"\nreceived_at = "nhan"\n[dates]\nday_first = true\n')
    done = translate(read_file(workbook({"S": rows}), name="x", mapping=mapping), mapping)
    assert (done.good["code"].to_list(), done.merged) == (["12"], 2)


@pytest.mark.parametrize(
    ("path", "value", "is_there"),
    [
        ("a.b", 1, True), ("a.c", None, False), ("l.0.x", 2, True), ("l.1.x", None, True), ("l.0.y", None, False),
        ("l.x", None, False), ("n", None, True), ("n.x", None, False), ("p.q", 3, True), ("", ..., True),
    ],
)  # fmt: skip
def test_a_place_is_named_by_one_rule(path: str, value: object, is_there: bool) -> None:
    told = {"a": {"b": 1}, "l": [{"x": 2}], "n": None, "p.q": 3}
    assert (json_values.at(told, path), json_values.there(told, path)) == (told if value is ... else value, is_there)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12", "12"), ("12.0", "12"), ("12.00", "12"), ("1.110", "1.110"), ("5e4", "50000"), ("true", "true"),
        ("12345678901234567890123", "12345678901234567890123"), ("-0.5", "-0.5"), ('"007"', "007"), ("null", None),
    ],
)  # fmt: skip
def test_a_number_is_written_as_it_came_less_a_fraction_of_nothing(written: str, text: str | None) -> None:
    assert json_values.plain_text(json_values.loads(written.encode())) == text


def test_a_page_of_an_error_is_named_by_its_kind_size_and_status_alone(httpserver: HTTPServer, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        at_a_service(httpserver, tmp_path, "<html>Nguyễn Văn Kín, zuyên</html>")
    assert caught.value.found == "what came is a page of HTML, or XML (39 bytes, status 200)."
