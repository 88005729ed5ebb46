"""Totals of one's own: what was given comes out, what is free is derived, what contradicts is refused with its key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.errors import ConfigError
from connectors.simulator import lots, sets
from connectors.simulator.amounts import Amounts, settle
from connectors.simulator.scenario import HANGING, Cell, Totals, TotalsFile, load, scenario
from jobs.simulate import Wanted, amounts_of

YEARS, UNITS = (2016, 2017, 2018), ("Sở A", "Sở B", "UBND xã C")
BASE = TotalsFile(name="x", from_on=date(2016, 1, 1), to_on=date(2018, 12, 31), departments=UNITS)


def settled(**totals: int) -> Amounts:
    return settle(BASE.model_copy(update={"totals": Totals(**totals)}), place="own.toml")


def refused(*cells: Cell, **totals: int) -> str:
    with pytest.raises(ConfigError) as error:
        told = BASE.model_copy(update={"totals": Totals(**totals), "cell": cells})
        sets.draw(settle(told, place="own.toml"), seed=1)
    return str(error.value)


# ---------- what is left out ----------


def test_three_numbers_are_enough_and_the_rest_follows() -> None:
    found = settled(received=1_000, resolved_in_time=900, resolved_overdue=40)
    assert (found.of("resolved"), found.of("pending"), found.of("pending_in_term")) == (940, 60, 60)
    assert found.of("carried_over") == found.of("resolved_undetermined") == found.of("withdrawn") == 0
    assert found.of("resolved_early") + found.of("resolved_on_time") == 900
    assert found.of("received_online") + found.of("received_counter") + found.of("received_post") == 1_000


def test_with_one_number_everything_is_resolved_in_time() -> None:
    found = settled(received=1_000)
    assert (found.of("resolved_in_time"), found.of("pending")) == (1_000, 0)


def test_carried_over_and_undetermined_are_zero_only_while_nobody_names_them() -> None:
    found = settled(received=100, carried_over=20, resolved_undetermined=5, resolved_overdue=15, pending=30)
    assert (found.of("resolved"), found.of("resolved_in_time")) == (90, 70)


# ---------- what contradicts ----------


def test_a_sum_that_does_not_hold_is_refused_with_its_key_and_with_what_would_fit() -> None:
    assert refused(received=1_000, resolved_in_time=900, resolved_overdue=50, pending=97) == (
        "own.toml, totals: pending = 97: carried_over 0 + received 1,000 is not resolved 950 + pending 97. "
        "It would add up with received = 1,047 or pending = 50."
    )


def test_a_number_told_but_not_yet_reached_is_shown_as_told() -> None:
    # carried_over comes after pending in the order of the keys: 448 = 211 + 3,137 - 2,900.
    assert refused(received=3_137, resolved=2_900, carried_over=211, pending=97) == (
        "own.toml, totals: pending = 97: carried_over 211 + received 3,137 is not resolved 2,900 + pending 97. "
        "It would add up with received = 2,786 or resolved = 3,251 or pending = 448."
    )


def test_a_number_that_stays_open_is_told_without_the_bound_of_the_solver() -> None:
    cell = Cell(year=2016, carried_over=211)
    told = refused(cell, received=3_137, resolved=2_900, pending=97)
    assert "carried_over 0 or more + received 3,137 is not resolved 2,900 + pending 97" in told
    assert "999" not in told


def test_more_early_ones_than_were_in_time_are_refused() -> None:
    assert refused(received=100, resolved_in_time=90, resolved_early=91) == (
        "own.toml, totals: resolved_early = 91: resolved_in_time 90 is not resolved_early 91 + resolved_on_time 0 to "
        "90. Mend one of them, or leave one out."
    )


def test_cells_that_hold_more_than_the_whole_are_refused() -> None:
    told = refused(
        Cell(year=2016, resolved_overdue=7), Cell(year=2017, resolved_overdue=5), received=50, resolved_overdue=10
    )
    assert told.startswith("own.toml, cell 2: resolved_overdue = 5: resolved_overdue 10 is not ")
    assert "[2016-01-01 to 2016-12-31] resolved_overdue 7" in told


def test_two_cells_may_not_share_a_dossier() -> None:
    told = refused(Cell(department="Sở A", received=1), Cell(field="Đất đai", received=1), received=9)
    assert "own.toml, cell 2: it shares dossiers with own.toml, cell 1" in told
    assert "Let all cells name the same labels" in told


def test_what_only_the_end_of_the_period_has_is_refused_in_a_year() -> None:
    assert '"pending_overdue" is told for the whole period only.' in refused(
        Cell(year=2016, pending_overdue=1), received=5
    )


def test_more_withdrawn_than_resolved_are_refused() -> None:
    assert "withdrawn = 6" in refused(received=5, withdrawn=6)


def test_a_late_one_needs_a_day_to_be_late() -> None:
    one_day = BASE.model_copy(update={"from_on": date(2018, 3, 1), "to_on": date(2018, 3, 1)})
    told = one_day.model_copy(update={"totals": Totals(received=5, resolved_overdue=1)})
    with pytest.raises(ConfigError, match="comes and goes on one working day cannot be overdue"):
        sets.draw(settle(told, place="own.toml"), seed=1)
    carried = one_day.model_copy(update={"totals": Totals(received=5, resolved_overdue=1, carried_over=1)})
    assert sets.draw(settle(carried, place="own.toml"), seed=1).drawn.height == 6


def test_on_a_single_day_the_late_ones_are_those_that_came_before_it() -> None:
    one_day = BASE.model_copy(update={"from_on": date(2018, 3, 1), "to_on": date(2018, 3, 1)})
    totals = Totals(
        carried_over=2, received=5, resolved_early=3, resolved_on_time=1, pending_in_term=1, pending_overdue=2
    )
    drawn = sets.draw(settle(one_day.model_copy(update={"totals": totals})), seed=1)
    late = drawn.drawn.filter(drawn.drawn["standing"] == lots.PENDING_OVERDUE)
    assert late.height == 2
    assert (late["received"] < drawn.drawn["received"].max()).all()


def test_a_stretch_without_a_working_day_moves_nothing() -> None:
    weekend = Cell(from_on=date(2018, 3, 3), to_on=date(2018, 3, 4), received=1)
    assert "2018-03-03 to 2018-03-04: no day of it is a working day" in refused(weekend, received=5)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[totals]\nrecieved = 5", '"totals.recieved" is not a key here. Did you mean "received"?'),
        ("[totals]\nreceived = -5", '"totals.received": Input should be greater than or equal to 0 (found -5).'),
        ("[totals]\nreceived = 5.5", '"totals.received": Input should be a valid integer (found 5.5).'),
        ("[[cell]]\nyear = 2016\nfrom_on = 2016-02-01", "year and from_on/to_on are two ways to say the same"),
        ("[totals]\nreceived = 5\n", '"from_on" is missing.'),
        ("from_on = 2016-02-02\nto_on = 2016-02-01", "the period ends 2016-02-01 before it starts 2016-02-02."),
        ("from_on = 2016-02-01\nto_on = 2016-02-02", "it names no number of dossiers."),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_in_words(tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        settle(load(file), place=str(file))
    assert found in error.value.found


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ({"charged": 11}, "own.toml, totals: charged = 11: more than received 10."),
        ({"charged": 3, "paid_online": 4}, "own.toml, totals: paid_online = 4: more than charged 3."),
        ({"charged": 3, "fees": 2}, "own.toml, totals: fees = 2: 3 charged dossiers cost that much together"),
        ({"charged": 0, "fees": 2}, "own.toml, totals: fees = 2: 0 charged dossiers cost that much together"),
    ],
)
def test_fees_that_no_dossiers_can_carry_are_refused(totals: dict[str, int], found: str) -> None:
    assert refused(received=10, **totals).startswith(found)


def test_of_fees_what_is_not_told_is_chosen() -> None:
    told: tuple[dict[str, int], ...] = ({"fees": 30}, {"charged": 4}, {"paid_online": 2}, {})
    found = [settled(received=10, **each) for each in told]
    assert [[each.of(key) for key in HANGING] for each in found] == [
        [30, 10, 0], [400_000, 4, 0], [200_000, 2, 2], [0, 0, 0],
    ]  # fmt: skip


def test_fees_of_a_scenario_that_no_longer_fit_give_way(tmp_path: Path) -> None:
    found = amounts_of(Wanted("quang-nam-2018", own(tmp_path, "[totals]\nreceived = 10\nresolved = 10\npending = 0\n")))
    assert [found.of(key) for key in HANGING] == [0, 0, 0]
    assert {g.key for g in found.dropped} >= {"fees", "charged"}


# ---------- a totals file over a scenario ----------


def own(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_number_of_the_scenario_gives_way_to_the_file_and_is_named(tmp_path: Path) -> None:
    file = own(tmp_path, "[totals]\nresolved_overdue = 130\n")
    found = amounts_of(Wanted("quang-ninh-2016-2018", file))
    assert (found.of("resolved_overdue"), found.of("received"), found.of("pending")) == (130, 132_947, 89)
    assert {(g.key, g.value) for g in found.dropped} == {("pending", 97), ("resolved_overdue", 6)}
    assert found.of("resolved_early") == 34_108, "what still fits stays"


def test_the_cells_of_the_file_replace_those_of_the_scenario(tmp_path: Path) -> None:
    file = own(tmp_path, "[[cell]]\nyear = 2018\nresolved_overdue = 122\n")
    found = amounts_of(Wanted("quang-ninh-2016-2018", file))
    assert [found.of("resolved_overdue", first=i, last=i) for i in range(2)] == [0, 122]
    assert not found.dropped


def test_a_contradiction_inside_the_file_is_refused_over_any_scenario(tmp_path: Path) -> None:
    file = own(tmp_path, "[totals]\nreceived = 10\nresolved_in_time = 11\n")
    with pytest.raises(ConfigError, match="resolved_in_time = 11"):
        amounts_of(Wanted("thai-nguyen-2023", file))


def test_a_whole_scenario_is_a_totals_file(tmp_path: Path) -> None:
    shipped = scenario("quang-nam-2018")
    assert settle(shipped).numbers == settle(shipped, shipped).numbers
