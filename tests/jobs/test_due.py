"""``dunghan due`` as a script and a clerk meet it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from config import hours
from config.errors import ConfigError
from config.hours import Hours
from jobs import cli


class Asking:
    """Runs ``dunghan due`` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["dunghan", "due", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def json(self, *words: str) -> dict[str, Any]:
        code, out, _ = self(*words, "--json")
        assert code == 0
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asking:
    return Asking(monkeypatch, capsys)


def test_json_is_the_due_day_and_every_day_on_the_way(ask: Asking) -> None:
    assert ask.json("--received", "2026-03-05T09:00", "--limit", "2wd", "--suspend", "2026-03-05..2026-03-06") == {
        "due_on": "2026-03-10",
        "due_at": None,
        "counted": ["2026-03-09", "2026-03-10"],
        "skipped": [
            {"day": "2026-03-05", "reason": "ngày tiếp nhận", "decision": None},
            {"day": "2026-03-06", "reason": "tạm dừng", "decision": None},
            {"day": "2026-03-07", "reason": "cuối tuần", "decision": None},
            {"day": "2026-03-08", "reason": "cuối tuần", "decision": None},
        ],
    }


def test_a_limit_in_hours_ends_at_an_instant_with_its_offset(ask: Asking) -> None:
    found = ask.json("--received", "2026-03-02T16:00", "--limit", "2wh")
    assert (found["due_on"], found["due_at"]) == ("2026-03-03", "2026-03-03T08:30:00+07:00")
    assert found["counted"] == ["2026-03-02", "2026-03-03"]


def test_an_instant_with_another_offset_is_read_on_the_clock_of_the_office(ask: Asking) -> None:
    found = ask.json("--received", "2026-03-02T20:00Z", "--limit", "1wd")  # 03:00 on Tuesday
    assert found["due_on"] == "2026-03-04"


@pytest.mark.parametrize(
    ("suspend", "due_at"),
    [
        ("2026-03-02T10:00..2026-03-03T17:00", "2026-03-05T16:00:00+07:00"),
        ("2026-03-02..2026-03-03T17:00", "2026-03-05T09:00:00+07:00"),  # all of Monday, then Wednesday: 390 480 90
        ("2026-03-02T10:00..2026-03-03", "2026-03-05T16:00:00+07:00"),
    ],
)
def test_a_wait_may_be_told_by_the_day_or_by_the_minute(ask: Asking, suspend: str, due_at: str) -> None:
    assert ask.json("--received", "2026-03-02T09:00", "--limit", "16wh", "--suspend", suspend)["due_at"] == due_at


def test_waits_may_be_several_and_a_cut_off_moves_day_zero(ask: Asking) -> None:
    words = ("--suspend", "2026-03-04..2026-03-05", "--suspend", "2026-03-06..2026-03-09", "--cutoff", "15:00")
    found = ask.json("--received", "2026-03-02T15:30", "--limit", "3wd", *words)
    assert found["counted"] == ["2026-03-04", "2026-03-06", "2026-03-10"]


def test_the_table_shows_the_day_numbers_and_the_reasons(ask: Asking) -> None:
    code, out, err = ask("--received", "2026-04-29T09:00", "--limit", "1wd")
    assert (code, err) == (0, "")
    assert "04/05/2026" in out and "nghỉ lễ (Ngày Chiến thắng)" in out


def test_the_table_of_hours_shows_how_long_each_day_counted(ask: Asking) -> None:
    _, out, _ = ask("--received", "2026-03-02T16:00", "--limit", "2wh", "--unit", "Sở Xây dựng")
    assert "08:30 03/03/2026" in out and out.count("1 h 00") == 2 and "07:30–11:30, 13:00–17:00" in out


def test_a_due_day_beyond_the_confirmed_holidays_says_so_beside_the_answer(ask: Asking) -> None:
    code, out, err = ask("--received", "2026-12-30T09:00", "--limit", "5wd", "--json")
    assert (code, json.loads(out)["due_on"]) == (0, "2027-01-07")
    assert "no confirmed holidays after 2026-12-31" in err


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("--limit", "10days"), "--limit 10days"),
        (("--limit", "1wd", "--received", "29/4/2026"), "--received 29/4/2026"),
        (("--limit", "1wd", "--received", "0026-04-29"), "outside 1980–2079"),
        (("--limit", "1wd", "--cutoff", "3pm"), "--cutoff 3pm"),
        (("--limit", "1wd", "--suspend", "2026-03-05"), "--suspend 2026-03-05"),
        (("--limit", "1wd", "--suspend", "2026-03-05.."), "--suspend 2026-03-05.."),
        (("--limit", "1wd", "--suspend", "2026-03-05..2026-03-04"), "it ends before it begins"),
        (("--limit", "1wd", "--suspend", "2026-03-01..2026-03-04"), "before the receipt on 2026-03-02"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_next_step(ask: Asking, words: tuple[str, ...], place: str) -> None:
    code, out, err = ask("--received", "2026-03-02T09:00", *words)
    assert (code, out) == (3, "")
    assert place in err and "→" in err


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give one unit hours of its own, and another one a storm."""
    (tmp_path / "hours.toml").write_text(
        '[default]\nsessions = ["07:30-11:30", "13:00-17:00"]\n[[unit]]\nname = "Xã Tân Tiến"\n'
        'sessions = ["08:00-12:00"]\n[[unit.season]]\nfrom = "03-03"\nto = "03-31"\nsessions = ["09:00-12:00"]\n',
        encoding="utf-8",
    )
    (tmp_path / "calendar.toml").write_text(
        'confirmed_to = 2026-12-31\n[[closure]]\nunits = ["Phường Sông Cầu"]\nfrom = 2026-03-03\nto = 2026-03-04\n'
        'why = "đóng cửa vì bão"\ndecision = "77/QĐ"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))


def test_a_unit_has_its_own_closures(ask: Asking, own: None) -> None:
    words = ("--received", "2026-03-02T09:00", "--limit", "1wd")
    found = ask.json(*words, "--unit", "Phường Sông Cầu")
    assert found["counted"] == ["2026-03-05"]
    assert found["skipped"][1:] == [
        {"day": f"2026-03-0{day}", "reason": "đóng cửa vì bão", "decision": "77/QĐ"} for day in (3, 4)
    ]
    assert ask.json(*words)["due_on"] == "2026-03-03"


def test_a_unit_has_its_own_hours_and_the_season_is_told(ask: Asking, own: None) -> None:
    code, out, err = ask("--received", "2026-03-02T11:00", "--limit", "4wh", "--unit", "Xã Tân Tiến")
    assert (code, err) == (0, "")
    assert "12:00 03/03/2026" in out  # an hour on Monday, three on Tuesday
    assert "từ 02/03/2026: 08:00–12:00" in out and "từ 03/03/2026: 09:00–12:00" in out


def test_a_unit_misspelt_is_refused_with_the_name_that_was_meant(ask: Asking, own: None) -> None:
    code, out, err = ask("--received", "2026-03-02T09:00", "--limit", "1wd", "--unit", "xa tan  tien")
    assert (code, out) == (3, "")
    assert 'Did you mean "Xã Tân Tiến"?' in " ".join(err.split()) and "→" in err


def test_a_unit_without_days_or_hours_of_its_own_is_told_that_the_common_ones_are_used(ask: Asking, own: None) -> None:
    code, out, err = ask("--received", "2026-03-02T09:00", "--limit", "1wd", "--unit", "Sở Y tế", "--json")
    assert (code, json.loads(out)["due_on"]) == (0, "2026-03-03")
    assert '"Sở Y tế" has no hours or closures of its own' in err


def test_a_limit_may_begin_anew_at_the_return(ask: Asking) -> None:
    words = ("--received", "2026-03-02T09:00", "--limit", "3wd", "--suspend", "2026-03-04..2026-03-09")
    assert ask.json(*words)["due_on"] == "2026-03-10"
    assert ask.json(*words, "--restart")["due_on"] == "2026-03-12"


def test_calendar_days_show_the_working_day_on_which_they_close(ask: Asking) -> None:
    _, out, _ = ask("--received", "2026-03-27T09:00", "--limit", "1d")
    assert "Mon 30/03/2026" in out and "hết hạn vào cuối ngày làm việc này" in out
    assert "Bộ luật Dân sự 2015, điều 148" in out


def test_a_unit_may_keep_hours_of_its_own(tmp_path: Path) -> None:
    mine = tmp_path / "hours.toml"
    text = '[default]\nsessions = ["07:30-11:30"]\n[[unit]]\nname = "Xã A"\nsessions = ["08:00-12:00", "13:30-15:00"]\n'
    mine.write_text(text, encoding="utf-8")
    told = hours.load(mine)
    assert told.of("Xã A").usual == Hours(((480, 720), (810, 900)))
    assert told.of("Xã B").usual == told.of(None).usual == Hours(((450, 690),))
    assert told.of("Xã A").usual.minutes == 330


@pytest.mark.parametrize("sessions", ['"7h-11h"', '"11:30-07:30"', '"07:30-11:30", "11:30-12:00"', '"07:30"', ""])
def test_hours_that_cannot_be_read_name_the_file_and_the_key(tmp_path: Path, sessions: str) -> None:
    wrong = tmp_path / "hours.toml"
    wrong.write_text(f"[default]\nsessions = [{sessions}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hours.toml.*default.sessions"):
        hours.load(wrong)
