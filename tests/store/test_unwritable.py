"""Signs that PostgreSQL takes in no text hold up no source: a row is refused, a run is told, the others come in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from config.errors import SourceError
from jobs.sync import load_payload
from metrics.dossier import REJECTS
from metrics.scope import Scope
from store import masked, steps, tables
from store.database import Store, reading, writing
from store.ingest import Source, begin_run
from store.refusals import keep

T0 = datetime(2026, 11, 20, 3, tzinfo=UTC)
DOSSIER = {
    "MaHoSo": "A", "TrangThaiHoSo": "4", "NgayTiepNhan": "20261101080000", "NgayHenTra": "20261116170000",
    "NgayKetThucXuLy": "", "DonViXuLy": "Sở X", "MaTTHC": "1",
}  # fmt: skip
SOURCE = Source("x", "Asia/Ho_Chi_Minh")


def told(store: Store, *columns: sa.Column[str]) -> list[tuple[str, ...]]:
    with reading(store) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns))]


@pytest.mark.parametrize(
    ("field", "value"), [("TrangThaiHoSo", "9\0"), ("NgayHenTra", "2026\x0013"), ("MaHoSo", "A\0")]
)
def test_a_payload_with_nul_in_a_value_is_read_to_its_end(store: Store, tmp_path: Path, field: str, value: str) -> None:
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"error_code": "0", "data": [DOSSIER | {field: value}, DOSSIER | {"MaHoSo": "B"}]}))
    counts = load_payload(store, file, "x", seen_at=T0)
    assert (counts.read, counts.new + counts.quarantined) == (2, 2)
    again = load_payload(store, file, "x", seen_at=T0.replace(hour=4))
    assert (again.unchanged, again.quarantined) == (counts.new, counts.quarantined)


def test_of_a_refused_row_every_text_is_kept(store: Store) -> None:
    row = {"place": "a\0, row 1", "code": "A\0", "reasons": ["unknown_status"], "found": "9\0", "raw": '{"a":"\0"}'}
    with begin_run(store, SOURCE, kind="load", origin="o", seen_at=T0) as run, writing(store) as connection:
        assert keep(connection, pl.DataFrame([row], schema=REJECTS), run) == 1
    kept = tables.quarantine.c
    assert told(store, kept.place, kept.code, kept.found, kept.raw) == [
        ("a\ufffd, row 1", "A\ufffd", "9\ufffd", '{"a":"\ufffd"}')
    ]


def test_steps_and_masked_names_are_kept(store: Store) -> None:
    step = dict.fromkeys(steps.STEPS.names()) | {"code": "A", "step": "Thẩm\0định", "started_at": T0}
    shown = pl.DataFrame({"code": ["A"], "shown": ["Ng***\0"]})
    with begin_run(store, SOURCE, kind="load", origin="o", seen_at=T0) as run, writing(store) as connection:
        assert steps.keep(connection, pl.DataFrame([step], schema=steps.STEPS), run) == 1
        masked.keep(connection, "x", pl.Series(["A"]), shown)
    assert told(store, tables.steps.c.step) == [("Thẩm\ufffdđịnh",)]
    assert masked.of(store, "x", "A", Scope.province()) == "Ng***\ufffd"


def test_where_a_run_came_from_and_why_it_failed_are_kept(store: Store) -> None:
    """A name of a file that is no UTF-8 comes with halves of signs."""
    with pytest.raises(SourceError), begin_run(store, SOURCE, kind="load", origin="tệp\0 \udcff.csv", seen_at=T0):
        raise SourceError("p", 'the column "a\0b\udcff" is gone.', "Ask.")
    ((origin, error, state),) = told(store, tables.runs.c.origin, tables.runs.c.error, tables.runs.c.state)
    assert (origin[:5], state) == ("tệp\ufffd ", "failed")
    assert '"a\ufffdb' in error
