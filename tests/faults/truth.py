"""What a house must hold in the end: the simulator's own figures, each Friday's report once, each letter once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.simulator.days import wall_seconds
from connectors.simulator.province import Province
from connectors.simulator.state import changed_between, dossiers
from jobs.mail_found import looked_at
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import issued, outbox, snapshot, tables
from store.database import reading
from tests.demo import truth
from tests.faults.house import OPENED, SOURCE, House
from tests.faults.tally import Tally
from tests.furnished import TO


def everything(house: House, tally: Tally) -> None:
    """Write down all that is lost or doubled in a house that is quiet."""
    _dossiers(house, tally)
    _figures(house, tally)
    _reports(house, tally)
    _mail(house, tally)


def _dossiers(house: House, tally: Tally) -> None:
    """Hold every dossier against what the source shows by now, and the record of runs against the ledger."""
    second = wall_seconds(house.now)
    assert isinstance(house.desk.province, Province)
    shown = dossiers(changed_between(house.desk.province, 0, second), second)["MaHoSo"]
    with reading(house.store) as connection:
        held = connection.scalars(sa.select(tables.dossiers.c.code)).all()
        refused = connection.scalars(sa.select(tables.quarantine.c.code)).all()
        new = sa.select(tables.ledger.c.code, sa.func.count()).where(tables.ledger.c.change == "new")
        begun = connection.execute(new.group_by(tables.ledger.c.code).having(sa.func.count() > 1)).all()
        left = connection.scalars(sa.select(tables.runs.c.id).where(tables.runs.c.state == "running")).all()
    missing = set(shown) - set(held) - set(refused) - {""}  # rows without a number are refused and counted elsewhere
    tally.lost += [f"dossier {code}" for code in sorted(missing)]
    tally.doubled += [f"dossier {code} began {n} times" for code, n in begun]
    tally.doubled += [f"run {n} is still under way" for n in left[1:]]


def figures_of(house: House) -> dict[str, Any]:
    """Give the figures of all time, as of the clock's day."""
    manifest = snapshot.read_manifest(house.store)
    assert manifest is not None
    day = house.now.date()
    cube = snapshot.cube(house.store, manifest)
    found = figures(cube, period=Period(date(2024, 1, 1), day), as_of=day, scope=Scope.province())
    return found.row(0, named=True)


def true_figures(house: House) -> dict[str, int]:
    """Give what the province itself counts."""
    assert isinstance(house.desk.province, Province)
    told = truth.counts(house.desk.province, wall_seconds(house.now), date(2024, 1, 1), house.now.date())
    return told.select(pl.exclude("department").sum()).row(0, named=True)


def _figures(house: House, tally: Tally) -> None:
    found = figures_of(house)
    for name, true in true_figures(house).items():
        if found[name] != true:
            (tally.lost if found[name] < true else tally.doubled).append(f"figure {name}: {found[name]}, true {true}")


def _fridays(house: House) -> list[date]:
    """Give the Fridays whose report is due by the clock, from the first day on."""
    first = OPENED.date()
    days = (first + timedelta(days=n) for n in range((house.now.date() - first).days + 1))
    return [day for day in days if day.weekday() == 4]


def _reports(house: House, tally: Tally) -> None:
    """Hold the reports against the Fridays: one each, numbered without a gap, the periods without a gap."""
    every = issued.editions_of(house.store, Scope.province())
    out = sorted((one for one in every if one.state == "issued"), key=lambda one: one.number or 0)
    tally.lost += [f"report of {one.start}: {one.state} {one.held}" for one in every if one.state != "issued"]
    tally.lost += [f"report of Friday {day}" for day in _fridays(house)[len(out) :]]
    tally.doubled += [f"report {one.number}" for one in out[len(_fridays(house)) :]]
    if [one.number for one in out] != list(range(1, len(out) + 1)):
        tally.doubled.append(f"numbers of reports: {[one.number for one in out]}")
    for before, after in pairwise(sorted(out, key=lambda one: one.start)):
        if after.start != before.end + timedelta(days=1):
            tally.lost.append(f"days between {before.end} and {after.start}, in no report")
    for one in out:
        forms = sorted(paper.form for paper in issued.papers_of(house.store, one.id, Scope.province()))
        if forms != ["docx", "json", "pdf", "xlsx"]:
            tally.lost.append(f"papers of report {one.number}: only {forms}")


def _mail(house: House, tally: Tally) -> None:
    """Hold what came to the mail server against the outbox; of a letter in doubt the operator was told."""
    copies = house.box.copies
    tally.doubled += [f"mail {key}: {n} copies" for key, n in copies.items() if n > 1]
    letters = [row for row in outbox.listed(house.store) if row["about"] == "report"]
    told = "".join(str(text.get_body(("plain",)).get_content()) for to, text in house.box.came if to not in TO)  # type: ignore[union-attr]
    for row in letters:
        came = copies[row["message_id"], row["recipient"]]
        if row["state"] == "unknown" and row["message_id"] in told:
            tally.hits["(a letter in doubt, told to the operator)"] += 1
        elif row["state"] == "unknown" and _notice_in_doubt(house, row["message_id"]):
            tally.hits["(a letter in doubt and the notice of it too, told by the doctor)"] += 1
        elif row["state"] != "sent" or not came:
            tally.lost.append(f"mail to {row['recipient']}: {row['state']}, {came} came")
    sent = issued.editions_of(house.store, Scope.province(), states=("issued",))
    if len(letters) != len(sent) * len(TO):
        tally.lost.append(f"{len(letters)} letters of {len(sent)} reports to {len(TO)}")


def _notice_in_doubt(house: House, message_id: str) -> bool:
    """Say whether the notice of a letter was cut off as well, and the doctor says so: of a notice there is none
    (store.delivery), and both wait for a person who looks."""
    waits = outbox.listed(house.store, states=("unknown",))
    noted = any(row["about"] == "notice" and message_id in row["body"] for row in waits)
    with house.settings():
        return noted and ("outbox", "wrong") in {found[:2] for found in looked_at(house.store, house.now)}


__all__ = ["SOURCE", "everything", "figures_of", "true_figures"]
