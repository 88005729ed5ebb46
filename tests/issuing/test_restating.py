"""What is learned of an issued report is told beside it: which figure, then and now, and which dossiers explain it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import sqlalchemy as sa

from jobs import issuing, reprinting, restating
from reports import formats
from reports import restating as printing
from store import issued
from store.database import writing
from tests.issuing.conftest import FRIDAY, PROVINCE, Office, moment
from tests.reports.province import THURSDAY, case

TUESDAY = THURSDAY - timedelta(days=2)


def issue(office: Office) -> issued.Edition:
    office.sets(approval='"automatic"')
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    issuing.issue_approved(office.store, moment(FRIDAY, 8))
    return office.reports()[0]


def test_nothing_is_restated_while_nothing_was_learned(office: Office) -> None:
    one = issue(office)
    assert restating.restate(office.store, one, moment(FRIDAY, 9)) is None
    stranger = case("TP-1", "Sở Tư pháp", date(2018, 12, 20), None, received=FRIDAY)
    office.hears(stranger, at=moment(FRIDAY, 9))  # of another week
    assert restating.restate(office.store, one, moment(FRIDAY, 10)) is None
    assert issued.restatements_of(office.store, one.id, PROVINCE) == []


def test_a_restatement_names_the_dossiers_that_moved_each_figure(office: Office) -> None:
    one = issue(office)
    code = f"XD-{THURSDAY:%y%m%d}-0019"  # was printed as finished two days late; its source says now: in time
    put_right = case(code, "Sở Xây dựng", TUESDAY, TUESDAY, changed_at=moment(FRIDAY, 14))
    office.hears(put_right, at=moment(FRIDAY, 15))
    office.hears(case("XD-SAU", "Sở Xây dựng", TUESDAY, None), at=moment(FRIDAY, 15))  # was not told of at all
    assert restating.restate(office.store, one, moment(FRIDAY, 16)) == 1
    (kept,) = issued.restatements_of(office.store, one.id, PROVINCE)
    told = {each["key"]: each for each in kept["told"]}
    rate = told["due.rate"]
    assert (rate["then"]["n"], rate["then"]["d"], rate["now"]["n"], rate["now"]["d"]) == (15, 20, 16, 21)
    assert [d["code"] for d in rate["dossiers"]] == [code, "XD-SAU"]
    assert rate["dossiers"][0]["counts"] == {"due_met": 1}
    assert rate["why"] == "nguồn gửi muộn 1 hồ sơ; nguồn cập nhật sau 1 hồ sơ"
    stock = told["stock"]
    assert (stock["then"]["v"], stock["now"]["v"], [d["code"] for d in stock["dossiers"]]) == (1, 2, ["XD-SAU"])
    assert restating.restate(office.store, one, moment(FRIDAY, 17)) is None  # the same is not said twice


def test_a_dossier_that_went_to_another_unit_moves_the_figures_of_both_and_none_of_the_whole(office: Office) -> None:
    code = f"XD-{THURSDAY:%y%m%d}-0019"
    one = issue(office)
    moved = case(code, "Sở Y tế", TUESDAY, THURSDAY, changed_at=moment(FRIDAY, 14))
    office.hears(moved, at=moment(FRIDAY, 15))
    restating.restate(office.store, one, moment(FRIDAY, 16))
    (kept,) = issued.restatements_of(office.store, one.id, PROVINCE)
    told = {each["key"]: each for each in kept["told"]}
    assert set(told) == {"due.rate/Sở Xây dựng", "due.rate/Sở Y tế"}
    left, came = told["due.rate/Sở Xây dựng"], told["due.rate/Sở Y tế"]
    assert left["name"] == "Sở Xây dựng: tỷ lệ đúng hạn theo ngày hẹn trả"
    for change, by in ((left, -1), (came, 1)):
        then, now = (change[when] for when in ("then", "now"))
        assert (now["n"] - then["n"], now["d"] - then["d"]) == (0, by)
        assert [(d["code"], d["counts"]) for d in change["dossiers"]] == [(code, {"due": by})]
        assert change["why"] == "nguồn cập nhật sau 1 hồ sơ"


def test_many_units_are_printed_with_the_most_dossiers_first_and_the_rest_by_their_number() -> None:
    def of(unit: str | None, dossiers: int) -> dict[str, object]:
        listed = [{"source": "mot_cua", "code": f"{unit}-{at}"} for at in range(dossiers)]
        told = {"key": "stock", "name": f"{unit}", "unit": unit, "then": {"t": "1"}, "now": {"t": "2"}}
        return told | {"dossiers": listed, "why": ""}

    rows = printing.rows("1/2018", "tuần 45", [*(of(f"u{n:02}", n) for n in range(1, 16)), of(None, 30)])
    assert [row["dossiers"] for row in rows] == [30, *range(15, 3, -1), 1 + 2 + 3]
    assert rows[-1]["figure"] == "3 số liệu khác của từng đơn vị"


def test_the_next_report_prints_what_was_restated_and_the_one_after_only_what_is_new(office: Office) -> None:
    first = issue(office)
    office.hears(case("XD-SAU", "Sở Xây dựng", TUESDAY, None), at=moment(FRIDAY, 15))
    for weeks in (1, 2):
        day = FRIDAY + timedelta(weeks=weeks)
        # In the second week a dossier of the reported week is heard of that no other figure moves with.
        came = FRIDAY if weeks == 1 else TUESDAY
        office.hears(case(f"XD-{weeks}", "Sở Xây dựng", day, None, received=came), at=moment(day, 7))
        issuing.draft_due(office.store, moment(day, 7, 30))
        issuing.issue_approved(office.store, moment(day, 8))
    printed = []
    for one in office.reports():
        paper = issued.paper(office.store, one.id, "json", PROVINCE)
        assert paper is not None
        printed.append(json.loads(paper.content)["restatements"])
    assert printed[0]["empty"]["rule"] == "X01"  # no report before it
    rate = [cell.replace(formats.NBSP, " ") for cell in printed[1]["rows"][0]]
    assert rate[:6] == [f"1/{first.year}", "Tỷ lệ đúng hạn theo ngày hẹn trả", "tuần 45/2018", "75,0 %", "71,4 %", "1"]
    again = {row[1]: row[3:5] for row in printed[2]["rows"] if row[0] == f"1/{first.year}"}
    assert again.keys() == {"Hồ sơ tiếp nhận", "Biểu II.06, cột (3)", "Biểu II.06, cột (11)"}
    assert again["Hồ sơ tiếp nhận"] == ["0", "1"]


def test_an_issued_report_is_printed_again_byte_for_byte_and_a_changed_one_is_found(office: Office) -> None:
    one = issue(office)
    assert reprinting.wrong(office.store, one) == []
    with writing(office.store) as connection:  # somebody who owns the tables
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER papers_no_update"))
        else:
            connection.execute(sa.text("ALTER TABLE papers DISABLE TRIGGER ALL"))
        connection.execute(sa.text("UPDATE papers SET content = 'JVBE' || substr(content, 5) || '' WHERE form = 'pdf'"))
        changed = "UPDATE papers SET content = 'AAAA' || substr(content, 5) WHERE form = 'pdf'"
        connection.execute(sa.text(changed))
    assert reprinting.wrong(office.store, one) == [
        "pdf: its bytes are not those of its hash.", "pdf: printed again it is not the same.",
    ]  # fmt: skip
