"""What is configured, reachable, stale or wrong, and what to do next."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import polars as pl

from config import calendar, catalogue, notes, place, privacy, public, secret, sources
from config.errors import DunghanError
from config.settings import settings
from connectors.personal import TELLING
from jobs import answering, deployed, deriving, mail_found, settings_found
from jobs.heard import judged_now
from jobs.options import opened
from jobs.rebuild import rules_of
from jobs.sources import low_units
from metrics import declared, rulebook
from metrics.freshness import Standing, State
from store import insight, runs, snapshot
from store.database import Store, reading

Verdict = Literal["ok", "look", "wrong"]
LOW_DISK = 2 * 1024**3
NIGHTS = timedelta(hours=36)  # analyses that are older missed a night


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, what to do next (empty when nothing)."""

    what: str
    verdict: Verdict
    found: str
    next_step: str = ""


def examine(url: str) -> list[Finding]:
    """Look at configuration, store, sources, derived files and disk; never stops at the first trouble."""
    told = list(_settings())
    found = [*told, *_unsaid(_configuration(datetime.now(UTC).date()), told)]
    try:
        store = opened(url)
    except DunghanError as error:
        return [*found, Finding(error.place, "wrong", error.found, error.next_step)]
    return [
        *found,
        Finding("store", "ok", store.name),
        *_safely("deployment", lambda: _deployment(store, datetime.now(UTC))),
        *_safely("pseudonyms", lambda: _pseudonyms(store)),
        *_safely("sources", lambda: _sources(store)),
        *_safely("units", lambda: _units(store)),
        *_safely("figures", lambda: _figures(store)),
        *_safely("analyses", lambda: _analyses(store, datetime.now(UTC))),
        *_safely("mail", lambda: (Finding(*told) for told in mail_found.looked_at(store, datetime.now(UTC)))),
        *_safely("disk", lambda: _disk(store.derived)),
    ]


def _deployment(store: Store, now: datetime) -> Iterator[Finding]:
    """Look at what a production has beside the store (docs/deploy.md); one that is a file says little of it."""
    here = answering.on_server(store)
    looks: tuple[Callable[[], Iterator[deployed.Found]], ...] = (
        lambda: answering.tables(store),
        deployed.secrets,
        lambda: deployed.address(settings().public_url, on_server=here),
        lambda: answering.workers(store),
        lambda: answering.dashboards(store),
        lambda: answering.clocks(store),
        lambda: deployed.backups(now, on_server=here),
    )
    for look in looks:
        yield from (Finding(*told) for told in look())


def _safely(what: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except DunghanError as error:
        return [Finding(f"{what}: {error.place}", "wrong", error.found, error.next_step)]


def _settings() -> Iterator[Finding]:
    yield Finding("settings", "ok", settings_found.in_use())
    for wrong in settings_found.troubles():
        yield Finding(f"settings: {wrong.place}", "wrong" if wrong.grave else "look", wrong.found, wrong.next_step)


def _configuration(today: date) -> Iterator[Finding]:
    yield from _safely("configuration", lambda: _catalogue(catalogue.load(), today))
    yield from _safely("configuration", lambda: _calendar(calendar.load(), today))
    yield from _safely("configuration", lambda: _public(public.load()))
    yield from _safely("configuration", _engine)


def _engine() -> Iterator[Finding]:
    if told := deriving.in_reach():
        yield Finding("engine", "ok", told)


def _unsaid(found: Iterator[Finding], said: list[Finding]) -> Iterator[Finding]:
    """Leave out what was said before: a file that cannot be read is met again by whoever needs it."""
    known = {finding.found for finding in said}
    return (finding for finding in found if finding.found not in known)


def _catalogue(known: catalogue.CatalogueFile, today: date) -> Iterator[Finding]:
    catalogue.agree(known, shares=declared.SHARES, counts=declared.COUNTS, durations=declared.DURATIONS)
    yield Finding("figures catalogue", "ok", f"{len(known.metric)} figures, code and catalogue agree")
    if late := known.due_for_review(today):
        found = f"{len(late)} definitions are due for review: {', '.join(late[:6])}{' …' if len(late) > 6 else ''}"
        step = f"Look at them, and move review_on in {place.to_edit(catalogue.NAME)}."
        yield Finding("figures catalogue", "look", found, step)


def _public(told: public.Public) -> Iterator[Finding]:
    opened = f"open to everybody at /cong-khai; figures over fewer than {told.smallest} dossiers are not told"
    yield Finding("public page", "ok", opened if told.open else "off: /cong-khai is unknown to everybody")


def _calendar(days: calendar.CalendarDays, today: date) -> Iterator[Finding]:
    if ends := calendar.runs_out(days, today):
        found = f"no confirmed holidays after {ends.after}, {_in_days(ends.days_left)}"
        step = f"Enter next year's announcement in {place.to_edit('calendar.toml')} and move confirmed_to."
        yield Finding("calendar", "look", found, step)
    else:
        yield Finding("calendar", "ok", f"confirmed to {days.confirmed_to}")
    if bare := calendar.undecided(days):
        found = f"{len(bare)} days without the number of their decision: {_listed(bare)}"
        yield Finding(
            "calendar", "look", found, f"Enter decision and source of each in {place.to_edit('calendar.toml')}."
        )

    if unsure := {day: why for day, why in days.unconfirmed.items() if today <= day <= today + timedelta(days=365)}:
        told = ", ".join(f"{day} ({why})" for day, why in sorted(unsure.items()))
        where = place.to_edit("calendar.toml")
        step = f"It counts as a working day; set confirmed = true in {where} when it is announced."
        yield Finding("calendar", "look", f"not confirmed as a day off: {told}", step)


def _in_days(left: int) -> str:
    return f"in {left} days" if left >= 0 else f"{-left} days ago"


def _listed(days: list[date], most: int = 6) -> str:
    shown = ", ".join(map(str, days[-most:]))
    return shown if len(days) <= most else f"{shown} and {len(days) - most} before"


def _pseudonyms(store: Store) -> Iterator[Finding]:
    """Look where the key lies; one that we made here is no key for a store that others reach, or that is elsewhere."""
    if secret.found(privacy.KEY) is not None:
        privacy.key()  # it may be too short
        yield Finding("pseudonyms", "ok", f"by the office's own key ({privacy.KEY})")
        return
    made = privacy.file()
    if store.engine.dialect.name == "sqlite" and store.derived.parent.resolve() == made.parent.resolve():
        yield Finding("pseudonyms", "ok", f"by the key made in {made}; keep a copy apart from the store's backups")
        return
    found = f"their key is made in {made}, and the store is {store.name}: another machine would make its own"
    step = f"Put what stands in that file into the secret {privacy.KEY} wherever this store is written."
    yield Finding("pseudonyms", "look", found, step)


def _sources(store: Store) -> Iterator[Finding]:
    runs.bury(store)
    rows = runs.latest(store)
    if rows.is_empty():
        yield Finding("sources", "look", "nothing was ever read", "dunghan load FILE --source NAME, or dunghan sync.")
    state = snapshot.read_manifest(store)
    standings = judged_now(store, state).standings if state is not None else ()
    whole = {s.told.source: s for s in standings if s.told.department is None}
    for row in rows.iter_rows(named=True):
        yield _source(row, whole.get(str(row["name"])))
        if row["refused"]:
            yield Finding(
                f'source "{row["name"]}"',
                "look",
                f"{row['refused']} rows in quarantine",
                "Read the reasons: dunghan quarantine.",
            )
    known = set(rows["name"])
    for source in sources.load():
        yield from _masked(store, source)
        if source.on and source.name not in known:
            yield Finding(source.place, "look", "is configured and was never read", f"dunghan sync {source.name}")


def _source(row: dict[str, object], standing: Standing | None) -> Finding:
    what = f'source "{row["name"]}"'
    last = row["last_ok_at"]
    when = f"{last:%Y-%m-%d %H:%M} UTC" if isinstance(last, datetime) else "never"
    told = f"{row['dossiers']} dossiers, last good run {when}"
    if row["last_state"] == "failed":
        return Finding(
            what, "wrong", f"{told}; the last run failed: {row['last_error']}", "Mend that, then run it again."
        )
    if standing is not None and standing.state in (State.LATE, State.SILENT):
        silent = ", silent: its dossiers are in no rate" if standing.state is State.SILENT else ""
        heard = standing.told.heard_at
        newest = f"; its newest record is of {heard:%Y-%m-%d %H:%M} UTC" if standing.told.by_record and heard else ""
        found = f"{told}{newest}; expected every {row['cadence_minutes']} minutes{silent}"
        return Finding(what, "look", found, "Is the worker running (dunghan worker), and does the source send?")
    return Finding(what, "ok", told)


def _masked(store: Store, source: sources.Source) -> Iterator[Finding]:
    """Name what of [source.privacy] keep_masked the newest run that can tell did not find in the source's answers."""
    wanted = source.privacy.keep_masked
    told = runs.history(store, source.name) if wanted else None
    if told is None:
        return
    telling = (pl.col("read") >= TELLING) | pl.col("notes").str.contains("masked_unseen", literal=True)
    newest = told.filter(telling.fill_null(False), pl.col("state") == "ok").head(1)["notes"].to_list()
    said = [one for one in notes.read(newest[0] if newest else None) if one.code == "masked_unseen"]
    named = [value.shown for one in said for _, value in one.values if isinstance(value, notes.Names)]
    lost = [name for names in named for name in names if name in wanted]
    if lost:
        found = f"keep_masked names {', '.join(lost)}, which its answers never had: nothing of it is kept"
        yield Finding(source.place, "look", found, "Write it as the source writes it, or take it out; docs/privacy.md.")


def _units(store: Store) -> Iterator[Finding]:
    """Name the units that fell silent within a source that is heard, and those of which too little came."""
    state = snapshot.read_manifest(store)
    if state is None or not state.parts:
        return
    found = judged_now(store, state)
    for standing in found.standings:
        unit, last = standing.told.department, standing.told.heard_at
        if unit is not None and standing.state is not State.OK:
            since = f"nothing since {last:%Y-%m-%d}" if last else "nothing ever"
            said = f"{since}, expected within {standing.told.cadence_days} working days"
            step = "Ask the unit, or its source's operator."
            yield Finding(f'source "{standing.told.source}", {unit}', "look", said, step)
    for low in low_units(state, store, found):
        unit = f", {low['department'] or 'no unit'}" if low["unit"] else ""
        said = f"{low['n']} dossiers received on {low['day']}, usually {low['low']} to {low['high']}"
        yield Finding(f'source "{low["source"]}"{unit}', "look", said, "Is something missing at the source?")


def _figures(store: Store) -> Iterator[Finding]:
    state = snapshot.read_manifest(store)
    with reading(store) as connection:
        seq = snapshot.ledger_seq(connection)
    if state is None:
        yield Finding("figures", "look" if seq else "ok", "nothing derived yet", "dunghan rebuild" if seq else "")
    elif state.rules != rules_of(rulebook.load()):
        found = "made by other settings than stand in the files now"
        step = "systemctl restart dunghan.target: settings are read at the start, and figures made anew then."
        yield Finding("figures", "look", found, step)
    elif state.ledger_seq < seq:
        yield Finding("figures", "look", f"{seq - state.ledger_seq} observations not yet counted", "dunghan rebuild")
    elif broken := snapshot.damaged(store, state, content=True):
        found = f"damaged derived files of {', '.join(sorted(broken))}"
        yield Finding("figures", "wrong", found, "dunghan rebuild makes them again from the store.")
    else:
        yield Finding("figures", "ok", f"data version {state.data_version}")


def _analyses(store: Store, now: datetime) -> Iterator[Finding]:
    state, made = snapshot.read_manifest(store), insight.read_made(store)
    if state is None or not state.parts:
        return
    if made is None:
        yield Finding("analyses", "look", "none were made yet", "dunghan insight, or leave it to the worker.")
    elif made.failed:
        step = "The worker's log says why (insight_failed); then dunghan insight."
        yield Finding("analyses", "wrong", f"not made: {', '.join(made.failed)}", step)
    elif now - made.made_at > NIGHTS:
        found = f"made at {made.made_at:%Y-%m-%d %H:%M} UTC, of {made.as_of}: no night since"
        yield Finding("analyses", "look", found, "Is the worker running? dunghan insight makes them now.")
    else:
        yield Finding("analyses", "ok", f"of {made.as_of}, {sum(made.seconds.values()):.1f} s")


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    low = free < LOW_DISK
    yield Finding("disk", "look" if low else "ok", f"{free // 1024**2} MB free", "Free some space." if low else "")
