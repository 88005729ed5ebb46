"""Event logs: one row per event, the last state wins."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tests.connectors.made import by_code, here, reasons, translated

LOG = """
source = "log"
time_zone = "Europe/Amsterdam"
[columns]
code = "case"
department = "dept"
due_at = "deadline"
[events]
time = "time"
activity = "activity"
resource = "who"
received = "first"
resolved = ["Decide", "Close"]
withdrawn = "Withdraw"
"""
HEADER = "case,dept,deadline,time,activity,who\n"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_events_fold_into_their_case_in_the_order_of_time_not_of_rows() -> None:
    rows = [
        "1,A,2011-11-05T00:00:00+01:00,2011-11-02T09:00:00+01:00,Decide,r2",
        "1,A,2011-11-05T00:00:00+01:00,2011-10-29T09:00:00+02:00,Open,r1",
        "2,B,,2011-10-30T02:30:00+02:00,Open,r1",
        "2,B,,2011-10-30T02:10:00+01:00,Check,r3",
    ]
    done = translated(HEADER + "\n".join(rows) + "\n", LOG)
    found = by_code(done)
    assert (done.n_read, done.good.height, done.merged) == (4, 2, 2)
    assert here(found["1"]["received_at"], AMSTERDAM) == "2011-10-29 09:00"
    assert here(found["1"]["resolved_at"], AMSTERDAM) == "2011-11-02 09:00"
    assert (found["1"]["status"], found["1"]["step"]) == ("resolved", "Decide")
    assert (found["2"]["status"], found["2"]["step"]) == ("processing", "Check")


def test_the_last_closing_activity_decides_how_a_case_ended() -> None:
    rows = [
        "1,A,,2011-10-29T09:00:00Z,Open,r",
        "1,A,,2011-10-30T09:00:00Z,Withdraw,r",
        "1,A,,2011-10-31T09:00:00Z,Mail,r",
    ]
    row = by_code(translated(HEADER + "\n".join(rows) + "\n", LOG))["1"]
    assert (row["status"], here(row["resolved_at"], AMSTERDAM)) == ("withdrawn", "2011-10-30 10:00")


def test_a_reopened_case_is_open_when_its_last_row_has_no_finish() -> None:
    toml = LOG.split("[events]")[0] + 'received_at = "start"\nresolved_at = "end"\n[events]\ntime = "time"\n'
    text = "case,dept,deadline,start,end,time\n"
    text += "1,A,25/11/2026,20/11/2026,22/11/2026,22/11/2026 09:00\n1,,,20/11/2026,,23/11/2026 09:00\n"
    row = by_code(translated(text, toml))["1"]
    assert (row["status"], row["resolved_at"]) == ("processing", None)
    assert (row["department"], here(row["due_at"], AMSTERDAM)) == ("A", "2026-11-25 00:00")


def test_an_event_without_a_time_is_refused_and_its_case_lives_on_the_others() -> None:
    rows = ["1,A,,2011-10-29T09:00:00Z,Open,r", "1,A,,,Decide,r", "1,A,,soon,Decide,r"]
    done = translated(HEADER + "\n".join(rows) + "\n", LOG)
    assert by_code(done)["1"]["status"] == "processing"
    assert reasons(done) == {"row 3": ["event_time_missing"], "row 4": ["unreadable_date"]}


def test_a_status_column_of_the_log_counts_as_of_its_last_event() -> None:
    toml = LOG.replace('resolved = ["Decide", "Close"]\nwithdrawn = "Withdraw"\n', 'resolved = "Hoàn thành"\n')
    toml = toml.replace('department = "dept"', 'department = "dept"\nstatus = "activity"')
    toml += '[status.words]\n"Tiếp nhận" = "accepted"\n"Bổ sung" = "supplement"\n"Hoàn thành" = "resolved"\n'
    rows = [
        "1,A,,1/11/2026,Tiếp nhận,r",
        "1,A,,14/11/2026,Bổ sung,r",
        "2,A,,14/11/2026,Tiếp nhận,r",
        "2,A,,15/11/2026,Hoàn thành,r",
    ]
    found = by_code(translated(HEADER + "\n".join(rows) + "\n", toml))
    assert {k: r["status"] for k, r in found.items()} == {"1": "supplement", "2": "resolved"}


def test_a_named_activity_that_never_occurs_is_shown_and_counted() -> None:
    done = translated(HEADER + "1,A,,2011-10-29T09:00:00Z,Open,r\n", LOG)
    assert ("Withdraw", "withdrawn", 0) in done.words["activity"]
    assert done.flags["activity_never_seen"] == 3


def test_two_events_of_one_moment_keep_the_order_of_the_file() -> None:
    rows = ["1,A,,2011-10-29T09:00:00Z,Open,r", "1,A,,2011-10-29T09:00:00Z,Check,r"]
    assert by_code(translated(HEADER + "\n".join(rows) + "\n", LOG))["1"]["step"] == "Check"


def test_an_ending_before_a_reopening_does_not_count() -> None:
    toml = LOG.replace('withdrawn = "Withdraw"', 'withdrawn = "Withdraw"\nreopened = "Reopen"')
    rows = [
        "1,A,,2011-10-29T09:00:00Z,Open,r",
        "1,A,,2011-10-30T09:00:00Z,Decide,r",
        "1,A,,2011-10-31T09:00:00Z,Reopen,r",
        "2,A,,2011-10-29T09:00:00Z,Open,r",
        "2,A,,2011-10-30T09:00:00Z,Withdraw,r",
        "2,A,,2011-10-30T09:00:00Z,Reopen,r",
        "2,A,,2011-11-02T09:00:00Z,Decide,r",
    ]
    done = translated(HEADER + "\n".join(rows) + "\n", toml)
    found = by_code(done)
    assert (found["1"]["status"], found["1"]["resolved_at"]) == ("processing", None)
    assert (found["2"]["status"], here(found["2"]["resolved_at"], AMSTERDAM)) == ("resolved", "2011-11-02 10:00")
    assert ("Reopen", "reopened", 2) in done.words["activity"]


def test_a_case_withdrawn_after_a_decision_ends_on_the_day_of_the_withdrawal() -> None:
    rows = [
        "1,A,,2011-10-29T09:00:00Z,Open,r",
        "1,A,,2011-10-30T09:00:00Z,Decide,r",
        "1,A,,2011-11-02T09:00:00Z,Withdraw,r",
    ]
    row = by_code(translated(HEADER + "\n".join(rows) + "\n", LOG))["1"]
    assert (row["status"], here(row["resolved_at"], AMSTERDAM)) == ("withdrawn", "2011-11-02 10:00")


def test_a_promise_moved_within_the_log_is_pointed_at() -> None:
    rows = ["1,A,2011-11-05,2011-10-29T09:00:00Z,Open,r", "1,A,,2011-10-30T09:00:00Z,Check,r"]
    assert "due_moved_in_log" not in translated(HEADER + "\n".join(rows) + "\n", LOG).flags
    rows.append("1,A,2011-11-20,2011-11-06T09:00:00Z,Check,r")
    assert translated(HEADER + "\n".join(rows) + "\n", LOG).flags["due_moved_in_log"] == 1
