"""Rà soát số liệu: what each mark is, when it means nothing, what it goes by, and how many there are, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.shapes import DOSSIER, REVIEW, Lined, Link
from dashboard.wording import NOTHING, PAUSES, STATUSES, day, flat, number, percent
from metrics.integrity import OF_GROUP, Flag
from reports.marks import WORDS

#: In the address: which mark.
FLAG: Final = "dau_hieu"
HONEST: Final = (
    "Mỗi dấu hiệu là một câu hỏi cần rà soát, làm rõ, không phải kết luận. Không dấu hiệu nào làm đổi số liệu, màu sắc "
    "hay thứ tự."
)
NO_MARKS: Final = ("Không có dấu hiệu nào", "Không hồ sơ nào trong phạm vi đã chọn cần rà soát theo dấu hiệu này.")
NOT_YOURS: Final = (
    "Phần này dành cho người chịu trách nhiệm về số liệu",
    "Giám đốc, vận hành và kiểm tra xem toàn tỉnh; thủ trưởng xem đơn vị của mình.",
)
#: Marks whose groups are departments, whatever the field.
_OF_DEPARTMENT: Final = (Flag.PEAK, Flag.WITHDRAWN)
#: Lines of a list that are drawn; the file has all of them.
MOST: Final = 300
HEADS: Final = ("Dấu hiệu", "Cần rà soát", "Đã xét", "Tỷ lệ", "Khoảng 95 %")
EVENLY: Final = "Nếu rải đều"
UNIT_HEADS: Final = ("Đơn vị", *HEADS[1:], EVENLY)
GROUP_HEADS: Final = ("Đơn vị", "Lĩnh vực", "Thời gian", "Đếm được", "Trong số", "Dự kiến", "Khả năng ngẫu nhiên")
LIST_HEADS: Final = ("Mã hồ sơ", "Đơn vị", "Thủ tục", "Ngày", "Bằng chứng")


CODES: Final = {words.code: flag for flag, words in WORDS.items()}
QUIET: Final = {
    "no_forms": "không ghi phiếu gia hạn hay bổ sung nào, nên không xét đổi hẹn",
    "machine_hours": "ghi giờ theo máy, phần lớn ngoài giờ làm việc, nên không xét kết thúc ngoài giờ",
}


def choices(counted: Mapping[Flag, int]) -> dict[str, str]:
    """Give the marks to choose from, those that have any first: code → title and how many dossiers (of groups: groups).

    The first is the one the page opens on."""
    told = sorted(WORDS.items(), key=lambda item: not counted.get(item[0]))
    return {words.code: f"{words.title} ({number(counted.get(flag, 0))})" for flag, words in told}


def counted(marks: pl.DataFrame, cells: pl.DataFrame) -> dict[Flag, int]:
    """Count what is marked: dossiers, or groups where the mark is of a group."""
    groups = dict(cells.filter("marked").group_by("flag").len().iter_rows())
    single = dict(marks.group_by("flag").len().iter_rows())
    return {flag: int((groups if flag in OF_GROUP else single).get(flag.value, 0)) for flag in Flag}


def summary(marks: pl.DataFrame, cells: pl.DataFrame, looked: pl.DataFrame, small: int) -> pl.DataFrame:
    """Lay out every mark that has any: HEADS, texts. Groups have no share: they are not a part of the dossiers."""
    whole, rows = _bases(cells, looked), []
    for flag, n in counted(marks, cells).items():
        of = whole.get(flag, 0)
        if n and flag in OF_GROUP:
            rows.append((WORDS[flag].title, f"{number(n)} nhóm", f"{number(of)} nhóm", NOTHING, NOTHING))
        elif n:
            rows.append((WORDS[flag].title, number(n), number(of), *_share(n, of, small)))
    return pl.DataFrame(rows, schema=HEADS, orient="row")


def none(marks: pl.DataFrame, cells: pl.DataFrame, looked: pl.DataFrame) -> list[str]:
    """Name in a line the marks that were looked for and have none, and in another those that nothing was looked at for:
    to find nothing and to see nothing are two things."""
    whole = _bases(cells, looked)
    bare = [flag for flag, n in counted(marks, cells).items() if not n]
    told = [WORDS[flag].title for flag in bare if whole.get(flag)]
    blind = [WORDS[flag].title for flag in bare if not whole.get(flag)]
    return [
        *([f"{number(len(told))} dấu hiệu không có hồ sơ nào: {'; '.join(told)}."] if told else []),
        *([f"{number(len(blind))} dấu hiệu chưa đủ dữ liệu để xét: {'; '.join(blind)}."] if blind else []),
    ]


def _bases(cells: pl.DataFrame, looked: pl.DataFrame) -> dict[Flag, int]:
    """Give what was looked at for each mark: dossiers, or groups where the mark is of a group."""
    groups = dict(cells.group_by("flag").len().iter_rows())
    single = dict(looked.group_by("flag").agg(pl.col("whole").sum()).iter_rows())
    return {flag: int((groups if flag in OF_GROUP else single).get(flag.value, 0)) for flag in Flag}


def by_chance(flag: Flag, marks: pl.DataFrame, looked: pl.DataFrame) -> list[str]:
    """Say how many there would be without any doing, beside how many there are; nothing where that cannot be told."""
    base = looked.filter(pl.col("flag") == flag.value, pl.col("expected").is_not_null())
    if base.is_empty():
        return []
    n = marks.filter(pl.col("flag") == flag.value).join(base, on="department", how="semi", nulls_equal=True).height
    chance = float(base["expected"].sum())
    about = f"khoảng **{number(chance)}**" if chance >= 1 else "chưa đến **1**"
    told = f"Nếu các lần dừng rải đều đến ngày hẹn thì tự nhiên đã có {about} hồ sơ như vậy. Đếm được **{number(n)}**"
    return [f"{told}." if n > chance else f"{told}, không nhiều hơn mức đó."]


def _summed(looked: pl.DataFrame, *by: str) -> pl.DataFrame:
    known = pl.col("expected").is_not_null().any()
    return looked.group_by(by).agg(pl.col("whole").sum(), pl.when(known).then(pl.col("expected").sum()))


def _share(n: int, of: int, small: int) -> tuple[str, str]:
    """Write a share and its interval; of few no share is told."""
    if of < small:
        return f"n = {number(of)}", NOTHING
    between = wording.chance(n, of)
    return percent(n, of), f"{between} %" if between else NOTHING


def _about(chance: float | None) -> str:
    return NOTHING if chance is None else number(chance)


def by_unit(flag: Flag, marks: pl.DataFrame, looked: pl.DataFrame, small: int) -> Lined:
    """Lay out a mark by unit that has any, in the order of names: UNIT_HEADS; each line opens the dossiers of its unit.

    What is taken away has every unit that was looked at."""
    mine, base = marks.filter(pl.col("flag") == flag.value), looked.filter(pl.col("flag") == flag.value)
    counts = dict(mine.group_by("department").len().iter_rows())
    rows, links, values, names = [], [], [], []
    told = {unit: (of, chance) for unit, of, chance in _summed(base, "department").iter_rows()}
    for unit in sorted({*counts, *told}, key=lambda name: wording.sort_key(name or "")):
        n, (of, chance) = counts.get(unit, 0), told.get(unit, (0, None))
        name = unit or "Chưa ghi"
        values.append((name, n, of, chance))
        if n:
            rows.append((flat(name, 80), number(n), number(of), *_share(n, of, small), _about(chance)))
            links.append([Link("Xem hồ sơ của đơn vị", {FLAG: WORDS[flag].code, "don_vi": unit or "-"}, REVIEW)])
            names.append(name)
    kept = {"Đơn vị": pl.String, "Cần rà soát": pl.Int64, "Đã xét": pl.Int64, EVENLY: pl.Float64}
    lines = pl.DataFrame(rows, schema=UNIT_HEADS, orient="row")
    # Only where chance can be told does its column say anything.
    lines = lines if any(chance is not None for _, chance in told.values()) else lines.drop(EVENLY)
    return Lined(lines, links, pl.DataFrame(values, schema=kept, orient="row"), names)


def clear(told: Lined) -> str:
    """Say how many units were looked at and have none; "" for no unit."""
    n = told.values.height - told.lines.height
    return f"{number(n)} đơn vị khác đã xét, không có hồ sơ nào." if n else ""


def groups(flag: Flag, cells: pl.DataFrame) -> pl.DataFrame:
    """Lay out the marked groups: GROUP_HEADS, texts, in the order of units and days."""
    mine = cells.filter(pl.col("flag") == flag.value, "marked").sort("department", "field", "from_on", nulls_last=True)
    rows = [
        (
            flat(row["department"] or "Chưa ghi", 80), _field(row["field"], flag),
            wording.days_between(row["from_on"], row["to_on"]), number(row["n"]), number(row["whole"]),
            number(row["expected"], 1), _chance(row["p"]),
        )
        for row in mine.iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=GROUP_HEADS, orient="row")


def _field(name: str | None, flag: Flag) -> str:
    """Name a group's field; groups of a department have none, and of those parted by field one may be without."""
    if name is None and flag in _OF_DEPARTMENT:
        return "Mọi lĩnh vực"
    return flat(name or "", 80) or "Chưa ghi"


def _chance(p: float) -> str:
    return "dưới 0,001" if p < 0.001 else number(p, 3)


def tested(flag: Flag, cells: pl.DataFrame, false_finds: float) -> str:
    """Say how many groups were tested, how many stand, and which share of these may be chance finds."""
    mine = cells.filter(pl.col("flag") == flag.value)
    said = f"Đã xét {number(mine.height)} nhóm; {number(int(mine['marked'].sum()))} nhóm vượt mức ngẫu nhiên."
    chance = percent(round(1000 * false_finds), 1000, 0)
    return f"{said} Trong số nhóm được nêu, khoảng {chance} có thể là ngẫu nhiên."


def listed(rows: pl.DataFrame, names: Mapping[str, str]) -> Lined:
    """Lay out marked dossiers, the newest first: LIST_HEADS; each line opens its dossier. ``names``: of procedures."""
    newest = rows.sort("day", "code", descending=[True, False])
    lines, links = [], []
    for row in newest.head(MOST).iter_rows(named=True):
        procedure = names.get(row["procedure"] or "", row["procedure"] or NOTHING)
        lines.append((row["code"], flat(row["department"] or "Chưa ghi", 80), flat(procedure, 120), day(row["day"]),
                      evidence(row)))  # fmt: skip
        links.append([Link("Mở hồ sơ", {"nguon": row["source"], "ma": row["code"]}, DOSSIER)])
    shown = pl.DataFrame(lines, schema=LIST_HEADS, orient="row")
    return Lined(shown, links, _values(newest, names), [line[-1] for line in lines])


def _values(rows: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Give marked dossiers to take away: what each mark goes by in columns of its own."""
    texts = pl.Series("Bằng chứng", [evidence(row) for row in rows.iter_rows(named=True)], dtype=pl.String)
    titles = {flag.value: words.title for flag, words in WORDS.items()}
    told = {
        "Dấu hiệu": pl.col("flag").replace(titles), "Nguồn": pl.col("source"), "Mã hồ sơ": pl.col("code"),
        "Đơn vị": pl.col("department"), "Lĩnh vực": pl.col("field"), "Mã thủ tục": pl.col("procedure"),
        "Thủ tục": pl.col("procedure").replace(dict(names)), "Ngày": pl.col("day"),
        "Hẹn hoặc từ ngày": pl.col("from_on"), "Đến ngày": pl.col("to_on"),
        "Số ngày hoặc phút": pl.col("days"), "Số lượng": pl.col("n"), "Lúc": pl.col("at"),
    }  # fmt: skip
    return rows.select(expr.alias(name) for name, expr in told.items()).with_columns(texts)


def evidence(row: Mapping[str, Any]) -> str:
    """Say what a mark of one dossier goes by (metrics.integrity.EVIDENCE)."""
    on, from_, to = (day(row[name]) for name in ("day", "from_on", "to_on"))
    match row["flag"]:
        case Flag.MOVED:
            return f"Ngày {on}: hẹn {from_} đổi thành {to}, không có phiếu."
        case Flag.SEEN_OPEN:
            keeps = " Theo ngày ghi thì đúng hạn." if row["kind"] == "in_time" else ""
            return f"Ghi kết thúc {on}, hẹn {from_}, lúc {_at(row['at'])} còn đang mở.{keeps}"
        case Flag.PAUSED:
            until = f"đến {to}" if row["to_on"] else "chưa chạy lại"
            return f"Dừng {on}, hẹn {from_}, {until}: {PAUSES.get(row['kind'], PAUSES['other'])}."
        case Flag.LATE_LETTER:
            return f"Gia hạn {on}, {number(row['days'])} ngày làm việc sau hẹn {from_}, hẹn mới {to}."
        case Flag.AGAIN:
            return f"{number(row['n'])} lần gia hạn, hẹn {from_} chuyển đến {to}."
        case Flag.NIGHT:
            others, lasted = number(row["n"] - 1), number(row["days"])
            return f"Kết thúc lúc {_at(row['at'])}, cùng {others} hồ sơ khác trong {lasted} phút."
        case Flag.BACK:
            return f"Ghi xong {from_}, mở lại {on}: {STATUSES.get(row['kind'], '').lower()}."
        case Flag.BUNCHED:
            return f"Kết thúc đúng ngày hẹn {on}."
        case Flag.EVENING:
            return f"Kết thúc lúc {_at(row['at'])}, đúng ngày hẹn."
    return f"{STATUSES.get(row['kind'], '')} ngày {on}, hẹn {from_}."


def _at(local: datetime) -> str:
    return f"{local:%H:%M} {day(local.date())}"


def quiet(rows: pl.DataFrame, flag: Flag, titles: Mapping[str, str]) -> list[str]:
    """Say of which sources a mark says nothing, and why."""
    mine = rows.filter(pl.col("flag") == flag.value).sort("source")
    return [
        f"Nguồn {wording.plain(titles.get(source, source))}: {QUIET[why]}."
        for source, why in mine.select("source", "why").iter_rows()
    ]


def of_dossier(rows: pl.DataFrame) -> list[str]:
    """Say every mark of one dossier, each with what it goes by."""
    found = {row["flag"]: row for row in rows.iter_rows(named=True)}
    return [
        f"**{words.title}**: {evidence(found[flag.value])} Có thể không sai: {words.innocent}"
        for flag, words in WORDS.items()
        if flag.value in found and flag not in OF_GROUP
    ]
