"""How long results took, field by field, beside the limit that was usual there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from dashboard.answers.why_links import why
from dashboard.filters import FIELD, GROUP, Choice
from dashboard.shapes import Lined, Link
from dashboard.wording import NOTHING, in_chart, number

UNNAMED: Final = "Không ghi lĩnh vực"
NO_PARTS: Final = (
    "Trung vị không cộng được từ các phần nên không tách được như tỷ lệ; phần tách được là tỷ lệ đúng hạn."
)
_LIST: Final = "co-ket-qua"
#: A file's columns.
_VALUES: Final[dict[str, Any]] = {"Lĩnh vực": pl.String, "Kết quả": pl.Int64} | dict.fromkeys(
    (f"{name} (ngày làm việc)" for name in ("Trung vị", "Phân vị 90", "Thời hạn thường gặp")), pl.Int64
)


@dataclass(frozen=True, slots=True)
class Took:
    """One field: results, median and 90th percentile in working days (None of few), the usual limit, its list."""

    name: str
    n: int
    median: int | None
    p90: int | None
    limit: int | None
    query: Mapping[str, str] | None
    listed: int

    @property
    def late(self) -> bool:
        """Say whether a result in ten took longer than the limit."""
        return self.p90 is not None and self.limit is not None and self.p90 > self.limit


def took(choice: Choice, lasted: pl.DataFrame, results: pl.DataFrame, *, small: int) -> list[Took]:
    """Give the fields, the most results first. ``lasted``: metrics.took by field; ``results``: dashboard.served."""
    known = {row["field"]: row for row in results.to_dicts()}
    rows = [row for row in lasted.to_dicts() if row["took_n"]]
    told = [_took(choice, row, known.get(row["field"], {}), small) for row in rows]
    return sorted(told, key=lambda each: (-each.n, each.name))


def _took(choice: Choice, row: Mapping[str, Any], known: Mapping[str, Any], small: int) -> Took:
    few = row["took_n"] < small
    query = None if row["field"] is None else choice.query(**{GROUP: _LIST, FIELD: row["field"]})
    return Took(
        row["field"] or UNNAMED, row["took_n"], None if few else row["took_median"], None if few else row["took_p90"],
        known.get("limit"), query, int(known.get("results") or 0),
    )  # fmt: skip


def summary(choice: Choice, whole: Mapping[str, Any], results: pl.DataFrame, *, small: int) -> tuple[str, list[Link]]:
    """Say it of all fields together, with the list."""
    n, listed = int(whole["took_n"] or 0), int(results["results"].sum())
    if not n:
        return "Không có kết quả nào trong kỳ đã chọn.", []
    links = [Link(f"{number(listed)} có kết quả", choice.query(**{GROUP: _LIST}))] if listed else []
    if n < small:
        return f"n = {number(n)} kết quả: quá ít để nói về thời gian.", links
    links.append(replace(why(choice, "on_time_due"), label="Vì sao tỷ lệ đúng hạn đổi?"))
    half, most = number(whole["took_median"]), number(whole["took_p90"])
    return f"Một nửa xong trong **{half}** ngày làm việc, 90 % trong **{most}** ngày; n = {number(n)} kết quả.", links


def hover(each: Took) -> str:
    """Say one line in full."""
    limit = f"thời hạn thường gặp {number(each.limit)} ngày" if each.limit is not None else "chưa biết thời hạn"
    took = f"Trung vị {number(each.median)}, phân vị 90 {number(each.p90)} ngày làm việc"
    return f"<b>{in_chart(each.name, 90)}</b><br>{took}<br>n = {number(each.n)}; {limit}"


def table(told: Sequence[Took]) -> Lined:
    """Lay the same out as a table; fields with few results give their number alone."""
    heads = ("Lĩnh vực", "Kết quả", "Trung vị", "Phân vị 90", "Thời hạn", "So với thời hạn")
    lines = [
        (each.name, number(each.n), *(_days(each, d) for d in (each.median, each.p90)), _limit(each), _against(each))
        for each in told
    ]
    links = [_links(each) for each in told]
    values = [(each.name, each.n, each.median, each.p90, each.limit) for each in told]
    return Lined(
        pl.DataFrame(lines, schema=list(heads), orient="row"), links,
        values=pl.DataFrame(values, schema=_VALUES, orient="row"),
    )  # fmt: skip


def _days(each: Took, days: int | None) -> str:
    return f"n = {number(each.n)}" if days is None else f"{number(days)} ngày"


def _limit(each: Took) -> str:
    return NOTHING if each.limit is None else f"{number(each.limit)} ngày"


def _against(each: Took) -> str:
    if each.p90 is None or each.limit is None:
        return NOTHING
    return f"▲ quá {number(each.p90 - each.limit)} ngày" if each.late else "trong thời hạn"


def _links(each: Took) -> tuple[Link, ...]:
    if each.query is None or not each.listed:
        return ()
    return (Link(f"{number(each.listed)} có kết quả", each.query),)
