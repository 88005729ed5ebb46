"""The procedures of one unit or field: how many, how well, how long against their limit; how far limits were cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile
from dashboard import wording
from dashboard.analysed import WEEKS
from dashboard.answers import explained, worklist
from dashboard.filters import DEPARTMENT, GROUP, NONE, PROCEDURE, Choice
from dashboard.shapes import Lined, Link
from dashboard.wording import NOTHING, number, percent, rated
from dashboard.wording import share as percentage
from metrics import cuts
from metrics.limits import HOURS_A_DAY, Unit

#: Letters of a procedure's name in a table, whose cells are cut without a sign.
LONGEST: Final = 48
MOST: Final = 8
_COUNTS: Final = ("received", "due", "due_met", "pending_overdue", "statutory_days", "committed_days")
MEAN: Final = (
    "Bình quân theo thủ tục của 1 − cam kết / quy định, mỗi thủ tục một phần như nhau; thời hạn trong ngày không tính."
)
#: A file's columns; the last one is what the times are to be put beside, where it is counted in working days.
_VALUES: Final[dict[str, Any]] = {
    "Thủ tục": pl.String, "Đến hẹn": pl.Int64, "Đúng hạn": pl.Int64, "Tỷ lệ đúng hạn (%)": pl.Float64,
    "Có kết quả": pl.Int64, "Trung vị (ngày làm việc)": pl.Int64, "90 % xong trong (ngày làm việc)": pl.Int64,
    "Quá hạn": pl.Int64, "Cam kết": pl.String, "Quy định": pl.String, "Cam kết (ngày làm việc)": pl.Float64,
}  # fmt: skip
_TOOK: Final = ("took_n", "took_median", "took_p90")


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure over 13 weeks. ``median``, ``p90``: working days, None under the small number of results.

    ``limit``: the committed one in working days, None where it is not counted in them.
    """

    name: str
    received: int
    due: int
    met: int
    overdue: int
    results: int
    median: int | None
    p90: int | None
    limit: float | None
    statutory: str
    committed: str
    query: Mapping[str, str]

    @property
    def late(self) -> int:
        """Those that fell due and were not done in time."""
        return self.due - self.met

    @property
    def beyond(self) -> bool:
        """Whether one result in ten takes longer than promised."""
        return self.p90 is not None and self.limit is not None and self.p90 > self.limit


def lines(
    choice: Choice,
    counts: pl.DataFrame,
    took: pl.DataFrame,
    limits: pl.DataFrame,
    names: Mapping[str, str],
    *,
    small: int,
) -> Sequence[Line]:
    """Put together what is told of each procedure: those with the most broken promises first, those with few dossiers
    after them by name.

    ``counts``: by procedure and source; ``took``, ``limits``: by procedure (dashboard.analysed).
    """
    whole = counts.group_by("procedure").agg(pl.col(_COUNTS).sum())
    told = whole.join(took.select("procedure", *_TOOK), on="procedure", how="left", nulls_equal=True)
    told = told.join(limits, on="procedure", how="left")
    seen = told.filter(pl.any_horizontal(pl.col("received", "due", "pending_overdue", "took_n").fill_null(0) > 0))
    found = [_line(choice, row, names, small) for row in seen.to_dicts()]
    return sorted(found, key=lambda each: _order(each, small))


def _order(line: Line, small: int) -> tuple[Any, ...]:
    few = line.due < small and line.results < small
    return (
        (True, 0, 0, wording.sort_key(line.name))
        if few
        else (False, -line.late, -line.due, wording.sort_key(line.name))
    )


def _line(choice: Choice, row: dict[str, Any], names: Mapping[str, str], small: int) -> Line:
    code, results = row["procedure"], row["took_n"] or 0
    enough = results >= small
    return Line(
        name=wording.flat(names.get(code, code), 300) if code else "Chưa ghi thủ tục",
        received=row["received"], due=row["due"], met=row["due_met"], overdue=row["pending_overdue"], results=results,
        median=row["took_median"] if enough else None,
        p90=row["took_p90"] if enough else None,
        limit=_in_days(row["committed"], row["cutoff"]),
        statutory=_limit(row["statutory"]), committed=_limit(row["committed"]),
        query=choice.query(**{PROCEDURE: code or NONE}),
    )  # fmt: skip


def _in_days(limit: dict[str, Any] | None, cutoff: time | None) -> float | None:
    """Give a limit in working days where it is counted in working time: at most, so one more with an hour after which a
    dossier counts as received on the next day."""
    if limit is None or limit["unit"] not in (Unit.WORKING_DAYS.value, Unit.WORKING_HOURS.value):
        return None
    days = limit["size"] / HOURS_A_DAY if limit["unit"] == Unit.WORKING_HOURS.value else float(limit["size"])
    return days + (cutoff is not None)


def _limit(limit: dict[str, Any] | None) -> str:
    return explained.limit(f"{limit['size']}{limit['unit']}") if limit else NOTHING


def table(found: Sequence[Line], *, small: int) -> Lined:
    """Lay the procedures out; few dossiers are a count, never a rate."""
    names = ("Thủ tục", "Đến hẹn", "Đúng hạn", "Có kết quả", "Trung vị", "90 % xong trong", "Quá hạn", "Thời hạn")
    told = [_cells(line, small) for line in found]
    lines_of = pl.DataFrame(told, schema=list(names), orient="row")
    values = pl.DataFrame([_values(line, small) for line in found], schema=_VALUES, orient="row")
    return Lined(lines_of, [_links(line) for line in found], values, [line.name for line in found])


def _values(line: Line, small: int) -> tuple[Any, ...]:
    limits = (None if words == NOTHING else words for words in (line.committed, line.statutory))
    share = percentage(line.met, line.due) if line.due >= small else None
    return (
        line.name, line.due, line.met, share, line.results, line.median, line.p90, line.overdue, *limits, line.limit
    )  # fmt: skip


def _cells(line: Line, small: int) -> tuple[str, ...]:
    rate = f"n = {line.due}" if 0 < line.due < small else rated(line.met, line.due)
    few = 0 < line.results < small
    days = (f"n = {line.results}", NOTHING) if few else (number(line.median), _p90(line))
    return (
        short(line.name, LONGEST), number(line.due), rate, number(line.results), *days, number(line.overdue),
        _both(line),
    )  # fmt: skip


def _both(line: Line) -> str:
    """Write the limit that was promised, and the statutory one where that is another."""
    return line.committed if line.committed == line.statutory else f"{line.committed} (quy định {line.statutory})"


def short(name: str, longest: int) -> str:
    """Write the name of a procedure or unit for a narrow place; the full one stands under the table."""
    for long, brief in (worklist.SHORT_PROCEDURES | worklist.SHORT_UNITS).items():
        name = name.replace(long, brief)
    return wording.flat(name, longest)


def _p90(line: Line) -> str:
    return f"▲ {number(line.p90)}" if line.beyond else number(line.p90)


def _links(line: Line) -> Sequence[Link]:
    counts = (
        (line.due, "đến hẹn", f"den-hen-{WEEKS}-tuan"),
        (line.late, "trễ hẹn", f"tre-hen-{WEEKS}-tuan"),
        (line.results, "có kết quả", f"co-ket-qua-{WEEKS}-tuan"),
        (line.received, "tiếp nhận", f"da-nhan-{WEEKS}-tuan"),
        (line.overdue, "đang quá hạn", "qua-han"),
    )
    return [Link(f"{number(n)} {words}", {**line.query, GROUP: group}) for n, words, group in counts if n]


def hover(line: Line) -> str:
    """Say how long a procedure took, in a sentence for its dots."""
    past = "<br>▲ phân vị 90 quá thời hạn" if line.beyond else ""
    return (
        f"<b>{wording.in_chart(line.name, 90)}</b><br>{number(line.results)} hồ sơ có kết quả: trung vị "
        f"{number(line.median)}, phân vị 90 {number(line.p90)} ngày làm việc<br>Cam kết: {line.committed}{past}"
    )


def results(line: Line) -> Mapping[str, str]:
    """Give the list behind the dots of a procedure."""
    return {**line.query, GROUP: f"co-ket-qua-{WEEKS}-tuan"}


@dataclass(frozen=True, slots=True)
class Mix:
    """What the work consists of, by receipts, the largest first: names, numbers, shares, and the list behind each."""

    names: Sequence[str]
    counts: Sequence[int]
    shares: Sequence[str]
    queries: Sequence[Mapping[str, str]]
    text: str
    table: Lined


def mix(found: Sequence[Line]) -> Mix:
    """Say which procedures came in over 13 weeks."""
    return _mix([(line.name, line.received, line.query) for line in found], "thủ tục")


def mix_of_units(choice: Choice, counts: pl.DataFrame) -> Mix:
    """Say at which units dossiers came in over 13 weeks. ``counts``: by department, within the reader's scope."""
    told = counts.select("department", "received").drop_nulls("department")
    return _mix([(name, n, choice.query(**{DEPARTMENT: name})) for name, n in told.iter_rows()], "đơn vị")


def _mix(told: Sequence[tuple[str, int, Mapping[str, str]]], what: str) -> Mix:
    came = sorted((each for each in told if each[1]), key=lambda each: (-each[1], each[0]))
    whole, rest = sum(n for _, n, _ in came), came[MOST:]
    left = sum(n for _, n, _ in rest)
    text = f"Tiếp nhận **{number(whole)}** hồ sơ, {number(len(came))} {what}."
    text += f" {number(len(rest))} {what} khác: {number(left)} hồ sơ ({percent(left, whole)})." if rest else ""
    queries = [{**query, GROUP: f"da-nhan-{WEEKS}-tuan"} for _, _, query in came]
    shares = [percent(n, whole) for _, n, _ in came]
    lines_of = [(short(name, LONGEST), number(n), share) for (name, n, _), share in zip(came, shares, strict=True)]
    links = [[Link(f"{number(n)} tiếp nhận", query)] for (_, n, _), query in zip(came, queries, strict=True)]
    heads = [what.capitalize(), "Tiếp nhận", "Tỷ trọng"]
    values = pl.DataFrame(
        [(name, n, percentage(n, whole)) for name, n, _ in came],
        schema={heads[0]: pl.String, "Tiếp nhận": pl.Int64, "Tỷ trọng (%)": pl.Float64}, orient="row",
    )  # fmt: skip
    lined = pl.DataFrame(lines_of, schema=heads, orient="row")
    table = Lined(lined, links, values, [name for name, _, _ in came])
    shown = came[:MOST]
    return Mix([name for name, _, _ in shown], [n for _, n, _ in shown], shares[:MOST], queries[:MOST], text, table)


@dataclass(frozen=True, slots=True)
class Reductions:
    """How far the commitment shortens the law: over procedures, and as applicants had it."""

    value: str
    parts: str
    notes: Sequence[str]
    meaning: str
    links: Sequence[Link]


def reductions(choice: Choice, counts: pl.DataFrame, limits: pl.DataFrame, catalogue: CatalogueFile) -> Reductions:
    """Say how far limits were cut: the mean over procedures that provinces publish, and the share of days that the
    dossiers received in 13 weeks were given."""
    told = cuts.cut(limits)
    law, promised = int(counts["statutory_days"].sum()), int(counts["committed_days"].sum())
    came = int(counts["received"].sum())
    value = NOTHING if told.share is None else f"{number(100 * told.share, 1)}\u00a0%"
    parts = f"**{number(told.shortened)}** / {number(told.limited)} thủ tục có cam kết ngắn hơn quy định"
    notes = [
        f"Theo hồ sơ: {percent(law - promised, law)}, {number(law - promised)} / {number(law)} ngày làm việc của hồ sơ "
        "tiếp nhận"
    ]
    notes += [f"{number(told.odd)} thủ tục có hai thời hạn khác đơn vị đếm, không tính"] if told.odd else []
    unknown = counts["procedure"].drop_nulls().n_unique() - limits.height
    notes += [f"{number(unknown)} thủ tục chưa khai thời hạn"] if unknown else []
    group = {GROUP: f"da-nhan-{WEEKS}-tuan"}
    links = (Link(f"{number(came)} tiếp nhận", choice.query(**group)),) if came else ()
    meaning = f"{MEAN}\n\nTheo hồ sơ: {catalogue['limit_cut'].meaning}"
    return Reductions(value, parts if told.limited else "Chưa thủ tục nào khai thời hạn", notes, meaning, links)
