"""The work list: which dossiers, in what order, what a line shows, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from dashboard import lists, periods, wording
from dashboard.answers import records
from dashboard.filters import AGES, EVERYBODY, NONE, WITH_SILENT, Choice
from dashboard.lists import LISTS, TABS, Listing
from dashboard.shapes import Link
from dashboard.wording import LOCAL, number

LATE: Final = "Ngày trễ"
DUE: Final = "Hẹn trả"
LEFT: Final = "Còn lại"
SENT: Final = "Nộp lúc"
CLOSED: Final = "Kết thúc"
RECEIVED: Final = "Tiếp nhận"
HAPPENED: Final = "Ngày"
HELD: Final = "dang-giu"
CODE: Final = "Mã hồ sơ"
AT: Final = "Bước · người giữ"


def opened(group: str, held: pl.DataFrame) -> Sequence[str]:
    """Give the lists offered as tabs: the five of every day, what is ``held`` for other units where there is any, and
    the one a link opened."""
    tabs = TABS if held.is_empty() else (*TABS, HELD)
    return tabs if group in tabs or group not in LISTS else (*tabs, group)


def labels(counts: dict[str, int], choice: Choice) -> dict[str, str]:
    """Name each tab with its count: Quá hạn · 312."""
    return {code: f"{_title(LISTS[code], choice)} · {number(count)}" for code, count in counts.items()}


def _title(listing: Listing, choice: Choice) -> str:
    """Name a list; one of a named period is not one of a week."""
    return listing.title.replace("trong tuần", "trong kỳ") if choice.named else listing.title


def narrowed(rows: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Keep the age band and the words that the reader asked for, accents and case aside."""
    if choice.age in AGES:
        rows = rows.filter(lists.age(AGES[choice.age]))
    for name, wanted in (("step", choice.step), ("handler", choice.handler)):
        if wanted is not None:
            rows = rows.filter(pl.col(name).cast(pl.String).eq_missing(None if wanted == NONE else wanted))
    words = wording.folded(choice.search).split()
    if not words:
        return rows
    text = _folded(
        pl.concat_str("code", "other_code", "procedure_name", "department", "handler", separator=" ", ignore_nulls=True)
    )
    return rows.filter(pl.all_horizontal(text.str.contains(word, literal=True) for word in words))


def _folded(text: pl.Expr) -> pl.Expr:
    """Take accents and case away, as wording.folded does."""
    return text.str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{M}", "").str.replace_all("đ", "d")


def lines(rows: pl.DataFrame, listing: Listing) -> pl.DataFrame:
    """Give what the table shows: first what the list is about, then code, procedure, unit, cause, step and holder."""
    shown = [
        _cut(pl.col("code"), 40).alias(CODE),  # on a desk of 1440 what stands last is pushed aside
        _short(pl.coalesce("procedure_name", "procedure")).alias("Thủ tục"),
        _unit(pl.col("department")).alias("Đơn vị"),
        records.mark(),
        _at().alias(AT),
    ]
    table = rows.select(*_leading(listing), *shown)
    maybe = ("Thủ tục", AT, records.KINDS["cause"])
    silent = [name for name in maybe if table[name].null_count() == table.height]
    return table.drop(silent)  # what a source never says leaves the room to the rest


def _at() -> pl.Expr:
    """Say at which step a dossier is and who holds it there; what is not known leaves the room to the other."""
    step, holder = _cut(pl.col("step").cast(pl.String), 12), _cut(pl.col("handler").cast(pl.String), 12)
    told = pl.concat_str(step, holder, separator=" · ", ignore_nulls=True)
    return pl.when(pl.coalesce(step, holder).is_not_null()).then(told)


def _leading(listing: Listing) -> list[pl.Expr]:
    local = pl.col("submitted_at").dt.convert_time_zone("Asia/Ho_Chi_Minh").dt.strftime("%H:%M %d/%m")
    late, due = pl.col("days_late").alias(LATE), pl.col("due_on").dt.strftime("%d/%m/%Y").alias(DUE)
    if listing.on_event:
        return [pl.col("event_on").dt.strftime("%d/%m/%Y").alias(HAPPENED), due]
    if listing.kind == "form":
        return [due, pl.col("closed_on").dt.strftime("%d/%m/%Y").alias(CLOSED), late]
    match listing.code:
        case "cho-tiep-nhan" | "cho-qua-8-gio":
            return [local.alias(SENT)]
        case "dang-giu":
            return [due, late]
        case "qua-han" | "qua-han-chua-xin-loi" | "tre-hen" | "tre-hen-4-tuan" | "tre-hen-13-tuan":
            return [late]
        case "den-hen" | "den-hen-4-tuan" | "den-hen-13-tuan":
            return [pl.col("cohort_on").dt.strftime("%d/%m/%Y").alias(DUE), late]
        case "da-nhan" | "da-nhan-13-tuan":
            return [pl.col("received_on").dt.strftime("%d/%m/%Y").alias(RECEIVED), due]
        case "da-xong":
            return [pl.col("closed_on").dt.strftime("%d/%m/%Y").alias(CLOSED), due, late]
    return [due, pl.col("days_left").alias(LEFT)]


#: Long names of units, as they are shortened in a narrow column; the full name stands in the detail.
SHORT_UNITS: Final = {
    "UBND phường ": "P. ", "UBND xã ": "X. ", "UBND đặc khu ": "ĐK ", "Nông nghiệp và Môi trường": "NN&MT",
    "Giáo dục và Đào tạo": "GD&ĐT", "Văn hóa, Thể thao và Du lịch": "VHTT&DL", "Khoa học và Công nghệ": "KH&CN",
    "Dân tộc và Tôn giáo": "DT&TG", "Văn phòng Đăng ký đất đai": "VPĐKĐĐ", "Chi nhánh ": "CN ",
    "Ban Quản lý Khu kinh tế và các khu công nghiệp": "BQL KKT", "khu vực": "KV",
}  # fmt: skip
#: The same for procedures.
SHORT_PROCEDURES: Final = {
    "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất": "GCN QSDĐ",
    "quyền sử dụng đất, tài sản gắn liền với đất": "QSDĐ", "Giấy chứng nhận": "GCN", "quyền sử dụng đất": "QSDĐ",
    "giấy phép": "GP", "đối với": "với",
}  # fmt: skip


def _unit(name: pl.Expr) -> pl.Expr:
    return _cut(name.str.replace_many(list(SHORT_UNITS), list(SHORT_UNITS.values())), 18)


def _short(name: pl.Expr) -> pl.Expr:
    return _cut(name.str.replace_many(list(SHORT_PROCEDURES), list(SHORT_PROCEDURES.values())), 21)


def _cut(text: pl.Expr, longest: int) -> pl.Expr:
    """Shorten to ``longest`` letters; table cells are cut mid-letter, so the dots are ours."""
    line = text.str.replace_all(wording.TURNING, "").str.replace_all(r"\s+", " ")
    cut = pl.concat_str(line.str.slice(0, longest - 1).str.strip_chars_end(" ,"), pl.lit("…"))
    return pl.when(line.str.len_chars() > longest).then(cut).otherwise(line)


def summary(rows: pl.DataFrame, listing: Listing) -> str:
    """Say how many dossiers the list holds: 312 hồ sơ · 41 chưa ghi nguyên nhân · lâu nhất 64 ngày làm việc."""
    text = f"**{number(rows.height)}** hồ sơ{records.said_of(rows)}"
    late = rows["days_late"].max()
    if isinstance(late, int) and late > 0:
        text += f" · trễ lâu nhất {number(late)} ngày làm việc"
    paused = int(rows["suspended"].sum()) if listing.kind == "open" else 0
    return text + (f" · {number(paused)} đang tạm dừng" if paused else "")


def span(choice: Choice, listing: Listing) -> str:
    """Say which named period a list is of, or at whose end it stands; nothing for lists of a week."""
    if choice.named is None:
        return ""
    end = f" · cuối ngày {wording.day(choice.as_of)}" if listing.kind == "open" else ""
    return f" · {periods.words(choice.named)}{end}"


def whole(rows: pl.DataFrame, listing: Listing) -> pl.DataFrame:
    """Give what a file holds: every column of a list with its full Vietnamese names, first what the list is about."""
    channel = pl.col("channel").cast(pl.String).replace(wording.CHANNELS)
    return rows.select(
        *_about(listing),
        pl.col("code").alias(CODE),
        pl.coalesce("procedure_name", "procedure").alias("Thủ tục"),
        pl.col("field").alias("Lĩnh vực"),
        pl.col("department").alias("Đơn vị"),
        pl.col("holding_unit").alias("Đơn vị đang giữ"),
        pl.col("step").alias("Bước"),
        pl.col("handler").alias("Người giữ"),
        channel.alias("Kênh"),
        pl.col("received_on").alias("Tiếp nhận"),
        pl.col("first_due_on").alias("Hẹn lần đầu"),
        pl.col("due_on").alias("Hẹn hiện tại"),
        pl.col("closed_on").alias("Kết thúc"),
        pl.col("days_late").alias("Ngày làm việc trễ"),
        pl.col("days_left").alias("Ngày làm việc còn lại"),
        *records.columns(),
    )


def _about(listing: Listing) -> list[pl.Expr]:
    """Give the day that put a dossier into its list; of what fell due also whether the promise was kept."""
    if listing.on_event:
        return [pl.col("event_on").alias(f"Ngày: {listing.title.lower()}")]
    if listing.kind == "due":
        kept = pl.when("met").then(pl.lit("đúng hạn")).otherwise(pl.lit("trễ hẹn"))
        return [pl.col("cohort_on").alias("Đến hạn ngày"), kept.alias("Kết quả")]
    return [pl.col("submitted_at").dt.convert_time_zone(LOCAL.key).dt.replace_time_zone(None).alias(SENT)]


def leads(rows: pl.DataFrame, choice: Choice, query: Mapping[str, str], unheard: int) -> list[Link]:
    """Give the ways on from a list: to its late ones without a cause, and to those that it leaves out."""
    return [to for to in (records.missing(rows, query), _unheard(choice, query, unheard)) if to]


def _unheard(choice: Choice, query: Mapping[str, str], count: int) -> Link | None:
    """Lead to those whom a list leaves out because nothing is heard of who holds them, or back; None where nobody."""
    if not count:
        return None
    if choice.everybody:
        return Link(f"Bỏ {number(count)} hồ sơ của nơi không có dữ liệu", _without(query, EVERYBODY))
    label = f"Kể cả {number(count)} hồ sơ của nơi không có dữ liệu"
    return Link(label, {**query, EVERYBODY: WITH_SILENT})


def _without(query: Mapping[str, str], name: str) -> dict[str, str]:
    return {each: value for each, value in query.items() if each != name}
