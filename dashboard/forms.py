"""How form II.06 is shown: as printed on a desk, every number a link; a card for each row on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from dashboard import offering, period_picker, segments
from dashboard import speaking as st
from dashboard.answers.form import BY, Cell, Row, Table
from dashboard.components import link, phone, state
from dashboard.filters import Choice, Options, of_period
from dashboard.offering import Taken
from dashboard.shapes import Link
from dashboard.tables import A_PAGE
from dashboard.wording import flat, number, plain

#: The name in the URL of what the rows are.
ROWS: Final = "dong"
LONGEST: Final = 140
_STYLE: Final = Path(__file__).parent / "form.css"
_LIST: Final = "/ho-so-can-xu-ly"
_GROUPS: Final = ((4, "Số hồ sơ tiếp nhận"), (4, "Số hồ sơ đã giải quyết"), (3, "Số hồ sơ đang giải quyết"))
_HEADS: Final = (
    ("Tổng số", "(3)=(4)+(5)+(6)"), ("Trong kỳ: trực tuyến", "(4)"), ("Trong kỳ: trực tiếp, bưu chính", "(5)"),
    ("Từ kỳ trước", "(6)"), ("Tổng số", "(7)=(8)+(9)+(10)"), ("Trước hạn", "(8)"), ("Đúng hạn", "(9)"),
    ("Quá hạn", "(10)"), ("Tổng số", "(11)=(12)+(13)"), ("Trong hạn", "(12)"), ("Quá hạn", "(13)"),
)  # fmt: skip
#: Where a group of columns begins, and which are late: they are told by a sign too.
_FIRST: Final = (0, 4, 8)
_LATE: Final = (7, 10)
_ENDINGS: Final[tuple[Taken, ...]] = ("xlsx", "pdf", "csv")


def pick(options: Options) -> Choice:
    """Draw the choices of the form: where, and for which period; a paper is written when its period is over."""
    return of_period(options, partial(period_picker.picker, options, over=True))


def by() -> str:
    """Let the reader choose what the rows are."""
    return segments.segments(ROWS, "Dòng của biểu", BY)


def balance(told: tuple[bool, str]) -> None:
    """Say whether the form balances."""
    balanced, words = told
    st.markdown(words) if balanced else st.error(words, icon=":material/error:")


def files(name: Callable[[str], str], make: Callable[[str], bytes]) -> None:
    """Offer the form as a workbook and as it is printed."""
    with st.container(horizontal=True, width="content", gap="small"):
        for ending in _ENDINGS:
            offering.button(ending, partial(make, ending), name(ending), key=f"bieu_{ending}")


def table(found: Table, alt: str) -> None:
    """Show the form."""
    if found.empty:
        state("empty", "Không có hồ sơ trong kỳ đã chọn", "Bỏ bớt bộ lọc hoặc chọn kỳ khác.")
        return
    if phone():
        _cards(found)
        return
    st.html(_STYLE)
    with st.as_written(st.AS_WRITTEN):
        st.html(html(found, alt))


def html(found: Table, alt: str) -> str:
    """Write the form as printed, the total right under the headings, where it stays while the rows scroll."""
    groups = "".join(f'<th colspan="{n}" scope="colgroup" class="first">{words}</th>' for n, words in _GROUPS)
    heads = "".join(f'<th scope="col"{_class(at)}>{words}</th>' for at, (words, _) in enumerate(_HEADS))
    numbers = "".join(f"<td{_class(at)}>{_broken(told)}</td>" for at, (_, told) in enumerate(_HEADS))
    top = (
        f'<tr><th rowspan="2" scope="col">STT</th><th rowspan="2" scope="col" class="name">{escape(found.heading)}</th>'
        f'{groups}</tr><tr>{heads}</tr><tr class="numbers"><td>(1)</td><td class="name">(2)</td>{numbers}</tr>'
        f"{_line(found.total, 'total')}"
    )
    rows = "".join(_line(row) for row in found.rows)
    told = escape(alt)
    return (
        f'<div class="form" role="region" tabindex="0" aria-label="{told}"><table><caption>{told}</caption>'
        f"<thead>{top}</thead><tbody>{rows}</tbody></table></div>"
    )


def _broken(told: str) -> str:
    return escape(told).replace("=", "=<wbr>").replace("+", "+<wbr>")


def _line(row: Row, kind: str = "") -> str:
    name = escape(flat(row.name, LONGEST))
    cells = "".join(f"<td{_class(at)}>{_number(cell)}</td>" for at, cell in enumerate(row.cells))
    of_kind = f' class="{kind}"' if kind else ""
    return f'<tr{of_kind}><td>{row.number}</td><th scope="row" class="name">{name}</th>{cells}</tr>'


def _number(cell: Cell) -> str:
    if cell.query is None:
        return number(cell.count)
    return f'<a href="{escape(f"{_LIST}?{urlencode(cell.query)}")}" target="_self">{number(cell.count)}</a>'


def _class(at: int) -> str:
    names = [name for name, holds in (("first", at in _FIRST), ("late", at in _LATE)) if holds]
    return f' class="{" ".join(names)}"' if names else ""


def _cards(found: Table) -> None:
    rows = (found.total, *found.rows)
    pages = -(-len(rows) // A_PAGE)
    place = st.container(gap="xsmall")
    page = st.pagination(pages, key="trang_bieu", max_visible_pages=5) if pages > 1 else 1
    with place:
        for row in rows[(page - 1) * A_PAGE : page * A_PAGE]:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(f"**{plain(row.name, LONGEST)}**")
                for words, at in _ON_A_CARD:
                    _card_line(words, [row.cells[i] for i in at])


#: What a card says, and which columns hold it: the sum, and the late ones of it.
_ON_A_CARD: Final = (("Tiếp nhận", (0,)), ("Đã giải quyết", (4, 7)), ("Đang giải quyết", (8, 10)))


def _card_line(words: str, cells: Sequence[Cell]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(words, width="content")
        for cell, what in zip(cells, ("", " quá hạn"), strict=False):
            _opens(cell, what)


def _opens(cell: Cell, what: str) -> None:
    if cell.query is None:
        st.caption(f"{number(cell.count)}{what}", width="content")
    else:
        link(Link(f"{number(cell.count)}{what}", cell.query))


def notes(lines: Sequence[str], links: Sequence[Link]) -> None:
    """Show what stands under the form, and the lists of what it counts apart."""
    with st.as_written():
        st.caption("  \n".join(lines))
    with st.container(horizontal=True, gap="small"):
        for to in links:
            link(to)
