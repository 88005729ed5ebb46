"""Whatever a source writes wherever: nobody's name, number or address is in anything that the product wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from config import errors, privacy
from config.mapping import DATE_FIELDS, TEXT_FIELDS
from config.settings import settings
from connectors import border, check, exchange, payload, personal, translate
from tests.jobs.shell import Shell
from tests.privacy.planted import CARD, HOME, MAIL, NAME, OFFICER, PHONE, WHOLE, found_in

#: Every field of a dossier that a file may fill, and a harmless cell.
CELLS = {
    "code": "H99-1", "other_code": "", "status": "Đang xử lý", "procedure": "1.004238",
    "procedure_name": "Đăng ký biến động", "field": "Đất đai", "department": "UBND phường Bình An",
    "receiving_unit": "UBND phường Bình An", "level": "xã", "channel": "trực tiếp", "applicant_kind": "người dân",
    "step": "Thẩm định", "handler": OFFICER, "submitted_at": "", "received_at": "02/03/2026 08:00",
    "due_at": "16/03/2026", "resolved_at": "", "returned_at": "", "rejected_at": "", "changed_at": "",
}  # fmt: skip
#: The code of a dossier is taken as it is: it is the one thing that leads back to the source.
PLANTED = tuple(f for f in (*TEXT_FIELDS, *DATE_FIELDS) if f not in ("code", "other_code"))
#: A unit is named after people, so its name is not searched for names; whoever is addressed in it is a person.
IN_UNIT = f"UBND phường Bình An (bà {NAME}, {PHONE}, {MAIL})"
#: Columns that a source has and the mapping does not use: known headers, unknown ones, none, and a person as header.
OTHERS = {
    "Chủ hồ sơ": NAME, "Số giấy tờ": CARD, "SĐT": PHONE, "Hộp thư": MAIL, "Địa chỉ thường trú": HOME,
    "Cột lạ": WHOLE, "Full_Name": NAME, "Trích yếu": WHOLE, "Zalo": PHONE, WHOLE: NAME, "": WHOLE,
    "Tên gọi": "zuyên",  # nothing in it looks like a name
}  # fmt: skip
MAPPING = (
    'source = "mot-cua"\ntitle = "Một cửa"\n[columns]\n'
    + "".join(f'{name} = "{name}"\n' for name in CELLS)
    + '[status.words]\n"Đang xử lý" = "processing"\n'
)


def table() -> list[list[str]]:
    """Give a title, the header, a plain row, one row for every field with somebody planted in it, and broken rows."""
    header = [*CELLS, *OTHERS]
    rows = [[*CELLS.values(), *OTHERS.values()]]
    for number, name in enumerate(PLANTED, start=2):
        text = IN_UNIT if name in personal.UNITS else WHOLE
        rows.append([*(CELLS | {"code": f"H99-{number}", name: text}).values(), *OTHERS.values()])
    rows.append([*(CELLS | {"code": "", "received_at": "hôm qua"}).values(), *OTHERS.values()])
    rows.append([*(CELLS | {"code": "H99-90", "status": NAME.upper()}).values(), *OTHERS.values()])
    return [[f"Người lập biểu: {WHOLE}"], header, *rows, ["Tổng cộng", *[""] * (len(CELLS) - 1), NAME]]


def csv_of(rows: list[list[str]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A product whose every word goes into tmp_path/home; what sources send lies in tmp_path/sent."""
    for folder in ("home", "sent"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("DUNGHAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(privacy.KEY, raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    shell = Shell(tmp_path / "sent", monkeypatch, capsys)
    shell.store = f"sqlite:///{tmp_path / 'home' / 'dunghan.sqlite'}"
    (tmp_path / "sent" / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    yield shell
    settings.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def load(shell: Shell, name: str, rows: list[list[str]]) -> str:
    """Load rows as a file of that name, and give all that was said."""
    path = shell.folder / name
    if path.suffix == ".csv":
        path.write_text(csv_of(rows), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet(NAME[:20])
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    code, out, err = shell("load", str(path), "--mapping", str(shell.folder / "mapping.toml"))
    return f"{code} {out} {err}"


SENT = {name: NAME for name in ("ChuHoSo", "NguoiNop")} | {
    "SoGiayToChuHoSo": CARD, "DinhDanhCHS": CARD, "MaDoiTuong": CARD, "SoDienThoai": PHONE, "Email": MAIL,
    "DiaChi": HOME, "GhiChuCuaNhaCungCap": WHOLE, WHOLE: WHOLE, "TenGoi": "zuyên",
}  # fmt: skip
DOSSIER: dict[str, Any] = {
    "MaHoSo": "H99.02-260302-0001", "MaHoSoKhac": "", "MaTTHC": "1.013237", "TenTTHC": "Cấp mới chứng chỉ",
    "MaLinhVuc": "XD", "TenLinhVuc": "Xây dựng", "KenhThucHien": "2", "LoaiDoiTuong": "1",
    "NgayNopHoSo": "20260302074500", "NgayTiepNhan": "20260302080000", "NgayHenTra": "20260316170000",
    "TrangThaiHoSo": "4", "NgayKetThucXuLy": "", "NgayTra": "", "HinhThuc": "0", "DonViXuLy": "Sở Xây dựng",
    "NgayTuChoi": "", "NoiNopHoSo": "Trung tâm", "DuocThanhToanTrucTuyen": "0", "HoSoCoThanhPhanSoHoa": "1",
    "NgayCapNhat": "20260302080000",
}  # fmt: skip
SUPPLEMENT = {
    "HoSoBoSungId": WHOLE, "NoiDungBoSung": f"Gọi số {PHONE} gặp {NAME}", "NgayBoSung": "20260303080000",
    "NgayTiepNhanBoSung": "20260304080000", "TrangThaiBoSung": "1", "NgayHenTraTruoc": "20260316170000",
    "NgayHenTraMoi": "20260317170000",
}  # fmt: skip


def payload_of() -> list[dict[str, Any]]:
    """Give a dossier for every field of the exchange with somebody planted in it."""
    fields = [f for f in DOSSIER if f not in ("MaHoSo", "MaHoSoKhac")]
    told: list[dict[str, Any]] = [{name: IN_UNIT if name in ("DonViXuLy", "NoiNopHoSo") else WHOLE} for name in fields]
    told += [{"DanhSachHoSoBoSung": [SUPPLEMENT | {name: WHOLE}]} for name in SUPPLEMENT]
    told += [{"DanhSachHoSoBoSung": [SUPPLEMENT | {"NgayTiepNhanBoSung": ""}]}, {"TrangThaiHoSo": NAME}]
    return [DOSSIER | {"MaHoSo": f"H99.02-260302-{n:04}"} | SENT | row for n, row in enumerate(told, start=2)]


def load_payload(shell: Shell, name: str, content: object) -> str:
    path = shell.folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    code, out, err = shell("load", str(path), "--source", "cong-quoc-gia")
    return f"{code} {out} {err}"


def everything(shell: Shell) -> list[str]:
    """Load every kind of file with somebody planted in every field, and have everything written that can be."""
    said = [load(shell, name, table()) for name in (f"Hồ sơ {NAME} {PHONE}.csv", f"Hồ sơ {NAME} {PHONE}.xlsx")]
    said.append(load(shell, "no header.csv", [[WHOLE, NAME, PHONE], [WHOLE, NAME, PHONE]]))
    said.append(load(shell, f"{MAIL}.csv", []))
    said.append(load_payload(shell, f"{NAME} {PHONE}.json", {"error_code": "0", "data": payload_of()}))
    said.append(load_payload(shell, "wrong.json", f"{WHOLE} is no payload"))
    said.append(load_payload(shell, "gone.json", [{WHOLE: NAME, "ChuHoSo": NAME}]))
    (shell.folder / "out").mkdir(exist_ok=True)
    home = shell.store.removeprefix("sqlite:///").rpartition("/")[0]
    asked = (
        ("quarantine", "--json"), ("quarantine",), ("figures", "--json"), ("doctor",), ("overdue", "--json"),
        ("overdue", "--as-of", "2026-04-30", "--xlsx", f"{home}/overdue.xlsx"), ("explain", "H99-2"),
        ("form", "--xlsx", f"{home}/form.xlsx"),
        ("report", "friday", "--date", "2026-03-20", "--out", f"{home}/reports"),
    )  # fmt: skip
    return [*said, *(" ".join(map(str, shell(*words))) for words in asked)]


def test_nobody_planted_anywhere_is_found_in_anything_written(shell: Shell, home: Path) -> None:
    said = everything(shell)
    written = {p.suffix for p in home.rglob("*") if p.is_file()}
    assert {".sqlite", ".parquet", ".pdf", ".xlsx", ".json"} <= written, said[-2:]
    assert found_in(home, *said) == set()


def test_the_search_finds_everybody_in_what_was_sent(shell: Shell) -> None:
    """Else it would find nobody anywhere."""
    load(shell, "plain.csv", table())
    load(shell, "book.xlsx", table())
    load_payload(shell, "payload.json", payload_of())
    for name, least in (("plain.csv", 6), ("book.xlsx", 6), ("payload.json", 5)):
        assert len([hit for hit in found_in(shell.folder) if hit.endswith(f"in {name}")]) >= least, name


Mutant = Callable[[pytest.MonkeyPatch], None]


def _keep_every_column(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "_fields", lambda table, mapping: dict.fromkeys(table.columns, "code"))


def _look_at_no_cell(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(personal, "hidden", lambda texts, field="": texts)


def _keep_one_field_of_the_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payload, "KEPT", (*payload.KEPT, "TenGoi"))


def _keep_the_free_text_of_supplements(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exchange, "raw", lambda rows: rows)


def _call_officers_by_their_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(translate, "pseudonym", lambda name, source: name)


def _quote_what_came_in_errors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(errors, "hide", lambda text: text)


def _look_into_no_dossier(patch: pytest.MonkeyPatch) -> None:
    for module in (check, border):
        patch.setattr(module, "without_people", lambda frame: frame)


MUTANTS = (
    _keep_every_column, _look_at_no_cell, _keep_one_field_of_the_exchange, _keep_the_free_text_of_supplements,
    _call_officers_by_their_names, _quote_what_came_in_errors, _look_into_no_dossier,
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_product_that_lets_one_thing_through_is_found_out(
    mutant: Mutant, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    said = [load(shell, "a.csv", table()), load(shell, "b.csv", [[WHOLE, NAME]])]
    said += [load_payload(shell, "a.json", payload_of()), load_payload(shell, "wrong.json", f"{WHOLE}, no payload")]
    assert found_in(home, *said) != set()
