"""A case: the bytes that a source may hand out, how they reach our reader, and what is known about them beforehand."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """``way``: a key of tests.fuzz.ways.WAYS. ``data``, ``name``, ``mapping``: what the reader is given.

    What its maker knows, if anything: ``rows`` must be read (not skipped) unless the whole is refused; ``refused``: it
    must be refused as a whole; ``days``: code → the day of receipt that is right, "" where the row must be refused;
    ``person``: words that may be shown and kept nowhere. ``made`` says how it was made.
    """

    way: str
    data: bytes
    name: str = "export"
    mapping: str = ""
    rows: int | None = None
    refused: bool = False
    days: tuple[tuple[str, str], ...] = ()
    person: str = ""
    made: str = ""

    @property
    def print(self) -> str:
        """A short name that two equal cases share."""
        told = f"{self.way}\0{self.name}\0{self.mapping}\0".encode("utf-8", "surrogatepass") + self.data
        return f"{self.way}-{hashlib.blake2b(told, digest_size=5).hexdigest()}"

    def written(self) -> str:
        """Give the case as JSON."""
        told = asdict(self) | {"data": base64.b64encode(self.data).decode()}
        return json.dumps(told, ensure_ascii=False, indent=1)

    def save(self, folder: Path) -> Path:
        """Write the case into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.print}.json"
        path.write_text(self.written(), encoding="utf-8", errors="surrogatepass")
        return path


def read_case(text: str) -> Case:
    """Read a case from its JSON."""
    told = json.loads(text)
    days = tuple((code, day) for code, day in told["days"])
    return Case(**told | {"data": base64.b64decode(told["data"]), "days": days})
