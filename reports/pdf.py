"""The report on paper: Typst prints the content object; page one is the whole message, or there is no report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from config.errors import ReportError
from reports.glyphs import printable

TEMPLATES: Final = Path(__file__).parent / "templates"
FONTS: Final = Path(__file__).parent / "fonts"
#: Archivable and readable by a screen reader; both are asked of every page.
STANDARDS: Final = ("a-2b", "ua-1")
_FRIDAY: Final = "friday.typ"
#: Dots per inch of a figure in the Word edition.
_PPI: Final = 200
#: Typst drops what it remembers of a document after so many others are compiled, and never where it is only asked.
_REMEMBERED: Final = 11

Content = Mapping[str, Any]


def render(content: Content, *, part: str = "report") -> bytes:
    """Print ``content`` (schema dunghan.friday/1) as PDF; equal content gives equal bytes.

    Raise ReportError when the template refuses it, for example a sentence naming a figure that does not exist.
    """
    return printed(_FRIDAY, content, part)


def printed(template: str, content: Content, part: str = "report") -> bytes:
    """Print ``content`` by a template of ours as PDF; equal content gives equal bytes. Raise ReportError."""
    import typst

    # The document carries the day of issue, never the hour of printing.
    issued = date.fromisoformat(content["edition"]["issued_on"])
    stamp = int((datetime(issued.year, issued.month, issued.day) - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
    with _setting(template):
        found: bytes = typst.compile(
            str(TEMPLATES / template), pdf_standards=list(STANDARDS), timestamp=stamp, **_world(content, part)
        )
    return found


def picture(content: Content, part: str) -> bytes:
    """Draw one figure (trend, departments, ages) alone as PNG, without its caption. Raise ReportError."""
    import typst

    with _setting(_FRIDAY):
        found: bytes = typst.compile(str(TEMPLATES / _FRIDAY), format="png", ppi=_PPI, **_world(content, part))
    return found


def message_ends_on(content: Content) -> int:
    """Say on which page the message ends; 1 is right."""
    import typst

    with _setting(_FRIDAY):
        found = typst.query(
            str(TEMPLATES / _FRIDAY),
            "<message-ends-on-page>",
            field="value",
            one=True,
            **_world(content, "message"),
        )
    return int(json.loads(found))


@contextmanager
def _setting(template: str) -> Iterator[None]:
    """Set one document: what is refused is a ReportError, and nothing of it stays in this process, where it would be
    2 MB of each question and 13 MB of each report."""
    import typst

    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise _refused(error, template) from error
    finally:
        nothing = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))
        for _ in range(_REMEMBERED):
            nothing.compile(input=b"", format="svg")


def _world(content: Content, part: str) -> dict[str, Any]:
    """Give Typst its files, our fonts and nothing of the host's."""
    printed = {k: v for k, v in content.items() if k != "tables"}  # the workbook's
    return {
        "root": str(TEMPLATES),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"content": printable(json.dumps(printed, ensure_ascii=False)), "part": part},
    }


def _refused(error: Exception, template: str) -> ReportError:
    return ReportError(
        f"reports/templates/{template}",
        f"the page could not be set: {str(error).splitlines()[0]}.",
        "Keep the content file beside the report and tell whoever looks after the software.",
    )


def fitted(content: Content) -> Content:
    """Take items of the lowest rank off page one until the message ends there; what was dropped is kept in ``dropped``.

    Never the type size. Raise ReportError when the message is still too long with nothing left to drop.
    """
    kept: dict[str, Any] = json.loads(json.dumps(content))
    while message_ends_on(kept) > 1:
        if not _drop_lowest(kept):
            raise ReportError(
                "page one of the report",
                "the message does not fit on one page, and nothing is left that may be dropped.",
                "Shorten names in config/report.toml, or the caveat.",
            )
    return kept


def _drop_lowest(content: dict[str, Any]) -> bool:
    lists = [s["items"] for s in content["message"]] + [s["table"]["rows"] for s in content["message"] if s["table"]]
    ranked = [(item["rank"], items, item) for items in lists for item in items if "rank" in item]
    if not ranked:
        return False
    _, items, lowest = min(ranked, key=lambda entry: entry[0])
    items.remove(lowest)
    content.setdefault("dropped", []).append(lowest)
    return True
