"""Phí, lệ phí và thanh toán: what was to be paid, by which procedures, and how; ready values. Receipt counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile
from dashboard import wording
from dashboard.answers import overview, procedures, quality
from dashboard.filters import GROUP, NONE, PROCEDURE, Choice
from dashboard.shapes import Lined, Link
from dashboard.wording import money, number, share

UNNAMED: Final = "Chưa ghi thủ tục"
_HEADS: Final = ("Thủ tục", "Có phí", "Trực tuyến", "Tỷ lệ", "Không rõ", "Phí, lệ phí")
#: A file's columns: the share's two parts and itself, and the amount in đồng.
_VALUES: Final[dict[str, Any]] = {
    "Thủ tục": pl.String, "Có phí": pl.Int64, "Nộp trực tuyến, tử số": pl.Int64,
    "Rõ cách nộp, mẫu số": pl.Int64, "Tỷ lệ thanh toán trực tuyến (%)": pl.Float64, "Không rõ cách nộp": pl.Int64,
    "Phí, lệ phí (đồng)": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fees:
    """The amount of a period, what it is made of in words, its list, and the procedures that charge."""

    value: str
    meaning: str
    lines: Sequence[str]
    links: Sequence[Link]
    table: Lined | None


def fees(
    choice: Choice, whole: Mapping[str, Any], by: pl.DataFrame, names: Mapping[str, str], catalogue: CatalogueFile
) -> Fees:
    """Tell the fees of the choice's period. ``whole``: its counts; ``by``: the same by procedure, with rates."""
    charging = by.filter(pl.col("fees") > 0).with_columns(n=pl.col("charged") + pl.col("charged_unknown"))
    rows = charging.sort("n", "fees", "procedure", descending=[True, True, False], nulls_last=True).to_dicts()
    metric, n = catalogue["fees"], int(whole["charged"]) + int(whole["charged_unknown"])
    return Fees(
        value=money(int(whole["fees"])) if n else wording.NOTHING,
        meaning=f"{overview.meaning(metric)}\n\n{metric.weaknesses[0]}" if metric.weaknesses else "",
        lines=_lines(n, int(whole["charged_unknown"]), rows) if n else ["Chưa hồ sơ nào trong kỳ có ghi phí, lệ phí."],
        links=[Link(f"{number(n)} có phí", choice.query(**{GROUP: "thu-phi"}))] if n else [],
        table=_table(choice, rows, names, catalogue.small) if rows else None,
    )


def _lines(n: int, unknown: int, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say of how many dossiers, and how many of the procedures that charge were paid online at least once."""
    known = [row for row in rows if row["procedure"] and row["charged"]]
    online = sum(row["paid_online"] > 0 for row in known)
    silent = sum(bool(row["procedure"]) and not row["charged"] for row in rows)
    lines = [f"Của **{number(n)}** hồ sơ tiếp nhận có phí, lệ phí."]
    if known:
        lines.append(f"**{number(online)}** / {number(len(known))} thủ tục có thu có hồ sơ nộp trực tuyến.")
    if silent:
        lines.append(f"{number(silent)} thủ tục có thu không rõ cách nộp của hồ sơ nào.")
    if unknown:
        lines.append(f"{number(unknown)} hồ sơ không rõ cách nộp, không có trong tỷ lệ.")
    return [*lines, "Tính theo ngày tiếp nhận: nguồn không cho biết ngày nộp tiền."]


def _table(choice: Choice, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], small: int) -> Lined:
    called = [wording.flat(names.get(row["procedure"], row["procedure"]) or UNNAMED, 300) for row in rows]
    lines = [
        (procedures.short(name, procedures.LONGEST), number(row["n"]), number(row["paid_online"]),
         quality.cell(_pair(row), small), number(row["charged_unknown"]), money(row["fees"]))
        for name, row in zip(called, rows, strict=True)
    ]  # fmt: skip
    values = [
        (name, row["n"], *_pair(row), share(*_pair(row)) if _pair(row)[1] >= small else None, row["charged_unknown"],
         row["fees"])
        for name, row in zip(called, rows, strict=True)
    ]  # fmt: skip
    told = pl.DataFrame(values, schema=_VALUES, orient="row")
    links = [_links(choice, row) for row in rows]
    return Lined(pl.DataFrame(lines, schema=list(_HEADS), orient="row"), links, told, called)


def _pair(row: Mapping[str, Any]) -> tuple[int, int]:
    told = row["online_payment"] or {}
    return int(told.get("numerator") or 0), int(told.get("denominator") or 0)


def _links(choice: Choice, row: Mapping[str, Any]) -> Sequence[Link]:
    counts = quality.with_left(row)
    which = {PROCEDURE: row["procedure"] or NONE}
    return [
        Link(f"{number(counts[name])} {words}", choice.query(**which, **{GROUP: group}))
        for name, words, group in (
            ("n", "có phí", "thu-phi"), ("paid_online", "nộp trực tuyến", "nop-phi-truc-tuyen"),
            ("paid_directly", "nộp trực tiếp", "nop-phi-truc-tiep"), ("charged_unknown", "không rõ", "phi-khong-ro"),
        )
        if counts[name]
    ]  # fmt: skip
