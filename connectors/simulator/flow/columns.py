"""Records straight as dossiers (metrics.dossier) and steps, by columns alone: what the border would make of
``shown.written`` and ``passed.written``.

For millions of rows, where texts of the exchange and their reading would take all the time; a test holds both equal.
Only the level is the unit's own: the exchange has none, and its reader goes by the beginning of the name. Steps go by
their own names and units, where the exchange has a room of both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from connectors.pseudonyms import pseudonym
from connectors.simulator import attached, lives
from connectors.simulator.days import NEVER
from connectors.simulator.flow.fate import SILENT
from connectors.simulator.flow.passed import officer, state
from connectors.simulator.flow.shown import settled
from connectors.simulator.flow.world import World
from connectors.simulator.state import code
from connectors.texts import by_distinct
from connectors.words import NATIONAL
from metrics.dossier import COLUMNS, INSTANT, PLAIN
from store.steps import STEPS

_EAST: Final = 7 * 3600
_CHANNELS: Final = {1: "counter", 2: "online", 3: "post"}
_COUNTER, _PORTAL = "Bộ phận Một cửa", "Cổng Dịch vụ công quốc gia"
_MICROS: Final = 1_000_000


def dossiers(world: World, rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Give records (shown.changed_between) as COLUMNS of Dossier with their plain types, in their order."""
    seen = settled(rows)
    levels = pl.Series("level", [u.level for u in world.plan.told.unit])
    told = seen.with_columns(levels.gather(seen["holder"]))
    return told.select(**_columns(source)).with_columns(_lists(seen)).match_to_schema(PLAIN).select(COLUMNS)


def steps(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Give steps (passed.changed_steps) as store.steps.STEPS, in their order."""
    who = rows.select(officer()).to_series()
    return rows.select(
        "step", code=code(), handler=by_distinct(who, lambda name: pseudonym(name, source)), unit="unit_name",
        state=state(), started_at=_instant("began"), due_at=pl.lit(None, INSTANT), ended_at=_instant("end"),
    ).match_to_schema(STEPS)  # fmt: skip


def _columns(source: str) -> dict[str, pl.Expr]:
    none = pl.lit(None, pl.String)
    number, received = pl.col("status"), pl.col("received") > NEVER
    closed = pl.col("closed") > NEVER
    words = {int(n): w for n, w in NATIONAL.items() if n.isdecimal()}
    # 3 after the receipt is given back, on the day of the letter.
    given_back = (number == 3) & received
    day = pl.from_epoch(pl.col("submitted"), time_unit="s").dt.strftime("%y%m%d")
    second = pl.format("{}-{}-{}", "holder_code", day, pl.col("serial").cast(pl.String).str.zfill(5))
    paid = (pl.col("paid") == 1).cast(pl.Int64)
    return {
        "source": pl.lit(source),
        "code": code(),
        "other_code": pl.when(pl.col("handed") > NEVER).then(second),
        "status": pl.when(given_back).then(pl.lit("refused")).otherwise(
            number.replace_strict(words, return_dtype=pl.String)
        ),
        "procedure": pl.col("procedure_code"),
        "procedure_name": pl.col("procedure_name"),
        "field": pl.col("field"),
        "department": pl.col("unit_name"),
        "receiving_unit": pl.when(pl.col("channel") == 2).then(pl.lit(_PORTAL)).otherwise(pl.lit(_COUNTER)),
        "level": pl.col("level"),
        "channel": pl.col("channel").replace_strict(_CHANNELS, return_dtype=pl.String),
        "applicant_kind": pl.when("business").then(pl.lit("business")).otherwise(pl.lit("citizen")),
        "step": none, "handler": none, "holding_unit": none,
        "submitted_at": _instant("submitted"), "received_at": _instant("received"), "due_at": _instant("due_now"),
        "resolved_at": _instant("finish"),
        "returned_at": _instant("returned"),
        "rejected_at": pl.when(number == 3, ~received).then(_instant("rejected")),
        "changed_at": _instant("changed"),
        "fee": paid * (pl.col("procedure") % 7 + 1) * 15_000,
        "payment": pl.when(attached.paid_online()).then(pl.lit("online")).when(paid == 1).then(pl.lit("direct")),
        "components": received.cast(pl.Int64) * (1 + attached.second().cast(pl.Int64)),
        "components_digitised": _papers(attached.digitised),
        "components_reused": _papers(attached.reused),
        "results": (closed & (pl.col("end") == lives.RESULT) & attached.result_kept()).cast(pl.Int64),
        "returned_by": pl.when(pl.col("channel") == 3).then(pl.lit("post")).otherwise(pl.lit("counter")),
    }  # fmt: skip


def _instant(column: str) -> pl.Expr:
    moment = pl.from_epoch(pl.col(column) - _EAST, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.when(pl.col(column) > NEVER).then(moment)


def _papers(told: Callable[[int], pl.Expr]) -> pl.Expr:
    first, second = told(1), attached.second() & told(2)
    both = first.cast(pl.Int64) + second.cast(pl.Int64)
    return pl.when(pl.col("received") > NEVER).then(both).otherwise(0)


def _lists(seen: pl.DataFrame) -> list[pl.Series]:
    """Give suspensions and extensions as JSON texts: written for the few dossiers that have any."""
    told = (
        ("suspensions", pl.col("shown_asked") > NEVER, _pause()),
        ("extensions", (pl.col("extended") > NEVER) & (pl.col("letter") != SILENT), _letters()),
    )
    frame = seen.select("number")
    for name, there, text in told:
        some = seen.filter(there).select("number", text.alias(name))
        frame = frame.join(some, on="number", how="left", maintain_order="left")
    return frame.drop("number").get_columns()


def _micros(column: str) -> pl.Expr:
    told = ((pl.col(column) - _EAST) * _MICROS).cast(pl.String)
    return pl.when(pl.col(column) > NEVER).then(told).otherwise(pl.lit("null"))


def _pause() -> pl.Expr:
    known = (pl.col("shown_replied") > NEVER) & ~pl.col("no_due")
    kind = pl.when(pl.col("pause") == lives.PAYMENT).then(pl.lit("payment")).otherwise(pl.lit("supplement"))
    before, after = (pl.when(known).then(_micros(c)).otherwise(pl.lit("null")) for c in ("due", "before"))
    middle = [
        pl.lit('[{"kind":"'), kind, pl.lit('","from_at":'), _micros("shown_asked"), pl.lit(',"to_at":'),
        _micros("shown_replied"), pl.lit(',"due_before":'), before, pl.lit(',"due_after":'), after,
        pl.lit(',"notice":null}]'),
    ]  # fmt: skip
    return pl.concat_str(middle)


def _letters() -> pl.Expr:
    again = pl.col("again") > NEVER
    second = pl.concat_str(pl.lit(","), _letter("again", "extended_due", "again_due"))
    more = pl.when(again).then(second).otherwise(pl.lit(""))
    return pl.concat_str(pl.lit("["), _letter("extended", "before", "extended_due"), more, pl.lit("]"))


def _letter(sent: str, before: str, after: str) -> pl.Expr:
    told = [
        pl.lit('{"at":'), _micros(sent), pl.lit(',"due_before":'), _micros(before), pl.lit(',"due_after":'),
        _micros(after), pl.lit(',"letter":"'), attached.number(), pl.lit('/VB-XL","reason":null}'),
    ]  # fmt: skip
    return pl.concat_str(told)
