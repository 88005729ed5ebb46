"""What every kind of source sends with somebody planted in every field, and how it gets in."""

from __future__ import annotations

import json
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from config.mapping import DATE_FIELDS, TEXT_FIELDS, parse_mapping
from config.notes import note
from config.sources import Source
from connectors import (
    exchange_steps,
    opencps_rows,
    opencps_settings,
    opencps_steps,
    personal,
    registry,
    tabled,
)  # fmt: skip
from connectors.base import Batch
from connectors.border import no_rejects
from jobs import uploads
from jobs.sync import sync_source
from metrics.dossier import PLAIN
from store import inbox
from store.database import open_store
from tests.jobs.shell import Shell
from tests.privacy.planted import APART, CARD, HOME, MAIL, NAME, NAME_APART, ODDLY, OFFICER, PHONE, WHOLE

#: Every field of a dossier that a file may fill, and a harmless cell.
CELLS = {
    "code": "H99-1", "other_code": "", "status": "Đang xử lý", "procedure": "1.004238",
    "procedure_name": "Đăng ký biến động", "field": "Đất đai", "department": "UBND phường Bình An",
    "receiving_unit": "UBND phường Bình An", "holding_unit": "Sở Tư pháp", "level": "xã", "channel": "trực tiếp",
    "applicant_kind": "người dân",
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
        apart = unicodedata.normalize("NFD", text)
        rows.append([*(CELLS | {"code": f"H99-{100 + number}", name: apart}).values(), *OTHERS.values()])
    for number, text in enumerate(ODDLY):
        odd = {"received_at": f"21/11/2026 {text}", "due_at": text, "status": text}
        rows.append([*(CELLS | {"code": f"H99-{200 + number}"} | odd).values(), *OTHERS.values()])
    rows.append([*(CELLS | {"code": "", "received_at": "hôm qua"}).values(), *OTHERS.values()])
    rows.append([*(CELLS | {"code": "H99-90", "status": NAME.upper()}).values(), *OTHERS.values()])
    return [[f"Người lập biểu: {WHOLE}"], header, *rows, ["Tổng cộng", *[""] * (len(CELLS) - 1), NAME]]


def csv_of(rows: list[list[str]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


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
    told += [{name: unicodedata.normalize("NFD", text) for name, text in row.items()} for row in told]
    told += [{"NgayTiepNhan": text, "NgayHenTra": f"20260316 {text}", "TrangThaiHoSo": text} for text in ODDLY]
    told += [{"DanhSachHoSoBoSung": [SUPPLEMENT | {name: WHOLE}]} for name in SUPPLEMENT]
    told += [{"DanhSachHoSoBoSung": [SUPPLEMENT | {name: APART}]} for name in SUPPLEMENT]
    told += [{"DanhSachHoSoBoSung": [SUPPLEMENT | {"NgayTiepNhanBoSung": ""}]}, {"TrangThaiHoSo": NAME}]
    return [DOSSIER | {"MaHoSo": f"H99.02-260302-{n:04}"} | SENT | row for n, row in enumerate(told, start=2)]


def load_payload(shell: Shell, name: str, content: object) -> str:
    path = shell.folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    code, out, err = shell("load", str(path), "--source", "cong-quoc-gia")
    return f"{code} {out} {err}"


RECORD = {name: "" for name in opencps_rows.KEPT} | {
    "dossierNo": "H99-7", "serviceName": "Cấp phép xây dựng", "govAgencyName": "Sở Xây dựng",
    "dossierStatus": "processing", "submitDate": "02/03/2026 07:45:00", "receiveDate": "02/03/2026 08:00:00",
    "dueDate": "16/03/2026 17:00:00",
}  # fmt: skip
STEP = {
    "MaHoSo": "H99-7", "NguoiXuLy": OFFICER, "ChucDanh": "Chuyên viên", "PhongBanXuLy": "Phòng Một",
    "NoiDungXuLy": "Thẩm định", "TrangThai": "1", "ThoiDiemXuLy": "20260303080000", "NgayBatDau": "20260302080000",
    "NgayKetThucTheoQuyDinh": "20260305170000",
}  # fmt: skip
SEQUENCE = {
    "sequenceNo": "1", "sequenceName": "Thẩm định", "sequenceRole": "Phòng Một", "statusText": "xong",
    "assignUsers": [{"userName": OFFICER}], "startDate": 1772413200000, "endDate": 1772499600000, "dueDate": 0,
}  # fmt: skip


def planted_in(record: dict[str, Any], *codes: str, units: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Give a record for every field but ``codes`` with somebody planted in it, each with more that nobody asked for."""
    fields = [name for name in record if name not in codes]
    rows = [record | SENT | {name: IN_UNIT if name in units else WHOLE} for name in fields]
    return [row | {name: f"{row[name]}-{n}" for name in codes[:1]} for n, row in enumerate(rows)]


def of_opencps() -> Iterator[Batch]:
    rows = planted_in(
        RECORD, "dossierNo", "dossierId", "dossierIdCTN", "referenceUid", units=("govAgencyName", "govAgencyCode")
    )
    source = Source(name="opencps", kind="planted", cadence_minutes=10)
    yield opencps_rows.translate(
        opencps_rows.frame_of(rows), opencps_settings.Settings(group_id="1"), source, origin=f"of {NAME}"
    )


def of_steps() -> Iterator[Batch]:
    rows = planted_in(STEP, "MaHoSo", units=("PhongBanXuLy",))
    page = exchange_steps.parse_steps(json.dumps({"error_code": "0", "data": rows}).encode(), "steps")
    words = exchange_steps.DEFAULT_STEPS
    yield exchange_steps.steps_batch(page, words, source="steps", time_zone="Asia/Ho_Chi_Minh", origin=f"of {NAME}")


def of_sequences() -> Iterator[Batch]:
    rows = planted_in(SEQUENCE, units=("sequenceRole",))
    told = opencps_steps.translate(rows, "H99-7", "sequences")
    yield Batch(
        pl.DataFrame(schema=PLAIN),
        no_rejects(),
        0,
        steps=told,
        notes=(note("cannot_take_away", file=WHOLE, why=WHOLE),),
    )


def of_a_table() -> Iterator[Batch]:
    """Give rows as a database or a JSON service hands them out, lists and records in them."""
    header, *rows = table()[1:-1]
    columns = {name or "nameless": [row[at] for row in rows] for at, name in enumerate(header)}
    nested = [[{"fullName": NAME, "note": WHOLE, "zz": "zuyên"}] for _ in rows]
    frame = pl.DataFrame(columns).with_columns(people=pl.Series(nested))
    yield tabled.batch(frame, parse_mapping(MAPPING), place=f"table of {NAME}")


def synced(shell: Shell, name: str, batches: Callable[[], Iterator[Batch]]) -> str:
    """Have what a connector gives stored as every sync stores it."""
    source = Source(name=name, kind="planted", url="http://127.0.0.1:1", cadence_minutes=10)
    shell.monkeypatch.setitem(registry.CONNECTORS, "planted", registry.Connector(lambda *_: batches(), sweeps=False))
    store = open_store(shell.store)
    counts = sync_source(store, source, seen_at=datetime(2026, 3, 20, tzinfo=UTC))
    store.engine.dispose()
    return str(counts)


SYNCED = {"opencps": of_opencps, "steps": of_steps, "sequences": of_sequences, "mot-cua": of_a_table}
FOLDER = """[[source]]
name = "watched"
kind = "folder"
mapping = "mapping.toml"
[source.folder]
path = "inbox"
settle_seconds = 0.0
"""


def watched(shell: Shell) -> list[str]:
    """Have files of every kind taken from a watched folder; one that cannot be loaded waits for its owner alone."""
    header, *rows = table()[1:]
    records = [dict(zip([h or "nameless" for h in header], row, strict=False)) for row in rows[:-1]]
    inbox = Path(shell.store.removeprefix("sqlite:///")).parent / "inbox"
    inbox.mkdir()
    (inbox / f"Hồ sơ {NAME} {PHONE}.csv").write_text(csv_of(table()), encoding="utf-8")
    pl.DataFrame(records).write_ndjson(inbox / f"{OFFICER}.jsonl")
    pl.DataFrame(records).write_parquet(inbox / f"{MAIL}.parquet")
    (inbox / f"Đơn của {NAME_APART}.csv").write_text(csv_of([*table(), ["x"] * 3]), encoding="utf-8")
    (inbox / f"no header {NAME_APART}.csv").write_text(csv_of([[APART, NAME_APART], [APART, NAME]]), encoding="utf-8")
    (inbox / "no header.csv").write_text(csv_of([[WHOLE, NAME], [WHOLE, NAME]]), encoding="utf-8")
    sources = shell.folder / "sources.toml"
    sources.write_text(FOLDER.replace('"inbox"', f'"{inbox}"'), encoding="utf-8")
    shell.monkeypatch.setenv("DUNGHAN_SOURCES", str(sources))
    said = [" ".join(map(str, shell("sync", "watched"))) for _ in range(2)]
    held = list((inbox / "held").iterdir())
    assert [stat.S_IMODE((inbox / "held").stat().st_mode), len(held)] == [0o700, 2]
    shutil.rmtree(inbox / "held")  # documented: it holds the file itself until it can be read
    return said


def uploaded(shell: Shell) -> str:
    """Have a file loaded that somebody put in on the page, and one that breaks what loads it."""
    home, store = Path(shell.store.removeprefix("sqlite:///")).parent, open_store(shell.store)
    upload = inbox.Upload(f"Hồ sơ {NAME} {PHONE}.csv", "mot-cua", "van-hanh", "2026-03-20T00:00:00+00:00")
    inbox.put(home, upload, csv_of(table()).encode(), MAPPING)
    uploads.take(store, home, now=datetime(2026, 3, 20, tzinfo=UTC))
    with shell.monkeypatch.context() as patch:
        patch.setattr(uploads, "load_bytes", lambda *_, **__: int(WHOLE))
        inbox.put(home, upload, csv_of(table()).encode(), MAPPING)
        uploads.take(store, home, now=datetime(2026, 3, 20, tzinfo=UTC))
    store.engine.dispose()
    said = shell.capsys.readouterr()
    assert "upload_broken" in said.out + said.err
    return said.out + said.err


def everything(shell: Shell) -> list[str]:
    """Load every kind of file with somebody planted in every field, and have everything written that can be."""
    said = [load(shell, name, table()) for name in (f"Hồ sơ {NAME} {PHONE}.csv", f"Hồ sơ {NAME} {PHONE}.xlsx")]
    said.append(load(shell, f"Đơn của {NAME_APART}.csv", [*table(), ["x"]]))
    said.append(load(shell, "no header.csv", [[WHOLE, NAME, PHONE], [WHOLE, NAME, PHONE]]))
    said.append(load(shell, f"{MAIL}.csv", []))
    said.append(load_payload(shell, f"{NAME} {PHONE}.json", {"error_code": "0", "data": payload_of()}))
    said.append(load_payload(shell, f"{NAME_APART}.json", {"error_code": "0", "data": payload_of()[:1]}))
    said.append(load_payload(shell, "wrong.json", f"{WHOLE} is no payload"))
    said.append(load_payload(shell, "gone.json", [{WHOLE: NAME, "ChuHoSo": NAME}]))
    said += [synced(shell, name, batches) for name, batches in SYNCED.items()]
    said += [*watched(shell), uploaded(shell)]
    home = shell.store.removeprefix("sqlite:///").rpartition("/")[0]
    asked = (
        ("quarantine", "--json"), ("quarantine",), ("figures", "--json"), ("doctor",), ("overdue", "--json"),
        ("overdue", "--as-of", "2026-04-30", "--xlsx", f"{home}/overdue.xlsx"), ("explain", "H99-2"),
        ("form", "--rows", "department"), ("sources",), ("difference", "--known-at", "2026-03-19"),
        ("units", "--json"), ("procedures", "--json"), ("store", "backup", f"{home}/store.backup"),
        ("reconcile", "mot-cua", "cong-quoc-gia", "--xlsx", f"{home}/reconcile.xlsx"),
        ("report", "friday", "--date", "2026-03-20", "--out", f"{home}/reports"),
    )  # fmt: skip
    return [*said, *(" ".join(map(str, shell(*words))) for words in asked)]
