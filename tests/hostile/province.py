"""A province whose every text is hostile, as it comes through the border: dossiers, sources, people, records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from connectors.texts import clean
from jobs.rebuild import rebuild
from metrics.dossier import REJECTS, Dossier, whole
from store import people, records, tokens
from store.database import Store
from store.ingest import Source, begin_run
from store.people import Person
from store.records import Cause, Kind, Letter, Words
from tests.dashboard import made_up
from tests.hostile.texts import TEXTS

TODAY: Final = date(2026, 11, 20)
NOW: Final = datetime(2026, 11, 20, 3, 32, tzinfo=UTC)
SOURCE: Final = Source("mot-cua", "Asia/Ho_Chi_Minh", TEXTS["script"] + TEXTS["link"], kind="rest", cadence_minutes=15)
HEAD: Final = "<b>tên</b> **x**"
MANY: Final = "image"  # the unit of so many dossiers that it is drawn
_COLUMNS: Final = (
    "procedure",
    "procedure_name",
    "field",
    "department",
    "receiving_unit",
    "step",
    "handler",
    "other_code",
)


def codes() -> dict[str, str]:
    """Give the code of the overdue dossier of every text, as it is kept."""
    return {name: cleaned(text)[:190] + "/1" for name, text in TEXTS.items()}


def cleaned(text: str) -> str:
    """Give a text as the border lets it in."""
    (found,) = pl.select(clean(pl.lit(text))).to_series()
    return str(found)


def dossiers() -> pl.DataFrame:
    """Give for every text an overdue dossier, one that is due soon, one that was late; of one text many."""
    rows: list[dict[str, object]] = []
    for name, text in TEXTS.items():
        for n in range(1, 36 if name == MANY else 4):
            rows.append(_dossier(cleaned(text), n))
    frame = pl.DataFrame(rows, schema_overrides={c: pl.Datetime("us", "UTC") for c in rows[0] if c.endswith("_at")})
    return Dossier.cast(whole(frame))


def _dossier(text: str, n: int) -> dict[str, object]:
    begun = made_up.workday(TODAY, -20 - n % 5)
    row: dict[str, object] = dict.fromkeys(_COLUMNS, text) | {
        "source": SOURCE.name, "code": f"{text[:190]}/{n}", "status": "processing", "channel": "online",
        "level": "province", "submitted_at": made_up.instant(begun), "received_at": made_up.instant(begun, 10),
        "changed_at": made_up.instant(begun, 10), "due_at": made_up.instant(made_up.workday(TODAY, -4), 17),
        "resolved_at": None,
    }  # fmt: skip
    if n == 2:
        return row | {"due_at": made_up.instant(made_up.workday(TODAY, 1), 17)}
    if n >= 3:
        ended = made_up.instant(made_up.workday(TODAY, -2 if n % 4 else -5), 15)
        return row | {"status": "returned", "resolved_at": ended, "changed_at": ended}
    return row


def fill(store: Store) -> None:
    """Store it all, with refused rows, people, records and tokens whose texts are as hostile."""
    with begin_run(store, SOURCE, kind="sync", origin=TEXTS["link"], seen_at=NOW - timedelta(days=1)) as run:
        run.batch(dossiers().with_columns(step=pl.lit(TEXTS["markdown"])))
    with begin_run(store, SOURCE, kind="sync", origin=TEXTS["image"], seen_at=NOW) as run:
        run.batch(dossiers(), _refused())
    people.add(store, "giamdoc", made_up.PASSWORD, role="director", title=TEXTS["script"])
    people.add(store, HEAD, made_up.PASSWORD, role="head", title=TEXTS["link"], departments=(cleaned(TEXTS[MANY]),))
    _record(store)
    for name, text in TEXTS.items():
        if name not in ("long", "nothing", "lines"):
            tokens.issue(store, cleaned(text), kind="api", departments=(cleaned(text),), by=HEAD, at=NOW)
    rebuild(store)


def _refused() -> pl.DataFrame:
    rows = [
        {"place": cleaned(text)[:300], "code": cleaned(text)[:190], "reasons": ["started"], "found": cleaned(text),
         "raw": '{"MaHoSo": "x"}'}
        for text in TEXTS.values()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=REJECTS)


def _record(store: Store) -> None:
    from metrics import rulebook

    who, days = Person(HEAD, "", "director", None), rulebook.load().calendar
    for name, code in codes().items():
        text = cleaned(TEXTS[name])
        entries = (
            Cause("T02", text[:1900]), Words(Kind.ANSWER, text[:1900]), Words(Kind.NOTE, text[:1900]),
            Letter(text[:60], TODAY, date(2026, 11, 30), text[:1900]),
        )  # fmt: skip
        for entry in entries:
            records.record(store, SOURCE.name, code, entry, by=who, at=NOW, calendar=days)
