"""The register of procedures in words: its tiles, the parts of what is in the centre, its tables and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile, Metric
from dashboard import wording
from dashboard.answers import explained, overview
from dashboard.wording import NOTHING, number, percent, sort_key
from dashboard.wording import share as percentage
from metrics.procedures_register import PARTS, RESIDUAL, Reduced

Row = Mapping[str, Any]
LEVELS: Final = {"central": "Cấp bộ", **wording.LEVELS, "other": "Cơ quan khác"}
NO_LEVEL: Final = "Chưa ghi cấp"
NOBODY: Final = "Chưa ghi cơ quan"
KINDS: Final = {"own": "Của tỉnh", "vertical": "Ngành dọc", "enterprise": "Doanh nghiệp"}
ONLINE: Final = {
    "3": "Mức độ 3", "4": "Mức độ 4", "partly": "Một phần", "fully": "Toàn trình", "yes": "Có, chưa rõ mức",
    "information": "Cung cấp thông tin", "none": "Không",
}  # fmt: skip
#: How far online goes, the furthest first, as a tile tells it.
_FAR: Final = {
    "fully": "toàn trình", "partly": "một phần", "4": "mức độ 4", "3": "mức độ 3", "yes": "chưa rõ mức độ",
}  # fmt: skip
_STEPS: Final = {
    "procedures_four_step": "Bốn bước tại chỗ", "procedures_five_step": "Năm bước tại chỗ",
    "procedures_ministry": "Chờ bộ, ngành", "procedures_committee": "Chờ cấp tỉnh",
}  # fmt: skip
REST: Final = "Danh mục chưa nói thuộc phần nào"
MEANS: Final = "Danh mục thủ tục đang có hiệu lực; ô trống là chưa ghi."
_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the register: title, number, meaning, its parts, and what is not said."""

    title: str
    value: str
    meaning: str
    parts: str
    note: str = ""


def levels_there(by_level: Sequence[Row]) -> dict[str, str]:
    """Give the levels that have procedures of the province's own, the province first."""
    there = {row["levels"] for row in by_level if row["procedures_published"]}
    order = ("province", "district", "commune", "central", "other")
    return {level: LEVELS[level] for level in order if level in there}


def tiles(whole: Row, top: Row, level: str, by_level: Sequence[Row], book: CatalogueFile) -> list[Tile]:
    """Say how many there are, and of those of one level how they are given. ``top``: the counts of that level."""
    place = LEVELS.get(level, "").lower()
    return [
        _published(whole, by_level, book),
        _share(top, "procedures_centre", "procedures_published", f"thủ tục {place}", book, top["centre_unsaid"]),
        _share(top, "procedures_four_step", "procedures_centre", "thủ tục tại trung tâm", book),
        _online(top, place, book),
        _share(whole, "procedures_post", "procedures_published", "thủ tục đã công bố", book, whole["post_unsaid"]),
    ]


def _published(whole: Row, by_level: Sequence[Row], book: CatalogueFile) -> Tile:
    told = {row["levels"]: row["procedures_published"] for row in by_level}
    parts = [f"{words.lower()} **{number(told[level])}**" for level, words in LEVELS.items() if told.get(level)]
    parts += [f"chưa ghi cấp {number(told[None])}"] if told.get(None) else []
    others = [
        f"{words} {number(whole[name])}"
        for name, words in (("procedures_vertical", "ngành dọc"), ("procedures_enterprise", "doanh nghiệp"))
        if whole[name]
    ]
    metric = book["procedures_published"]
    note = " · ".join(("Ngoài số này", *others)) if others else ""
    return Tile(
        _short(metric),
        number(whole["procedures_published"]),
        _meaning(metric),
        " · ".join(parts) or NOTHING,
        note,
    )


def _share(
    told: Row, name: str, base: str, words: str, book: CatalogueFile, unsaid: int = 0, parts: str = ""
) -> Tile:  # fmt: skip
    """Tell a count beside what it is a share of; without a base there is no share."""
    metric, n, of = book[name], told[name], told[base]
    share = percent(n, of, _PLACES)
    first = f"**{share}** của {number(of)} {words}" if of else f"Chưa có {words}"
    note = f"{number(unsaid)} chưa ghi" if unsaid else ""
    return Tile(_short(metric), number(n), _meaning(metric), f"{first}{parts}", note)


def _online(top: Row, place: str, book: CatalogueFile) -> Tile:
    """Tell what is online of the centre's; where the register knows of no centre, of what is published."""
    inside = top["procedures_centre"] > 0
    name, base = (
        ("procedures_online_centre", "procedures_centre") if inside else ("procedures_online", "procedures_published")
    )
    words, prefix = ("thủ tục tại trung tâm", "centre_online_") if inside else (f"thủ tục {place}", "online_")
    far = [f"{said}: {number(top[prefix + word])}" for word, said in _FAR.items() if top[prefix + word]]
    parts = "".join(f" · {each}" for each in far)
    return _share(top, name, base, words, book, top["online_unsaid"], parts)


def _short(metric: Metric) -> str:
    """Title a tile: on this page everything counts procedures."""
    short = metric.title.removeprefix("Thủ tục ")
    return f"{short[:1].upper()}{short[1:]}"


def _meaning(metric: Metric) -> str:
    """Give what stands behind the question mark; of a figure without a weakness its meaning alone."""
    return overview.meaning(metric) if metric.is_not or metric.weaknesses else metric.meaning


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown, and as it is taken away."""

    shown: pl.DataFrame
    values: pl.DataFrame


def ladder(top: Row) -> Table:
    """Lay out the parts of what is in the centre, and what they leave."""
    base = top["procedures_centre"]
    parts = [(words, top[name]) for name, words in _STEPS.items()]
    rest = [(REST, top[RESIDUAL])] if top[RESIDUAL] else []
    told = [*parts, *rest, ("Cộng: tại trung tâm", base)]
    shown = [(words, number(n), percent(n, base, _PLACES) if n >= 0 else NOTHING) for words, n in told]
    values = [(words, n, percentage(n, base) if n >= 0 else None) for words, n in told]
    names = ("Phần", "Số thủ tục", "Tỷ trọng")
    kinds = {"Phần": pl.String, "Số thủ tục": pl.Int64, "Tỷ trọng (%)": pl.Float64}
    return Table(_frame(shown, names), pl.DataFrame(values, schema=kinds, orient="row"))


def rest(top: Row) -> str:
    """Say in a sentence what the parts leave; that they add up is worth a sentence too."""
    base, left = top["procedures_centre"], top[RESIDUAL]
    parts = number(sum(top[name] for name in PARTS))
    if left > 0:
        return (
            f"**Còn {number(left)} thủ tục** ({percent(left, base, _PLACES)}) danh mục chưa nói thuộc phần nào: các "
            f"phần cộng lại {parts}, tại trung tâm {number(base)}."
        )
    if left < 0:
        return (
            f"**Thừa {number(-left)}:** các phần cộng lại {parts}, nhiều hơn {number(base)} thủ tục tại trung tâm, vì "
            "có thủ tục ghi ở hai phần."
        )
    return f"Các phần cộng lại đúng {number(base)} thủ tục tại trung tâm."


_LEVEL_COLUMNS: Final = {
    "Đã công bố": "procedures_published", "Tại trung tâm": "procedures_centre",
    "Bốn bước": "procedures_four_step", "Năm bước": "procedures_five_step", "Trực tuyến": "procedures_online",
    "Bưu chính": "procedures_post", "Ngành dọc": "procedures_vertical", "Doanh nghiệp": "procedures_enterprise",
}  # fmt: skip


def levels(by_level: Sequence[Row], whole: Row) -> Table:
    """Lay out the counts by level of government, and of all."""
    told = {row["levels"]: row for row in by_level}
    rows = [(words, told[level]) for level, words in LEVELS.items() if level in told]
    rows += [(NO_LEVEL, told[None])] if None in told else []
    rows.append(("Mọi cấp, mỗi thủ tục một lần", whole))
    return _counts(rows, "Cấp")


def places(by_source: Sequence[Row], titles: Mapping[str, str]) -> Table:
    """Lay out the lists that sources have of their own, place by place."""
    rows = [(titles.get(row["source"], row["source"]), row) for row in by_source]
    return _counts(sorted(rows, key=lambda each: sort_key(each[0])), "Nguồn")


def of_places(told: Row, sources: int) -> str:
    """Say what sources with lists of their own give together: a procedure counts at each of them."""
    n, online = told["procedures_published"], told["procedures_online"]
    return (
        f"{number(sources)} nguồn có danh mục riêng: **{number(n)}** lượt thủ tục, trực tuyến **{number(online)}** "
        f"({percent(online, n)})."
    )


def _counts(rows: Sequence[tuple[str, Row]], first: str) -> Table:
    shown = [(name, *(number(row[each]) for each in _LEVEL_COLUMNS.values())) for name, row in rows]
    values = [(name, *(row[each] for each in _LEVEL_COLUMNS.values())) for name, row in rows]
    names = (first, *_LEVEL_COLUMNS)
    kinds = {first: pl.String, **dict.fromkeys(_LEVEL_COLUMNS, pl.Int64)}
    return Table(_frame(shown, names), pl.DataFrame(values, schema=kinds, orient="row"))


def reduced(found: Sequence[Reduced], by_department: Mapping[str | None, Row]) -> Table:
    """Lay out departments with how far their limits are shortened."""
    shown, values = [], []
    for one in found:
        told, cut = by_department[one.department], one.cut
        counts = (
            one.published,
            told["procedures_centre"],
            told["procedures_online"],
            cut.limited,
            cut.shortened,
            cut.odd,
        )
        share = None if cut.share is None else 100 * cut.share
        name = one.department or NOBODY
        mean = NOTHING if share is None else f"{number(share, 1)}\u00a0%"
        shown.append((name, *map(number, counts), mean))
        values.append((name, *counts, share))
    names = (
        "Cơ quan giải quyết", "Đã công bố", "Tại trung tâm", "Trực tuyến", "Có thời hạn", "Đã rút ngắn",
        "Khác đơn vị đếm", "Cắt giảm",
    )  # fmt: skip
    kinds = {names[0]: pl.String, **dict.fromkeys(names[1:-1], pl.Int64), "Cắt giảm (%)": pl.Float64}
    return Table(_frame(shown, names), pl.DataFrame(values, schema=kinds, orient="row"))


_LIST: Final = (
    "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Cơ quan giải quyết", "Cấp thực hiện", "Thời hạn", "Trực tuyến",
    "Tại trung tâm", "Bưu chính", "Thuộc",
)  # fmt: skip


def found(rows: pl.DataFrame, search: str) -> pl.DataFrame:
    """Keep the procedures in whose code, name, field or department the text stands, accents aside."""
    wanted = wording.folded(search.strip())
    if not wanted:
        return rows
    told = pl.concat_str("procedure", "name", "field", "department", separator=" ", ignore_nulls=True)
    texts = rows.select(told=told)["told"].to_list()
    return rows.filter(pl.Series([wanted in wording.folded(text) for text in texts], dtype=pl.Boolean))


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out procedures, by code: texts, as they are shown and taken away."""
    return _frame([_line(row) for row in rows.sort("procedure").to_dicts()], _LIST)


def _line(row: Row) -> tuple[str, ...]:
    levels = " · ".join(LEVELS[level] for level in row["levels"] or ())
    texts = (row["procedure"], row["name"], row["field"], row["department"], levels, _limit(row))
    said = (ONLINE.get(row["online"] or ""), _yes(row["centre"]), _yes(row["post"]), KINDS[row["kind"]])
    return tuple(text or NOTHING for text in (*texts, *said))


def _limit(row: Row) -> str:
    """Write the limit that was promised, and the statutory one where that is another."""
    law, promise = row["statutory"], row["committed"]
    if law is None:
        return NOTHING
    first, second = (explained.limit(f"{limit['size']}{limit['unit']}") for limit in (promise, law))
    return first if law == promise else f"{first} (quy định {second})"


def _yes(said: bool | None) -> str:
    return NOTHING if said is None else "Có" if said else "Không"


def _frame(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
