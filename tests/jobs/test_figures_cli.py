"""Figures beside another period, form II.06 and corrections, as typed on the command line."""

from __future__ import annotations

import pytest

from tests.jobs.shell import Shell


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


def test_figures_of_a_source_that_is_taken_as_told_say_so(shell: Shell) -> None:
    mapping = shell.folder / "a.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8") + '\n[terms]\nmoves = "as_told"\n', encoding="utf-8")
    shell.load()
    assert shell.figures()["taken"] == {"mot-cua": ["theo nguồn: mọi lần đổi ngày hẹn của nguồn đều được tính"]}
    _, out, _ = shell("figures")
    assert "theo nguồn" in out
