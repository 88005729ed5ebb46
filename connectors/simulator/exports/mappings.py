"""The mapping files that read what the simulator exports: written beside each file, found by ``dunghan load``."""

from __future__ import annotations

from typing import Final

from connectors.simulator.exports.office import COLUMNS, WORDS

_FIELDS: Final = {
    "code": "MaHoSo", "procedure": "MaTTHC", "procedure_name": "TenTTHC", "field": "TenLinhVuc",
    "department": "DonViXuLy", "channel": "KenhThucHien", "status": "TrangThaiHoSo", "submitted_at": "NgayNopHoSo",
    "received_at": "NgayTiepNhan", "due_at": "NgayHenTra", "resolved_at": "NgayKetThucXuLy", "returned_at": "NgayTra",
    "rejected_at": "NgayTuChoi", "changed_at": "NgayCapNhat",
}  # fmt: skip
_OF_A_CASE: Final = ("code", "procedure", "procedure_name", "field", "department", "channel", "due_at")


def of_sheet(source: str, title: str) -> str:
    """Give the mapping of a CSV or XLSX sheet as an office exports it."""
    header = {column: header for header, column in COLUMNS.items()}
    columns = "\n".join(f'{field} = "{header[column]}"' for field, column in _FIELDS.items())
    return f"{_head(source, title)}\n[columns]\n{columns}\n\n[dates]\nday_first = true\n{_words()}"


def of_fields(source: str, title: str) -> str:
    """Give the mapping of a table or a list of objects whose names are those of the exchange, with ISO instants."""
    columns = "\n".join(f'{field} = "{column}"' for field, column in _FIELDS.items())
    return f"{_head(source, title)}\n[columns]\n{columns}\n{_words()}"


def of_events(source: str, title: str) -> str:
    """Give the mapping of an event log."""
    columns = "\n".join(f'{field} = "case:{_FIELDS[field]}"' for field in _OF_A_CASE if field != "code")
    events = """
[events]
time = "time:timestamp"
activity = "concept:name"
resource = "org:resource"
submitted = ["Nộp hồ sơ"]
received = ["Tiếp nhận"]
not_accepted = ["Không tiếp nhận"]
resolved = ["Có kết quả"]
returned = ["Trả kết quả"]
withdrawn = ["Công dân rút"]
refused = ["Trả lại hồ sơ"]
stopped = ["Dừng xử lý"]
"""
    return f'{_head(source, title)}\n[columns]\ncode = "case:concept:name"\n{columns}\n{events}'


def _head(source: str, title: str) -> str:
    return f'source = "{source}"\ntitle = "{title}"\ntime_zone = "Asia/Ho_Chi_Minh"\n'


def _words() -> str:
    words = "\n".join(f'"{word}" = "{status}"' for word, status in WORDS.items())
    return f'\n[status]\nunknown = "reject"\n\n[status.words]\n{words}\n'
