"""The command line in this process, on a store of its own and a small export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs import cli

MAPPING = """
source = "mot-cua"
time_zone = "Asia/Ho_Chi_Minh"
[columns]
code = "Mã hồ sơ"
department = "Đơn vị"
field = "Lĩnh vực"
status = "Trạng thái"
received_at = "Tiếp nhận"
due_at = "Hẹn trả"
resolved_at = "Kết thúc"
[status.words]
"Đang xử lý" = "processing"
"Đã xong" = "resolved"
"""
HEADER = "Mã hồ sơ,Đơn vị,Lĩnh vực,Trạng thái,Tiếp nhận,Hẹn trả,Kết thúc\n"
ROWS = """H01-1,Sở Xây dựng,Xây dựng,Đã xong,02/03/2026 08:00,16/03/2026,13/03/2026
H01-2,Sở Xây dựng,Xây dựng,Đã xong,02/03/2026 08:00,16/03/2026,17/03/2026
H01-3,Sở Xây dựng,Đất đai,Đang xử lý,03/03/2026 08:00,17/03/2026,
H01-4,Sở Y tế,Y tế,Đang xử lý,20/03/2026 08:00,,
H01-5,Sở Y tế,Y tế,Treo,20/03/2026 08:00,30/03/2026,
"""


class Shell:
    """Runs ``dunghan`` in this process on a store of its own, at ``store``."""

    def __init__(
        self, folder: Path, store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.store, self.monkeypatch, self.capsys = folder, store, monkeypatch, capsys
        (folder / "a.csv").write_text(HEADER + ROWS, encoding="utf-8")
        (folder / "a.toml").write_text(MAPPING, encoding="utf-8")

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["dunghan", *words, "--store", self.store])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
            raise SystemExit(0)
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def load(self) -> tuple[int, str, str]:
        return self("load", str(self.folder / "a.csv"), "--mapping", str(self.folder / "a.toml"))

    def figures(self, *words: str) -> dict[str, Any]:
        code, out, _ = self("figures", "--json", *words)
        assert code == 0
        found: dict[str, Any] = json.loads(out)
        return found

    def json(self, *words: str) -> dict[str, Any]:
        """Run a command with --json and read what it printed."""
        code, out, said = self(*words, "--json")
        assert code == 0, said
        found: dict[str, Any] = json.loads(out)
        return found
