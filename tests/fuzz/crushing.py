"""Files of about 200 kB that would crush a careless reader: too wide, too deep, all quotes, one cell, packed bombs."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Final

from tests.fuzz.case import Case
from tests.fuzz.tables import PLAIN

_SIZE: Final = 200_000
_HEAD: Final = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Cơ quan\n"
_ROW: Final = "H{},04/03/2026,15/03/2026,,Sở Nội vụ\n"


def crushing() -> tuple[Case, ...]:
    """Give every one, named by ``made``."""
    return tuple(
        Case(way, data, f"{made}.dat", PLAIN, made=made) for way, made, data in (*_tables(), *_trees(), *_packed())
    )


def _tables() -> Iterator[tuple[str, str, bytes]]:
    yield "csv", "all commas", b"," * _SIZE
    yield "csv", "wide header and rows", (_HEAD.strip() + ",x" * 20_000 + "\n" + "a,b\n" * 20_000).encode()
    yield "csv", "headers of one name", (_HEAD.strip() + ",Ngày" * 20_000 + "\n" + _ROW.format(1)).encode()
    yield "csv", "all quotes", b'"' * _SIZE
    yield "csv", "open quote", _HEAD.encode() + b'"' + b"a,b\n" * (_SIZE // 4)
    yield "csv", "one cell", (_HEAD + '"' + "ồ" * 70_000 + '",04/03/2026,,,\n').encode()
    yield "csv", "one long code", (_HEAD + "9" * _SIZE + ",04/03/2026,,,\n").encode()
    yield "csv", "all different", (_HEAD + "".join(_ROW.format(n) for n in range(4_000))).encode()
    yield "csv", "all alike", (_HEAD + _ROW.format(1) * 4_000).encode()
    yield "csv", "all refused", (_HEAD + "".join(f"H{n},hôm {n},,,\n" for n in range(8_000))).encode()
    yield "csv", "blank lines", (_HEAD + "\n" * _SIZE).encode()
    yield "csv", "nothing but zeros", b"\x00" * _SIZE
    yield (
        "csv",
        "spaces in a date",
        (_HEAD + "A,04/03/2026" + " " * 100_000 + "x,,,\nB,MON, " + "THỨ " * 20_000 + ",,,\n").encode(),
    )
    yield "csv", "names without end", (_HEAD + "A,04/03/2026,,," + "Nguyễn Văn " * 12_000 + "\n").encode()
    yield (
        "csv",
        "addresses without end",
        (_HEAD + "A,04/03/2026,,," + "a.b-" * 25_000 + "@" + "a.b-" * 25_000 + "\n").encode(),
    )
    yield "csv", "houses without end", (_HEAD + "A,04/03/2026,,," + "số 1 " * 30_000 + "\n").encode()


def _trees() -> Iterator[tuple[str, str, bytes]]:
    for way in ("json", "json_lines", "payload", "payload_answer", "steps", "opencps", "json_api"):
        yield way, "deep lists", b'{"data": ' + b"[" * (_SIZE // 2) + b"]" * (_SIZE // 2) + b"}"
        yield way, "deep records", b'{"a":' * (_SIZE // 6) + b"1" + b"}" * (_SIZE // 6)
        yield way, "open lists", b'[{"a":' + b"[" * _SIZE
        yield way, "900 deep", b'{"data": [' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"]}"
        yield way, "every row another field", json.dumps({"data": [{f"k{n}": n} for n in range(9_000)]}).encode()
        yield way, "a long number", b'{"data": [{"MaHoSo": ' + b"9" * _SIZE + b"}]}"
        yield way, "a field a thousand times", b'{"data": [{' + b'"MaHoSo": "1", ' * 12_000 + b'"MaHoSo": "2"}]}'
    lines = "".join(f'{{"k{n}": {n}}}\n' for n in range(12_000))
    yield "json_lines", "every line another field", lines.encode()
    cell = '<string key="k{0}" value="{0}"/>'
    events = "".join(f"<trace><event>{cell.format(n)}</event></trace>" for n in range(3_500))
    yield "xes", "every event another field", f"<log>{events}</log>".encode()
    yield (
        "xes",
        "deep attributes",
        b"<log><trace>" + b'<string key="k" value="v">' * 7_000 + b"</string>" * 7_000 + b"</trace></log>",
    )
    yield (
        "xes",
        "one attribute many times",
        b"<log><trace><event>" + b'<string key="k" value="v"/>' * 7_000 + b"</event></trace></log>",
    )


def _packed() -> Iterator[tuple[str, str, bytes]]:
    bomb = gzip.compress(b"\x00" * 80_000_000, mtime=0)
    yield "gz", "bomb", bomb
    yield "gz", "packed again and again", _gz(_gz(_gz(_HEAD.encode() + _ROW.format(1).encode())))
    yield "zip", "many files", _zip({f"t{n}.csv": _HEAD + _ROW.format(n) for n in range(400)})
    yield "zip", "too many files", _zip({f"t{n}": "" for n in range(1_200)})
    yield "zip", "bomb", _zip({"a.csv": "," * 70_000_000})


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zip(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return out.getvalue()
