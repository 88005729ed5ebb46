"""The settings of a made-up office that runs by itself: one source, reports that nobody approves, their readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from config.place import SHIPPED
from connectors.simulator.access import OFFICE

#: Who gets Friday's report.
TO: Final = ("chutich@minhson.example", "vanphong@minhson.example")


def furnish(
    folder: Path, source: str, port: int, *, pulled: Mapping[str, int], asked: Mapping[str, int],
    mail: Mapping[str, str | Sequence[str] | Sequence[int]], to: Sequence[str] = TO,
) -> None:  # fmt: skip
    """Write the settings into a new folder. ``pulled``: numbers of [[source]], ``asked`` those of [source.request],
    ``mail``: what stands in mail.toml."""
    folder.mkdir(parents=True)
    told = (SHIPPED / "report.toml").read_text(encoding="utf-8")
    told = told.replace('approval = "director" ', 'approval = "automatic" ')
    told += _lines({"kind": "friday", "department": "", "to": to}, "\n[[recipients]]")
    (folder / "report.toml").write_text(told, encoding="utf-8")
    (folder / "mail.toml").write_text(_lines(mail), encoding="utf-8")
    where = {"name": source, "kind": "demo", "url": f"http://127.0.0.1:{port}", "office": OFFICE}
    sources = _lines(where | dict(pulled), "[[source]]") + _lines({**asked, "attempts": 2}, "[source.request]")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")


def _lines(told: Mapping[str, object], head: str = "") -> str:
    """Write a table of TOML: texts, numbers and lists of them look as in JSON."""
    return "".join(f"{line}\n" for line in [head, *(f"{name} = {json.dumps(value)}" for name, value in told.items())])
