"""What hangs on a dossier: fees and how they were paid, papers handed in, results in electronic form.

What a source does not say is in no base: a share is told of those for whom it is known, never as if it were nothing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from metrics.events import Event, counted

_TAKEN: Final = pl.col("received_on").is_not_null()
_CHARGED: Final = pl.col("fee") > 0
#: More papers in electronic form than papers is a mistake of the source: nothing is known of such a dossier.
_PAPERS_KNOWN: Final = pl.col("components_digitised") <= pl.col("components")
_REUSE_KNOWN: Final = (pl.col("components_reused") <= pl.col("components")).fill_null(False)


def fees(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count, on the day of receipt, the fees in đồng of accepted dossiers, and how those that cost something were paid.

    The day of payment is not known: what is paid later counts for the period in which the dossier came in.
    """
    charged = rows.filter(_TAKEN, _CHARGED)
    said = charged.filter(pl.col("payment").is_not_null())
    return [
        counted(charged, "received_on", Event.FEES, pl.col("fee")),
        counted(said, "received_on", Event.CHARGED),
        counted(charged.filter(pl.col("payment").is_null()), "received_on", Event.CHARGED_UNKNOWN),
        counted(said.filter(pl.col("payment") == "online"), "received_on", Event.PAID_ONLINE),
    ]


def papers(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Count papers by receipt where the source says how many are in electronic form; results by the day of the result.

    Components are counted as papers, ``components_known`` and results as dossiers.
    """
    known = rows.filter(_TAKEN, _PAPERS_KNOWN)
    done = rows.filter("with_result", pl.col("left_on").is_not_null(), pl.col("results").is_not_null())
    papers = pl.col("components")
    return [
        counted(known, "received_on", Event.COMPONENTS_KNOWN),
        counted(known, "received_on", Event.COMPONENTS, papers),
        counted(known, "received_on", Event.COMPONENTS_DIGITISED, pl.col("components_digitised")),
        counted(known.filter(_REUSE_KNOWN), "received_on", Event.COMPONENTS_REUSED, pl.col("components_reused")),
        counted(known.filter(~_REUSE_KNOWN), "received_on", Event.COMPONENTS_REUSE_UNKNOWN, papers),
        counted(done, "left_on", Event.RESULTS_KNOWN),
        counted(done.filter(pl.col("results") > 0), "left_on", Event.RESULTS_DIGITAL),
    ]
