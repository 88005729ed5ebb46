"""One entry per figure, from the catalogue and from what code counts."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final

from config.catalogue import CatalogueFile, Metric, Target
from metrics.declared import REGISTER
from metrics.definitions import RATES
from metrics.events import COHORTS, STOCKS, Event
from reports import formats
from reports.handbook.formulas import BECAME, CAME, SUMS, formula, share
from reports.handbook.markdown import bullets, day, paragraphs

UNITS: Final = {
    "share": "tỷ lệ",
    "dossiers": "hồ sơ",
    "times": "lần",
    "letters": "văn bản",
    "working_days": "ngày làm việc",
    "papers": "giấy tờ",
    "dong": "đồng",
    "procedures": "thủ tục",
}
LEVELS: Final = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
ORIGINS: Final = {
    "form": "theo biểu mẫu báo cáo của Nhà nước",
    "published": "theo cách các địa phương công bố",
    "ours": "cách tính của Đúng Hạn",
}
BETTER: Final = {"higher": "càng cao càng tốt", "lower": "càng thấp càng tốt", None: "không có hướng tốt, xấu"}
FLOW: Final = "số phát sinh trong kỳ, theo ngày phát sinh"
STOCK: Final = "số tại cuối ngày cuối kỳ, hoặc cuối ngày tính nếu sớm hơn"
OF_A_DAY: Final = "số của danh mục thủ tục đang có hiệu lực vào ngày xem; không phụ thuộc hồ sơ"
COHORT: Final = "số có hạn rơi vào kỳ, tới hết ngày trước ngày tính"
START: Final = "số khi kỳ bắt đầu"


def listed(catalogue: CatalogueFile, names: Set[str]) -> str:
    """Write the entries of ``names`` in the order of the catalogue."""
    return paragraphs(*(_entry(catalogue, name) for name in catalogue.metric if name in names))


def _entry(catalogue: CatalogueFile, name: str) -> str:
    metric = catalogue[name]
    return paragraphs(
        f"### {metric.title}", f"`{name}` · {UNITS[metric.unit]}", metric.meaning, bullets(_facts(catalogue, name))
    )


def _facts(catalogue: CatalogueFile, name: str) -> Iterator[str]:
    """Give what stands under a meaning, line by line."""
    metric = catalogue[name]
    if metric.why:
        yield f"**Vì sao cần:** {metric.why}"
    yield from _reckoned(catalogue, name)
    if metric.better or name in RATES:
        goal = f"; mục tiêu {_target(metric.target)}" if metric.target is not None else ""
        yield f"**Hướng tốt:** {BETTER[metric.better]}{goal}"
    if metric.targets:
        yield "**Mục tiêu theo cấp:**\n" + bullets([_dated(told) for told in metric.targets], deep=1)
    yield f"**Căn cứ:** {metric.legal_basis or 'không có văn bản quy định riêng'}; {ORIGINS[metric.origin]}"
    if metric.is_not:
        yield f"**Dễ nhầm:** {metric.is_not}"
    if metric.weaknesses:
        yield "**Điểm yếu đã biết:**\n" + bullets(metric.weaknesses, deep=1)
    yield _care(metric)


def _care(metric: Metric) -> str:
    return f"**Chịu trách nhiệm:** {metric.owner}; rà soát lại chậm nhất {day(metric.review_on)}"


def _reckoned(catalogue: CatalogueFile, name: str) -> Iterator[str]:
    """Say how a figure is worked out: a share from its expression, a count by when it is counted."""

    def title(count: str) -> str:
        return f"«{catalogue[count].title}»"

    metric = catalogue[name]
    if name in RATES:
        rate = RATES[name]
        yield f"**Công thức:** {share(rate.numerator, rate.denominator, title)}"
        yield f"**Trong mã:** `{share(rate.numerator, rate.denominator, str)}`"
        yield f"**Tử số:** {metric.numerator}. **Mẫu số:** {metric.base}"
    elif metric.unit == "share":
        yield f"**Tử số:** {metric.numerator}. **Mẫu số:** {metric.base}"
    elif metric.unit != "working_days" or name in _EVENTS:
        yield f"**Cách đếm:** {counted_when(name)}"
    if name in SUMS:
        yield f"**Bằng:** {formula(SUMS[name], title)}"


_EVENTS: Final = frozenset(e.value for e in Event)


def counted_when(name: str) -> str:
    """Say whether a count is a flow, a stock, a cohort, or of the register of procedures."""
    if name in REGISTER:
        return OF_A_DAY
    if name in {e.value for e in COHORTS}:
        return COHORT
    if name == "carried_over":
        return START
    stock = name in {e.value for e in STOCKS} or name.startswith("pending")
    return STOCK if stock else FLOW


def _dated(told: Target) -> str:
    return f"{LEVELS[told.level]}: {_target(told.value)} từ {day(told.from_)} ({told.basis})"


def _target(value: float) -> str:
    return f"{formats.number(100 * value, 0 if round(100 * value, 6).is_integer() else 1)}{formats.NBSP}%"


def identities(catalogue: CatalogueFile) -> str:
    """Write what always adds up, on every table and in every period."""

    def title(count: str) -> str:
        return f"«{catalogue[count].title}»"

    sums = [f"{title(name)} = {formula(expr, title)}" for name, expr in SUMS.items()]
    flow = f"{formula(CAME, title)} = {formula(BECAME, title)}"
    return paragraphs(
        bullets([*sums, flow]),
        "Theo bản đồ đơn vị hôm nay, nhận bàn giao và bàn giao đi bằng không. «Rút hồ sơ», «Trả lại hồ sơ», «Dừng giải "
        "quyết» nằm trong «Đã giải quyết»; «Đang tạm dừng» nằm trong «Đang giải quyết».",
    )
