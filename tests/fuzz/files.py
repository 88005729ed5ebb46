"""Write a table as a file of every kind that a source may send, with what is known about it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import polars as pl
import xlsxwriter
from hypothesis import strategies as st

from tests.fuzz.case import Case
from tests.fuzz.tables import PERSON, Table, tame, wild

_ENCODINGS: Final = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "latin-1", "utf-32", "utf-7")
#: Kinds of which no beginning may be taken for the whole.
_CLOSED: Final = ("gz", "xlsx", "json", "parquet", "xes", "zip")


@st.composite
def files(draw: st.DrawFn, way: str) -> Case:
    """Draw a file of the kind ``way``: tame and whole, tame and cut off, or wild."""
    how = draw(st.sampled_from(("tame", "tame", "wild", "wild", "wild", "cut")))
    table = draw(wild() if how == "wild" else tame())
    data = WRITERS[way](draw, table)
    if how == "cut" and way in _CLOSED:
        data = data[: draw(st.integers(8, len(data) - 2))]
        return Case(way, data, f"fuzz.{_ENDINGS[way]}", table.mapping, refused=True, made="tame, cut off")
    if how == "wild":
        return Case(way, data, f"fuzz.{_ENDINGS[way]}", table.mapping, made=how)
    rows = _lines_of(data) if way in ("json_lines", "gz") else None  # damaged lines are rows too
    rows = len(table.rows) if rows is None else rows
    return Case(
        way, data, f"fuzz.{_ENDINGS[way]}", table.mapping, None if way == "xls" else rows,
        days=() if way == "xls" else table.days, person=PERSON, made=how,
    )  # fmt: skip


def _lines_of(data: bytes) -> int | None:
    """Count the lines of JSON lines, packed or not; None: it is something else."""
    plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return plain.count(b"\n") if plain[:1] == b"{" else None


def _csv(draw: st.DrawFn, table: Table) -> bytes:
    out = io.StringIO()
    ends = "\n" if table.tame else draw(st.sampled_from(("\n", "\r\n", "\r")))
    writer = csv.writer(out, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=ends)
    if not table.tame and draw(st.booleans()):
        writer = csv.writer(out, csv.unix_dialect)  # everything in quotes
    if draw(st.booleans()):
        writer.writerow(["Danh sách hồ sơ"])
    writer.writerows([table.headers, *table.rows])
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16") if table.tame else _ENCODINGS))
    text = out.getvalue()
    if not table.tame and draw(st.integers(0, 5)) == 0:
        text = (
            draw(st.sampled_from(("sep=;\n", "\n\n", 'sep="\n', "sep=a\n", "sep= \n", "\x00", '"', "\ufeff\ufeff")))
            + text
        )
    return text.encode(encoding, errors="replace")


def _gz(draw: st.DrawFn, table: Table) -> bytes:
    inner = draw(st.sampled_from((_csv, _json_lines)))
    return gzip.compress(inner(draw, table), mtime=0)


def _rectangle(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.headers, row, strict=False)) for row in table.rows]


def _json_lines(draw: st.DrawFn, table: Table) -> bytes:
    rows: list[Any] = _rectangle(table)
    if not table.tame:
        rows = [draw(odd_json(row)) for row in rows]
    ascii_only = draw(st.booleans())
    lines = [_json_text(row, ascii_only=ascii_only) for row in rows]
    if draw(st.integers(0, 3)) == 0:
        lines.insert(draw(st.integers(1, max(1, len(lines)))), '{"Mã hồ sơ": "H01-')
    return "".join(f"{text}\n" for text in lines).encode("utf-8", "replace")


def _json(draw: st.DrawFn, table: Table) -> bytes:
    rows: Any = _rectangle(table)
    if not table.tame:
        rows = draw(odd_json([draw(odd_json(row)) for row in rows]))
    whole = draw(st.sampled_from((rows, {"data": rows}, {"trang": 1, "data": rows, "loi": []})))
    encoding = "utf-8" if table.tame else draw(st.sampled_from(("utf-8", "utf-16", "utf-8-sig", "latin-1")))
    return _json_text(whole, ascii_only=draw(st.booleans())).encode(encoding, "replace")


def _json_text(value: Any, *, ascii_only: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only)


#: What nobody means to send, and somebody does: numbers without end, NaN, half letters, lists and records anywhere.
ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**63, -(2**70), 12345678901234567890, 10**400, 1e308, 1.5, float("nan"),
    float("inf"), "",
    [], {}, [None], [[]], [{}], {"a": None}, {"a": {"b": {"c": [1, {"d": 2}]}}}, "\ud800", "a\udfff", "\x00",
    "9\x00", "a\x00b", "__row__",
    {"__row__": 1}, {"": ""}, {"a.b": 1, "a": {"b": 2}}, [{"hoTen": "x"}], {"Mã hồ sơ": "H01-1"}, ["a", 1,
    None], "20260304083000",
)  # fmt: skip


@st.composite
def odd_json(draw: st.DrawFn, value: Any) -> Any:
    """Put odd values into a tree of JSON: in the place of its parts, beside them, or of the whole."""
    odd = st.one_of(st.sampled_from(ODD), st.integers(), st.floats(), st.text(max_size=5))
    times = draw(st.integers(0, 3))
    for _ in range(times):
        if not isinstance(value, dict | list) or not value:
            return draw(odd)
        places = list(value) if isinstance(value, dict) else range(len(value))
        place = draw(st.sampled_from(places))
        inner = draw(odd_json(value[place])) if draw(st.booleans()) else draw(odd)
        value = value | {place: inner} if isinstance(value, dict) else [*value[:place], inner, *value[place + 1 :]]
        if isinstance(value, dict) and draw(st.integers(0, 3)) == 0:
            value = {k: v for k, v in value.items() if k != place} | {
                draw(st.sampled_from(("__row__", "", "a.b", "x"))): inner
            }
    return value


def _parquet(draw: st.DrawFn, table: Table) -> bytes:
    names = list(dict.fromkeys(table.headers)) or ["x"]
    rows = [dict(zip(names, row, strict=False)) for row in table.rows]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    if not table.tame:
        for name in names[: draw(st.integers(0, 3))]:
            frame = frame.with_columns(draw(_typed(name, frame.height)))
    out = io.BytesIO()
    frame.write_parquet(out, compression=draw(st.sampled_from(("zstd", "snappy", "uncompressed"))))
    return out.getvalue()


@st.composite
def _typed(draw: st.DrawFn, name: str, height: int) -> pl.Series:
    kinds: tuple[tuple[Any, list[Any]], ...] = (
        (pl.Int64, [0, 2**62, -1]), (pl.UInt64, [2**64 - 1]), (pl.Float64, [1.5, float("nan"), float("inf"),
        1e300, 2.0**63]),
        (pl.Boolean, [True, None]), (pl.Date, [2**20, -(2**20), 0]), (pl.Datetime("us", "UTC"), [2**50, -(2**55), 0]),
        (pl.Datetime("ns"), [2**60]), (pl.Datetime("ms"), [2**45]), (pl.Duration("us"), [10**12]), (pl.Time,
        [0, 10**12]),
        (pl.Decimal(20, 2), ["1.10", "12.00"]), (pl.Binary, [b"\xff\x00", b"a"]), (pl.List(pl.String), [["a",
        None], []]),
        (pl.Struct({"hoTen": pl.String, "so": pl.Int64}), [{"hoTen": "x", "so": 1}, None]), (pl.Categorical,
        ["a", "b"]),
        (pl.List(pl.Struct({"a": pl.String, "hoTen": pl.String})), [[{"a": "1", "hoTen": "x"}], []]), (pl.Null, [None]),
        (pl.Array(pl.Int8, 2), [[1, 2], None]), (pl.Enum(["x", "y"]), ["x", "y"]), (pl.Int128, [2**100]),
        (pl.Struct({"x": pl.Struct({"y": pl.List(pl.Int8)})}), [{"x": {"y": [1]}}]),
        (pl.List(pl.List(pl.Int8)), [[[1], None]]),
    )  # fmt: skip
    kind, values = draw(st.sampled_from(kinds))
    given = [draw(st.sampled_from([*values, None])) for _ in range(height)]
    if kind in (pl.Date, pl.Time) or kind in (pl.Datetime, pl.Duration):
        base = pl.Int32 if kind == pl.Date else pl.Int64
        return pl.Series(name, given, base).cast(kind)
    if isinstance(kind, pl.Decimal):
        return pl.Series(name, given, pl.String).cast(kind)
    return pl.Series(name, given, kind)


def _xlsx(draw: st.DrawFn, table: Table) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    names = ("Bìa", "Dữ liệu") if draw(st.integers(0, 3)) == 0 else ("Dữ liệu",)
    for name in names:
        sheet = book.add_worksheet(name)
        if name == "Bìa":
            continue
        for r, row in enumerate((table.headers, *table.rows)):
            for c, text in enumerate(row):
                _cell(sheet, r, c, text, as_number=not table.tame and draw(st.booleans()))
    book.close()
    return out.getvalue()


def _cell(sheet: Any, row: int, column: int, text: str, *, as_number: bool) -> None:
    if as_number and text.isdecimal() and text.isascii() and len(text) < 300:
        sheet.write_number(row, column, float(text))
    elif as_number and text in ("true", "TRUE"):
        sheet.write_boolean(row, column, True)
    else:
        sheet.write_string(row, column, text)


def _xls(draw: st.DrawFn, table: Table) -> bytes:
    """Begin as an old workbook does: nothing at hand writes whole ones."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + draw(st.binary(max_size=600))
        + b"\x00" * draw(st.sampled_from((0, 512, 1536)))
    )


def _xes(draw: st.DrawFn, table: Table) -> bytes:
    traces = []
    for row in table.rows:
        cells = [f"<string key={_quoted(h)} value={_quoted(v)}/>" for h, v in zip(table.headers, row, strict=False)]
        traces.append(f"<trace><event>{''.join(cells)}</event></trace>")
    heads = ('<?xml version="1.0" encoding="UTF-8"?>',)
    odd = ("", '<?xml version="1.0" encoding="utf-7"?>', '<?xml version="1.0" encoding="cp1258"?>', "<!DOCTYPE log>",
           '<?xml version="1.0" encoding="không"?>', '<?xml version="1.0" encoding="utf-16"?>',
           '<?xml version="1.0" encoding="shift_jis"?>', "\ufeff", "<!-- -->")  # fmt: skip
    head = draw(st.sampled_from(heads if table.tame else heads + odd))
    body = '<string key="x" value="y"/>' if draw(st.booleans()) else ""
    if not table.tame:
        more = (
            "</trace>",
            "<global>",
            "<list><values>",
            "<event/>",
            "&amp;",
            "&x;",
            "<trace/>",
            "<string/>",
            "<int key='__row__' value='1'/>",
        )
        traces = [*traces, *draw(st.lists(st.sampled_from(more), max_size=3))]
    return f"{head}<log>{body}{''.join(traces)}</log>".encode("utf-8", "replace")


def _quoted(text: str) -> str:
    return quoteattr("".join(sign for sign in text if sign >= " " or sign in "\t\n\r"))


def _zip(draw: st.DrawFn, table: Table) -> bytes:
    writers = (_csv, _json_lines) if table.tame else (_csv, _json_lines, _xlsx, _parquet, _xes, _gz)
    members = {"thang-2.csv": draw(st.sampled_from(writers))(draw, table)}
    if not table.tame:
        odd = (b"", b"PK\x05\x06" + b"\x00" * 18, b"%PDF-1.7", b"\xff" * 40, b"a,b\n1,2\n")
        for name in draw(
            st.lists(
                st.sampled_from(("a.csv", "b/../c.csv", "d.pdf", "__MACOSX/x", "thang-10.csv", "e.zip", "f" * 200)),
                max_size=3,
            )
        ):
            members[name] = draw(st.sampled_from((*odd, *members.values())))
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", draw(st.sampled_from((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)))
    ) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


WRITERS: Final[dict[str, Callable[[st.DrawFn, Table], bytes]]] = {
    "csv": _csv, "gz": _gz, "json_lines": _json_lines, "json": _json, "parquet": _parquet, "xlsx": _xlsx, "xls": _xls,
    "xes": _xes, "zip": _zip,
}  # fmt: skip
_ENDINGS: Final = {
    "csv": "csv", "gz": "csv.gz", "json_lines": "jsonl", "json": "json", "parquet": "parquet", "xlsx": "xlsx",
    "xls": "xls",
    "xes": "xes", "zip": "zip",
}  # fmt: skip
