"""``dunghan indicator``: entered by hand or from a file, listed with its source, taken back with a reason."""

from __future__ import annotations

import json
from typing import Any

from tests.jobs.shell import Shell

ROWS = """Chỉ số,Kỳ,Đơn vị,Giá trị,Nguồn,Ngày công bố,Ghi chú
hotline_calls,2025-10,,1.204,Tổng đài 1022,03/11/2025,
"PAPI, điểm",2024,,"43,15",Báo cáo PAPI,20/05/2025,
hotline_calls,2025-09,,nhiều,Tổng đài 1022,03/10/2025,
hotline_calls,2025-08,,900,Tổng đài 1022,13/09/2025,
hotline_calls,2025-08,,901,Tổng đài 1022,13/09/2025,
hotlines,2025-08,,901,Tổng đài 1022,13/09/2025,
"""
STATED = ("--stated-by", "Tổng đài 1022", "--stated-on", "2025-11-03", "--by", "vanhanh")


def listed(shell: Shell, *words: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(shell("indicator", "list", *words, "--json")[1])
    return told


def test_a_value_is_entered_listed_and_taken_back(shell: Shell) -> None:
    enter = ("indicator", "enter", "hotline_calls", "--period", "2025-10", "--value", "1204", *STATED)
    assert "entered" in shell(*enter)[1]
    assert "nothing changed" in shell(*enter)[1]
    (row,) = listed(shell)
    assert (row["indicator"], row["period"], row["value"], row["entered_by"]) == (
        "hotline_calls", "2025-10", "1204", "vanhanh",
    )  # fmt: skip
    back = ("indicator", "take-back", "hotline_calls", "--period", "2025-10", "--by", "vanhanh", "--reason", "Nhầm")
    assert shell(*back)[0] == 0
    assert listed(shell) == []
    assert [row["value"] for row in listed(shell, "--history")] == [None, "1204"]
    assert shell(*back)[0] == 3


def test_a_file_is_previewed_loaded_and_known_again(shell: Shell) -> None:
    file = shell.folder / "chiso.csv"
    file.write_text(ROWS, encoding="utf-8")
    code, out, _ = shell("indicator", "load", str(file), "--preview")
    assert code == 0 and "6 rows read = 2 values + 0 told twice + 4 to be refused" in out
    assert "chiso.csv, row 4" in out and "value_impossible" in out and "told_twice" in out
    assert listed(shell) == []
    code, out, _ = shell("indicator", "load", str(file), "--by", "vanhanh", "--strict")
    assert code == 1 and "6 rows read = 2 new + 0 unchanged + 4 refused" in out
    assert "2 unchanged" in shell("indicator", "load", str(file), "--by", "vanhanh")[1]
    assert {(row["indicator"], row["value"]) for row in listed(shell)} == {("hotline_calls", "1204"), ("papi", "43.15")}


def test_a_file_without_its_columns_and_a_load_by_nobody_are_refused(shell: Shell) -> None:
    file = shell.folder / "chiso.csv"
    file.write_text("Chỉ số,Kỳ\nhotline_calls,2025-10\n", encoding="utf-8")
    code, _, err = shell("indicator", "load", str(file), "--preview")
    assert code == 3 and "there is no column for value" in err
    file.write_text(ROWS, encoding="utf-8")
    assert shell("indicator", "load", str(file))[0] == 3


def test_a_file_of_the_first_days_of_a_month_is_read_day_first(shell: Shell) -> None:
    file = shell.folder / "chiso.csv"
    header, *rows = ROWS.splitlines()
    file.write_text("\n".join([header, rows[0], rows[2].replace("nhiều", "900")]) + "\n", encoding="utf-8")
    assert shell("indicator", "load", str(file), "--by", "vanhanh", "--strict")[0] == 0
    assert {row["stated_on"] for row in listed(shell)} == {"2025-11-03", "2025-10-03"}
