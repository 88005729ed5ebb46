"""Read the step service of the exchange (CapNhatTienDoHoSoMC): what was done with a dossier, by whom, until when.

Officers become pseudonyms; what they wrote (NoiDungXuLy) may name people, so only a step that is known by its first
words is taken out of it, else the officer's title stands for the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from config.errors import SourceError, nearest
from connectors.base import Batch
from connectors.border import PROBLEMS, no_rejects
from connectors.moves import instant
from connectors.payload import opened
from connectors.personal import kept_answer, refused
from connectors.pseudonyms import pseudonym
from connectors.shapes import shown
from connectors.texts import by_distinct, clean
from metrics.dossier import PLAIN, REJECTS, Dossier
from store.steps import STEPS

_STAMPS: Final = {"started_at": "NgayBatDau", "ended_at": "ThoiDiemXuLy", "due_at": "NgayKetThucTheoQuyDinh"}
#: What may be read of a step. NguoiXuLy and NoiDungXuLy are read on the border, and kept nowhere as they came.
READ: Final = ("MaHoSo", "NguoiXuLy", "ChucDanh", "PhongBanXuLy", "NoiDungXuLy", "TrangThai", *_STAMPS.values())
_NEEDED: Final = ("MaHoSo", "ThoiDiemXuLy")
_LOOKED_AT: Final = 65_536
_UNKEPT: Final = ("NguoiXuLy", "NoiDungXuLy")
#: Beginning of NoiDungXuLy → name of the step; the longest that fits.
DEFAULT_STEPS: Final[dict[str, str]] = {
    "tiếp nhận": "Tiếp nhận", "phân công": "Phân công", "chuyển": "Chuyển xử lý", "thẩm định": "Thẩm định",
    "thẩm định lại": "Thẩm định lại", "xử lý": "Xử lý", "thụ lý": "Thụ lý", "xác minh": "Xác minh",
    "lấy ý kiến": "Lấy ý kiến", "chờ bổ sung": "Chờ bổ sung", "yêu cầu bổ sung": "Chờ bổ sung",
    "yêu cầu nghĩa vụ tài chính": "Chờ nghĩa vụ tài chính", "trình": "Trình ký", "ký duyệt": "Phê duyệt",
    "phê duyệt": "Phê duyệt", "đóng dấu": "Đóng dấu", "phát hành": "Phát hành", "trả kết quả": "Trả kết quả",
    "dừng xử lý": "Dừng xử lý", "từ chối": "Từ chối",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepPage:
    """An answer of the step service. ``rows``: READ as texts."""

    envelope: dict[str, str]
    rows: pl.DataFrame

    @property
    def codes(self) -> pl.Series:
        """What tells one row from another."""
        return self.rows.select(pl.concat_str(pl.all().fill_null(""), separator="|").alias("codes")).to_series()


def is_steps(data: bytes) -> bool:
    """Say whether a payload tells steps and not dossiers, by the first fields of its rows."""
    head = data[:_LOOKED_AT]
    return b'"ThoiDiemXuLy"' in head and b'"NgayTiepNhan"' not in head


def parse_steps(data: bytes, place: str) -> StepPage:
    """Take an answer apart. Raises SourceError when it is none of the exchange, or lacks what tells a step."""
    envelope, rows = opened(data, place)
    missing = [c for c in _NEEDED if rows.width and c not in rows.columns]
    if missing:
        found = f'the column "{missing[0]}" is gone.{nearest(missing[0], rows.columns)}'
        raise SourceError(place, found, "Ask the operator what changed there.")
    here = {c for c, kind in rows.schema.items() if not kind.is_nested()}
    texts = [(pl.col(c) if c in here else pl.lit(None)).cast(pl.String).alias(c) for c in READ]
    return StepPage(envelope, rows.select(texts) if rows.width else pl.DataFrame(schema=dict.fromkeys(READ, pl.String)))


def steps_batch(page: StepPage, words: Mapping[str, str], *, source: str, time_zone: str, origin: str) -> Batch:
    """Translate a page of steps; every row is folded into its dossier's time line, or refused with its reason."""
    texts = page.rows.with_columns(clean(pl.col(c)) for c in READ).with_row_index("row")
    dated = texts.with_columns(instant(pl.col(c), time_zone).alias(name) for name, c in _STAMPS.items())
    problems = pl.concat(
        [_without_code(dated), _without_time(dated), *(_unreadable(dated, *s) for s in _STAMPS.items())]
    )
    good = dated.join(problems.select("row").unique(), on="row", how="anti", maintain_order="left")
    told = good.select(
        code="MaHoSo", step=pl.coalesce(_step(words), "ChucDanh"),
        handler=by_distinct(good["NguoiXuLy"], lambda name: pseudonym(name, source)),
        unit="PhongBanXuLy", state="TrangThai", started_at="started_at", due_at="due_at", ended_at="ended_at",
    )  # fmt: skip
    dates = dict.fromkeys(_STAMPS.values(), "date")
    raw = kept_answer(page.rows.drop(_UNKEPT), codes=("MaHoSo",), units=("PhongBanXuLy",), fields=dates)
    rejects = _rejects(problems, dated, raw, origin)
    nothing = Dossier.create_empty().select(PLAIN.names())
    return Batch(nothing, rejects, merged=good.height, raw=raw, steps=told.match_to_schema(STEPS))


def _step(words: Mapping[str, str]) -> pl.Expr:
    said, name = pl.col("NoiDungXuLy").str.to_lowercase(), pl.lit(None, pl.String)
    for beginning in sorted(words, key=len):  # the longest is asked last, and stands in front
        name = pl.when(said.str.starts_with(beginning.lower())).then(pl.lit(words[beginning])).otherwise(name)
    return name


def _without_code(rows: pl.DataFrame) -> pl.DataFrame:
    return _problem(rows.filter(pl.col("MaHoSo").is_null()), "code_missing", pl.lit("MaHoSo = (trống)"))


def _without_time(rows: pl.DataFrame) -> pl.DataFrame:
    """Name steps that were neither begun nor done: they happened at no time."""
    nowhere = rows.filter(pl.col("NgayBatDau").is_null(), pl.col("ThoiDiemXuLy").is_null())
    return _problem(nowhere, "event_time_missing", pl.lit("NgayBatDau, ThoiDiemXuLy = (trống)"))


def _unreadable(rows: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    lost = rows.filter(pl.col(column).is_not_null() & pl.col(name).is_null())
    return _problem(lost, "unreadable_date", pl.format("{} = {}", pl.lit(column), shown(pl.col(column), "date")))


def _problem(rows: pl.DataFrame, reason: str, found: pl.Expr) -> pl.DataFrame:
    return rows.select("row", reason=pl.lit(reason), found=found).match_to_schema(PROBLEMS)


def _rejects(problems: pl.DataFrame, rows: pl.DataFrame, raw: pl.DataFrame, origin: str) -> pl.DataFrame:
    if problems.is_empty():
        return no_rejects()
    told = problems.group_by("row", maintain_order=True).agg("reason", pl.col("found").str.join("; ")).sort("row")
    at = told["row"]
    texts = raw[at].select(pl.struct(pl.all()).struct.json_encode()).to_series()
    place = pl.format("{}, bước {}", pl.lit(origin), pl.col("row") + 1)
    whole = told.select(place=place, code=rows["MaHoSo"].gather(at), reasons="reason", found="found", raw=texts)
    return refused(whole).match_to_schema(REJECTS)
