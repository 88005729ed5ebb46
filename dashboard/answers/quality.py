"""Chất lượng phục vụ: channels, second clock, supplements, letters, closings without a result; each with its n, its
meaning, its list, and what the earlier periods say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from config import insight
from config.catalogue import CatalogueFile, Metric
from dashboard import periods, wording
from dashboard.answers import overview, signalled
from dashboard.answers.why_links import why
from dashboard.filters import CHANNEL, GROUP, Choice
from dashboard.periods import STRETCHES, Named
from dashboard.shapes import Headline, Link
from dashboard.wording import number, percent
from metrics import signals
from metrics.definitions import RATES
from metrics.scope import Period
from metrics.signals import Judged

#: The shares of the page, in the order of its cards.
SHARES: Final = (
    "late_acceptance", "supplement_rate", "letters_in_time_rate", "online_share", "supplement_notice",
    "without_result_rate",
)  # fmt: skip
Pair = tuple[int, int]
_Opens = tuple[str, str, str, Mapping[str, str]]
#: Those of its parts on fees and on papers and results.
PAYING: Final = ("online_payment",)
DIGITAL: Final = ("components_digitised_share", "components_reused_share", "results_digital_share")
#: What the parts of each share open: the count, its words, the list, and what narrows it.
_PARTS: Final[Mapping[str, tuple[_Opens, ...]]] = {
    "late_acceptance": (
        ("acceptance_late", "trả lời trễ", "tiep-nhan-tre", {}),
        ("acceptance_due", "đến hạn trả lời", "han-tiep-nhan", {}),
    ),
    "supplement_rate": (("supplemented", "phải bổ sung", "bo-sung", {}), ("received", "tiếp nhận", "da-nhan", {})),
    "letters_in_time_rate": (
        ("letters_in_time", "kịp thời", "xin-loi-kip", {}),
        ("letters_missed", "không kịp", "chua-xin-loi-kip", {}),
    ),
    "online_share": (
        ("received_online", "trực tuyến", "da-nhan", {CHANNEL: "online"}),
        ("received", "tiếp nhận", "da-nhan", {}),
    ),
    "supplement_notice": (
        ("supplements_noticed", "có văn bản", "bo-sung-van-ban", {}),
        ("supplements_unnoticed", "không văn bản", "bo-sung-khong-van-ban", {}),
    ),
    "without_result_rate": (
        ("withdrawn", "rút", "rut", {}),
        ("refused", "trả lại", "tra-lai", {}),
        ("resolved", "đã giải quyết", "da-xong", {}),
    ),
    "online_payment": (
        ("paid_online", "nộp trực tuyến", "nop-phi-truc-tuyen", {}),
        ("paid_directly", "nộp trực tiếp", "nop-phi-truc-tiep", {}),
        ("charged_unknown", "không rõ cách nộp", "phi-khong-ro", {}),
    ),
    "components_digitised_share": (("components_known", "hồ sơ rõ số giấy tờ", "ro-so-hoa", {}),),
    "components_reused_share": (("components_known", "hồ sơ rõ số giấy tờ", "ro-so-hoa", {}),),
    "results_digital_share": (
        ("results_digital", "có kết quả điện tử", "ket-qua-dien-tu", {}),
        ("results_on_paper", "chưa có", "ket-qua-chua-dien-tu", {}),
    ),
}
#: Counts that are what is left of one when another is taken away.
_LEFT: Final[Mapping[str, tuple[str, str]]] = {
    "letters_missed": ("letters_owed", "letters_in_time"),
    "paid_directly": ("charged", "paid_online"),
    "results_on_paper": ("results_known", "results_digital"),
}


def charted(choice: Choice) -> tuple[Named, ...]:
    """Give the choice's period and those of its kind before it, oldest first: as many as limits are taken from, or one
    where the figures know no such stretch of time."""
    named = choice.named or periods.containing("tuan", choice.monday)
    earlier = [named]
    for _ in range(insight.load().signal.before if named.kind in STRETCHES else 1):
        earlier.append(periods.before(earlier[-1]))
    return tuple(reversed(earlier))


def whole(several: Sequence[Named]) -> Period:
    """Give the days of periods that follow one another."""
    return Period(several[0].period.start, several[-1].period.end)


def anything(row: Mapping[str, Any]) -> bool:
    """Say whether anything happened or stood in a period."""
    return any(row.get(name) for name in ("submitted", "received", "resolved", "pending"))


def pairs(several: Sequence[Named], rows: Mapping[date, Mapping[str, Any]], share: str) -> list[Pair | None]:
    """Give numerator and denominator of a share in each period; None for those before the data began. ``rows``: by the
    first day of the period."""
    begun = min(rows, default=date.max)
    return [None if each.period.start < begun else _pair(rows.get(each.period.start), share) for each in several]


def _pair(row: Mapping[str, Any] | None, share: str) -> Pair:
    told = (row or {}).get(share) or {}
    return int(told.get("numerator") or 0), int(told.get("denominator") or 0)


@dataclass(frozen=True, slots=True)
class Told:
    """What one share is told from: its pairs (the last is the chosen period's), and the counts of that period."""

    share: str
    pairs: Sequence[Pair | None]
    counts: Mapping[str, Any]
    first: int = 0  # of the pairs that limits may be taken from: those before lie behind a break


def headline(choice: Choice, told: Told, catalogue: CatalogueFile) -> Headline:
    """Show one share with its parts, its change and what the earlier periods say of it; of few only how many."""
    metric, small = catalogue[told.share], catalogue.small
    now, before = told.pairs[-1] or (0, 0), told.pairs[-2] or (0, 0)
    few = now[1] < small
    judged = _judged(told, few)
    change = None if few or before[1] < small else wording.points(now, before)
    return Headline(
        key=told.share,
        title=metric.title,
        value=shown(now, small),
        meaning=overview.meaning(metric),
        parts=_parts(now, metric) + ("" if few else overview.spread(now)),
        verdict=signalled.VERDICTS[judged.verdict],
        why=signalled.why(judged, "kỳ"),
        change=change,
        against="so với kỳ trước" if change else None,
        trend=[p[0] / p[1] if p and p[1] >= small else None for p in told.pairs],
        notes=_notes(choice, metric),
        links=links(choice, told),
        explained=why(choice, told.share) if now[1] and before[1] else None,
    )  # fmt: skip


def shown(pair: Pair, small: int) -> str:
    """Write a share; of few dossiers their number, of none a dash."""
    return f"n = {number(pair[1])}" if 0 < pair[1] < small else percent(*pair)


def cell(pair: Pair, small: int) -> str:
    """Write a share for a table, with its interval where it is of few."""
    return shown(pair, small) if pair[1] < small else wording.rated(*pair)


def _parts(now: Pair, metric: Metric) -> str:
    if not now[1]:
        return f"Chưa có {metric.base}"
    return f"**{number(now[0])}** / {number(now[1])} {metric.base}"


def _judged(told: Told, few: bool) -> Judged:
    if few:
        return Judged(signals.Verdict.SMALL)
    return signals.judge_rates(told.pairs[told.first :], insight.load().signal, better=RATES[told.share].better)


def _notes(choice: Choice, metric: Metric) -> str:
    goal = f"Mục tiêu {number(100 * metric.target)}\u00a0% · " if metric.target else ""
    running = " · kỳ chưa hết" if choice.running else ""
    return f"{goal}Tử số: {metric.numerator}{running}"


def links(choice: Choice, told: Told) -> tuple[Link, ...]:
    """Give the way to the list behind each part that is not nothing."""
    counts = with_left(told.counts)
    return tuple(
        Link(f"{number(counts[column])} {words}", choice.query(**{GROUP: group, **narrowed}))
        for column, words, group, narrowed in _PARTS[told.share]
        if counts.get(column)
    )


def with_left(counts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the counts that are what is left of one when another is taken away."""
    left = {name: int(counts.get(a) or 0) - int(counts.get(b) or 0) for name, (a, b) in _LEFT.items()}
    return {**counts, **left}


@dataclass(frozen=True, slots=True)
class Tile:
    """One count: title, meaning, number, and its list (None: nothing to open)."""

    title: str
    meaning: str
    value: str
    to: Link | None


#: Counts by the card they stand on: the figure of the catalogue and its list.
TILES: Final[Mapping[str, Mapping[str, str]]] = {
    "Tiếp nhận và bổ sung": {
        "awaiting_acceptance": "cho-tiep-nhan",
        "acceptance_overdue": "cho-qua-8-gio",
        "not_accepted": "khong-tiep-nhan",
        "supplements": "lan-bo-sung",
        "supplements_noticed": "bo-sung-van-ban",
        "supplements_unnoticed": "bo-sung-khong-van-ban",
    },
    "Xin lỗi, gia hạn, tạm dừng": {
        "letters_owed": "phai-xin-loi",
        "letters_issued": "xin-loi",
        "overdue_without_letter": "qua-han-chua-xin-loi",
        "extensions": "gia-han",
        "extensions_not_counted": "gia-han-khong-tinh",
        "pending_suspended": "tam-dung",
    },
    "Kết thúc không có kết quả": {
        "withdrawn": "rut",
        "refused": "tra-lai",
        "stopped": "dung",
        "gone": "khong-con",
    },
}
#: What a tile has room for; the whole title stands behind its question mark.
_SHORT: Final = {
    "acceptance_overdue": "Chờ quá thời hạn",
    "supplements": "Lần yêu cầu bổ sung",
    "supplements_noticed": "Có văn bản",
    "supplements_unnoticed": "Không văn bản",
    "letters_owed": "Phải xin lỗi",
    "letters_issued": "Văn bản xin lỗi",
    "overdue_without_letter": "Chưa xin lỗi",
    "extensions_not_counted": "Gia hạn không tính",
}
_UNITS: Final = {"dossiers": "hồ sơ", "times": "lần", "letters": "văn bản"}


def tiles(choice: Choice, counts: Mapping[str, Any], card: str, catalogue: CatalogueFile) -> list[Tile]:
    """Give the counts of one card."""
    return [_tile(choice, name, catalogue[name], int(counts[name]), group) for name, group in TILES[card].items()]


def _tile(choice: Choice, name: str, metric: Metric, count: int, group: str) -> Tile:
    to = Link(f"Mở {number(count)} {_UNITS[metric.unit]}", choice.query(**{GROUP: group})) if count else None
    meaning = f"**{metric.title}**\n\n{overview.meaning(metric)}"
    return Tile(_SHORT.get(name, metric.title), meaning, number(count), to)
