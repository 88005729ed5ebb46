"""``dunghan survey``: a preview stores nothing, a load says where every row went, a file twice changes nothing."""

from __future__ import annotations

import json
from typing import Any

from tests.jobs.shell import Shell

ROWS = """Thời gian,Họ tên,Đơn vị,Mức độ hài lòng
20/11/2026 08:00,Nguyễn Văn A,Sở Y tế,Rất hài lòng
20/11/2026 08:00,Nguyễn Văn B,Sở Y tế,Rất hài lòng
21/11/2025 08:00,Nguyễn Văn B,Sở Y tế,Tuyệt vời
"""


def listed(shell: Shell, *words: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(shell("survey", *words, "--json")[1])
    return told


def test_from_an_unknown_export_to_kept_slips(shell: Shell) -> None:
    file = shell.folder / "phieu.csv"
    file.write_text(ROWS.replace("/2026", "/2025"), encoding="utf-8")
    code, out, _ = shell("survey", "load", str(file), "--survey", "kiosk", "--preview")
    assert code == 0 and 'score = "Mức độ hài lòng"' in out and "Nothing was stored." in out
    start = out[out.index("survey =") : out.index("Nothing")].replace('# "Tuyệt vời" = ', '"Tuyệt vời" = 5')
    (shell.folder / "phieu.toml").write_text(start, encoding="utf-8")
    code, out, _ = shell("survey", "load", str(file), "--preview")
    assert code == 0 and "3 rows read = 3 slips" in out and "personal, never kept: Họ tên" in out
    assert listed(shell, "list") == []
    code, out, _ = shell("survey", "load", str(file))
    assert code == 0 and "3 rows read = 3 new + 0 unchanged + 0 refused" in out
    assert "3 rows read = 0 new + 3 unchanged + 0 refused" in shell("survey", "load", str(file))[1]


def test_refused_rows_are_shown_and_make_a_strict_load_fail(shell: Shell) -> None:
    file = shell.folder / "phieu.csv"
    file.write_text(ROWS.replace("/2026", "/2025"), encoding="utf-8")
    columns = 'answered_on = "Thời gian"\nscore = "Mức độ hài lòng"\ndepartment = "Đơn vị"\n'
    (shell.folder / "phieu.toml").write_text(f"[columns]\n{columns}", encoding="utf-8")
    code, out, _ = shell("survey", "load", str(file), "--survey", "kiosk", "--strict")
    assert code == 1 and "refused for unknown_score: 1" in out
    (reading,) = listed(shell, "list")
    (row,) = listed(shell, "refused", str(reading["id"]))
    assert row["place"] == "phieu.csv, row 4" and "Tuyệt vời" in row["found"] and "Nguyễn" not in str(row)


def test_a_load_needs_a_name_and_a_stretch_its_days_in_order(shell: Shell) -> None:
    file = shell.folder / "phieu.csv"
    file.write_text(ROWS, encoding="utf-8")
    assert shell("survey", "load", str(file))[0] == 3
    asked = ("survey", "asked", "--survey", "kiosk", "--asked", "40")
    assert shell(*asked, "--from", "2025-11-30", "--to", "2025-11-01")[0] == 3
    assert shell(*asked, "--from", "2025-11-01", "--to", "2025-11-30")[0] == 0
    assert "nothing changed" in shell(*asked, "--from", "2025-11-01", "--to", "2025-11-30")[1]
