"""Figures beside another period, form II.06 and corrections, as typed on the command line."""

from __future__ import annotations

import pytest

from store import people
from store.database import open_store
from tests.jobs.shell import HEADER, MAPPING, ROWS, Shell


def test_a_period_is_put_beside_the_one_before(shell: Shell) -> None:
    shell.load()
    found = shell.figures(
        "--from", "2026-03-16", "--to", "2026-03-22", "--as-of", "2026-03-22", "--compare", "previous"
    )
    assert found["compared_with"] == {
        "name": "previous", "from": "2026-03-09", "to": "2026-03-15", "as_of": "2026-03-15",
    }  # fmt: skip
    (group,) = found["groups"]
    # H01-1 was resolved on 13/3, H01-2 on 17/3 (a day late); H01-4 came on 20/3.
    assert (group["counts"]["resolved"], group["before"]["counts"]["resolved"], group["change"]["resolved"]) == (
        1,
        1,
        0,
    )
    assert (group["counts"]["received"], group["before"]["counts"]["received"], group["change"]["received"]) == (
        1,
        0,
        1,
    )
    assert group["before"]["rates"]["on_time_resolved"] == {"numerator": 1, "denominator": 1, "value": 1.0}
    _, out, _ = shell("figures", "--from", "2026-03-16", "--to", "2026-03-22", "--compare", "previous")
    assert "beside 2026-03-09 – 2026-03-15" in out


def test_a_group_that_was_not_there_before_counts_zero(shell: Shell) -> None:
    shell.load()
    found = shell.figures("--from", "2026-03-16", "--to", "2026-03-22", "--as-of", "2026-03-22", "--by", "department",
                          "--compare", "last_year")  # fmt: skip
    health = next(g for g in found["groups"] if g["by"]["department"] == "Sở Y tế")
    assert health["before"]["counts"]["received"] == 0
    assert health["change"]["received"] == health["counts"]["received"] == 1
    assert health["before"]["rates"]["on_time_due"]["value"] is None


def test_how_long_results_took_stands_beside_the_counts(shell: Shell) -> None:
    shell.load()
    (group,) = shell.figures("--as-of", "2026-03-20")["groups"]
    assert group["took"] == {"n": 2, "median": 9, "p90": 11}  # 2/3 to 13/3: 9 working days; to 17/3: 11


@pytest.mark.parametrize(
    ("words", "place", "step"),
    [
        (("--compare", "previus"), "--compare previus", 'Did you mean "previous"?'),
        (("--map", "yesterday"), "--map yesterday", "Write today, or then"),
        (("--by", "month", "--compare", "previous"), "--by/--compare", "Leave one of them out"),
        (("--by", "department", "--by", "department"), "--by department", "Name it once"),
        (("--by", "field,field"), "--by field", "Name it once"),
        (("--as-of", "0001-01-01"), "--as-of", "Write a year from 1990 to 2100"),
        (("--as-of", "9999-12-31"), "--as-of", "the year 9999 cannot be meant"),
        (("--known-at", "0001-01-01"), "--known-at", "Write a year from 1990 to 2100"),
        (("--from", "0001-01-01"), "--from", "the year 1 cannot be meant"),
    ],
)
def test_a_word_that_is_not_known_is_told_with_the_next_step(
    shell: Shell,
    words: tuple[str, ...],
    place: str,
    step: str,
) -> None:
    shell.load()
    code, _, said = shell("figures", *words)
    assert (code, place in said, step in said) == (3, True, True)


def test_figures_and_overdue_of_one_source_leave_the_others_out(shell: Shell) -> None:
    shell.load()
    (shell.folder / "b.toml").write_text(MAPPING.replace('"mot-cua"', '"cong-tinh"'), encoding="utf-8")
    (shell.folder / "b.csv").write_text(HEADER + ROWS.splitlines()[2], encoding="utf-8")
    shell("load", str(shell.folder / "b.csv"), "--mapping", str(shell.folder / "b.toml"))
    received = {
        name: shell.figures("--as-of", "2026-03-20", *words)["groups"][0]["counts"]["received"]
        for name, words in {"both": (), "b": ("--source", "cong-tinh"), "a": ("--source", "mot-cua")}.items()
    }
    assert received == {"both": 5, "b": 1, "a": 4}
    late = shell.json("overdue", "--as-of", "2026-03-20", "--source", "cong-tinh")
    assert [(d["source"], d["code"]) for d in late["dossiers"]] == [("cong-tinh", "H01-3")]
    assert shell.json("overdue", "--as-of", "2026-03-20")["count"] == 2
    code, _, said = shell("overdue", "--source", "cong-tinhh")
    assert (code, 'Did you mean "cong-tinh"?' in said) == (3, True)


def test_the_form_is_filled_by_field_within_a_unit(shell: Shell) -> None:
    shell.load()
    found = shell.json("form", "--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-03-31", "--rows", "field",
                       "--department", "Sở Xây dựng")  # fmt: skip
    rows = {row["name"]: row for row in found["rows"]}
    assert sorted(rows) == ["Xây dựng", "Đất đai"]
    assert [rows["Xây dựng"][f"c{n}"] for n in range(3, 14)] == [2, 0, 2, 0, 2, 1, 0, 1, 0, 0, 0]
    assert [rows["Đất đai"][f"c{n}"] for n in range(3, 14)] == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]
    assert found["balanced"]
    assert found["total"]["c3"] == 3
    whole = shell.json("form", "--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-03-31")
    assert whole["notes"]["undetermined_pending"] == 1
    _, out, _ = shell("form", "--from", "2026-03-01", "--to", "2026-03-31", "--as-of", "2026-03-31")
    assert "Đang giải quyết chưa có ngày hẹn (ngoài biểu): 1" in out


def test_a_correction_counts_from_the_day_it_was_recorded(shell: Shell) -> None:
    shell.load()
    before = shell.figures("--as-of", "2026-03-20")["groups"][0]["counts"]["pending_overdue"]
    code, out, said = shell("correct", "H01-3", "--due", "2099-12-31", "--reason", "ghi nhầm năm", "--by", "vanhanh")
    assert code == 0, said
    assert "H01-3: due 2099-12-31" in out
    after = shell.figures("--as-of", "2026-03-20")["groups"][0]["counts"]["pending_overdue"]
    assert (before, after) == (1, 1)  # on 20/3 it was overdue, and stays so for ever
    later = shell.figures("--as-of", "2099-01-01")["groups"][0]["counts"]
    assert later["pending_overdue"] == 0


def test_a_correction_of_nothing_or_without_a_reason_is_refused(shell: Shell) -> None:
    shell.load()
    code, _, said = shell("correct", "H01-9", "--due", "2026-12-31", "--reason", "x", "--by", "vanhanh")
    assert (code, 'Did you mean "H01-' in said) == (3, True)
    code, _, said = shell("correct", "H01-3", "--due", "2026-12-31", "--reason", " ", "--by", "vanhanh")
    assert (code, "a correction needs a reason" in said) == (3, True)


def test_a_correction_that_cannot_be_meant_is_refused_in_words(shell: Shell) -> None:
    shell.load()

    def told(code: str, due: str, by: str = "van-hanh") -> tuple[int, str]:
        ended, _, said = shell("correct", code, "--due", due, "--reason", "ghi nhầm", "--by", by)
        return ended, " ".join(said.split())

    for answer, found in [
        (told("H01-2", "2026-12-31"), "it was closed on 2026-03-17: a correction after the closing changes nothing."),
        (told("H01-3", "2026-03-02"), "the due date 2026-03-02 lies before the receipt, 2026-03-03."),
        (told("H01-3", "1989-12-31"), "the year 1989 cannot be meant."),
        (told("H01-3", "2101-01-01"), "Write a year from 1990 to 2100."),
        (told("H01-3", "2026-12-31", by=" "), "nobody is named."),
    ]:
        assert (answer[0], found in answer[1]) == (3, True), answer


def test_where_people_sign_in_a_correction_is_made_by_one_of_them(shell: Shell) -> None:
    shell.load()
    store = open_store(shell.store)
    people.add(store, "van-hanh", "Mật khẩu dài", role="operator", title="Người vận hành")
    store.engine.dispose()
    words = ("correct", "H01-3", "--due", "2026-03-03", "--reason", "ghi nhầm", "--by")
    code, _, said = shell(*words, "van-hahn")
    assert (code, 'Did you mean "van-hanh"?' in said, "dunghan person list" in said) == (3, True, True)
    assert shell(*words, "van-hanh")[0] == 0  # and the day of receipt itself may be the due day


def test_a_unit_that_is_not_there_is_told_with_the_nearest_instead_of_zeros(shell: Shell) -> None:
    shell.load()
    code, out, said = shell("form", "--department", "Sở Xay dung")
    assert (code, out, 'Did you mean "Sở Xây dựng"?' in said) == (3, "", True)


def test_a_unit_is_found_by_its_other_name_and_its_old_one(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shell.folder / "own"
    folder.mkdir()
    unit = '[[unit]]\nname = "Sở Xây dựng"\naliases = ["SXD"]\n'
    old = '[[unit]]\nname = "Sở Giao thông"\nto = 2025-02-28\nsuccessor = "Sở Xây dựng"\n'
    (folder / "units.toml").write_text(unit + old, encoding="utf-8")
    monkeypatch.setenv("DUNGHAN_CONFIG", str(folder))
    shell.load()
    totals = [
        shell.json("form", "--from", "2026-03-01", "--to", "2026-03-31", "--department", name)["total"]["c3"]
        for name in ("Sở Xây dựng", "SXD", "Sở Giao thông")
    ]
    assert totals == [3, 3, 3]


def test_what_was_known_then_says_so_on_the_screen(shell: Shell) -> None:
    shell.load()
    for command in ("figures", "form"):
        _, out, _ = shell(command, "--known-at", "2099-12-31")
        assert "known at 2099-12-31T23:59:59" in " ".join(out.split())
        _, out, _ = shell(command)
        assert "known at" not in out


def test_a_unit_that_handed_over_says_how_many_under_the_form(shell: Shell) -> None:
    shell.load()
    export = shell.folder / "a.csv"
    moved = "H01-3,Sở Y tế,Đất đai,Đang xử lý,03/03/2026 08:00,17/03/2026,"
    lines = [moved if line.startswith("H01-3") else line for line in export.read_text(encoding="utf-8").splitlines()]
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell.load()
    found = shell.json("form", "--map", "then", "--to", "2099-12-31", "--as-of", "2099-12-31")
    rows = {row["name"]: (row["handed_in"], row["handed_out"]) for row in found["rows"]}
    assert rows == {"Sở Xây dựng": (0, 1), "Sở Y tế": (1, 0)}
    assert found["balanced"]
    _, out, _ = shell("form", "--map", "then", "--to", "2099-12-31", "--as-of", "2099-12-31")
    assert "Sở Xây dựng: chuyển đi 1, nhận 0" in out and "Sở Y tế: chuyển đi" not in out


def test_figures_of_a_source_that_is_taken_as_told_say_so(shell: Shell) -> None:
    mapping = shell.folder / "a.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8") + '\n[terms]\nmoves = "as_told"\n', encoding="utf-8")
    shell.load()
    assert shell.figures()["taken"] == {"mot-cua": ["theo nguồn: mọi lần đổi ngày hẹn của nguồn đều được tính"]}
    _, out, _ = shell("figures")
    assert "theo nguồn" in out
