"""Units as if all had the province's mix of procedures, in words; and where the parts say the opposite of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard import wording
from dashboard.analysed import WEEKS
from dashboard.filters import DEPARTMENT, Choice
from dashboard.shapes import DEPARTMENTS, Lined, Link
from dashboard.wording import NOTHING, number, percent, rated
from metrics.alike import Alike
from metrics.decomposition import Cell
from metrics.standardised import Reversal, Standardised, Weighed

HEADS = ("Đơn vị", "Đến hẹn", "Đúng hạn", "Chuẩn hóa", "Khoảng 95\u00a0%", "Toàn tỉnh", "Đại diện")
MEANT = (
    "Chuẩn hóa: tỷ lệ của đơn vị nếu các thủ tục có tỷ trọng như toàn tỉnh. Toàn tỉnh: tỷ lệ trên cùng các thủ tục đó. "
    "Đại diện: phần hồ sơ đến hẹn của tỉnh thuộc các thủ tục đó. Theo tên, không xếp hạng."
)
_BY_MIX = ": do cơ cấu thủ tục, không do thực hiện."


def share(value: float) -> str:
    """Write a reckoned share with one decimal; one that is not whole is never printed as whole."""
    shown = min(value, 0.999) if value < 1 else 1.0
    return f"{number(100 * shown, 1)}\u00a0%"


def within(told: Weighed) -> str:
    """Write an interval: 91,2–94,8 %."""
    return f"{number(100 * told.low, 1)}–{share(told.high)}"


def of_unit(found: Standardised, *, small: int) -> Sequence[str]:
    """Say of one unit its rate as it is, by the province's mix, and how much of that mix it stands for."""
    if found.told is None or found.due < small:
        return ["Không chuẩn hóa theo cơ cấu toàn tỉnh: quá ít thủ tục mà nhiều đơn vị khác cũng làm."]
    told = found.told
    notes = [f"Đại diện {share(found.covered)} hồ sơ đến hẹn của tỉnh."]
    if found.few_procedures:
        few = f"{number(found.few_procedures)} thủ tục ít hồ sơ ({number(found.few_due)})"
        notes.append(f"{few} tính gộp làm một.")
    if found.left_procedures:
        left = f"{number(found.left_procedures)} thủ tục, {number(found.left_due)} hồ sơ"
        notes.append(f"Ngoài phần chuẩn hóa: {left}.")
    between = wording.within(found.met, found.due)
    raw = f"**{percent(found.met, found.due)}**" + (f" ({between})" if between else "")
    return [
        f"Tỷ lệ thô {raw}; nếu cùng cơ cấu với toàn tỉnh **{share(told.share)}** "
        f"(khoảng 95\u00a0%: {within(told)}); toàn tỉnh trên cùng các thủ tục **{share(told.province)}**.",
        " ".join(notes),
    ]


def cells(found: Alike) -> list[Cell]:
    """Lay a unit's procedures beside those of all others, for metrics.standardised.reversal."""
    rows = found.procedures.select("procedure", "own_met", "own_due", "other_met", "other_due").rows()
    return [Cell(name, (met, due), (other_met, other)) for name, met, due, other_met, other in rows]


def beside_others(found: Reversal | None) -> Sequence[str]:
    """Say that a unit's parts and its whole say the opposite of each other, beside all other units."""
    if found is None:
        return []
    parts = f"{number(found.parts)} / {number(found.of)} thủ tục"
    if found.better:
        text = f"Đúng hạn hơn các đơn vị khác ở {parts}, nhưng cộng lại thấp hơn"
    else:
        text = f"Kém đúng hạn hơn các đơn vị khác ở {parts}, nhưng cộng lại cao hơn"
    return [f"{text}{_BY_MIX} Đơn vị này: {rated(*found.own)}; các đơn vị khác: {rated(*found.other)}."]


def beside_before(found: Reversal | None) -> Sequence[str]:
    """Say the same of now beside the 13 weeks before."""
    if found is None:
        return []
    parts = f"{number(found.parts)} / {number(found.of)} thủ tục"
    if found.better:
        text = f"So với {WEEKS} tuần trước đó: đúng hạn hơn ở {parts}, nhưng cộng lại thấp hơn"
    else:
        text = f"So với {WEEKS} tuần trước đó: kém đúng hạn hơn ở {parts}, nhưng cộng lại cao hơn"
    return [f"{text}{_BY_MIX} Kỳ này: {rated(*found.own)}; trước đó: {rated(*found.other)}."]


def table(choice: Choice, found: Sequence[Standardised], *, small: int) -> Lined:
    """Lay units out by name: the rate as it is beside the standardised one; few dossiers are a count, never a rate."""
    units = sorted(found, key=lambda each: wording.sort_key(each.department))
    names = [wording.flat(each.department, 200) for each in units]
    lines = [_line(name, each, small) for name, each in zip(names, units, strict=True)]
    links = [[Link("Mở đơn vị", choice.query(**{DEPARTMENT: each.department}), DEPARTMENTS)] for each in units]
    heads = {"Đơn vị": pl.String, "Đến hẹn": pl.Int64, "Đúng hạn": pl.Int64} | dict.fromkeys(
        ("Tỷ lệ (%)", "Chuẩn hóa (%)", "Từ (%)", "Đến (%)", "Toàn tỉnh, cùng thủ tục (%)", "Đại diện (%)"), pl.Float64
    )
    values = pl.DataFrame([_value(each, small) for each in units], schema=heads, orient="row")
    return Lined(pl.DataFrame(lines, schema=list(HEADS), orient="row"), links, values, names)


def _line(name: str, each: Standardised, small: int) -> tuple[str, ...]:
    if each.due < small:
        return (name, number(each.due), f"n = {each.due}", *(NOTHING,) * 4)
    raw = (name, number(each.due), rated(each.met, each.due))
    if each.told is None:
        return (*raw, NOTHING, NOTHING, NOTHING, share(each.covered))
    return (*raw, share(each.told.share), within(each.told), share(each.told.province), share(each.covered))


def _value(each: Standardised, small: int) -> tuple[str | int | float | None, ...]:
    rate = wording.share(each.met, each.due) if each.due >= small else None
    told = each.told if each.due >= small else None
    shown = (None,) * 4 if told is None else (told.share, told.low, told.high, told.province)
    return (each.department, each.due, each.met, rate, *(None if v is None else round(100 * v, 1) for v in shown),
            round(100 * each.covered, 1))  # fmt: skip
