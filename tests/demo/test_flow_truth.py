"""What connectors, store and metrics say beside the truth: the same of an honest source, off by each lie as planted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from connectors.simulator.days import DAY, NEVER, day_number
from connectors.simulator.flow import columns, lies, scenario, shown, verdict
from connectors.simulator.flow.fate import LETTER
from connectors.simulator.flow.world import World, play
from jobs.rebuild import rebuild
from metrics.evaluate import figures
from metrics.scope import Period, Scope
from store import snapshot
from store.database import Store
from tests.demo.flows import LAND, NORTH, OFFICE, SOUTH, at, load, office

AS_OF = date(2026, 5, 20)
EVENING = at(2026, 5, 20, 23) + 3599
#: So few at one desk that many run late, of every length of limit.
BUSY = {"staff": [{"unit": u, "desk": "appraisal", "officers": 1} for u in (NORTH, SOUTH, LAND)],
        "arrivals": {"per_working_day": 52}}  # fmt: skip


def true_counts(world: World) -> Counter[str]:
    """Count the verdicts of the last day under the names of figures."""
    judged = verdict.verdicts(world, day_number(AS_OF))
    here = Counter(dict(judged["standing"].value_counts().iter_rows()))
    named = {"resolved_early": "early", "resolved_on_time": "on_time", "resolved_overdue": "overdue"}
    same = ("pending_in_term", "pending_overdue", "not_accepted", "awaiting_acceptance")
    ends = Counter(dict(judged.filter(pl.col("end") != "")["end"].value_counts().iter_rows()))
    counts = {name: here[n] for name, n in named.items()} | {n: here[n] for n in same} | dict(ends)
    return Counter(counts | {"pending_suspended": judged.filter("suspended").height})


def stored_counts(store: Store, names: list[str], **scope: Any) -> Counter[str]:
    rebuild(store)
    manifest = snapshot.read_manifest(store)
    assert manifest is not None
    found = figures(
        snapshot.cube(store, manifest), period=Period(date(2026, 1, 1), AS_OF), as_of=AS_OF, scope=Scope.province()
    )
    return Counter({n: int(found[n].sum()) for n in names})


@pytest.fixture(scope="module")
def busy() -> World:
    return play(office(**BUSY, rates=OFFICE["rates"] | {"supplement": 0.15, "never_answered": 0.2}))


def test_the_scenario_has_everything_that_is_compared(busy: World) -> None:
    true = true_counts(busy)
    assert all(true[n] > 0 for n in (
        "resolved_early", "resolved_on_time", "resolved_overdue", "pending_in_term", "pending_overdue", "not_accepted",
        "withdrawn", "refused", "stopped", "pending_suspended",
    )), true  # fmt: skip
    assert busy.truth.filter(letter=LETTER).height > 10


def test_of_an_honest_source_the_figures_are_the_truth(store: Store, busy: World) -> None:
    rows = shown.as_shown(busy, EVENING)
    counts = load(store, rows, seen_at=EVENING)
    true = true_counts(busy)
    assert counts.quarantined == 0
    assert stored_counts(store, list(true)) == true


def test_every_letter_and_reply_comes_before_what_it_moves(busy: World) -> None:
    told = busy.truth.filter(pl.col("extended") > NEVER)
    assert (told["extended"] > told["received"]).all()
    assert (told["extended"] < told["extended_due"]).all()
    closed = told.filter(pl.col("closed") > NEVER)
    assert (closed["extended"] < closed["closed"]).all()


#: Of each lie: its share, and by how much each figure is off for every dossier of the lie (truth → what is said).
LIES: dict[str, dict[str, int]] = {
    "redated": {"resolved_overdue": -1, "resolved_on_time": +1},
    "closed_on_due_day": {"resolved_on_time": +1},
    "paused_before_due": {"resolved_overdue": -1},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_moves_the_figures_by_the_dossiers_it_was_told_of(store: Store, lie: str) -> None:
    world = play(office(**BUSY, lies={lie: 0.4}))
    kind = lies.LIES.index(lie)
    told = world.truth.filter(pl.col("lie") == kind, pl.col("shown_closed").is_between(0, EVENING))
    assert told.height > 5
    load(store, shown.as_shown(world, EVENING), seen_at=EVENING)

    true = true_counts(world)
    apart = stored_counts(store, list(true))
    apart.subtract(true)

    for name, by in LIES[lie].items():
        assert apart[name] == by * told.height, (name, dict(apart))
    resolved = ("resolved_early", "resolved_on_time", "resolved_overdue")
    if lie != "closed_on_due_day":
        assert sum(apart[n] for n in resolved) == 0, "as many are resolved as truly are"


def test_a_closing_that_never_arrives_leaves_the_dossier_overdue(store: Store) -> None:
    """Press: six in ten of the "overdue" were late or wrong synchronisation."""
    world = play(office(lies={"shown_open": 0.1}))
    load(store, shown.as_shown(world, EVENING), seen_at=EVENING)
    true = true_counts(world)
    apart = stored_counts(store, list(true))
    apart.subtract(true)
    stuck = world.truth.filter(pl.col("lie") == lies.SHOWN_OPEN, pl.col("closed").is_between(0, EVENING))
    waits = (pl.col("asked") > NEVER) & (pl.col("replied") == NEVER)  # shown as suspended for ever
    past = stuck.filter(pl.col("shown_due") // DAY < day_number(AS_OF), ~waits).height
    assert past > 50
    assert apart["pending_overdue"] == past
    assert apart["pending_in_term"] == stuck.height - past
    assert sum(apart[n] for n in ("resolved_early", "resolved_on_time", "resolved_overdue")) == -stuck.height


def test_a_suspended_dossier_that_is_sent_as_done_comes_back(store: Store) -> None:
    world = play(office(lies={"sent_as_done": 1.0}, rates=OFFICE["rates"] | {"supplement": 0.3}))
    lied = world.truth.filter(pl.col("lie") == lies.SENT_AS_DONE)
    one = lied.row(lied.height // 2, named=True)
    while_waiting, after = (shown.as_shown(world, t) for t in (one["asked"] + 60, one["replied"] + 60))

    def status(rows: pl.DataFrame) -> str:
        (found,) = rows.filter(pl.col("ChuHoSo") == f"Người Giả Định {one['number']:06}")["TrangThaiHoSo"]
        return str(found)

    assert (status(while_waiting), status(after)) == ("9", "4")
    assert load(store, while_waiting, seen_at=one["asked"] + 60).quarantined == 0
    assert load(store, after, seen_at=one["replied"] + 60).quarantined == 0


def test_nothing_is_synchronised_in_an_outage_and_then_everything_at_once() -> None:
    told = office(outage=[{"from_on": date(2026, 3, 9), "to_on": date(2026, 3, 12), "units": [NORTH]}])
    world = play(told)
    north = pl.col("DonViXuLy") == NORTH
    before, during, behind = (
        shown.as_shown(world, t) for t in (at(2026, 3, 9, 0) - 1, at(2026, 3, 12, 23), at(2026, 3, 13, 0))
    )
    assert during.filter(north).equals(before.filter(north))
    assert during.filter(~north).height > before.filter(~north).height
    news = behind.filter(north, pl.col("NgayCapNhat") == "20260313000000")
    assert news.height > 10
    calm = shown.as_shown(play(office()), at(2026, 3, 13, 0))
    assert behind.drop("NgayCapNhat").sort("MaHoSo").equals(calm.drop("NgayCapNhat").sort("MaHoSo"))


def test_what_is_synchronised_late_is_seen_late_and_may_be_stamped_with_its_own_time() -> None:
    late = play(office(lies={"synced_late": 1.0, "synced_late_days": 3, "stamp": "happened"}))
    honest = play(office())
    moment = at(2026, 3, 20)
    seen, was = shown.as_shown(late, moment), shown.as_shown(honest, moment - 3 * DAY)
    assert seen.sort("MaHoSo").equals(was.sort("MaHoSo")), "what was true three days ago, with the stamps of then"
    windows = [shown.changed_between(late, moment - d * DAY, moment).height for d in (2, 4)]
    assert windows[0] == 0 < windows[1], "a cursor without enough overlap never sees it"


def test_a_deleted_record_is_gone() -> None:
    world = play(office(lies={"deleted": 0.2}))
    gone = world.truth.filter(pl.col("deleted").is_between(0, EVENING))
    rows = shown.as_shown(world, EVENING)
    came = world.truth.filter(pl.col("submitted") <= EVENING).height
    assert gone.height > 50
    assert rows.height == came - gone.height


def test_a_merged_unit_shows_its_own_name_until_the_day_and_its_successor_after(store: Store) -> None:
    new = "UBND xã Mới"
    units = [
        {"name": NORTH, "code": "H98.41", "level": "commune", "kind": "commune", "to_on": date(2026, 3, 31),
         "successor": new},
        {"name": new, "code": "H98.51", "level": "commune", "kind": "commune", "from_on": date(2026, 4, 1)},
    ]  # fmt: skip
    communes = [p for p in OFFICE["procedure"] if p["kind"] == "commune"]
    world = play(office(unit=units, procedure=communes))
    before, after = shown.as_shown(world, at(2026, 3, 31, 23)), shown.as_shown(world, at(2026, 4, 1, 1))
    open_then = before.filter(pl.col("NgayKetThucXuLy") == "", pl.col("NgayTuChoi") == "")
    assert set(before["DonViXuLy"]) == {NORTH}
    moved = after.join(open_then, on="MaHoSo", how="semi")
    assert open_then.height > 2
    assert set(moved["DonViXuLy"]) == {new}
    assert moved["MaHoSoKhac"].str.starts_with("H98.51-").all(), "its new code beside the one it keeps"
    assert set(after.join(open_then, on="MaHoSo", how="anti")["DonViXuLy"]) == {NORTH}
    assert load(store, after, seen_at=at(2026, 4, 1, 1)).quarantined == 0


def test_a_letter_without_right_is_counted_by_nobody_and_a_silent_move_by_the_reader_alone(store: Store) -> None:
    """The law knows no silent move. Who reads once sees the new promise only, and judges by it."""
    rates = OFFICE["rates"] | {"extension": 0.0, "extension_too_late": 0.3, "moved_silently": 0.3}
    world = play(office(**BUSY, rates=rates))
    load(store, shown.as_shown(world, EVENING), seen_at=EVENING)
    true = true_counts(world)
    apart = stored_counts(store, list(true))
    apart.subtract(true)
    silent = world.truth.filter(pl.col("letter") == 3, pl.col("extended").is_between(0, EVENING))
    judged = verdict.verdicts(world, day_number(AS_OF)).join(silent.select("number", "extended_due"), on="number")
    saved = judged.filter(pl.col("standing") == verdict.OVERDUE, pl.col("closed_day") <= pl.col("extended_due") // DAY)
    assert world.truth.filter(letter=2).height > 10
    assert saved.height > 10
    assert apart["resolved_overdue"] == -saved.height


def test_districts_are_there_until_the_end_of_june_2025_and_no_longer() -> None:
    """Two levels from 1/7/2025: the scenario that comes along hands districts and communes over on that day."""
    world = play(scenario.load("sap-nhap"), rows=2500)

    def pending(day: date) -> pl.DataFrame:
        changed = shown.changed_between(world, 0, day_number(day) * DAY + 20 * 3600)
        rows = columns.dossiers(world, changed, "x")
        return rows.filter(pl.col("resolved_at").is_null(), pl.col("received_at").is_not_null())

    june, july = pending(date(2025, 6, 30)), pending(date(2025, 7, 1))
    of_districts = june.filter(level="district")
    moved = july.join(of_districts.select("code"), on="code", how="semi")
    assert moved.height > 5
    assert set(moved["level"]) == {"commune"}
    assert july.filter(level="district").is_empty()
