"""The command ``dunghan explain``: why one dossier stands where it stands, promise by promise and day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jobs.options import AsJson, AsOf, StoreOption, opened, out, show_json

if TYPE_CHECKING:  # loaded when the question is asked, not at every start of the command line
    from metrics.explanation import Explanation


def explain(
    code: Annotated[str, typer.Argument(help="Code of the dossier, or its second code (MaHoSoKhac).")],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Where two sources have the code.", show_default=False)
    ] = "",
    as_of: AsOf = None,
    json_: AsJson = False,
    store: StoreOption = "",
) -> None:
    """Explain one dossier: every promise and every day, why it counts or does not, by which rule and decision."""
    from jobs.explain import as_json, explained

    told, data_version = explained(opened(store), code, source=source, as_of=as_of)
    if json_:
        show_json(as_json(told, data_version))
    else:
        _show(told, data_version)


def _show(told: Explanation, data_version: str) -> None:
    from jobs.explain_screen import screen

    for shown in screen(told):
        out.print(shown)
    out.print(f"data version {data_version}", highlight=False)
