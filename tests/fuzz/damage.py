"""Damage whole files as networks, spreadsheets and people do: bits, blocks, lines, columns, encodings, ends."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st

from tests.fuzz.case import Case
from tests.fuzz.files import odd_json
from tests.fuzz.tables import NASTY

_MOST: Final = 150_000  # bytes of a damaged file
_NUMBERS: Final = (0, 1, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
_STRUCTURE: Final = re.compile(rb'[\n\r,;"{}\[\]<>=:\x00]|PK..|</\w+>')
Damage = Callable[[st.DrawFn, bytes], bytes]


@st.composite
def damaged(draw: st.DrawFn, samples: Sequence[Case]) -> Case:
    """Draw a sample and damage it once to three times."""
    sample = draw(st.sampled_from(samples))
    data, done = sample.data, []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from((*_ANY, *_MORE.get(sample.way, ()))))
        data = kind(draw, data)[:_MOST]
        done.append(kind.__name__.strip("_"))
    return replace(sample, data=data, made=f"{sample.name}: {', '.join(done)}")


def _at(draw: st.DrawFn, data: bytes) -> int:
    return draw(st.integers(0, max(0, len(data) - 1)))


def _bit(draw: st.DrawFn, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + bytes([(data[at] if data else 0) ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]


def _bytes(draw: st.DrawFn, data: bytes) -> bytes:
    at = _at(draw, data)
    new = draw(
        st.one_of(st.binary(max_size=8), st.sampled_from(NASTY).map(lambda word: word.encode("utf-8", "replace")))
    )
    return data[:at] + new + data[at + draw(st.integers(0, 12)) :]


def _number(draw: st.DrawFn, data: bytes) -> bytes:
    """Write a number of the kind that lengths and offsets are, where one may stand."""
    at, size = _at(draw, data), draw(st.sampled_from((1, 2, 4, 8)))
    told = draw(st.sampled_from(_NUMBERS)) % (1 << (8 * size))
    return data[:at] + told.to_bytes(size, draw(st.sampled_from(("little", "big")))) + data[at + size :]


def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: _at(draw, data)]


def _cut_where_it_hurts(draw: st.DrawFn, data: bytes) -> bytes:
    places = [m.end() for m in _STRUCTURE.finditer(data)] or [0]
    return data[: draw(st.sampled_from(places))]


def _hole(draw: st.DrawFn, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + data[at + draw(st.integers(1, 400)) :]


def _again(draw: st.DrawFn, data: bytes) -> bytes:
    at, times = _at(draw, data), draw(st.sampled_from((2, 2, 3, 50)))
    return data[:at] + data[at : at + draw(st.integers(1, 300))] * times + data[at:]


def _swapped(draw: st.DrawFn, data: bytes) -> bytes:
    a, b = sorted((_at(draw, data), _at(draw, data)))
    return data[b:] + data[a:b] + data[:a]


def _lines(draw: st.DrawFn, data: bytes) -> bytes:
    rows = data.splitlines(keepends=True)
    return b"".join(draw(st.permutations(rows)) if len(rows) < 20 else rows[:: draw(st.sampled_from((-1, 2)))])


def _ends(draw: st.DrawFn, data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(
        b"\n", draw(st.sampled_from((b"\r\n", b"\r", b"\n\n", b"", b"\n\r", b"\x85")))
    )


def _recoded(draw: st.DrawFn, data: bytes) -> bytes:
    from_, to = (
        draw(st.sampled_from(("utf-8", "latin-1", "cp1252"))),
        draw(st.sampled_from(("utf-16", "utf-16-be", "cp1258", "utf-8-sig", "utf-8", "utf-32"))),
    )
    return data.decode(from_, "replace").encode(to, "replace")


def _columns(draw: st.DrawFn, data: bytes) -> bytes:
    sign = draw(st.sampled_from((b",", b";")))
    rows = [line.split(sign) for line in data.splitlines()]
    turn = draw(st.integers(1, 5))
    return b"\n".join(sign.join(row[turn:] + row[:turn]) for row in rows) + b"\n"


def _cell(draw: st.DrawFn, data: bytes) -> bytes:
    rows = [line.split(b",") for line in data.split(b"\n")]
    row = rows[draw(st.integers(0, len(rows) - 1))]
    row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(NASTY)).encode("utf-8", "replace")
    return b"\n".join(map(b",".join, rows))


def _inside_gz(draw: st.DrawFn, data: bytes) -> bytes:
    try:
        plain = gzip.decompress(data)
    except (OSError, EOFError, ValueError):
        return data
    except Exception:  # noqa: BLE001 - what was damaged before cannot be opened any more
        return data
    return gzip.compress(draw(st.sampled_from(_ANY))(draw, plain)[:_MOST], mtime=0)


def _inside_zip(draw: st.DrawFn, data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - what was damaged before cannot be opened any more
        return data
    name = draw(st.sampled_from(sorted(told))) if told else "x"
    change = draw(st.sampled_from((*_ANY, _gone)))
    told[name] = change(draw, told.get(name, b""))[:_MOST]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for member, content in told.items():
            archive.writestr(zipfile.ZipInfo(member), content)
    return out.getvalue()


def _gone(draw: st.DrawFn, data: bytes) -> bytes:
    return b""


def _tree(draw: st.DrawFn, data: bytes) -> bytes:
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError):
        return data
    return json.dumps(draw(odd_json(value))).encode()


_ANY: Final[tuple[Damage, ...]] = (
    _bit, _bytes, _number, _cut, _cut_where_it_hurts, _hole, _again, _swapped, _lines, _ends, _recoded,
)  # fmt: skip
_MORE: Final[dict[str, tuple[Damage, ...]]] = {
    "csv": (_columns, _cell, _cell, _cell), "gz": (_inside_gz,) * 6, "zip": (_inside_zip,) * 8,
    "xlsx": (_inside_zip,) * 10,
    "json": (_tree,) * 5, "json_lines": (_lines, _cell),
}  # fmt: skip
