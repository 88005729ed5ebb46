"""A log of events tells the steps of its dossiers: what was done, when, by whom (a pseudonym), never since when."""

from __future__ import annotations

import polars as pl

from config.mapping import Mapping
from connectors.base import RawTable
from connectors.readers import read_file
from connectors.translate import translate

LOG = """ho_so,den,hoat_dong,luc,ai
A,2026-03-02,Thẩm định,2026-03-03 09:00,Trần Văn An
A,2026-03-02,Trình ký,2026-03-04 10:00,Lê Thị Bé
A,2026-03-02,Thẩm định,2026-03-05 08:00,Trần Văn An
B,2026-03-02,,2026-03-03 09:00,Trần Văn An
,2026-03-02,Thẩm định,2026-03-03 09:00,Trần Văn An
"""
MAPPING = Mapping.model_validate(
    {
        "source": "nhat-ky", "time_zone": "Asia/Ho_Chi_Minh", "columns": {"code": "ho_so", "received_at": "den"},
        "events": {"time": "luc", "activity": "hoat_dong", "resource": "ai"},
    }
)  # fmt: skip


def _table() -> RawTable:
    return read_file(LOG.encode(), name="nhat-ky.csv", mapping=MAPPING)


def test_every_activity_of_a_sound_dossier_is_a_step_that_was_done() -> None:
    told = translate(_table(), MAPPING).steps
    assert told is not None
    assert told.select("code", "step").rows() == [("A", "Thẩm định"), ("A", "Trình ký"), ("A", "Thẩm định")]
    assert told["started_at"].null_count() == told.height
    assert told["ended_at"].is_sorted()
    officers = told["handler"]
    assert officers[0] == officers[2] != officers[1]
    assert officers.str.starts_with("cb-").all()


def test_a_log_without_activities_tells_no_step() -> None:
    silent = MAPPING.model_copy(update={"events": MAPPING.events.model_copy(update={"activity": None})})  # type: ignore[union-attr]
    assert translate(_table(), silent).steps is None


def test_a_table_that_is_no_log_tells_no_step() -> None:
    plain = MAPPING.model_copy(update={"events": None})
    rows = pl.DataFrame({"ho_so": ["A"], "den": ["2026-03-02"]}).write_csv().encode()
    assert translate(read_file(rows, name="a.csv", mapping=plain), plain).steps is None
