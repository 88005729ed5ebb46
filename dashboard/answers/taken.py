"""What a file that is taken away says of itself: which list, what is counted, what was chosen, whose, of which data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from config.catalogue import CatalogueFile
from dashboard import periods, wording
from dashboard.answers import records
from dashboard.filters import MAPS, NONE, UNTOLD, Choice
from dashboard.listing import Listing
from dashboard.lists import figure_of
from dashboard.wording import LOCAL
from metrics.scope import Period, Scope
from reports.taken import About

if TYPE_CHECKING:
    from dashboard.data import Ask

WHOLE: Final = "Toàn tỉnh"
#: What a list of the form is, as its decree has it.
FORM: Final = "Hồ sơ của một cột Biểu II.06 (Thông tư 01/2020/TT-VPCP), hoặc của một ghi chú dưới biểu: {title}."
#: Tables of figures that stand under a chart → title, what a line is, and the figures of the catalogue in its cells.
FIGURES: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "dung-han-tung-ky": ("Đúng hạn theo ngày hẹn, từng kỳ", "Mỗi dòng một kỳ.", ("on_time_due", "due", "due_met")),
    "dong-ho-so": ("Nhận, giải quyết, tồn từng tuần", "Mỗi dòng một tuần.", ("received", "resolved", "pending")),
    "don-vi-linh-vuc": (
        "Đúng hạn theo đơn vị và lĩnh vực", "Mỗi dòng một đơn vị và một lĩnh vực.", ("on_time_due", "due", "due_met")
    ),
    "don-vi-muc-chung": (
        "Đơn vị so với mức chung", "Mỗi dòng một đơn vị, theo tên; không xếp hạng.", ("on_time_due", "due", "due_met")
    ),
    "so-sanh": ("So sánh trên cùng thủ tục", "Mỗi dòng một thủ tục mà đơn vị khác cũng làm.", ("on_time_due",)),
    "buoc": ("Đang giải quyết theo bước và tuổi", "Mỗi dòng một bước.", ("pending", "pending_overdue")),
    "thu-tuc": (
        "Thủ tục: số lượng, đúng hạn, thời gian, thời hạn", "Mỗi dòng một thủ tục.",
        ("due", "on_time_due", "took_n", "took_median", "took_p90", "pending_overdue"),
    ),
    "cung-co-cau": (
        "Đúng hạn nếu cùng cơ cấu thủ tục",
        "Mỗi dòng một đơn vị; chuẩn hóa: tỷ lệ của đơn vị nếu các thủ tục có tỷ trọng như toàn tỉnh; không xếp hạng.",
        ("on_time_due",),
    ),
    "co-cau": ("Cơ cấu thủ tục theo hồ sơ tiếp nhận", "Mỗi dòng một thủ tục.", ("received",)),
    "don-vi": ("Cơ cấu đơn vị theo hồ sơ tiếp nhận", "Mỗi dòng một đơn vị.", ("received",)),
    "nguoi-giu": (
        "Người giữ hồ sơ đang giải quyết", "Mỗi dòng một người giữ, theo mã; không xếp hạng.",
        ("pending", "pending_overdue", "pending_suspended"),
    ),
    "kenh-thang": ("Hồ sơ tiếp nhận theo kênh và tháng", "Mỗi dòng một tháng.", ("received", "online_share")),
    "phi-thu-tuc": (
        "Phí, lệ phí và thanh toán theo thủ tục", "Mỗi dòng một thủ tục có thu.", ("fees", "charged", "online_payment")
    ),
    "so-hoa-cap": (
        "Số hóa theo cấp", "Mỗi dòng một cấp và một nội dung.", ("components_digitised_share", "results_digital_share")
    ),
    "thoi-gian": (
        "Thời gian giải quyết theo lĩnh vực", "Mỗi dòng một lĩnh vực.", ("took_n", "took_median", "took_p90")
    ),
}  # fmt: skip
_HEARD: Final = " Không gồm hồ sơ của nguồn, đơn vị đang không có dữ liệu, như tỷ lệ."


def of_list(ask: Ask, listing: Listing, catalogue: CatalogueFile, *, cause: str, now: datetime) -> About:
    """Say what a list of dossiers is. ``cause``: to which cause of lateness it was narrowed, as the address says."""
    when = ("Tính đến hết ngày", wording.day(ask.choice.as_of))
    why = records.filters().get(cause, "") if cause else ""
    also = [("Nguyên nhân", why)] if why else []
    lines = (*period(ask.choice, listing), when, *chosen(ask.choice), *also)
    return of(listing.title, meaning(listing, ask.choice, catalogue), lines, ask.scope, ask.version, now)


def of(
    title: str, means: str, lines: Sequence[tuple[str, str]], scope: Scope, version: str, now: datetime
) -> About:  # fmt: skip
    """Say what a table is; ``lines``: what was chosen, name and words."""
    return About(title, means, tuple(lines), reach(scope), version, now.astimezone(LOCAL))


def of_figures(ask: Ask, name: str, days: Period | None, catalogue: CatalogueFile, now: datetime) -> About:
    """Say what a table of ``FIGURES`` is; ``days``: what it is told for, None for what stands on the choice's day."""
    title, line, figures = FIGURES[name]
    means = " ".join((line, *(f"{catalogue[each].title}: {catalogue[each].meaning}" for each in figures)))
    stock = ("Tính đến hết ngày", wording.day(ask.choice.as_of))
    when = stock if days is None else ("Thời gian", wording.days_between(days.start, days.end))
    return of(title, means, (when, *chosen(ask.choice)), ask.scope, ask.version, now)


def meaning(listing: Listing, choice: Choice, catalogue: CatalogueFile) -> str:
    """Give the definition of what a list holds, from the catalogue; of a part of a figure its own title."""
    if listing.kind == "form":
        return FORM.format(title=listing.title)
    name = figure_of(listing)
    told = f"{catalogue[name].title}: {catalogue[name].meaning}" if name else f"Hồ sơ đang mở: {listing.title}."
    return told + (_HEARD if listing.of_heard and not choice.everybody else "")


def period(choice: Choice, listing: Listing) -> Sequence[tuple[str, str]]:
    """Name the days that a list is of; none for what is open on a day."""
    if listing.kind == "open":
        return ()
    if choice.named:
        return (("Kỳ", periods.words(choice.named)),)
    told = wording.week(choice.monday)
    return (("Tuần", told if listing.weeks == 1 else f"{listing.weeks} tuần đến hết {told}"),)


def chosen(choice: Choice) -> list[tuple[str, str]]:
    """Give what was chosen beside the days: name and words."""
    told = (
        ("Đơn vị", choice.department), ("Lĩnh vực", choice.field), ("Kênh", wording.CHANNELS.get(choice.channel or "")),
        ("Thủ tục", choice.procedure), ("Cấp", wording.LEVELS.get(choice.level or "", choice.level)),
        ("Nơi tiếp nhận", choice.receiving_unit), ("Bước", choice.step), ("Người giữ", choice.handler),
        ("Tuổi quá hạn (ngày làm việc)", choice.age), ("Tìm", choice.search),
        ("Bản đồ đơn vị", MAPS["khi-do"] if choice.on_map == "then" else None),
        ("Nơi không có dữ liệu", "Kể cả" if choice.everybody else None),
    )  # fmt: skip
    return [(name, UNTOLD if value == NONE else value) for name, value in told if value]


def reach(scope: Scope) -> str:
    """Say in words what a reader may see."""
    if scope.departments is None:
        return WHOLE
    return ", ".join(sorted(scope.departments, key=wording.sort_key)) or "Không có đơn vị"
