"""What is counted: every rate as a numerator and a denominator over counts; meaning and wording: config/metrics.toml.

Counts are kept and divided last; a share of nothing is null, never 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import polars as pl

_N = pl.col
_IN_TIME: Final = _N("resolved_early") + _N("resolved_on_time")
_JUDGED: Final = _IN_TIME + _N("resolved_overdue")
_REUSE_KNOWN: Final = _N("components") - _N("components_reuse_unknown")
_CHANNEL_KNOWN: Final = _N("received") - _N("received_unknown")


@dataclass(frozen=True, slots=True)
class Rate:
    """One share. ``numerator`` and ``denominator`` are expressions over the counts of metrics.evaluate."""

    id: str
    numerator: pl.Expr
    denominator: pl.Expr
    better: Literal["higher", "lower"] = "higher"


RATES: Final[dict[str, Rate]] = {
    rate.id: rate
    for rate in (
        Rate("on_time_due", _N("due_met"), _N("due")),
        Rate("on_time_due_first", _N("due_first_met"), _N("due_first")),
        Rate("on_time_resolved", _IN_TIME, _JUDGED),
        Rate("early_of_on_time", _N("resolved_early"), _IN_TIME),
        Rate("on_time_received", _IN_TIME, _N("received")),
        Rate(
            "on_time_handled",
            _N("carried_over") + _N("received") - _N("resolved_overdue") - _N("pending_overdue"),
            _N("carried_over") + _N("received"),
        ),
        Rate("on_time_766", _IN_TIME + _N("pending_in_term"), _N("resolved") + _N("pending")),
        Rate("late_acceptance", _N("acceptance_late"), _N("acceptance_due"), better="lower"),
        Rate("online_share", _N("received_online"), _CHANNEL_KNOWN),
        Rate("counter_share", _N("received_counter"), _CHANNEL_KNOWN),
        Rate("post_share", _N("received_post"), _CHANNEL_KNOWN),
        Rate("supplement_rate", _N("supplemented"), _N("received"), better="lower"),
        Rate("supplement_notice", _N("supplements_noticed"), _N("supplements_noticed") + _N("supplements_unnoticed")),
        Rate("without_result_rate", _N("withdrawn") + _N("refused"), _N("resolved"), better="lower"),
        Rate("letters_in_time_rate", _N("letters_in_time"), _N("letters_owed")),
        Rate("limit_cut", _N("statutory_days") - _N("committed_days"), _N("statutory_days")),
        Rate("time_saved", _N("usable_days") - _N("used_days"), _N("usable_days")),
        Rate("online_payment", _N("paid_online"), _N("charged")),
        Rate("components_digitised_share", _N("components_digitised"), _N("components")),
        Rate("components_reused_share", _N("components_reused"), _REUSE_KNOWN),
        Rate("results_digital_share", _N("results_digital"), _N("results_known")),
    )
}
#: The counts that ``dunghan figures`` gives, in this order; the others of metrics.evaluate serve rates and forms.
COUNTS: Final = (
    "submitted", "awaiting_acceptance", "not_accepted", "received", "carried_over",
    "resolved", "resolved_early", "resolved_on_time", "resolved_overdue", "resolved_undetermined",
    "withdrawn", "refused", "stopped", "gone",
    "pending", "pending_in_term", "pending_overdue", "pending_undetermined", "pending_suspended",
    "received_online", "received_counter", "received_post", "received_unknown",
    "acceptance_due", "acceptance_late", "acceptance_overdue",
    "supplements", "supplemented", "supplements_noticed", "supplements_unnoticed",
    "letters_issued", "letters_owed", "letters_in_time", "overdue_without_letter",
    "extensions", "extensions_not_counted",
    "promised_alike", "promised_later", "promised_earlier", "transferred_in", "transferred_out",
    "fees", "charged", "charged_unknown", "paid_online",
    "components_known", "components", "components_digitised", "components_reused", "components_reuse_unknown",
    "results_known", "results_digital",
)  # fmt: skip
#: How long results took (metrics.took): number, median and 90th percentile in working days.
DURATIONS: Final = ("took_n", "took_median", "took_p90")
AGES: Final = ("overdue_1_3", "overdue_4_10", "overdue_11_30", "overdue_over_30")


def rates(counts: pl.DataFrame, ids: tuple[str, ...] = tuple(RATES)) -> pl.DataFrame:
    """Add one struct column per rate id: numerator, denominator (whole dossiers), value (0–1, null over nothing)."""
    return counts.with_columns(_rate(i) for i in ids)


@cache
def _rate(rate: str) -> pl.Expr:
    numerator, denominator = RATES[rate].numerator, RATES[rate].denominator
    value = pl.when(denominator > 0).then(numerator / denominator)
    return pl.struct(numerator=numerator, denominator=denominator, value=value).alias(rate)
