"""Mức độ hài lòng: what those who answered said, in words that claim nothing of those who did not; ready values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.filters import Choice
from dashboard.wording import NOTHING, number, percent, share
from metrics.satisfaction import Response

LEVELS: Final[Mapping[int, str]] = {
    5: "Rất hài lòng", 4: "Hài lòng", 3: "Bình thường", 2: "Không hài lòng", 1: "Rất không hài lòng",
}  # fmt: skip
#: Never left out: who answers has chosen to.
SELECTED: Final = "Người trả lời tự chọn, không đại diện cho mọi người nộp hồ sơ."
MEANING: Final = (
    "Phiếu có mức Hài lòng hoặc Rất hài lòng, trên tổng số phiếu trả lời trong kỳ. "
    "Chỉ nói về những người đã trả lời; không suy ra cho mọi người nộp hồ sơ."
)
UNASKED: Final = "Chưa rõ đã hỏi bao nhiêu người trong kỳ nên không có tỷ lệ trả lời."
NO_CHANNEL: Final = "Phiếu không tách theo kênh nộp hồ sơ."
UNNAMED: Final = "Phiếu không ghi đơn vị"
NO_SLIPS: Final = "Chưa có phiếu đánh giá trong kỳ"
LOAD: Final = "Người vận hành nạp phiếu: `dunghan survey load TỆP --survey TÊN --preview`, xem rồi bỏ `--preview`."
_CHANCE: Final = "Dao động ngẫu nhiên"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Satisfied:
    """What is shown: the share (of few slips their number), sentences, and the units as they are shown and taken."""

    value: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    units: pl.DataFrame
    values: pl.DataFrame


def told(
    choice: Choice, whole: Row, response: Response | None, units: pl.DataFrame,
    responses: Mapping[str, Response | None], *, small: int,
) -> Satisfied | None:  # fmt: skip
    """Word the counts (metrics.satisfaction.counts) of the period, whole and by unit; None where there is no slip."""
    n, satisfied = int(whole["n"]), int(whole["satisfied"])
    if not n:
        return None
    few = n < small
    spread = "" if few else _spread(satisfied, n)
    of_all = "" if few else f" ({percent(satisfied, n)})"
    sentence = f"Trong **{number(n)}** người trả lời, **{number(satisfied)}**{of_all} hài lòng hoặc rất hài lòng."
    levels = " · ".join(f"{words}: {number(whole[f'score_{score}'])}" for score, words in LEVELS.items())
    notes = [spread] if spread else []
    if choice.channel:
        notes.append(NO_CHANNEL)
    return Satisfied(
        value=f"n = {number(n)}" if few else percent(satisfied, n),
        lines=(sentence, _responded(response, n), levels, SELECTED),
        notes=tuple(notes),
        units=_shown(units, responses, small),
        values=_values(units, responses, small),
    )


def _spread(satisfied: int, n: int) -> str:
    """Say how far chance alone may carry the share of so few slips."""
    between = wording.chance(satisfied, n)
    return f"{_CHANCE} của tỷ lệ với {number(n)} phiếu: {between} %." if between else ""


def _responded(response: Response | None, n: int) -> str:
    if response is None:
        return UNASKED
    answered, asked = number(response.answered), number(response.asked)
    if response.rate is None:
        return f"Số người được hỏi ({asked}) ít hơn số phiếu ({answered}): cần kiểm tra lại, không có tỷ lệ trả lời."
    told = f"Tỷ lệ trả lời **{percent(response.answered, response.asked)}**: {answered} / {asked} người được hỏi."
    rest = n - response.answered
    return f"{told} {number(rest)} phiếu khác không rõ đã hỏi bao nhiêu người." if rest > 0 else told


def _shown(units: pl.DataFrame, responses: Mapping[str, Response | None], small: int) -> pl.DataFrame:
    rows = [
        (
            row["department"] or UNNAMED, number(row["n"]), number(row["satisfied"]),
            f"n = {number(row['n'])}" if row["n"] < small else percent(row["satisfied"], row["n"]),
            _cell(row, small), _rate(responses.get(row["department"] or "")),
        )
        for row in _ordered(units)
    ]  # fmt: skip
    heads = ("Đơn vị", "Số phiếu", "Hài lòng trở lên", "Tỷ lệ", _CHANCE, "Tỷ lệ trả lời")
    return pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row")


def _cell(row: Row, small: int) -> str:
    between = wording.chance(row["satisfied"], row["n"]) if row["n"] >= small else ""
    return f"{between} %" if between else NOTHING


def _rate(response: Response | None) -> str:
    if response is None or response.rate is None:
        return NOTHING
    return f"{percent(response.answered, response.asked)} ({number(response.answered)} / {number(response.asked)})"


def _values(units: pl.DataFrame, responses: Mapping[str, Response | None], small: int) -> pl.DataFrame:
    rows = []
    for row in _ordered(units):
        response = responses.get(row["department"] or "")
        rows.append(
            {
                "Đơn vị": row["department"] or UNNAMED,
                "Số phiếu, mẫu số": row["n"],
                "Hài lòng trở lên, tử số": row["satisfied"],
                "Tỷ lệ (%)": share(row["satisfied"], row["n"]) if row["n"] >= small else None,
                **{words: row[f"score_{score}"] for score, words in LEVELS.items()},
                "Được hỏi": response.asked if response else None,
                "Trả lời, trên số được hỏi": response.answered if response else None,
            }
        )
    numbers = ("Số phiếu, mẫu số", "Hài lòng trở lên, tử số", *LEVELS.values(), "Được hỏi", "Trả lời, trên số được hỏi")
    schema: dict[str, Any] = {"Đơn vị": pl.String, "Tỷ lệ (%)": pl.Float64} | dict.fromkeys(numbers, pl.Int64)
    order = ("Đơn vị", *numbers[:2], "Tỷ lệ (%)", *numbers[2:])
    return pl.DataFrame(rows, schema=schema).select(order)


def _ordered(units: pl.DataFrame) -> list[dict[str, Any]]:
    """Put units in the order of their names, not of their shares: slips make no ranking. Slips without one last."""
    return sorted(
        units.to_dicts(), key=lambda row: (row["department"] is None, wording.sort_key(row["department"] or ""))
    )
