"""Fees, papers and results of the national exchange: what a source does not say is not known, and never nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.sources import Exchange
from connectors import exchange
from connectors.payload import parse

ROW = {
    "MaHoSo": "H99.1-260302-0001", "TrangThaiHoSo": "9", "NgayNopHoSo": "20260302080000",
    "NgayTiepNhan": "20260302080000", "NgayHenTra": "20260316170000", "NgayKetThucXuLy": "20260310090000",
    "DonViXuLy": "Sở Y tế", "KenhThucHien": "1",
}  # fmt: skip
FEE = [{"HinhThucThu": "1", "Gia": "15000"}, {"HinhThucThu": "1", "Gia": "5000"}]


def read(**told: Any) -> dict[str, Any]:
    """Send one dossier over the border of the national format."""
    data = json.dumps({"service": "DongBoHoSoMC", "data": [ROW | told]}).encode()
    payload = parse(data, place="x", changed="NgayCapNhat")
    batch = exchange.translate(
        payload.dossiers, Exchange(), source="x", time_zone="Asia/Ho_Chi_Minh", origin="x"
    )  # fmt: skip
    return batch.good.row(0, named=True) if batch.good.height else {"fee": "refused"}


@pytest.mark.parametrize(
    ("said", "paid"), [("0", "direct"), ("1", "online"), ("2", "online"), ("", None), (None, None)]
)
def test_a_fee_was_paid_directly_only_where_the_source_says_it_was_not_online(said: str | None, paid: str) -> None:
    row = read(DanhSachLePhi=FEE, DuocThanhToanTrucTuyen=said)
    assert (row["fee"], row["payment"]) == (20_000, paid)


@pytest.mark.parametrize(
    ("price", "fee"),
    [("150.000", None), ("1.500.000", None), ("-5", None), ("9300000000000000000", None), ("1e19", None),
     (" 150000 ", 150_000), ("150000.0", 150_000), ("0", 0), ("1000000000000", 10**12), ("1000000000001", None)],
)  # fmt: skip
def test_a_price_that_may_be_another_is_none_and_then_neither_is_the_sum(price: str, fee: int | None) -> None:
    assert read(DanhSachLePhi=[{"HinhThucThu": "1", "Gia": price}])["fee"] == fee
    both = read(DanhSachLePhi=[*FEE, {"HinhThucThu": "1", "Gia": price}])["fee"]
    assert both == (None if fee is None else "refused" if fee == 10**12 else fee + 20_000)


def test_without_the_field_nothing_is_known_of_the_payment() -> None:
    assert read(DanhSachLePhi=FEE)["payment"] is None
    assert read(DanhSachLePhi=[], DuocThanhToanTrucTuyen="0")["payment"] is None  # nothing was to be paid
    assert read(DuocThanhToanTrucTuyen="0")["fee"] is None


def test_a_list_that_is_not_sent_tells_nothing_and_an_empty_one_tells_that_there_is_nothing() -> None:
    names = ("components", "components_digitised", "components_reused", "results")
    paper = {"DuocSoHoa": "1", "DuocTaiSuDung": "0"}
    assert [read()[name] for name in names] == [None] * 4
    some = read(TaiLieuNop=[paper, paper | {"DuocSoHoa": "0"}], DanhSachGiayToKetQua=[])
    assert [some[name] for name in names] == [2, 1, 0, 0]
