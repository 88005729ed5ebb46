"""The register on a day: the last line holds, what is not said is not no, and parts that do not add up are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from config.errors import ConfigError
from config.registered import Registered
from metrics.procedures_register import (
    BESIDE,
    COLUMNS,
    COUNTS,
    RATES,
    at_level,
    counted,
    each,
    idle,
    in_force,
    reduction,
    reductions,
    several_levels,
    unknown,
)

ALWAYS, JULY, ON = date(1990, 1, 1), date(2026, 7, 1), date(2026, 11, 23)


def line(procedure: str, from_on: date = ALWAYS, source: str = "", **told: Any) -> Registered:
    return Registered(source, procedure, from_on, **told)


def one(*lines: Registered, on: date = ON) -> dict[str, Any]:
    return counted(each(in_force(lines, on))).row(0, named=True)


def test_a_later_line_replaces_the_one_before_it_whole_and_the_limit_told_last_holds_on() -> None:
    lines = [line("A", name="cũ", post=True, statutory="10wd", committed="7wd"), line("A", JULY, name="mới")]
    before, after = in_force(lines, date(2026, 6, 30)), in_force(lines, JULY)
    assert before.select("name", "post").rows() == [("cũ", True)]
    assert after.select("name", "post").rows() == [("mới", None)]
    assert after["committed"].to_list() == before["committed"].to_list() == [{"size": 7, "unit": "wd"}]


def test_an_abolished_procedure_is_gone_from_its_day_and_may_come_back() -> None:
    lines = [line("A"), line("A", JULY, ended=True), line("A", date(2026, 9, 1), name="lại")]
    days = (date(2026, 6, 30), JULY, date(2026, 8, 31), date(2026, 9, 1))
    assert [in_force(lines, day).height for day in days] == [1, 0, 0, 1]


def test_a_line_that_tells_a_limit_alone_leaves_the_facts_told_before() -> None:
    lines = [line("A", name="một", kind="vertical", statutory="10wd"), line("A", JULY, statutory="8wd")]
    lines += [line("B", ended=True), line("B", JULY, statutory="8wd")]
    rows = in_force(lines, ON)
    assert rows.select("procedure", "name", "kind").rows() == [("A", "một", "vertical")]
    assert rows["statutory"].to_list() == [{"size": 8, "unit": "wd"}]
    again = in_force([*lines, line("A", date(2026, 9, 1), name="mới")], ON)
    assert again.select("name", "kind").rows() == [("mới", "own")]  # a line with facts replaces them whole


def test_what_a_source_does_not_say_of_kind_and_end_the_common_line_does() -> None:
    lines = [
        line("A", kind="vertical"), line("A", source="x", statutory="10wd"), line("A", source="y", kind="own"),
        line("B", JULY, ended=True), line("B", source="x", name="cũ"),
        line("B", date(2026, 9, 1), source="x", statutory="8wd"), line("B", date(2026, 9, 1), source="y", name="lại"),
    ]  # fmt: skip
    found = in_force(lines, ON).select("source", "procedure", "kind").rows()
    assert found == [("", "A", "vertical"), ("x", "A", "vertical"), ("y", "A", "own"), ("y", "B", "own")]
    assert in_force(lines, date(2026, 6, 30)).filter(pl.col("procedure") == "B")["source"].to_list() == ["x"]


def test_a_line_of_tomorrow_does_not_count_today() -> None:
    assert in_force([line("A", date(2026, 11, 24))], ON).is_empty()
    assert in_force([], ON).schema == COLUMNS


def test_what_is_not_said_is_counted_as_not_said() -> None:
    told = one(line("A", centre=True, post=False, online="none"), line("B"), line("C", centre=False, online="fully"))
    assert (told["procedures_published"], told["procedures_centre"], told["centre_unsaid"]) == (3, 1, 1)
    assert (told["procedures_post"], told["post_unsaid"]) == (0, 2)
    assert (told["procedures_online"], told["online_fully"], told["online_unsaid"]) == (1, 1, 1)


def test_agencies_and_enterprises_are_outside_the_province_s_own_totals() -> None:
    told = one(line("A", kind="vertical", centre=True, post=True, online="4"), line("B", kind="enterprise"), line("C"))
    assert (told["procedures_published"], told["procedures_vertical"], told["procedures_enterprise"]) == (1, 1, 1)
    assert (told["procedures_centre"], told["procedures_post"], told["procedures_online"]) == (0, 0, 0)


def test_four_steps_outside_the_centre_are_no_part_of_it() -> None:
    told = one(line("A", on_site=4), line("B", on_site=5, centre=True), line("C", on_site=4, centre=True))
    assert (told["procedures_four_step"], told["procedures_five_step"], told["procedures_residual"]) == (1, 1, 0)


def test_the_residual_falls_below_nothing_where_a_procedure_is_in_two_parts() -> None:
    assert one(line("A", centre=True, on_site=4, awaits="ministry"))["procedures_residual"] == -1
    assert one(line("A", centre=True))["procedures_residual"] == 1


def test_a_procedure_of_several_levels_counts_at_each_and_once_in_all() -> None:
    rows = each(in_force([line("A", levels=("province", "commune")), line("B", levels=("commune",)), line("C")], ON))
    by_level = {row["levels"]: row["procedures_published"] for row in counted(rows, ["levels"]).to_dicts()}
    assert by_level == {"province": 1, "commune": 2, None: 1}
    assert (counted(rows)["procedures_published"].item(), several_levels(rows)) == (3, 1)
    assert at_level(rows, "commune")["procedure"].to_list() == ["A", "B"]


def test_a_procedure_counts_once_as_its_common_line_says_it() -> None:
    lines = [line("A", source="x", post=False), line("A", post=True), line("B", source="y"), line("B", source="x")]
    rows = in_force(lines, ON)
    assert each(rows).select("source", "procedure", "post").rows() == [("", "A", True), ("x", "B", None)]
    assert in_force(lines, ON, ["y"]).select("source", "procedure").rows() == [("", "A"), ("y", "B")]
    assert in_force(lines, ON, []).height == 1


def test_reductions_weigh_each_procedure_the_same_and_leave_out_other_units() -> None:
    lines = [
        line("A", department="X", statutory="10wd", committed="5wd"), line("B", department="X", statutory="20d"),
        line("C", department="Y", statutory="10wd", committed="10d"), line("D", department="Y"),
        line("E", statutory="0wd"),
        line("F", department="Z", kind="vertical", statutory="10wd", committed="1wd"),
    ]  # fmt: skip
    found = {r.department: r for r in reductions(each(in_force(lines, ON)))}
    assert (found["X"].cut.share, found["X"].cut.limited, found["X"].cut.shortened) == (0.25, 2, 1)
    assert (found["Y"].cut.share, found["Y"].cut.odd, found["Y"].published) == (None, 1, 2)
    assert found[None].cut.share is None and "Z" not in found
    assert reduction(each(in_force(lines, ON))).share == 0.25


def test_procedures_without_a_dossier_and_dossiers_without_a_procedure() -> None:
    lines = [line("A"), line("B", source="x"), line("C"), line("D", kind="vertical"), line("E", JULY, ended=True)]
    came = pl.DataFrame(
        {
            "source": ["x", "x", "y", "y", "x", "x"],
            "procedure": ["A", "B", "B", "Z", "E", None],
            "received": [3, 0, 2, 5, 1, 9],
        }
    )
    assert idle(in_force(lines, ON), came)["procedure"].to_list() == ["C"]
    assert unknown(lines, came).rows() == [("y", "Z", 5), ("y", "B", 2)]


def test_a_limit_that_cannot_be_read_is_told_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"procedures.csv, line 7, statutory"):
        in_force([line("A", statutory="10", line="procedures.csv, line 7")], ON)


def test_every_share_has_parts_that_are_counted() -> None:
    names = {
        part for rate in RATES.values() for e in (rate.numerator, rate.denominator) for part in e.meta.root_names()
    }
    assert names <= COUNTS.keys() and not COUNTS.keys() & BESIDE.keys()
