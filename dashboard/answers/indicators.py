"""Chỉ số nhập tay: figures that people entered, beside whose they are, of which day and who entered them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from config.indicators import Indicator
from dashboard import wording
from dashboard.filters import Choice
from dashboard.wording import NOTHING, day, moment, number, plain
from metrics.indicators import KEY, before, holding
from metrics.scope import Period
from reports import entered_words, formats
from store.entered import LONGEST_NOTE, LONGEST_SOURCE, Why

#: Said of every value: no system of ours counted it.
BY_HAND: Final = "nhập tay"
WHOLE: Final = "Toàn tỉnh"
MEANING: Final = (
    "Số liệu do người nhập vào theo nguồn đã công bố, không tính từ hồ sơ. "
    "Mỗi số ghi rõ nguồn, ngày công bố, người nhập."
)
EMPTY: Final = "Chưa có chỉ số nào được nhập"
LOAD: Final = "Nhập ở dưới, hoặc nạp tệp: `dunghan indicator load TỆP --by TÊN`."
ASK: Final = "Giám đốc Trung tâm hoặc người vận hành nhập tại trang này."
REFUSED: Final[dict[Why, str]] = {
    Why.NOBODY: "Chỉ giám đốc Trung tâm và người vận hành được nhập.",
    Why.INDICATOR: "Chọn một chỉ số.",
    Why.PERIOD: "Nhập kỳ theo dạng 10/2026, quý III/2026 hoặc 2026.",
    Why.EARLY: "Kỳ này chưa bắt đầu.",
    Why.UNIT: "Đơn vị không có trong danh mục đơn vị.",
    Why.NO_UNIT: "Chỉ số này chỉ có của toàn tỉnh; để trống đơn vị.",
    Why.VALUE: "Giá trị không hợp lệ với chỉ số này; kiểm tra số, số chữ số thập phân và mức cao nhất.",
    Why.SOURCE: "Nhập nguồn công bố.",
    Why.DAY: "Ngày công bố phải từ ngày đầu kỳ đến hôm nay.",
    Why.LONG: (f"Rút gọn: nguồn tối đa {number(LONGEST_SOURCE)} ký tự, ghi chú tối đa {number(LONGEST_NOTE)} ký tự."),
    Why.NOTHING: "Không có số liệu nào để rút.",
}
KNOWN: Final = "Số liệu này đã có, không ghi thêm."
_HEADS: Final = ("Chỉ số", "Đơn vị", "Kỳ", "Giá trị", "So với kỳ trước", "Nguồn", "Cách có", "Người nhập")
Known = Mapping[str, Indicator]


def saved(title: str, period: str, at: Any) -> str:
    """Say that a value was kept: Đã nhập PAPI, điểm, kỳ 2025 lúc 10:35. Số trước, nếu có, vẫn được giữ."""
    return f"Đã nhập {title}, kỳ {plain(period)} lúc {wording.clock(at)}. Số trước, nếu có, vẫn được giữ."


def value_words(value: str | None, indicator: Indicator | None) -> str:
    """Write a value with its unit: 1.204 lượt, 88,50 điểm, hạng 12, 91,2 %."""
    if value is None:
        return NOTHING
    if indicator is None:
        return formats.number(Decimal(value), max(0, -int(Decimal(value).as_tuple().exponent)))
    return entered_words.value(Decimal(value), indicator)


def shown(choice: Choice, told: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Give the newest value of each indicator and unit that had begun by the choice's day, with what came before it.

    ``told``: store.entered.history. With a unit chosen, its values and those of the province.
    """
    last = holding(told)
    values = {tuple(row[name] for name in KEY): row["value"] for row in last.to_dicts()}
    rows = [_line(row, values, known) for row in _newest(choice, last, known)]
    return pl.DataFrame(rows, schema=dict.fromkeys(_HEADS, pl.String), orient="row")


def taken(choice: Choice, told: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Give the same to take away: numbers as numbers, days as days."""
    rows = [
        {
            "Chỉ số": _title(row, known), "Đơn vị": row["department"] or WHOLE, "Từ ngày": row["from_on"],
            "Đến ngày": row["to_on"], "Giá trị": float(row["value"]), "Nguồn": row["stated_by"],
            "Ngày công bố": row["stated_on"], "Cách có": BY_HAND, "Người nhập": row["entered_by"],
        }
        for row in _newest(choice, holding(told), known)
    ]  # fmt: skip
    texts = dict.fromkeys(("Chỉ số", "Đơn vị", "Nguồn", "Cách có", "Người nhập"), pl.String)
    schema: dict[str, Any] = texts | dict.fromkeys(("Từ ngày", "Đến ngày", "Ngày công bố"), pl.Date)
    heads = list(rows[0]) if rows else list(schema)
    return pl.DataFrame(rows, schema=schema | {"Giá trị": pl.Float64}).select(heads)


def _newest(choice: Choice, values: pl.DataFrame, known: Known) -> list[dict[str, Any]]:
    mine = pl.lit(True) if choice.department is None else pl.col("unit") == choice.department
    begun = values.filter(pl.col("from_on") <= choice.as_of, mine | pl.col("department").is_null())
    last = begun.sort("from_on", descending=True).unique(("indicator", "department"), keep="first", maintain_order=True)
    order = list(known)
    return sorted(
        last.to_dicts(),
        key=lambda row: (
            order.index(row["indicator"]) if row["indicator"] in known else len(order),
            row["department"] is not None, wording.sort_key(row["department"] or ""),
        ),
    )  # fmt: skip


def _line(row: Mapping[str, Any], values: Mapping[tuple[Any, ...], str], known: Known) -> tuple[str, ...]:
    period, indicator = Period(row["from_on"], row["to_on"]), known.get(row["indicator"])
    return (
        _title(row, known), row["department"] or WHOLE, entered_words.period(period),
        value_words(row["value"], indicator), _change(row, values, indicator),
        f"{wording.flat(row['stated_by'])}, {day(row['stated_on'])}", BY_HAND,
        f"{wording.flat(row['entered_by'])}, {moment(row['entered_at'])}",
    )  # fmt: skip


def _title(row: Mapping[str, Any], known: Known) -> str:
    return known[row["indicator"]].title if row["indicator"] in known else str(row["indicator"])


def _change(row: Mapping[str, Any], values: Mapping[tuple[Any, ...], str], indicator: Indicator | None) -> str:
    earlier = before(Period(row["from_on"], row["to_on"]))
    old = values.get((row["indicator"], earlier.start, earlier.end, row["department"]))
    if old is None or indicator is None:
        return NOTHING
    return formats.signed(Decimal(row["value"]) - Decimal(old), indicator.decimals)


def lines(told: pl.DataFrame, known: Known, most: int) -> list[str]:
    """Give the newest words as lines, newest first: what was said, whose it is, and who entered it."""
    return [_words(row, known) for row in told.head(most).to_dicts()]


def _words(row: Mapping[str, Any], known: Known) -> str:
    period = entered_words.period(Period(row["from_on"], row["to_on"]))
    indicator = known.get(row["indicator"])
    title = f"**{plain(_title(row, known))}**"
    value = "đã rút" if row["value"] is None else value_words(row["value"], indicator)
    note = [plain(row["note"], LONGEST_NOTE)] if row["note"] else []
    unit = plain(row["department"]) if row["department"] else WHOLE
    told = " · ".join((title, unit, period, value, *note))
    whose = f"{plain(row['stated_by'])}, {day(row['stated_on'])}"
    return f"{told}  \n:gray[{whose} · {plain(row['entered_by'])} · {moment(row['entered_at'])}]"
