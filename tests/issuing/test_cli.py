"""The commands of a report's life: what they print, and the exit codes that scripts read."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from jobs import issuing, mail_found, resending
from jobs.cli import main
from store import audit, editions, outbox
from store.editions import Claim
from tests.issuing.conftest import FRIDAY, Office, moment

WEEK_BEFORE = Claim("friday", "", date(2018, 10, 26), date(2018, 11, 1), date(2018, 11, 2))


@pytest.fixture
def say(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run ``dunghan report …`` on the office's store; gives the exit code and what was printed."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["dunghan", "report", *words, "--store", office.store.url])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, re.sub(r"\s+", " ", told.out + told.err)

    return run


def test_a_report_is_followed_from_its_draft_to_its_proof(office: Office, say: Any) -> None:
    assert "No report was drafted yet" in say("list")[1]
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    assert "friday" in say("list")[1]
    assert say("issue", str(one.id))[0] == 1  # nobody has approved it
    assert say("remark", str(one.id), "Đã xem.", "--by", "giamdoc") == (0, f"report {one.id}: remark kept ")
    assert say("approve", str(one.id), "--draft", "0" * 12, "--by", "giamdoc")[0] != 0  # that draft nobody made
    mark = re.search(r"draft: (\S+)", say("show", str(one.id))[1])
    assert mark is not None
    assert say("approve", str(one.id), "--draft", mark[1], "--by", "giamdoc")[0] == 0
    code, told = say("issue", str(one.id))
    assert (code, f"report {one.id}: issued, number 1/" in told) == (0, True)
    year = office.reports()[0].year
    assert say("verify", f"1/{year}") == (0, f"1/{year} every form is what was issued, byte for byte ")
    assert say("restate") == (0, "nothing more has changed ")
    shown = say("show", f"1/{year}")[1]
    assert [word for word in ("claimed", "drafted", "remarked", "approved", "issued") if f" {word} " not in shown] == []
    assert shown.count("sha256") == 4


def test_what_cannot_be_done_is_said(office: Office, say: Any) -> None:
    assert say("show", "7/2018")[0] == 3
    assert "there is none" in say("show", "7/2018")[1]
    assert "See dunghan report list" in say("verify", "12")[1]
    assert say("hold-reasons") == (0, "No report is held back. ")
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    assert "it is not issued" in say("verify", str(one.id))[1]
    assert "Write the caveat" in say("issue", str(one.id), "--force", "--by", "giamdoc")[1]


def test_what_is_held_is_sent_by_its_mark_and_what_was_never_made_not_at_all(office: Office, say: Any) -> None:
    force = ("--force", "--by", "giamdoc", "--caveat", "Đã xem tay.")
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    reason = [{"code": "report_unbalanced", "values": {}}]
    assert editions.hold(office.store, one.id, reason, at=moment(FRIDAY, 7, 31))
    code, told = say("issue", str(one.id), *force)
    assert (code, f"Read it (dunghan report show {one.id})" in told) == (3, True)
    mark = re.search(r"draft: ([0-9a-f]{12}) ", say("show", str(one.id))[1])
    assert mark is not None
    code, told = say("issue", str(one.id), *force, "--draft", mark[1])
    assert (code, f"report {one.id}: issued, number 1/" in told) == (0, True)
    never = editions.claim(office.store, WEEK_BEFORE, at=moment(FRIDAY, 8))
    assert never is not None
    note = [{"code": "report_not_made", "values": {"why": "store x: it is full."}}]
    assert editions.drafted(office.store, never, None, note, at=moment(FRIDAY, 8))
    code, told = say("issue", str(never), *force)
    assert (code, "it could not be made: store x: it is full; there is nothing to send." in told) == (3, True)
    assert "draft:" not in say("show", str(never))[1]


def test_a_recipient_named_too_late_is_written_to_once_and_the_doctor_says_until_then(
    office: Office, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNGHAN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DUNGHAN_SMTP_PORT", "1")
    monkeypatch.setenv("DUNGHAN_SMTP_SECURITY", "none")
    monkeypatch.setenv("DUNGHAN_SMTP_FROM", "baocao@minhson.example")
    office.sends_to("vanthu@minhson.example")
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    office.approve(one.id)
    assert issuing.issue(office.store, one.id, moment(FRIDAY))
    assert resending.newest_missed(office.store) == []
    office.sends_to("chutich@minhson.example")
    named = [told[:3] for told in mail_found.looked_at(office.store, moment(FRIDAY)) if told[0].startswith("report ")]
    words = "it was issued, and 1 of its recipients in report.toml were never written to"
    assert named == [("report 1/2018", "look", words)]
    assert say("send", "1/2018", "--by", "vanhanh")[0] == 0
    assert say("send", "1/2018", "--by", "vanhanh")[1].startswith("report 1/2018: mail to 0 more")
    told = {row["recipient"]: row for row in outbox.listed(office.store)}
    assert len(told) == 2 and told["chutich@minhson.example"]["body"] == told["vanthu@minhson.example"]["body"]
    assert told["chutich@minhson.example"]["attached"] == told["vanthu@minhson.example"]["attached"]
    (kept,) = audit.read(office.store, what="report 1/2018").to_dicts()
    assert (kept["person"], kept["detail"]) == ("vanhanh", "mail to 1 more recipients")
    assert resending.newest_missed(office.store) == []
