"""The operator's book is followed letter by letter on a small store, and quotes nothing that is not said."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.main import get_command

from config import calendar, mail, report, units
from config.settings import settings
from jobs import cli, mailing
from store.database import open_store, writing
from store.outbox import Message, put
from tests.architecture.test_documents import _assert_understood as assert_understood
from tests.architecture.tracked import ROOT
from tests.deploy.machine import ROLES
from tests.mailing.office_mail import Mailbox, open_mailbox
from tests.operate import office
from tests.operate.book import FILES, OTHERS, Typed, answers, lines, quoted, source

#: What needs another machine: its own tests, by the beginning of the line.
ELSEWHERE = {
    "report send": "tests/issuing/test_cli.py",
    "store roles": "tests/store (PostgreSQL)",
}


def test_every_screen_text_that_is_quoted_is_said() -> None:
    said = source()
    assert [text for text in quoted() if text not in said] == []


def test_every_answer_of_a_command_that_is_quoted_is_given() -> None:
    said = source()
    names = re.compile(r"[/=\[]|^\d|…")  # paths, settings and examples are no answers
    assert [text for text in answers() if not names.search(text) and text not in said] == []


def test_every_line_is_a_command_that_there_is() -> None:
    typed = lines()
    assert len(typed) > 50
    for each in typed:
        if each.program != "dunghan-as":
            assert each.program in OTHERS or each.line.startswith("newest="), each
            continue
        _, role, *words = shlex.split(each.line.replace('"$newest"', "newest"), comments=True)
        assert role in ROLES, each
        assert_understood(get_command(cli.app), [word for word in words if word != ">"], each.line)


class Machine:
    """A production in folders of the test: /etc, /var and /opt are put there, and each role is the same store."""

    def __init__(self, root: Path, box: Mailbox, patch: pytest.MonkeyPatch, seen: pytest.CaptureFixture[str]) -> None:
        self.root, self.box, self.patch, self.seen = root, box, patch, seen
        self.places = {
            "/etc/dunghan/settings": root / "settings", "/var/backups/dunghan": root / "backups",
            "/var/lib/dunghan": root / "home", "/root/gui": root / "gui", "/opt/dunghan/current": ROOT,
            "/etc/dunghan/secrets/worker": root / "secrets",
        }  # fmt: skip
        for place in self.places.values():
            place.mkdir(exist_ok=True)
        self.vendor, self.mapping = root / "motcua.db", root / "settings/mot-cua-so.toml"
        office.vendor(self.vendor, datetime.now(UTC), weeks=2)
        office.settings(root / "settings", self.vendor)
        self.url = f"sqlite:///{root / 'home/dunghan.sqlite'}"
        told = {
            "DUNGHAN_STORE": self.url, "DUNGHAN_HOME": str(root / "home"), "DUNGHAN_CONFIG": str(root / "settings"),
            "DUNGHAN_BACKUPS": str(root / "backups"), "DUNGHAN_SMTP_HOST": "127.0.0.1",
            "DUNGHAN_SMTP_PORT": str(box.port), "DUNGHAN_SMTP_SECURITY": "none",
            "DUNGHAN_SMTP_FROM": "dunghan@minhson.example",
        }  # fmt: skip
        for name, value in told.items():
            patch.setenv(name, value)
        self.restarted()

    def restarted(self) -> None:
        """Read the settings anew, as a process does that starts."""
        units.forget()
        settings.cache_clear()
        for module in (calendar, mail, report):
            module._load.cache_clear()

    def local(self, text: str) -> str:
        for place, here in self.places.items():
            text = text.replace(place, str(here))
        return text.replace(" -o dunghan -g dunghan", "")

    def type(self, line: str) -> tuple[int, str]:
        """Type one line; gives its exit code and what it said, in one line."""
        if line.split()[0] == "dunghan-as":
            self.restarted()
            return self._ours(shlex.split(self.local(line.replace('"$newest"', str(self.newest())))))
        if line.split()[0] in FILES:
            command = ["bash", "-euc", self.local(line)]  # a secret is pasted where one is asked for
            done = subprocess.run(command, input="Mật khẩu mới\n", capture_output=True, text=True)
            return done.returncode, done.stderr
        return 0, ""

    def _ours(self, words: list[str]) -> tuple[int, str]:
        to = Path(words[words.index(">") + 1]) if ">" in words else None
        self.patch.setattr(sys, "argv", ["dunghan", *(words[2 : words.index(">")] if to else words[2:])])
        self.seen.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self.seen.readouterr()
        if to:
            to.write_text(said.out, encoding="utf-8")
        return code, " ".join((said.out + said.err).split())

    def newest(self) -> Path:
        return max(self.places["/var/backups/dunghan"].glob("dunghan-*Z.zip"), default=Path("none"))

    def edit(self, before: str, after: str) -> None:
        """Do in an editor what the book says."""
        text = self.mapping.read_text(encoding="utf-8")
        assert before in text
        self.mapping.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Machine]:
    with open_mailbox() as box:
        made = Machine(tmp_path, box, monkeypatch, capsys)
        yield made
        monkeypatch.undo()
        made.restarted()


def provoke(machine: Machine, typed: Typed, before: int) -> None:
    """Let happen what a section is about, right before its first line that would show it (``before``: lines of the
    section typed so far)."""
    match typed.section, before:
        case 1, 0:
            assert machine.type("dunghan-as worker sync mot-cua-so")[0] == 0
            assert machine.type("dunghan-as dashboard person add quantri --role administrator --one-time")[0] == 0
        case 2, 0:
            machine.vendor.rename(machine.vendor.with_suffix(".away"))
            code, said = machine.type(typed.line)
            assert (code, "there is no such database" in said) == (3, True)
            assert "the last run failed" in machine.type("dunghan-as worker doctor")[1]
            machine.vendor.with_suffix(".away").rename(machine.vendor)
        case 3, 0:
            office.changed(machine.vendor, "ALTER TABLE ho_so RENAME COLUMN ngay_hen TO ngay_hen_tra")
            said = machine.type("dunghan-as worker sync mot-cua-so")[1]
            assert 'there is no column "ngay_hen". Did you mean "ngay_hen_tra"?' in said
            machine.edit('due_at = "ngay_hen"', 'due_at = "ngay_hen_tra"')
        case 3, 2:
            office.changed(
                machine.vendor,
                "UPDATE ho_so SET trang_thai = 'Chờ ký duyệt', cap_nhat = datetime('now', '+7 hours') "
                "WHERE don_vi = 'Sở Y tế' AND trang_thai = 'Đang xử lý'",
            )
            assert "0 changed" in machine.type("dunghan-as worker sync mot-cua-so")[1]
            assert "rows in quarantine" in machine.type("dunghan-as worker doctor")[1]
        case 3, 3:
            machine.edit('"Đang xử lý" = "processing"', '"Đang xử lý" = "processing"\n"Chờ ký duyệt" = "processing"')
        case 4, 0:
            machine.box.refused["vanthu@minhson.example"] = "451 later"
            store = open_store(machine.url, home=machine.root / "home")
            with writing(store) as connection:
                letter = Message("report:1", "notice", "mail", "vanthu@minhson.example", "Báo cáo", "Kính gửi …")
                assert put(connection, letter, at=datetime.now(UTC))
            mailing.deliver(store, mailing.carriers(), clock=lambda: datetime.now(UTC))
            store.engine.dispose()
            machine.box.refused.clear()
        case 7, 0:
            office.changed(
                machine.vendor,
                "UPDATE ho_so SET don_vi = 'UBND xã Hoà Bình', cap_nhat = datetime('now', '+7 hours') "
                "WHERE don_vi = 'UBND xã Hòa An' AND trang_thai = 'Đang xử lý'",
            )
            assert machine.type("dunghan-as worker sync mot-cua-so")[0] == 0
        case 8, 0:
            assert machine.type("dunghan-as owner store nightly /var/backups/dunghan")[0] == 0
            for file in (machine.root / "home").glob("dunghan.sqlite*"):
                file.unlink()


#: What a line must be followed by, as the book says: (section, beginning of the line) → exit codes, a text.
SEEN = {
    (1, "worker doctor"): ((0, 1), "figures catalogue"),
    (2, "worker sync"): ((0,), "✓ mot-cua-so:"),
    (3, "worker sync"): ((0,), "columns gone since the last pull"),
    (3, "worker quarantine --source"): ((0,), 'status "Chờ ký duyệt"'),
    (3, "worker quarantine replay"): ((0,), "rows waited in quarantine, 0 wait still"),
    (4, "worker doctor"): ((0, 1), "lets us in"),
    (4, "worker outbox list"): ((0,), "waiting"),
    (4, "worker outbox retry"): ((0,), "waits to be sent again"),
    (5, "dashboard person disable"): ((0,), "may sign in no more"),
    (5, "dashboard person list"): ((0,), "no more, since"),
    (6, "worker due"): ((0,), "123/QĐ-UBND"),
    (6, "worker doctor"): ((0, 1), "figures"),
    (7, "worker doctor"): ((0, 1), "made by other settings than stand in the files now"),
    (8, "owner store verify"): ((0,), "✓ nothing is wrong."),
    (8, "owner store restore"): ((0,), "are back; data version"),
    (8, "owner store nightly"): ((0,), "loaded and verified"),
    (10, "owner store verify"): ((0,), "✓ nothing is wrong."),
}


def test_the_book_is_followed_from_the_first_line_to_the_last(machine: Machine) -> None:
    followed, unsaid = 0, set(SEEN)
    typed, before = lines(), dict.fromkeys(range(20), 0)
    for each in typed:
        provoke(machine, each, before[each.section])
        before[each.section] += 1
        words = each.line.partition(" ")[2].partition(" ")[2]
        if each.program == "dunghan-as" and any(words.startswith(left) for left in ELSEWHERE):
            continue
        code, said = machine.type(each.line)
        fits = [key for key in SEEN if key[0] == each.section and each.line.startswith(f"dunghan-as {key[1]}")]
        codes, text = SEEN[fits[0]] if fits else ((0, 1) if words.startswith("doctor") else (0,), "")
        assert code in codes and text in said, f"section {each.section}: {each.line}: {code} {said}"
        unsaid -= set(fits)
        followed += each.program == "dunghan-as"
    assert unsaid == set()
    assert followed > 30
    assert (machine.root / "gui/doctor.txt").read_text(encoding="utf-8")
    secret = machine.root / "secrets/MOT_CUA_PASSWORD"
    assert (secret.read_text(encoding="utf-8"), secret.stat().st_mode & 0o777) == ("Mật khẩu mới\n", 0o600)
    merged = machine.type("dunghan-as worker units")[1]
    assert "The registers know every name that sources write." in merged
