"""Whole files to be damaged: the committed ones, made ones of every other kind, and the real sets where they are."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from tests.conftest import ROOT
from tests.connectors.made import workbook
from tests.fuzz.case import Case

SHARED: Final = Path(os.environ.get("DUNGHAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
_DATA: Final = ROOT / "tests" / "data"
_LINES: Final = 40  # of a real table; a mutation finds nothing more in a thousand
_LOG: Final = """
source = "log"
time_zone = "Europe/Amsterdam"
[columns]
code = "case:concept:name"
due_at = "case:deadline"
[events]
time = "time:timestamp"
activity = "concept:name"
resource = "org:resource"
received = "first"
resolved = "last"
"""
_BOSTON: Final = """
source = "boston"
time_zone = "America/New_York"
[columns]
code = "case_enquiry_id"
received_at = "open_dt"
due_at = "sla_target_dt"
resolved_at = "closed_dt"
status = "case_status"
[status]
known = ["english"]
unknown = "from_dates"
"""
_HOUSTON: Final = """
source = "houston"
time_zone = "America/Chicago"
[columns]
code = "CASE NUMBER"
received_at = "SR CREATE DATE"
due_at = "DUE DATE"
resolved_at = "DATE CLOSED"
"""
_CATALOGUE: Final = '\nsource = "catalogue"\n[columns]\ncode = "Mã số"\nprocedure_name = "Tên"\n'


def committed() -> tuple[Case, ...]:
    """Give the files of tests/data, and the same rows as a file of every other kind."""
    export, log = _sample("one_stop_export"), _sample("event_log")
    frame = pl.read_csv(_DATA / "event_log.csv", infer_schema=False)
    parquet, packed = io.BytesIO(), io.BytesIO()
    frame.write_parquet(parquet)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("thang-1.csv", export.data)
        archive.writestr("thang-2.csv", export.data)
    sheet = workbook({"Bìa": [["Báo cáo"]], "Số liệu": [frame.columns, *map(list, frame.rows())]})
    rows = frame.to_dicts()
    made = {
        "gz": gzip.compress(log.data, mtime=0), "xlsx": sheet, "parquet": parquet.getvalue(),
        "json": json.dumps(rows).encode(),
        "json_lines": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
    }  # fmt: skip
    others = [Case(way, data, f"event_log.{way}", log.mapping) for way, data in made.items()]
    return (
        export,
        log,
        *others,
        Case("zip", packed.getvalue(), "exports.zip", export.mapping),
        _xes(frame, log.mapping),
    )


def _sample(name: str) -> Case:
    mapping = (_DATA / f"{name}.toml").read_text(encoding="utf-8")
    return Case("csv", (_DATA / f"{name}.csv").read_bytes(), f"{name}.csv", mapping)


def _xes(frame: pl.DataFrame, mapping: str) -> Case:
    events = [
        "".join(f'<string key="{k}" value="{v}"/>' for k, v in row.items() if v and not re.search(r'[<&"]', v))
        for row in frame.iter_rows(named=True)
    ]
    body = "".join(f"<trace><event>{told}</event></trace>" for told in events)
    text = f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{body}</log>'
    return Case("xes", text.encode(), "event_log.xes", mapping)


def real() -> tuple[Case, ...]:
    """Give the beginnings of the real sets, each a whole file; none where they are not beside the repository."""
    return tuple(_real()) if SHARED.is_dir() else ()


def _real() -> Iterator[Case]:
    for name, mapping in (
        ("receipt_wabo/receipt_events.csv", _LOG), ("boston_311_animal_2015/filtered_2015.csv", _BOSTON),
        ("houston_311_flooding_2017/floodingPiped2017.csv", _HOUSTON),
    ):  # fmt: skip
        data = b"".join((SHARED / name).read_bytes().splitlines(keepends=True)[:_LINES])
        yield Case("csv", data, Path(name).name, mapping)
        yield Case("gz", gzip.compress(data, mtime=0), f"{Path(name).name}.gz", mapping)
    log = gzip.decompress((SHARED / "receipt_wabo/receipt.xes.gz").read_bytes())
    yield Case("xes", b"".join(re.split(rb"(</trace>)", log)[:12]) + b"</log>", "receipt.xes", _LOG)
    book = SHARED / "vn_tthc_catalogue/danh-sach-tthc-BoXayDung.xlsx"
    yield Case("xlsx", book.read_bytes(), book.name, _CATALOGUE)
