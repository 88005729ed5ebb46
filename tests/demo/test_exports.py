"""What the simulator writes is read by our own connectors as the truth has it, form by form."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from polars.testing import assert_frame_equal

from config.errors import ConfigError
from config.sources import Exchange
from config.sources import load as load_sources
from connectors import exchange
from connectors.payload import parse, read_payload
from connectors.simulator.exports import files
from connectors.simulator.flow import columns, shown
from connectors.simulator.flow.world import World, play
from connectors.simulator.papers import HEAD, TAIL
from jobs.load import load_file
from jobs.sync import sync_source
from metrics.dossier import PLAIN
from store import frames, tables
from store.database import Store
from tests.demo.conftest import NOW
from tests.demo.flows import OFFICE, at, office
from tests.demo.test_flow_truth import BUSY

MOMENT = at(2026, 5, 20)


@pytest.fixture(scope="module")
def world() -> World:
    lies = {"redated": 0.1, "paused_before_due": 0.1, "sent_as_done": 0.2, "synced_late": 0.05, "deleted": 0.01}
    rates = OFFICE["rates"] | {"extension_second": 0.3, "moved_silently": 0.1, "without_due": 0.01}
    return play(office(**BUSY, lies=lies, rates=rates), rows=4000)


@pytest.fixture(scope="module")
def rows(world: World) -> pl.DataFrame:
    return shown.as_shown(world, MOMENT)


@pytest.fixture(scope="module")
def expected(world: World) -> pl.DataFrame:
    return columns.dossiers(world, shown.changed_between(world, 0, MOMENT), "office").sort("code")


def stored(store: Store) -> pl.DataFrame:
    with store.engine.connect() as connection:
        return frames.select(connection, sa.select(tables.dossiers)).sort("code")


def test_columns_alone_are_what_the_border_reads(world: World, rows: pl.DataFrame, expected: pl.DataFrame) -> None:
    payload = parse(HEAD + rows.write_json().encode() + TAIL, place="test")
    read = exchange.translate(
        payload.dossiers, Exchange(), source="office", time_zone="Asia/Ho_Chi_Minh", origin="test"
    )
    assert read.rejects.is_empty()
    assert_frame_equal(read.good.cast(PLAIN).sort("code"), expected)
    assert expected["extensions"].drop_nulls().str.contains("},{", literal=True).any(), "second letters are in it"
    assert expected["suspensions"].drop_nulls().len() > 50


#: Of each form: dates to the minute or to the second.
FORMS = {".csv": "1m", ".xlsx": "1m", ".jsonl": "1s", ".xes": "1s"}
SAME = ("code", "status", "procedure", "procedure_name", "field", "department", "channel")
STAMPS = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at")


@pytest.mark.parametrize("ending", FORMS)
def test_a_written_file_is_read_as_what_was_written(
    store: Store, tmp_path: Path, rows: pl.DataFrame, expected: pl.DataFrame, ending: str
) -> None:
    file = tmp_path / f"export{ending}"
    done = files.export([rows[:1500], rows[1500:]], file, source="office", title="Văn phòng")
    assert (done.rows, [p.name for p in done.beside]) == (rows.height, [f"export{ending}.toml"])

    report = load_file(store, file, seen_at=NOW)

    assert report.reasons == {}
    found = stored(store)
    same = SAME if ending != ".xes" else tuple(c for c in SAME if c != "status")
    told = expected.with_columns(pl.col(c).dt.truncate(FORMS[ending]) for c in STAMPS)
    # A log ends with an event; who is shown as done while waiting has no such event.
    if ending == ".xes":
        lied = (told["status"] == "resolved") & (told["suspensions"].str.contains('"to_at":null').fill_null(False))
        told, found = told.filter(~lied), found.filter(~lied)
    assert_frame_equal(found.select(*same, *STAMPS), told.select(*same, *STAMPS))


def test_a_vendors_table_is_read_by_the_database_connector(
    store: Store, tmp_path: Path, rows: pl.DataFrame, expected: pl.DataFrame
) -> None:
    url = f"sqlite:///{tmp_path / 'vendor' / 'may-chu.sqlite'}"
    done = files.into([rows[:1000], rows[1000:]], url, source="vendor", title="Nhà cung cấp")
    assert done.rows == rows.height
    (source,) = load_sources(tmp_path / "vendor" / "vendor.sources.toml")

    counts = sync_source(store, source, seen_at=NOW)

    assert (counts.new, counts.quarantined) == (rows.height, 0)
    assert_frame_equal(stored(store).select(*SAME, *STAMPS), expected.select(*SAME, *STAMPS))


def test_a_script_of_sql_makes_the_same_table(tmp_path: Path, rows: pl.DataFrame) -> None:
    files.export([rows], tmp_path / "hoso.sql", source="vendor", title="")
    files.into([rows], f"sqlite:///{tmp_path / 'direct.sqlite'}", source="vendor", title="")
    with closing(sqlite3.connect(tmp_path / "script.sqlite")) as script:
        script.executescript((tmp_path / "hoso.sql").read_text(encoding="utf-8"))
        told = script.execute("SELECT * FROM HO_SO ORDER BY MaHoSo").fetchall()
    with closing(sqlite3.connect(tmp_path / "direct.sqlite")) as direct:
        assert direct.execute("SELECT * FROM HO_SO ORDER BY MaHoSo").fetchall() == told
    assert len(told) == rows.height


def test_a_national_payload_is_read_without_a_mapping(tmp_path: Path, rows: pl.DataFrame) -> None:
    done = files.export([rows[:10], rows[:0], rows[10:]], tmp_path / "mc.json", source="office", title="")
    assert done.beside == ()
    assert read_payload(tmp_path / "mc.json").dossiers.height == rows.height


def test_a_workbook_has_titles_above_the_header_and_real_dates(tmp_path: Path, rows: pl.DataFrame) -> None:
    files.export([rows], tmp_path / "x.xlsx", source="office", title="Danh sách tháng 5")
    sheet = pl.read_excel(tmp_path / "x.xlsx", engine="calamine", has_header=False, infer_schema_length=0)
    assert sheet.row(0)[0] == "DANH SÁCH THÁNG 5"
    assert sheet.height >= rows.height + 3


def test_what_cannot_be_written_is_refused(tmp_path: Path, rows: pl.DataFrame) -> None:
    with pytest.raises(ConfigError, match='Did you mean ".csv"'):
        files.export([rows], tmp_path / "x.cvs", source="office", title="")
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigError, match="it cannot be written"):
        files.export([rows], tmp_path / "taken" / "x.csv", source="office", title="")
