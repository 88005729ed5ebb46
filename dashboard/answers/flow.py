"""Does the backlog grow? What came, what went and what is pending, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from dashboard import wording
from dashboard.answers.weeks import Weeks, ways
from dashboard.filters import GROUP, WEEK, Choice, week_code
from dashboard.shapes import Lined, Link
from dashboard.wording import number
from metrics.scope import Period

#: Beside a week that is not over: a part of one is not to be read as a whole one.
UNFINISHED: Final = " (chưa hết)"


@dataclass(frozen=True, slots=True)
class Flow:
    """The backlog by week: names, received − resolved, hover texts, the sentence beside, and its lists."""

    names: Sequence[str]
    net: Sequence[int]
    hover: Sequence[str]
    text: str
    links: Sequence[Link]
    table: Lined | None = None
    days: Period | None = None  # that it is told for
    running: bool = False  # the last week is not over

    @property
    def bars(self) -> tuple[Sequence[str], Sequence[int], Sequence[str]]:
        """What its bars are drawn from: names, received − resolved, hover texts."""
        return self.names, self.net, self.hover


def flow(choice: Choice, weeks: Weeks, count: int = 8) -> Flow:
    """Say whether the backlog grows."""
    came, went = weeks.column("received")[-count:], weeks.column("resolved")[-count:]
    mondays = weeks.mondays[-count:]
    net = [a - b for a, b in zip(came, went, strict=True)]
    this = wording.week_number(choice.monday).lower() + (UNFINISHED if choice.running else "")
    pending = weeks.now.get("pending", 0)
    return Flow(
        names=[f"T{m.isocalendar().week}" for m in mondays],
        net=net,
        hover=[
            f"<b>{wording.week(m)}</b><br>Nhận {number(a)}, giải quyết {number(b)}"
            for m, a, b in zip(mondays, came, went, strict=True)
        ],
        text=f"Đang giải quyết **{number(pending)}**; {this} nhận {number(came[-1])}, giải quyết {number(went[-1])}."
        + _run_of(net[:-1] if choice.running else net),
        links=(
            *ways(pending, "đang giải quyết", choice.query(**{GROUP: "dang-giai-quyet"})),
            *ways(came[-1], "tiếp nhận", choice.query(**{GROUP: "da-nhan"})),
            *ways(went[-1], "giải quyết", choice.query(**{GROUP: "da-xong"})),
        ),
        table=_flow_table(choice, weeks, count),
        days=Period(mondays[0], choice.week.end),
        running=choice.running,
    )  # fmt: skip


def _flow_table(choice: Choice, weeks: Weeks, count: int) -> Lined:
    """Lay the flow out, the newest week first; each line opens what came and what went in its week."""
    columns = (weeks.column(name)[-count:] for name in ("received", "resolved", "pending"))
    told = list(zip(weeks.mondays[-count:], *columns, strict=True))[::-1]
    lines = [(wording.week(m), number(a), number(b), wording.signed(a - b), number(held)) for m, a, b, held in told]
    names = ["Tuần", "Tiếp nhận", "Giải quyết", "Tăng, giảm", "Tồn cuối tuần"]
    links = [
        (
            *ways(a, "tiếp nhận", choice.query(**{GROUP: "da-nhan", WEEK: week_code(m)})),
            *ways(b, "giải quyết", choice.query(**{GROUP: "da-xong", WEEK: week_code(m)})),
        )
        for m, a, b, _ in told
    ]
    values = [(wording.week(m), m, m + timedelta(days=6), a, b, a - b, held) for m, a, b, held in told]
    heads = {"Tuần": pl.String, "Từ ngày": pl.Date, "Đến ngày": pl.Date} | dict.fromkeys(names[1:], pl.Int64)
    told_as = pl.DataFrame(values, schema=heads, orient="row")
    return Lined(pl.DataFrame(lines, schema=names, orient="row"), links, values=told_as)


def _run_of(net: Sequence[int]) -> str:
    """Say for how many whole weeks in a row the backlog has grown or shrunk; fewer than three is not said."""
    run = 0
    for n in reversed(net):
        if n == 0 or (n > 0) != (net[-1] > 0):
            break
        run += 1
    if run < 3:
        return ""
    return f" Nhận vượt {run} tuần liền." if net[-1] > 0 else f" Tồn giảm {run} tuần liền."
