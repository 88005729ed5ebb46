"""Read an answer or a file of the national exchange: the envelope, and the dossiers as one frame of texts."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from config.errors import SourceError, nearest
from connectors.headers import refuse_too_wide
from connectors.json_rows import what_came
from connectors.nesting import is_deep, is_wide
from connectors.personal import masked_cells

#: What a dossier may carry over our border. Everything else is dropped here, known personal field or not:
#: ChuHoSo, SoGiayToChuHoSo, DinhDanhCHS, MaDoiTuong, SoDienThoai, Email, Fax, and whatever a vendor adds tomorrow.
KEPT: Final = (
    "MaHoSo", "MaHoSoKhac", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "LoaiDoiTuong",
    "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "TrangThaiHoSo", "NgayKetThucXuLy", "NgayTra", "HinhThuc",
    "DonViXuLy", "NgayTuChoi", "NoiNopHoSo", "DuocThanhToanTrucTuyen", "HoSoCoThanhPhanSoHoa",
)  # fmt: skip
#: Without one of these no figure would be true: the source is stopped, not guessed at.
NEEDED: Final = ("MaHoSo", "TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "DonViXuLy")
SUPPLEMENTS: Final = "DanhSachHoSoBoSung"
#: A source may never have had these; one that had them and has them no longer changes figures without a word.
TELLING: Final = (
    "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "NgayNopHoSo", "NgayTra", "NgayTuChoi", SUPPLEMENTS,
)  # fmt: skip
#: Its free text (NoiDungBoSung) may name people: only what we read out of it is kept.
SUPPLEMENT_FIELDS: Final = ("NgayBoSung", "NgayTiepNhanBoSung", "TrangThaiBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
FREE_TEXT: Final = "NoiDungBoSung"
FEES, PAPERS, RESULTS = "DanhSachLePhi", "TaiLieuNop", "DanhSachGiayToKetQua"
#: Where a result lies may name its owner: only that it is there is kept.
LINK: Final = "DuongDanTepTinKetQua"
#: The lists of a dossier, and of their entries what may be read.
LISTS: Final[dict[str, tuple[str, ...]]] = {
    SUPPLEMENTS: (*SUPPLEMENT_FIELDS, FREE_TEXT),
    FEES: ("HinhThucThu", "Gia"),
    PAPERS: ("DuocSoHoa", "DuocTaiSuDung"),
    RESULTS: (LINK,),
}
#: Read on the border, and kept nowhere.
UNKEPT: Final = frozenset({FREE_TEXT, LINK})
_KINDS: Final = {name: pl.List(pl.Struct(dict.fromkeys(fields, pl.String))) for name, fields in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Payload:
    """``envelope``: the answer's own fields. ``dossiers``: KEPT + the changed stamp as text, LISTS as lists.
    ``columns``: those of TELLING, and the changed stamp, that came. ``masked`` (store.masked.MASKED): what
    [source.privacy] wants of applicants, in its masked form; ``masked_of``: the fields of it that came."""

    envelope: dict[str, str]
    dossiers: pl.DataFrame
    columns: tuple[str, ...] = ()
    masked: pl.DataFrame | None = None
    masked_of: tuple[str, ...] = ()

    @property
    def codes(self) -> pl.Series:
        """Codes of the dossiers, as they came."""
        return self.dossiers["MaHoSo"]

    @property
    def ok(self) -> bool:
        return self.envelope.get("error_code", "0") in ("0", "00", "")


def read_payload(path: Path, *, changed: str = "NgayCapNhat") -> Payload:
    """Read a file that holds one payload, or a bare list of dossiers. Raises SourceError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}.", "Check the name and the rights.") from error
    return parse(data, place=path.name, changed=changed)


def parse(data: bytes, *, place: str, changed: str = "NgayCapNhat", keep_masked: tuple[str, ...] = ()) -> Payload:
    """Take an answer of dossiers apart; of the fields ``keep_masked`` a masked form goes along.

    Raises SourceError when it is none or a column that bears meaning is gone."""
    envelope, rows = opened(data, place)
    came = tuple(c for c in (*TELLING, changed) if c in rows.columns)
    told = _as_text(rows, place, changed)
    masked_of = tuple(c for c in keep_masked if c in rows.columns)
    return Payload(envelope, told, came, masked_cells(told["MaHoSo"], rows.select(masked_of)), masked_of)


def opened(data: bytes, place: str) -> tuple[dict[str, str], pl.DataFrame]:
    """Give the envelope of an answer, and its rows as they came. Raises SourceError when it is none of the exchange."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    body = b'{"data":' + text + b"}" if text.startswith(b"[") else text
    if is_deep(body) or is_wide(body):  # polars would make a type of it all, and never end
        return _slowly(body, place)
    try:
        frame = pl.read_json(BytesIO(body), infer_schema_length=None)
        return _split(frame)
    except (pl.exceptions.PolarsError, ValueError):
        return _slowly(body, place)


def _split(frame: pl.DataFrame) -> tuple[dict[str, str], pl.DataFrame]:
    envelope = {c: str(frame[c][0]) for c, kind in frame.schema.items() if not kind.is_nested()}
    kind = frame.schema.get("data")
    if not isinstance(kind, pl.List) or not isinstance(kind.inner, pl.Struct) or not kind.inner.fields:
        there = int(frame["data"].list.len().sum() or 0) if isinstance(kind, pl.List) else 0
        if (isinstance(kind, pl.List | pl.Null) or kind is None) and not there:
            return envelope, pl.DataFrame()
        raise ValueError("data is no list of dossiers")
    if len({field.name for field in kind.inner.fields}) != len(kind.inner.fields):
        raise ValueError("a field stands twice in a dossier")
    return envelope, frame["data"].explode(empty_as_null=False).struct.unnest()


def _slowly(body: bytes, place: str) -> tuple[dict[str, str], pl.DataFrame]:
    """Read what polars cannot: fields whose type changes from row to row become text."""
    try:
        told = orjson.loads(body)
        rows = [_flat(row) for row in told.get("data") or []]
    except (orjson.JSONDecodeError, AttributeError, TypeError, RecursionError) as error:
        found = f"{what_came(body)}: no payload of the exchange."
        raise SourceError(place, found, "Check address, paths and service.") from error
    columns = dict.fromkeys(name for row in rows for name in row)
    refuse_too_wide(len(columns), place)
    if rows and not columns:
        raise SourceError(place, f"{len(rows)} records came without any field.", "Ask the operator what changed there.")
    schema = {c: _KINDS.get(c, pl.String) for c in columns}
    envelope = {k: str(v) for k, v in told.items() if not isinstance(v, list | dict)}
    return envelope, pl.DataFrame(rows, schema=schema, strict=False)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {k: v if v is None else str(v) for k, v in row.items() if not isinstance(v, list | dict)}
    for name in LISTS.keys() & row.keys():
        kept[name] = [{k: None if v is None else str(v) for k, v in entry.items()} for entry in row[name] or []]
    return kept


def _as_text(rows: pl.DataFrame, place: str, changed: str) -> pl.DataFrame:
    """Keep what may cross the border, as text; a missing optional column is empty."""
    wanted = [*KEPT, *([changed] if changed else [])]
    if rows.width == 0:
        return pl.DataFrame(schema={**dict.fromkeys(wanted, pl.String), **_KINDS})
    for name in NEEDED:
        if name not in rows.columns:
            raise SourceError(
                place,
                f'the column "{name}" is gone.{nearest(name, rows.columns)}',
                "Ask the operator what changed there.",
            )
    texts = [_text(rows, c) for c in wanted]
    return rows.select(*texts, *(_list_of(rows, name) for name in LISTS))


def _text(rows: pl.DataFrame, column: str) -> pl.Expr:
    if column not in rows.columns or rows.schema[column].is_nested():
        return pl.lit(None, pl.String).alias(column)
    return pl.col(column).cast(pl.String)


def _list_of(rows: pl.DataFrame, name: str) -> pl.Expr:
    """Keep of a list what may be read of its entries; null where the source has no such list."""
    kind = rows.schema.get(name)
    if not isinstance(kind, pl.List) or not isinstance(kind.inner, pl.Struct):
        nothing: list[str] | None = [] if isinstance(kind, pl.List) or name == SUPPLEMENTS else None
        return pl.lit(nothing, _KINDS[name]).alias(name)
    there = {f.name for f in kind.inner.fields}
    fields = [
        pl.element().struct.field(f).cast(pl.String) if f in there else pl.lit(None, pl.String).alias(f)
        for f in LISTS[name]
    ]
    return pl.col(name).list.eval(pl.struct(fields))
