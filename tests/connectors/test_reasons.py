"""Whatever a row may be refused for is said in Vietnamese, on pages and in the reports of a folder."""

from __future__ import annotations

import re
from pathlib import Path

from config.mapping import FIELDS
from config.reasons import FLAGS, REASONS
from connectors import check

ROOT = Path(__file__).resolve().parents[2]
_SECTION = (ROOT / "docs" / "mapping.md").read_text("utf-8").partition("## 9. ")[2].partition("\n## ")[0]
#: What docs/mapping.md explains; the fuzz refuses a reason that is not explained there.
EXPLAINED = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", _SECTION))


def test_every_reason_has_its_words() -> None:
    code = "".join(path.read_text("utf-8") for path in sorted((ROOT / "connectors").glob("*.py")))
    told = {name for name in EXPLAINED if f'"{name}"' in code} | set(check.REASONS.values())
    assert {"unreadable_line", "unreadable_amount", "unknown_status", "closed_without_finish"} <= told
    assert told - {*REASONS, *FLAGS, *FIELDS} == set()
