"""Answers of services as hypothesis draws them: payloads of the exchange, lists of OpenCPS, JSON of a vendor's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.fuzz.case import Case
from tests.fuzz.files import odd_json
from tests.fuzz.tables import NASTY, PERSON, PHONE

_FROM: Final = date(2026, 1, 1)
_days: Final = st.integers(0, 360).map(lambda n: _FROM + timedelta(days=n))
_nasty: Final = st.sampled_from(NASTY)


@st.composite
def answers(draw: st.DrawFn, way: str) -> Case:
    """Draw an answer of the service ``way``: tame and whole, tame and cut off, or with odd things in it."""
    how = draw(st.sampled_from(("tame", "tame", "wild", "wild", "wild", "cut")))
    if how == "wild":
        return _wild(draw, way)
    count = draw(st.integers(1, 5))
    told = [RECORDS[way](draw, number) for number in range(count)]
    days = tuple((str(record[_CODES[way]]), day) for record, day in told) if way != "steps" else ()
    text = json.dumps(_envelope(way, [r for r, _ in told], count), ensure_ascii=draw(st.booleans())).encode()
    if how == "cut":
        return Case(way, text[: draw(st.integers(1, len(text) - 1))], refused=True, made="tame, cut off")
    rows = count if way != "opencps" else None  # its lists are asked for by several days, and each time the same comes
    return Case(way, text, rows=rows, days=days, person=PERSON, made="tame")


def _wild(draw: st.DrawFn, way: str) -> Case:
    records: list[Any] = [RECORDS[way](draw, number)[0] for number in range(draw(st.integers(0, 4)))]
    for record in records:
        for key in draw(st.lists(st.sampled_from(sorted(record)), max_size=3)):
            record[key] = draw(st.one_of(_nasty, st.text(max_size=8), st.integers(), st.just(None)))
        if draw(st.integers(0, 3)) == 0:
            record.pop(draw(st.sampled_from(sorted(record))))
    records = records * draw(st.sampled_from((1, 1, 2)))
    value = _envelope(way, [draw(odd_json(r)) if draw(st.booleans()) else r for r in records], len(records))
    value = draw(odd_json(value)) if draw(st.integers(0, 2)) == 0 else value
    text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    head = draw(st.sampled_from(("",) * 6 + ("\ufeff", "\n", " ", "<html>", "null", "[")))
    encoding = draw(st.sampled_from(("utf-8",) * 6 + ("utf-16", "latin-1", "cp1258")))
    return Case(way, (head + text).encode(encoding, "replace"), made="wild")


def _envelope(way: str, records: list[Any], count: int) -> Any:
    if way in ("opencps", "json_api"):
        return {"total": count, "data": records}
    return {"error_code": "0", "error_message": "", "tongSo": count, "data": records}


def _dossier(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], str]:
    day = draw(_days)
    record = {
        "MaHoSo": f"H01.{number}", "MaTTHC": draw(st.sampled_from(("1.110", "2.000815.000.00.00.H01"))),
        "TenTTHC": "Đăng ký",
        "ChuHoSo": PERSON, "SoDienThoai": PHONE, "KenhThucHien": draw(st.sampled_from(("1", "2", 3, None, ""))),
        "NgayNopHoSo": f"{day:%Y%m%d}083000", "NgayTiepNhan": f"{day:%Y%m%d}090000", "NgayHenTra": f"{day:%Y%m%d}",
        "TrangThaiHoSo": draw(st.sampled_from(("2", "4", 4, "8"))), "NgayKetThucXuLy": "", "NgayTra": "",
        "DonViXuLy": "Sở Nội vụ",
    }  # fmt: skip
    more: dict[str, Any] = {
        "DanhSachHoSoBoSung": [{"NgayBoSung": f"{day:%Y%m%d}100000", "NoiDungBoSung": f"{PERSON}, giấy số 12/TB",
                                "NgayHenTraMoi": f"{day:%Y%m%d}"}],
        "DanhSachLePhi": [{"Gia": draw(st.sampled_from(("15000", 15000, "x", -1)))}],
        "TaiLieuNop": [{"DuocSoHoa": "1"}, {}],
        "DanhSachGiayToKetQua": [{"DuongDanTepTinKetQua": PERSON}],
    }  # fmt: skip
    return record | {k: v for k, v in more.items() if draw(st.booleans())}, day.isoformat()


def _step(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], str]:
    day = draw(_days)
    return {
        "MaHoSo": f"H01.{number}", "NguoiXuLy": PERSON, "ChucDanh": "Chuyên viên", "PhongBanXuLy": "Phòng Một cửa",
        "NoiDungXuLy": draw(st.sampled_from(("Tiếp nhận hồ sơ", "Thẩm định", f"Gọi cho {PERSON}"))),
        "NgayBatDau": f"{day:%Y%m%d}083000", "ThoiDiemXuLy": f"{day:%Y%m%d}093000", "TrangThai": "1",
    }, day.isoformat()  # fmt: skip


def _opencps(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], str]:
    day = draw(_days)
    return {
        "dossierId": 1000 + number, "dossierNo": f"H01-{number}", "serviceCode": "1.110", "govAgencyCode": "H01",
        "govAgencyName": "Sở Nội vụ", "applicantName": PERSON, "online": "true",
        "submitDate": f"{day:%d/%m/%Y} 08:00:00",
        "receiveDate": f"{day:%d/%m/%Y} 08:30:00", "dueDate": f"{day:%d/%m/%Y} 17:00", "releaseDate": "",
        "finishDate": "",
        "lockState": "", "dossierStatus": draw(st.sampled_from(("processing", "receiving", "waiting"))), "feeAmount": 0,
    }, day.isoformat()  # fmt: skip


def _own(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], str]:
    day = draw(_days)
    return {
        "soHoSo": f"H01-{number}", "tinhTrang": {"ma": draw(st.sampled_from((4, "4")))}, "thuTuc": "1.110",
        "donVi": [{"ten": "Sở Nội vụ"}], "tiepNhan": f"{day.isoformat()}T08:30:00+07:00", "henTra": day.isoformat(),
        "ketThuc": None, "nguoiNop": {"hoTen": PERSON},
    }, day.isoformat()  # fmt: skip


RECORDS: Final[dict[str, Callable[[st.DrawFn, int], tuple[dict[str, Any], str]]]] = {
    "payload": _dossier, "payload_answer": _dossier, "steps": _step, "opencps": _opencps, "json_api": _own,
}  # fmt: skip
_CODES: Final = {"payload": "MaHoSo", "payload_answer": "MaHoSo", "opencps": "dossierId", "json_api": "soHoSo"}
