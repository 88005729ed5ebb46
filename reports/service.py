"""How people were served, beside being served in time: shares of the cube, and what no dossier holds, in one annex.

Every row says where it comes from: reckoned from dossiers, told by a survey, entered by people ("nhập tay"), or read
off the register of procedures. A share always stands beside its two parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from config import catalogue
from reports import formats
from reports.measure import Counts, Unit, pair
from reports.slots import Slots, sentence

Origin = Literal["Từ hồ sơ", "Khảo sát", "Nhập tay", "Danh mục"]
TITLE: Final = "Chất lượng phục vụ"
COLUMNS: Final = ("Chỉ tiêu", "Số liệu", "Trên", "Kỳ trước", "Nguồn gốc")

#: Shares of the cube that the annex prints, in its order.
SHARES: Final = (
    "online_share", "late_acceptance", "supplement_rate", "without_result_rate", "letters_in_time_rate",
    "online_payment", "components_digitised_share", "components_reused_share", "results_digital_share",
)  # fmt: skip
_PARTS: Final = {"components_digitised_share": "giấy tờ", "components_reused_share": "giấy tờ"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the annex. ``t``, ``basis``, ``before`` as printed; ``v``, ``n``, ``d``, ``before_v`` numbers."""

    id: str
    title: str
    t: str
    basis: str
    before: str
    origin: Origin
    v: float | None = None
    n: int | None = None
    d: int | None = None
    before_v: float | None = None
    unit: str = "share"


def annex(whole: Unit, beside: Sequence[Row], slots: Slots) -> dict[str, Any]:
    """Lay out the annex of a period. ``beside``: rows of what no dossier holds."""
    rows = [*_of_dossiers(whole, slots.places), *beside]
    note = (
        "Tỷ lệ tính trên số hồ sơ, giấy tờ mà nguồn cho biết; nguồn không ghi thì ghi “—”, không ghi là không; "
        "“…” là kỳ trước không có số liệu. "
        "Khảo sát: người trả lời tự chọn, không đại diện cho mọi người nộp hồ sơ. "
        "“Nhập tay”: số do người có trách nhiệm nhập, nêu rõ lấy từ đâu, ngày nào."
    )
    return {
        "title": TITLE,
        "columns": list(COLUMNS),
        "rows": [[row.title, row.t, row.basis, row.before, row.origin] for row in rows],
        "note": sentence("S01", note),
        "numbers": [asdict(row) for row in rows],
    }


def _of_dossiers(whole: Unit, places: int) -> Iterator[Row]:
    titles = catalogue.load()
    now, before = whole.now, whole.before
    for name in SHARES:
        (n, d), then = pair(now, name), pair(before, name)
        yield Row(
            id=name, title=titles[name].title, t=_percent(n, d, places), basis=_basis(n, d, name),
            before=_percent(*then, places) if before is not None else formats.MISSING_CELL, origin="Từ hồ sơ",
            v=n / d if d else None, n=n, d=d, before_v=then[0] / then[1] if then[1] else None,
        )  # fmt: skip
    yield _fees(now, before, titles["fees"].title)


def _fees(now: Counts, before: Counts | None, title: str) -> Row:
    fees = int(now.get("fees") or 0)
    charged = int(now.get("charged") or 0) + int(now.get("charged_unknown") or 0)
    then = None if before is None else int(before.get("fees") or 0)
    return Row(
        id="fees", title=title, t=formats.money(fees) if charged else "—",
        basis=f"{formats.number(charged)} hồ sơ thu phí",
        before=formats.MISSING_CELL if then is None else formats.money(then), origin="Từ hồ sơ",
        v=fees if charged else None, d=charged, before_v=then, unit="dong",
    )  # fmt: skip


def _percent(n: int, d: int, places: int) -> str:
    return formats.percent(n, d, places) if d else "—"


def _basis(n: int, d: int, name: str) -> str:
    return f"{formats.number(n)}/{formats.number(d)} {_PARTS.get(name, 'hồ sơ')}" if d else "không có hồ sơ nào"
