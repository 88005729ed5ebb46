"""Vì sao tồn quá hạn thay đổi: what became overdue, what left, and why; by unit, field or procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.answers import procedures, why_verdict
from dashboard.answers.why import BYS, EXACT, MOST_BARS, Asked, Why, label, narrowed
from dashboard.contributions import Bar
from dashboard.filters import GROUP
from dashboard.shapes import Lined, Link
from dashboard.wording import number
from metrics.decomposition import Cell
from metrics.signals import Judged
from metrics.stock_moves import CAME, LEFT, Way

FACTORS: Final = ("Vào", "Ra")
WAYS: Final = {
    Way.FELL_DUE: "qua ngày hẹn chưa xong",
    Way.RECEIVED_LATE: "nhận khi đã qua ngày hẹn",
    Way.RESUMED: "hết tạm dừng khi đã qua ngày hẹn",
    Way.PROMISE_EARLIER: "ngày hẹn dời sớm hơn",
    Way.RESOLVED: "đã có kết quả",
    Way.WITHOUT_RESULT: "rút, trả lại, dừng giải quyết",
    Way.SUSPENDED: "tạm dừng",
    Way.PROMISE_LATER: "ngày hẹn dời muộn hơn",
}
_MEANT: Final = (
    "Vào: số lượt hồ sơ thành quá hạn trong kỳ. Ra: số lượt hết quá hạn. Một hồ sơ có thể vào rồi ra trong kỳ."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One cell: the stock before and now, what came and what left."""

    cell: Cell
    before: int
    came: int
    left: int
    now: int


def told(
    moves: pl.DataFrame, now: Mapping[str | None, int], before: Mapping[str | None, int], asked: Asked,
    verdict: Judged, name: str, noun: str = "tuần",
) -> Why:  # fmt: skip
    """Say what came into the stock and what left it. ``moves``: of dashboard.asked_why; before + came − left = now."""
    lines = _lines(moves, now, before, asked)
    ways = dict(moves.group_by("way").agg(pl.col("n").sum()).rows())
    was, came, left = (sum(getattr(line, each) for line in lines) for each in ("before", "came", "left"))
    stirred = [line for line in lines if line.came or line.left]
    shown = stirred[:MOST_BARS]
    bars = [_bar(line, label(line.cell, asked)) for line in shown] + _rest(stirred[MOST_BARS:])
    whole = f"**{name}**: {number(was)} → {number(was + came - left)}, {wording.signed(came - left)} hồ sơ"
    said = why_verdict.judged(verdict, asked.metric, came - left, noun=noun)
    texts = [said, f"{whole} so với {asked.against}.", *_mainly(lines, asked, came - left)]
    return Why(
        texts=[*texts, _sum("Vào", CAME, ways, came), _sum("Ra", LEFT, ways, left)],
        bars=bars,
        queries=[next(iter(_links(line, asked)), Link("", {})).query or None for line in shown] + [None],
        factors=FACTORS,
        table=_table(lines, asked),
        notes=[_MEANT, EXACT],
    )


def _lines(
    moves: pl.DataFrame, now: Mapping[str | None, int], before: Mapping[str | None, int], asked: Asked
) -> Sequence[Line]:
    column = BYS[asked.by][0]
    came = pl.col("way").is_in([way.value for way in CAME])
    counts = moves.group_by(column).agg(came=pl.col("n").filter(came).sum(), left=pl.col("n").filter(~came).sum())
    moved = {name: (came, left) for name, came, left in counts.rows()}
    names = sorted({*moved, *now, *before}, key=lambda name: name or "")
    lines = [Line(Cell(n, (0, 0), (0, 0)), before.get(n, 0), *moved.get(n, (0, 0)), now.get(n, 0)) for n in names]
    told = [line for line in lines if line.before or line.came or line.left or line.now]
    return sorted(told, key=lambda line: (-abs(line.came - line.left), -line.came, -line.now))


def _mainly(lines: Sequence[Line], asked: Asked, change: int) -> Sequence[str]:
    """Name who did most of it, in the direction that the stock went."""
    found = max(lines, key=lambda line: (line.came - line.left) * (1 if change > 0 else -1), default=None)
    if found is None or not change or (found.came - found.left) * change <= 0:
        return []
    who = f"**{wording.plain(label(found.cell, asked), 90)}**"
    both = f"vào {number(found.came)}, ra {number(found.left)}"
    return [f"Chủ yếu tại {who}: {wording.signed(found.came - found.left)} hồ sơ ({both})."]


def _sum(name: str, several: Sequence[Way], ways: Mapping[str, int], whole: int) -> str:
    found = [f"{WAYS[way]}: {number(ways[way.value])}" for way in several if ways.get(way.value)]
    return f"{name} {number(whole)} lượt" + (f"; {'; '.join(found)}." if found else ".")


def _bar(line: Line, name: str) -> Bar:
    both = f"{number(line.before)} + {number(line.came)} − {number(line.left)} = {number(line.now)}"
    hover = f"<b>{wording.in_chart(name, 90)}</b><br>{both}"
    total = wording.signed(line.came - line.left)
    return Bar(procedures.short(name, 60), [float(line.came), -float(line.left)], total, hover)


def _rest(lines: Sequence[Line]) -> list[Bar]:
    """Add up the lines that the chart has no room for."""
    if not lines:
        return []
    sums = [sum(getattr(line, name) for line in lines) for name in ("before", "came", "left", "now")]
    return [_bar(Line(Cell(None, (0, 0), (0, 0), len(lines)), *sums), f"Khác ({number(len(lines))})")]


def _links(line: Line, asked: Asked) -> Sequence[Link]:
    choice = narrowed(line.cell, asked)
    lists = ((line.came, "thành quá hạn", "moi-qua-han"), (line.left, "hết quá hạn", "het-qua-han"),
             (line.now, "quá hạn", "qua-han"))  # fmt: skip
    return [Link(f"{number(n)} {words}", choice.query(**{GROUP: group})) for n, words, group in lists if n]


def _table(lines: Sequence[Line], asked: Asked) -> Lined:
    heading = BYS[asked.by][1]
    heads = [heading, "Trước", "Vào", "Ra", "Nay", "Thay đổi"]
    names = [label(line.cell, asked) for line in lines]
    rows = [(line.before, line.came, line.left, line.now, line.came - line.left) for line in lines]
    told = [
        (procedures.short(name, procedures.LONGEST), *(number(n) for n in row[:4]), wording.signed(row[4]))
        for name, row in zip(names, rows, strict=True)
    ]
    values = [(name, *row) for name, row in zip(names, rows, strict=True)]
    kinds = {heading: pl.String} | dict.fromkeys(heads[1:], pl.Int64)
    return Lined(
        pl.DataFrame(told, schema=heads, orient="row"), [_links(line, asked) for line in lines],
        pl.DataFrame(values, schema=kinds, orient="row"), names,
    )  # fmt: skip
