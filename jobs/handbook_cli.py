"""The command ``dunghan handbook``: what every figure means and how it is worked out, from the settings in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.errors import ReportError
from jobs.options import err


def handbook(
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.md", help="Write it there instead.", show_default=False)
    ] = None,
) -> None:
    """Print the handbook of figures (sổ tay chỉ số), in Vietnamese, as Markdown."""
    from reports.handbook import document

    text = document()
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as broken:
        raise ReportError(str(file), f"cannot be written: {broken.strerror}.", "Name another file.") from broken
    err.print(f"{file} written", highlight=False)
