"""Fees, online payment, papers and results in electronic form: every number worked out by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from metrics.behind import behind
from metrics.evaluate import figures
from metrics.events import Event
from metrics.scope import Period
from tests.metrics.asked import ALL, counted
from tests.metrics.province import cube_of, day, dossier, facts_of

MARCH = ("2026-03-01", "2026-03-31")
_PAPERS = ("components", "components_digitised", "components_reused", "components_reuse_unknown")


def paid(code: str, fee: int | None, payment: str | None, **told: Any) -> dict[str, Any]:
    shared = {"received": "2026-03-02", "due": "2026-03-31"}
    return dossier(code, "processing", fee=fee, payment=payment, **(shared | told))


def test_fees_of_a_period_are_those_of_what_came_in_however_large() -> None:
    rows = (paid("A", 3_000_000_000, "online"), paid("B", 1_500_000_000, None), paid("C", 15_000, "direct"))
    found = counted(*MARCH, *rows, paid("D", 20_000, "online", received="2026-04-01"))
    assert found["fees"] == 4_500_015_000  # beyond what 32 bits hold
    assert counted("2026-04-01", "2026-04-01", *rows)["fees"] == 0


def test_online_payment_is_told_of_those_whose_payment_is_known() -> None:
    rows = [paid("A", 10_000, "online"), paid("B", 10_000, "direct"), paid("C", 10_000, "direct")]
    found = counted(*MARCH, *rows, paid("D", 10_000, None), paid("E", 0, "online"), paid("F", None, "online"))
    assert found["online_payment"] == {"numerator": 1, "denominator": 3, "value": pytest.approx(1 / 3)}
    assert (found["charged"], found["charged_unknown"], found["fees"]) == (3, 1, 40_000)


def test_where_no_payment_is_known_there_is_no_share_and_never_nought_percent() -> None:
    found = counted(*MARCH, paid("A", 10_000, None), paid("B", 0, None))
    assert found["online_payment"] == {"numerator": 0, "denominator": 0, "value": None}
    assert found["charged_unknown"] == 1


def test_what_was_never_accepted_costs_nothing() -> None:
    told: dict[str, Any] = {"fee": 9_000, "payment": "online", "components": 2, "components_digitised": 2}
    turned_down = dossier("A", "not_accepted", submitted="2026-03-02", rejected="2026-03-03", **told)
    waiting = dossier("B", "submitted", submitted="2026-03-02", **told)
    found = counted(*MARCH, turned_down, waiting)
    assert [found[name] for name in ("fees", "charged", "charged_unknown", "components_known")] == [0, 0, 0, 0]


def papers(code: str, all_: int | None, digitised: int | None, reused: int | None) -> dict[str, Any]:
    told = {"components": all_, "components_digitised": digitised, "components_reused": reused}
    return dossier(code, "processing", received="2026-03-02", due="2026-03-31", **told)


def test_papers_are_counted_where_both_numbers_are_known() -> None:
    found = counted(
        *MARCH, papers("A", 4, 3, 1), papers("B", 2, 0, 0), papers("C", 9, None, 9), papers("D", None, 5, 5)
    )
    assert [found[name] for name in ("components_known", *_PAPERS)] == [2, 6, 3, 1, 0]
    assert found["components_digitised_share"] == {"numerator": 3, "denominator": 6, "value": 0.5}
    assert found["components_reused_share"]["denominator"] == 6


def test_papers_of_which_nobody_says_whether_they_were_used_again_are_in_no_share_of_that() -> None:
    found = counted(*MARCH, papers("A", 4, 3, 1), papers("B", 6, 6, None))
    assert found["components_digitised_share"] == {"numerator": 9, "denominator": 10, "value": 0.9}
    assert found["components_reused_share"] == {"numerator": 1, "denominator": 4, "value": 0.25}
    alone = counted(*MARCH, papers("B", 6, 6, None))
    assert alone["components_reused_share"] == {"numerator": 0, "denominator": 0, "value": None}


def test_more_papers_digitised_than_there_are_is_a_mistake_and_makes_no_share_larger() -> None:
    found = counted(*MARCH, papers("A", 2, 5, 0), papers("B", 2, 1, 3))
    assert found["components_digitised_share"] == {"numerator": 1, "denominator": 2, "value": 0.5}
    assert found["components_reused_share"]["denominator"] == 0


def test_results_in_electronic_form_count_on_the_day_of_the_result() -> None:
    def done(code: str, results: int | None, status: str = "resolved") -> dict[str, Any]:
        return dossier(code, status, received="2026-02-25", due="2026-03-20", resolved="2026-03-05", results=results)

    rows = [done("A", 2), done("B", 0), done("C", None), done("D", 1, "withdrawn"), papers("E", 1, 1, 1)]
    found = counted(*MARCH, *rows)
    assert found["results_digital_share"] == {"numerator": 1, "denominator": 2, "value": 0.5}
    assert counted("2026-02-01", "2026-02-28", *rows)["results_known"] == 0
    assert counted(*MARCH, done("C", None))["results_digital_share"]["value"] is None


def test_groups_add_up_and_each_procedure_has_its_own_fees() -> None:
    rows = [paid("A", 10_000, "online", procedure="1.1"), paid("B", 30_000, "direct", procedure="1.1"),
            paid("C", 0, None, procedure="1.2")]  # fmt: skip
    period = Period(day("2026-03-01"), day("2026-03-31"))
    found = figures(cube_of(*rows), period=period, as_of=period.end, scope=ALL, by=["procedure"])
    assert found.select("procedure", "fees", "charged", "paid_online").rows() == [
        ("1.1", 40_000, 2, 1),
        ("1.2", 0, 0, 0),
    ]


EVENTS = {
    Event.FEES: ["A", "B", "C"], Event.CHARGED: ["A", "B"], Event.PAID_ONLINE: ["A"], Event.CHARGED_UNKNOWN: ["C"],
}  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_a_list_holds_the_dossiers_of_its_number(event: Event) -> None:
    told = facts_of(paid("A", 1, "online"), paid("B", 1, "direct"), paid("C", 1, None), paid("D", 0, "online"))
    period = Period(day("2026-03-01"), day("2026-03-31"))
    found = behind(told, event, period, period.end)
    assert found["code"].to_list() == EVENTS[event]
    assert found["event_on"].unique().to_list() == [day("2026-03-02")]


def test_amounts_are_counted_with_the_unit_of_their_day_on_the_map_as_it_was() -> None:
    row = paid("A", 70_000, "online", department="Sở Y", places=[("2026-03-02", "Sở X"), ("2026-03-10", "Sở Y")])
    period = Period(day("2026-03-01"), day("2026-03-31"))
    told = {}
    for on_map in ("today", "then"):
        rows = figures(cube_of(row), period=period, as_of=period.end, scope=ALL, by=["department"], on_map=on_map)
        told[on_map] = dict(rows.filter(pl.col("fees") > 0).select("department", "fees").iter_rows())
    assert told == {"today": {"Sở Y": 70_000}, "then": {"Sở X": 70_000}}
