"""What may come in and as what: numbers to statuses, lists to intervals, people's data never, unreadable rows aside."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.errors import SourceError
from config.sources import Exchange, Source
from connectors import exchange
from connectors.payload import KEPT, parse, read_payload
from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.server import Desk
from connectors.simulator.state import changed_between, dossiers
from jobs.sync import sync_source
from metrics.scope import Scope
from store import runs
from store.database import Store
from tests.demo.conftest import NOW

PERSONAL = ("ChuHoSo", "SoGiayToChuHoSo", "DinhDanhCHS", "MaDoiTuong", "SoDienThoai", "Email", "Fax")
#: Received Monday 2/3/2026 08:00, promised Monday 16/3/2026 17:00.
PLAIN: dict[str, Any] = {
    "MaHoSo": "H99.02-260302-0001", "MaTTHC": "1.013237", "TenTTHC": "Cấp mới chứng chỉ", "TenLinhVuc": "Xây dựng",
    "KenhThucHien": "2", "LoaiDoiTuong": "1", "NgayNopHoSo": "20260302074500", "NgayTiepNhan": "20260302080000",
    "NgayHenTra": "20260316170000", "TrangThaiHoSo": "4", "NgayKetThucXuLy": "", "NgayTra": "", "NgayTuChoi": "",
    "DonViXuLy": "Sở Xây dựng", "DanhSachHoSoBoSung": [],
}  # fmt: skip


def read(*rows: dict[str, Any], told: Exchange | None = None) -> exchange.Translated:
    payload = parse(json.dumps({"error_code": "0", "data": rows}).encode(), place="test")
    return exchange.translate(
        payload.dossiers, told or Exchange(), source="x", time_zone="Asia/Ho_Chi_Minh", origin="test"
    )


def one(told: Exchange | None = None, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = read(PLAIN | changes, told=told).good.row(0, named=True)
    return row


def reasons(**changes: Any) -> list[list[str]]:
    return read(PLAIN | changes).rejects["reasons"].to_list()


def test_wall_time_of_the_province_becomes_utc() -> None:
    assert one()["received_at"] == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert one()["due_at"] == datetime(2026, 3, 16, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "finish", "status"),
    [
        ("1", "", "submitted"), ("2", "", "accepted"), ("4", "", "processing"), ("5", "", "supplement"),
        ("6", "", "payment"), ("7", "20260304100000", "withdrawn"), ("8", "20260304100000", "stopped"),
        ("8", "", "paused"), ("9", "20260304100000", "resolved"), ("10", "20260304100000", "returned"),
    ],
)  # fmt: skip
def test_every_number_of_the_exchange_has_its_status(number: str, finish: str, status: str) -> None:
    assert one(TrangThaiHoSo=number, NgayKetThucXuLy=finish)["status"] == status


def test_turned_down_before_receipt_is_not_accepted_and_after_it_refused() -> None:
    down: dict[str, Any] = {"TrangThaiHoSo": "3", "NgayTuChoi": "20260303090000"}
    never, back = one(**down, NgayTiepNhan="", NgayHenTra=""), one(**down)
    assert (never["status"], never["rejected_at"]) == ("not_accepted", datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    assert (back["status"], back["resolved_at"]) == ("refused", datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    kept = one(told=Exchange(not_accepted_after_receipt="not_accepted"), **down)
    assert kept["status"] == "not_accepted"


def test_a_source_may_have_its_own_numbers() -> None:
    assert one(told=Exchange(statuses={"15": "processing"}), TrangThaiHoSo="15")["status"] == "processing"


def test_an_unknown_status_is_quarantined_never_guessed() -> None:
    done = read(PLAIN | {"TrangThaiHoSo": "15"}, PLAIN | {"MaHoSo": "H99.02-260302-0002"})
    assert done.good["code"].to_list() == ["H99.02-260302-0002"]
    assert done.rejects.select("place", "code", "reasons", "found").row(0) == (
        "test, hồ sơ 1", "H99.02-260302-0001", ["unknown_status"], "TrangThaiHoSo = 15",
    )  # fmt: skip


def test_what_cannot_be_read_is_named() -> None:
    assert reasons(NgayHenTra="16/03/2026") == [["unreadable_date"]]
    assert reasons(NgayTiepNhan="20260231080000") == [["unreadable_date"]]
    assert reasons(NgayTiepNhan="02260302080000") == [["unbelievable_year"]]
    assert reasons(MaHoSo="") == [["code_missing"]]
    assert reasons(TrangThaiHoSo="9") == [["closed_without_finish"]]
    assert reasons(DanhSachHoSoBoSung=[{"NgayBoSung": ""}]) == [["supplement_without_date"]]


def test_a_date_may_be_a_day_alone() -> None:
    assert one(NgayHenTra="20260316")["due_at"] == datetime(2026, 3, 15, 17, 0, tzinfo=UTC)


def test_a_supplement_is_a_suspension_with_both_promises() -> None:
    entry = {
        "HoSoBoSungId": "1", "NoiDungBoSung": "Bổ sung bản vẽ của ông A", "NgayBoSung": "20260305100000",
        "NgayTiepNhanBoSung": "20260310090000", "NgayHenTraTruoc": "20260316170000", "NgayHenTraMoi": "20260319170000",
    }  # fmt: skip
    (halt,) = json.loads(one(DanhSachHoSoBoSung=[entry], NgayHenTra="20260319170000")["suspensions"])

    def micros(*moment: int) -> int:
        return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc, arg-type]

    assert halt == {
        "kind": "supplement", "from_at": micros(2026, 3, 5, 3), "to_at": micros(2026, 3, 10, 2),
        "due_before": micros(2026, 3, 16, 10), "due_after": micros(2026, 3, 19, 10), "notice": None,
    }  # fmt: skip


def test_waiting_for_money_is_told_from_waiting_for_papers() -> None:
    open_entry = [{"NgayBoSung": "20260305100000", "NgayTiepNhanBoSung": ""}]
    money = json.loads(one(TrangThaiHoSo="6", DanhSachHoSoBoSung=open_entry)["suspensions"])
    papers = json.loads(one(TrangThaiHoSo="5", DanhSachHoSoBoSung=open_entry)["suspensions"])
    assert (money[0]["kind"], money[0]["to_at"], papers[0]["kind"]) == ("payment", None, "supplement")


def test_a_letter_that_moves_the_promise_is_an_extension() -> None:
    entry = {
        "NoiDungBoSung": "Văn bản xin lỗi và đề nghị gia hạn số 12/VB-XL", "NgayBoSung": "20260312100000",
        "NgayTiepNhanBoSung": "", "NgayHenTraTruoc": "20260316170000", "NgayHenTraMoi": "20260323170000",
    }  # fmt: skip
    row = one(DanhSachHoSoBoSung=[entry], NgayHenTra="20260323170000")
    (letter,) = json.loads(row["extensions"])
    assert (letter["letter"], row["suspensions"]) == ("12/VB-XL", None)


def test_of_two_rows_of_one_dossier_the_later_change_wins() -> None:
    done = read(
        PLAIN | {"TrangThaiHoSo": "5", "NgayCapNhat": "20260305100000"}, PLAIN | {"NgayCapNhat": "20260302080000"}
    )
    assert done.good["status"].to_list() == ["supplement"]
    assert (done.merged, done.read) == (1, 2)


def test_the_level_is_read_from_the_name_of_the_unit() -> None:
    assert one()["level"] == "province"
    assert one(DonViXuLy="UBND phường Tân Vân")["level"] == "commune"
    assert one(DonViXuLy="")["level"] is None


def test_a_column_that_is_gone_stops_the_source_and_is_named() -> None:
    moved = {("NgayHenTraKQ" if k == "NgayHenTra" else k): v for k, v in PLAIN.items()}
    with pytest.raises(SourceError, match='the column "NgayHenTra" is gone. Did you mean "NgayHenTraKQ"'):
        read(moved)


def test_numbers_and_texts_may_mix_in_one_column() -> None:
    done = read(PLAIN | {"TrangThaiHoSo": 4}, PLAIN | {"MaHoSo": 17, "TrangThaiHoSo": "2", "KenhThucHien": None})
    assert done.good["status"].to_list() == ["processing", "accepted"]
    assert done.good["code"].to_list() == ["H99.02-260302-0001", "17"]


def test_a_file_is_read_like_an_answer(province: Province, tmp_path: Path) -> None:
    second = wall_seconds(NOW)
    rows = dossiers(changed_between(province, second - 86_400 * 3, second), second)
    bare, whole = tmp_path / "bare.json", tmp_path / "whole.json"
    bare.write_text(rows.write_json(), encoding="utf-8")
    whole.write_text(
        f'{{"service":"DongBoHoSoMC","isUpdating":"False","data":{rows.write_json()}}}', encoding="utf-8-sig"
    )
    assert read_payload(bare).dossiers.equals(read_payload(whole).dossiers)
    assert read_payload(whole).envelope["isUpdating"] == "False"


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("mã hồ sơ;trạng thái")
    with pytest.raises(SourceError, match=r"x\.json: what came is no JSON.* no payload"):
        read_payload(tmp_path / "x.json")
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        read_payload(tmp_path / "y.json")


def test_personal_fields_are_not_among_those_kept() -> None:
    assert not set(PERSONAL) & set(KEPT)


def test_the_province_sends_personal_data_and_none_of_it_is_stored_anywhere(
    store: Store, demo: tuple[Desk, Source], province: Province, tmp_path: Path
) -> None:
    sent = dossiers(changed_between(province, 0, wall_seconds(NOW)), wall_seconds(NOW))
    assert all(name in sent.columns for name in PERSONAL)
    assert sent["ChuHoSo"].str.starts_with("Người Giả Định").all()

    sync_source(store, demo[1], seen_at=NOW)

    store.engine.dispose()
    kept = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert any(f.suffix == ".parquet" for f in kept), "raw answers are kept"
    for file in kept:
        text = file.read_bytes().lower()
        marks = ("giả định", "gia dinh", "giadinh", "example.invalid", "0000001", "chuhoso")
        assert [m for m in marks if m.encode() in text] == [], file
    for file in (f for f in kept if f.suffix == ".parquet"):  # compressed: look inside
        frame = pl.read_parquet(file)
        assert not set(PERSONAL) & set(frame.columns)
        assert "giadinh" not in frame.write_json().lower()


def test_the_few_bad_rows_of_the_province_land_in_quarantine(
    store: Store, demo: tuple[Desk, Source], province: Province
) -> None:
    counts = sync_source(store, demo[1], seen_at=NOW)
    spoiled = province.plans.filter(pl.col("entered") <= wall_seconds(NOW), pl.col("defect") > 0).height
    refused = runs.quarantined(store, Scope.province())
    assert 0 < refused.height <= spoiled
    assert counts.quarantined >= refused.height
    assert counts.read == counts.new + counts.changed + counts.unchanged + counts.merged + counts.quarantined
    told = set(refused["reasons"].explode())
    assert told <= {"unknown_status", "unreadable_date", "code_missing", "unbelievable_year"}
