"""Đồng bộ lên Cổng quốc gia: which dossiers of the one-stop system the national portal has; ready values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile
from dashboard import wording
from dashboard.answers import overview, quality
from dashboard.answers.fresh import name_of
from dashboard.compared import Pair
from dashboard.filters import NONE, Choice
from dashboard.wording import NOTHING, number, share
from metrics import publication
from metrics.freshness import Silent
from metrics.publication import PUBLISHED, counted, of_period, published
from reports.overdue import NO_UNIT

#: Why there is no share, in words.
NO_PORTAL: Final = "Chưa nạp nguồn Cổng Dịch vụ công quốc gia nên chưa có tỷ lệ."
NO_ONE_STOP: Final = "Chỉ có nguồn Cổng quốc gia, chưa nạp hệ thống một cửa để so nên chưa có tỷ lệ."
_UNITS: Final[dict[str, Any]] = {
    "Đơn vị": pl.String, "Tiếp nhận": pl.Int64, "Có ở Cổng": pl.Int64, "Tỷ lệ (%)": pl.Float64,
    "Không có": pl.Int64, "Chưa ghép được": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """The share of a period in words, by unit, and the dossiers that the portal does not have."""

    title: str
    value: str
    meaning: str
    lines: Sequence[str]
    units: pl.DataFrame | None = None  # as shown
    unit_values: pl.DataFrame | None = None
    missing: pl.DataFrame | None = None
    missing_means: str = ""


def pair(sources: pl.DataFrame) -> Pair | str:
    """Give the one-stop system and the portal among the sources (metrics.publication.pair), or why there are not
    both."""
    both = publication.pair(sources)
    if both is None:
        return NO_PORTAL if publication.portal_of(sources) is None else NO_ONE_STOP
    titles = {source["name"]: name_of(source) for source in sources.to_dicts()}
    return Pair(*both, *(titles[name] for name in both))


def nothing(why: Sequence[str], catalogue: CatalogueFile) -> Published:
    """Say that there is no share, and why."""
    metric = catalogue[PUBLISHED]
    return Published(metric.title, NOTHING, overview.meaning(metric), why)


def unheard(both: Pair, gone: Sequence[Silent]) -> list[str]:
    """Say which of the two is silent, and since when. ``gone``: who was not heard to the end of the period.

    What the portal has not told yet would count as missing, so then there is no share and no list."""
    whole = {each.source: each for each in gone if each.department is None}
    titles = ((both.a, both.a_title), (both.b, both.b_title))
    return [_unheard_words(wording.plain(title), whole[name]) for name, title in titles if name in whole]


def _unheard_words(title: str, silent: Silent) -> str:
    since = f"từ {wording.moment(silent.heard_at)}" if silent.heard_at else "lần nào"
    return f"**Nguồn {title}: không có dữ liệu** {since} nên chưa có tỷ lệ."


def told(choice: Choice, rows: pl.DataFrame, both: Pair, catalogue: CatalogueFile) -> Published:
    """Tell the publication of the choice's period. ``rows``: reconciled, within the reader's scope."""
    metric, mine = catalogue[PUBLISHED], of_choice(choice, rows)
    found = published(mine, choice.period)
    lines = [
        f"**{number(found.published)}** / {number(found.received)} {metric.base}" if found.received
        else f"Chưa có {metric.base}",
        f"{wording.plain(both.a_title)} so với {wording.plain(both.b_title)}.",
    ]  # fmt: skip
    if found.undecided:
        lines.append(f"{number(found.undecided)} hồ sơ chưa ghép được vì mã ứng với nhiều hồ sơ.")
    if choice.channel:
        lines.append("Đối soát không tách theo kênh.")
    here = of_period(mine, choice.period)
    units, value = counted(here, ["department"]), quality.shown((found.published, found.received), catalogue.small)
    return Published(
        metric.title, value, overview.meaning(metric), lines,
        _by_unit(units, catalogue.small) if units.height else None, _values(units, catalogue.small),
        _missing(here), f"{metric.title}: {metric.meaning} {both.a_title} / {both.b_title}.",
    )  # fmt: skip


def of_choice(choice: Choice, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the unit and the field that were chosen; sources are paired without channels."""
    for name, value in (("department", choice.department), ("field", choice.field)):
        if value is not None:
            rows = rows.filter(pl.col(name).eq_missing(None if value == NONE else value))
    return rows


def _lined(row: Mapping[str, Any]) -> tuple[str, int, int, int, int]:
    whole = row["published"] + row["missing"] + row["undecided"]
    return row["department"] or NO_UNIT, whole, row["published"], row["missing"], row["undecided"]


def _by_unit(units: pl.DataFrame, small: int) -> pl.DataFrame:
    lines = [
        (unit, number(whole), number(there), quality.cell((there, whole), small), number(absent), number(unsure))
        for unit, whole, there, absent, unsure in map(_lined, _sorted(units))
    ]
    heads = [name.removesuffix(" (%)") for name in _UNITS]
    return pl.DataFrame(lines, schema=heads, orient="row")


def _values(units: pl.DataFrame, small: int) -> pl.DataFrame:
    lines = [
        (unit, whole, there, share(there, whole) if whole >= small else None, absent, unsure)
        for unit, whole, there, absent, unsure in map(_lined, _sorted(units))
    ]
    return pl.DataFrame(lines, schema=_UNITS, orient="row")


def _sorted(units: pl.DataFrame) -> list[dict[str, Any]]:
    return sorted(
        units.to_dicts(), key=lambda r: (-r["missing"] - r["undecided"], wording.sort_key(r["department"] or ""))
    )


def _missing(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the dossiers that the portal does not have or nobody can tell, the oldest first."""
    absent = rows.filter(pl.col("presence").is_in(["only_a", "ambiguous_a"])).sort("a_received_on", "code")
    why = pl.when(pl.col("presence") == "only_a").then(pl.lit("không có ở Cổng")).otherwise(pl.lit("chưa ghép được"))
    return absent.select(
        pl.col("code").alias("Mã hồ sơ"), pl.col("department").fill_null(NO_UNIT).alias("Đơn vị"),
        pl.col("field").alias("Lĩnh vực"), pl.col("a_received_on").alias("Ngày tiếp nhận"), why.alias("Trên Cổng"),
    )  # fmt: skip
