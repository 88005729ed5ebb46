"""A unit beside the others on the same procedures, and what its officers hold: like with like, nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.analysed import WEEKS
from dashboard.answers import procedures
from dashboard.filters import DEPARTMENT, GROUP, HANDLER, NONE, PROCEDURE, Choice
from dashboard.shapes import DEPARTMENTS, Lined, Link
from dashboard.wording import NOTHING, number, percent, rated, share
from metrics.alike import Alike
from metrics.standing import PENDING, Standing

MOST_PAIRS: Final = 5
OTHERS: Final = "các đơn vị khác"


@dataclass(frozen=True, slots=True)
class Pair:
    """One procedure here and with all others: shares 0–1, None here under the small number."""

    name: str
    own: float | None
    others: float
    hover: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison in a sentence, its pairs, what it leaves out, and who the others are."""

    text: str
    pairs: Sequence[Pair]
    notes: Sequence[str]
    table: Lined
    units: Sequence[Link]


def compared(choice: Choice, found: Alike, names: Mapping[str, str], *, small: int) -> Compared | None:
    """Say how the unit stands beside the others on the procedures that both handle; None where there is none."""
    if found.others_share is None:
        return None
    pairs = [_pair(choice, row, names, small) for row in found.procedures.to_dicts()]
    return Compared(
        text=_sentence(found, small),
        pairs=pairs[:MOST_PAIRS],
        notes=_notes(choice, found),
        table=_table(choice, found, names, small),
        units=[Link(name, choice.query(**{DEPARTMENT: name}), DEPARTMENTS) for name in _sorted(found.units)],
    )


def _sorted(units: Sequence[str]) -> Sequence[str]:
    return sorted(units, key=wording.sort_key)


def _sentence(found: Alike, small: int) -> str:
    procedures = f"{number(found.procedures.height)} thủ tục cùng giải quyết"
    if found.due < small:
        return f"n = {found.due} hồ sơ của {procedures}: quá ít để so sánh."
    theirs = found.others_share or 0.0
    of = f"{number(100 * theirs, 1)}\u00a0%"
    own = f"**{percent(found.met, found.due)}** ({number(found.met)} / {number(found.due)})"
    between = wording.within(found.met, found.due)
    return (
        f"Trên {procedures}: {own}; {f'{between}; ' if between else ''}"
        f"{OTHERS}, tính theo tỷ trọng của đơn vị này, **{of}**."
    )


def _notes(choice: Choice, found: Alike) -> Sequence[str]:
    notes = [f"{WEEKS} tuần; {OTHERS}: {number(found.other_due)} hồ sơ đến hẹn của cùng các thủ tục."]
    if found.left_procedures:
        left = f"{number(found.left_procedures)} thủ tục, {number(found.left_due)} hồ sơ"
        notes.append(f"Không so: {left} mà quá ít đơn vị khác làm, hoặc họ làm quá ít.")
    if choice.field:
        notes.append(f"Chỉ lĩnh vực {wording.plain(choice.field, 60)}.")
    return notes


def _pair(choice: Choice, row: dict[str, Any], names: Mapping[str, str], small: int) -> Pair:
    name = wording.flat(names.get(row["procedure"], row["procedure"]), 300)
    few = row["own_due"] < small
    own = f"n = {row['own_due']}" if few else _told(row["own_met"], row["own_due"])
    lines = (f"<b>{wording.in_chart(name, 90)}</b>", f"Đơn vị này: {own}",
             f"Các đơn vị khác: {_told(row['other_met'], row['other_due'])}")  # fmt: skip
    ours = None if few else row["own_met"] / row["own_due"]
    return Pair(name, ours, row["other_met"] / row["other_due"], "<br>".join(lines), _query(choice, row["procedure"]))


def _short(names: Mapping[str, str], procedure: str) -> str:
    return procedures.short(names.get(procedure, procedure), procedures.LONGEST)


def _told(met: int, due: int) -> str:
    return f"{percent(met, due)}, {number(met)} / {number(due)}"


def _query(choice: Choice, procedure: str) -> dict[str, str]:
    return choice.query(**{PROCEDURE: procedure, GROUP: f"den-hen-{WEEKS}-tuan"})


def _table(choice: Choice, found: Alike, names: Mapping[str, str], small: int) -> Lined:
    rows = found.procedures.to_dicts()
    lines = [
        (_short(names, row["procedure"]), number(row["own_due"]),
         f"n = {row['own_due']}" if row["own_due"] < small else rated(row["own_met"], row["own_due"]),
         number(row["other_due"]), rated(row["other_met"], row["other_due"]))
        for row in rows
    ]  # fmt: skip
    heads = ["Thủ tục", "Đến hẹn", "Đúng hạn", "Nơi khác: đến hẹn", "Nơi khác: đúng hạn"]
    links = [[Link(f"{number(row['own_due'])} đến hẹn", _query(choice, row["procedure"]))] for row in rows]
    whole = [wording.flat(names.get(row["procedure"], row["procedure"]), 300) for row in rows]
    return Lined(pl.DataFrame(lines, schema=heads, orient="row"), links, _beside(rows, whole, small), whole)


def _beside(rows: Sequence[Mapping[str, Any]], names: Sequence[str], small: int) -> pl.DataFrame:
    """Lay the comparison out to take away; of few dossiers there is no share."""
    lines = [
        (name, row["own_due"], row["own_met"],
         share(row["own_met"], row["own_due"]) if row["own_due"] >= small else None,
         row["other_due"], row["other_met"], share(row["other_met"], row["other_due"]))
        for name, row in zip(names, rows, strict=True)
    ]  # fmt: skip
    kinds = (("Đến hẹn", pl.Int64), ("Đúng hạn", pl.Int64), ("Tỷ lệ đúng hạn (%)", pl.Float64))
    heads = dict(kinds) | {f"Nơi khác: {name[0].lower()}{name[1:]}": kind for name, kind in kinds}
    return pl.DataFrame(lines, schema={"Thủ tục": pl.String, **heads}, orient="row")


def officers(choice: Choice, rows: pl.DataFrame) -> Lined | None:
    """Say what each officer holds now, by pseudonym in its order: numbers to share out work by, not to rank people.

    ``rows``: the open dossiers of the day; None where sources name nobody. No shares: an officer's dossiers are few,
    and chosen by others.
    """
    pending = rows.filter(pl.col("standing").is_in([s.value for s in PENDING]))
    if pending["handler"].null_count() == pending.height:
        return None
    late = pl.col("standing") == Standing.OVERDUE.value
    told = pending.group_by(handler=pl.col("handler").cast(pl.String)).agg(
        held=pl.len(), late=late.sum(), paused=pl.col("suspended").sum(), at_step=pl.col("days_at_step").max()
    )
    found = sorted(told.to_dicts(), key=lambda row: (row["handler"] is None, wording.sort_key(row["handler"] or "")))
    lines = [
        (wording.flat(row["handler"] or "Chưa ghi", 60), number(row["held"]), number(row["late"]),
         number(row["paused"]), NOTHING if row["at_step"] is None else number(row["at_step"]))
        for row in found
    ]  # fmt: skip
    heads = ["Người giữ (mã)", "Đang giữ", "Quá hạn", "Tạm dừng", "Lâu nhất ở một bước (ngày)"]
    values = [(row["handler"] or "Chưa ghi", *(row[n] for n in ("held", "late", "paused", "at_step"))) for row in found]
    kinds = {heads[0]: pl.String} | dict.fromkeys(heads[1:], pl.Int64)
    ways = [_held(choice, row) for row in found]
    told_as = pl.DataFrame(values, schema=kinds, orient="row")
    return Lined(pl.DataFrame(lines, schema=heads, orient="row"), ways, values=told_as)


def _held(choice: Choice, row: dict[str, Any]) -> Sequence[Link]:
    counts = ((row["held"], "đang giữ", "dang-giai-quyet"), (row["late"], "quá hạn", "qua-han"),
              (row["paused"], "tạm dừng", "tam-dung"))  # fmt: skip
    who = row["handler"] or NONE
    return [
        Link(f"{number(n)} {words}", choice.query(**{GROUP: group, HANDLER: who})) for n, words, group in counts if n
    ]
