"""The commands of a report's life: what they print, and the exit codes that scripts read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jobs import issuing
from jobs.cli import main
from tests.issuing.conftest import FRIDAY, Office, moment


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
    assert say("approve", str(one.id), "--by", "giamdoc")[0] == 0
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
    assert say("hold-reasons")[0] == 0
    issuing.draft_due(office.store, moment(FRIDAY, 7, 30))
    (one,) = office.reports()
    assert "it is not issued" in say("verify", str(one.id))[1]
    assert "Write the caveat" in say("issue", str(one.id), "--force", "--by", "giamdoc")[1]
