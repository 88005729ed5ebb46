"""An event log in XES: one trace a dossier, one event for each thing its record tells."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

import polars as pl

from connectors.simulator.exports import office

#: Event → the column that says when.
_EVENTS: Final = {"Nộp hồ sơ": "NgayNopHoSo", "Tiếp nhận": "NgayTiepNhan"}
_END: Final = {
    "3": "Trả lại hồ sơ", "9": "Có kết quả", "10": "Có kết quả", "7": "Công dân rút", "8": "Dừng xử lý",
}  # fmt: skip
_CASE: Final = ("MaTTHC", "TenTTHC", "TenLinhVuc", "DonViXuLy", "KenhThucHien")
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
"""


def write(parts: Iterator[pl.DataFrame], path: Path) -> int:
    """Write rows of the exchange as a log; gives the number of traces."""
    traces = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for part in parts:
            file.writelines(_trace(row) for row in _told(part).iter_rows(named=True))
            traces += part.height
        file.write("</log>\n")
    return traces


def _told(part: pl.DataFrame) -> pl.DataFrame:
    """Give what a trace needs, instants in ISO; the first pause beside it."""
    number = pl.col("TrangThaiHoSo").alias("number")
    pauses = pl.lit(None, pl.String)
    if "DanhSachHoSoBoSung" in part.columns:
        first = pl.col("DanhSachHoSoBoSung").list.first().struct
        asked, replied = first.field("NgayBoSung").alias("asked"), first.field("NgayTiepNhanBoSung").alias("replied")
    else:
        asked, replied = pauses.alias("asked"), pauses.alias("replied")
    beside = part.select(number, asked, replied).with_columns(office.iso("asked"), office.iso("replied"))
    return pl.concat([office.told(part).with_columns(office.iso(c) for c in office.STAMPS), beside], how="horizontal")


def _trace(row: dict[str, Any]) -> str:
    case = [_value("string", "concept:name", row["MaHoSo"]), *(_value("string", c, row[c]) for c in _CASE if row[c])]
    if row["NgayHenTra"]:
        case.append(_value("date", "NgayHenTra", row["NgayHenTra"]))
    who = f"Cán Bộ Giả Định {sum(map(ord, row['MaHoSo'])) % 97:02}"
    events = "".join(_event(name, moment, who) for name, moment in sorted(_events(row), key=lambda e: e[1]))
    return f"<trace>{''.join(case)}{events}</trace>\n"


def _events(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, column in _EVENTS.items():
        if row[column]:
            yield name, row[column]
    if row["asked"]:
        yield ("Yêu cầu bổ sung" if row["replied"] or row["number"] in ("5", "6") else "Gia hạn"), row["asked"]
    if row["replied"]:
        yield "Bổ sung hồ sơ", row["replied"]
    if row["NgayTuChoi"]:
        yield "Không tiếp nhận", row["NgayTuChoi"]
    elif row["NgayKetThucXuLy"] and row["number"] in _END:
        yield _END[row["number"]], row["NgayKetThucXuLy"]
    if row["NgayTra"]:
        yield "Trả kết quả", row["NgayTra"]


def _event(name: str, moment: str, who: str) -> str:
    told = _value("string", "concept:name", name) + _value("date", "time:timestamp", moment)
    return f"<event>{told}{_value('string', 'org:resource', who)}</event>"


def _value(kind: str, key: str, value: str) -> str:
    return f'<{kind} key="{escape(key)}" value="{escape(value)}"/>'
