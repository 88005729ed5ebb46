"""docs/operate.md as it is followed: its blocks, its lines, and what is typed where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.architecture.tracked import ROOT

DOCUMENT: Final = ROOT / "docs/operate.md"
TEXT: Final = DOCUMENT.read_text(encoding="utf-8")
_FENCED: Final = re.compile(r"^```sh\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
#: Words of other programs with which a line may begin; all but those of ``OURS`` are left to whoever has the machine.
OTHERS: Final = ("nano", "systemctl", "cp", "cat", "sed", "rm", "df", "du", "journalctl", "install", "readlink")
#: Programs that change or make files: they are run, in folders of the test.
FILES: Final = ("cp", "cat", "sed", "rm", "install")


@dataclass(frozen=True, slots=True)
class Typed:
    """One line, or a line with the text that it puts into a file; the number of its section."""

    section: int
    line: str

    @property
    def program(self) -> str:
        return self.line.split()[0]


def lines() -> list[Typed]:
    """Give what is typed, in the order of the book."""
    found: list[Typed] = []
    for section, text in enumerate(re.split(r"^## ", TEXT, flags=re.MULTILINE)):
        for block in _FENCED.findall(text):
            found += [Typed(section, line) for line in _parted(block)]
    return found


def _parted(block: str) -> list[str]:
    """Part a block into lines, a text between <<'TOML' and TOML staying with its line; remarks are left out."""
    whole = re.findall(r"^(?:.*<<'TOML'\n(?:.*\n)*?TOML|.+)$", block, re.MULTILINE)
    return [line if "<<" in line else re.sub(r"\s+#.*", "", line) for line in whole]


def quoted() -> list[str]:
    """Give every text of a screen: what stands between “ and ”."""
    return re.findall(r"“([^”]+)”", TEXT)


def answers() -> list[str]:
    """Give every text that a command is said to answer: spans of code that are neither typed nor names of things."""
    spans = re.findall(r"`([^`\n]+)`", _FENCED.sub("", TEXT))
    told = [re.sub(r"^[✓✗!→] ?", "", span) for span in spans]
    return [span for span in told if " " in span and span.split()[0] not in (*OTHERS, "curl", "dunghan", "dunghan-as")]


def source() -> str:
    """Give the code of the product as one text, its broken strings put together."""
    folders = ("config", "connectors", "dashboard", "jobs", "metrics", "reports", "store")
    files = [p for f in folders for p in sorted(Path(ROOT, f).rglob("*")) if p.suffix in (".py", ".html", ".toml")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)
