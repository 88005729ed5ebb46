"""The page for everybody, written as HTML: no script, no picture of ours but its sign; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from config import catalogue, insight, report
from dashboard import doors
from dashboard.answers.public import (
    AGE_WORDS,
    CUTS,
    HEADS,
    TITLE,
    TOLD,
    Beside,
    Content,
    Cut,
    Letter,
    Line,
    Share,
    Stock,
    between,
    few,
    rate,
)
from dashboard.wording import day, days_between, flat, number

_PAGE: Final = doors.template("public.html")
_PERIODS: Final = ("Tuần", "Từ đầu năm")
_OF_LETTERS: Final = ("Mã hồ sơ", HEADS["department"], "Số văn bản", "Ngày văn bản", "Ngày hẹn trả mới")
_NOT_ALONE: Final = "không nêu riêng"


def page(told: Content) -> str:
    """Write the page."""
    head = report.load().letterhead
    return _PAGE.substitute(
        title=escape(TITLE), parent=escape(" ".join(head.parent)), agency=escape(" ".join(head.agency)),
        week=days_between(told.week.start, told.week.end), year=days_between(told.year.start, told.year.end),
        known_to=escape(told.known_to), version=escape(told.version), silent=_silent(told.silent), heads=_heads(told),
        cuts="\n".join(_cut(told, cut) for cut in CUTS), letters=_letters(told), means="\n".join(_means(told)),
    )  # fmt: skip


def _silent(said: Sequence[str]) -> str:
    if not said:
        return ""
    items = "".join(f"<li>{escape(one)}</li>" for one in said)
    return f'<section class="silent" aria-label="Nơi không có dữ liệu"><ul>{items}</ul></section>'


def _heads(told: Content) -> str:
    """Write both headlines and what stands beside them, and the share that is usually published."""
    known = catalogue.load()
    due = _head(known["on_time_due"].title, told.whole.due, told, told.beside)
    stock = told.whole.stock
    kept = _withheld(stock, told.smallest)
    ages = "".join(
        f"<div><dt>{escape(words)} ngày</dt><dd>{number(n)}</dd></div>"
        for words, n in zip(AGE_WORDS, stock.ages, strict=True)
    )
    shown = kept or f"<b>{number(stock.overdue)}</b> <span>/ {number(stock.pending)} hồ sơ đang giải quyết</span>"
    late = (
        f'<article><h3>{escape(known["pending_overdue"].title)}</h3><p class="big">{shown}</p>'
        f'<p class="note">Cuối ngày {day(told.week.end)}; quá hạn, theo ngày làm việc:</p>'
        + ("" if kept else f'<dl class="ages">{ages}</dl>')
        + "</article>"
    )
    return due + late + _head(known["on_time_resolved"].title, told.whole.resolved, told, told.beside, resolved=True)


def _head(
    title: str, shares: tuple[Share, Share], told: Content, beside: tuple[Beside, Beside], *, resolved: bool = False
) -> str:
    lines = "".join(
        f'<div><dt>{period}</dt><dd class="big">{_big(share, told)}</dd>'
        f'<dd class="note">{_note(each, told, resolved)}</dd></div>'
        for period, share, each in zip(_PERIODS, shares, beside, strict=True)
    )
    return f"<article><h3>{escape(title)}</h3><dl>{lines}</dl></article>"


def _note(beside: Beside, told: Content, resolved: bool) -> str:
    if resolved:
        return f"Không xác định được ngày hẹn: {number(beside.undetermined)} hồ sơ."
    chance = between(beside.first, told.small)
    parts = f" ({_parts(beside.first)}{f'; {chance}' if chance else ''})" if beside.first.under else ""
    first = _withheld(beside.first, told.smallest) or f"{rate(beside.first, told.small)}{parts}"
    return (
        f"Theo ngày hẹn lần đầu: {first}. Đã dời hẹn: {number(beside.extended)}; "
        f"tạm dừng vào ngày hẹn: {number(beside.suspended)}."
    )


def _big(share: Share, told: Content) -> str:
    parts = f" <span>{_parts(share)}</span>" if share.under else ""
    chance = between(share, told.small)
    parts += f' <span class="chance">{chance}</span>' if chance else ""
    return _withheld(share, told.smallest) or f"<b>{rate(share, told.small)}</b>{parts}"


def _withheld(figure: Share | Stock, smallest: int) -> str:
    if not figure.withheld:
        return ""
    return f'<span class="few">{few(smallest) if figure.withheld == "few" else _NOT_ALONE}</span>'


def _parts(share: Share) -> str:
    return f"{number(share.over)}/{number(share.under)}" if share.under else ""


def _cut(told: Content, cut: Cut) -> str:
    """Write the table of one cut: columns of both periods, and the stock at the end of the week."""
    known = catalogue.load()
    name = f"bang-{cut}"
    rows = "".join(_row(line, told) for line in told.cuts[cut])
    end = day(told.week.end)
    return f"""<section>
<h2 id="{name}">{CUTS[cut]}</h2>
<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0"><table>
<thead><tr><th scope="col" rowspan="2">{HEADS[cut]}</th>
<th scope="colgroup" colspan="2">{escape(known["on_time_due"].title)}</th>
<th scope="colgroup" colspan="5">{escape(known["pending_overdue"].title)}, cuối ngày {end}</th>
<th scope="colgroup" colspan="2">{escape(known["on_time_resolved"].title)}</th></tr>
<tr>{"".join(f'<th scope="col">{period}</th>' for period in _PERIODS)}<th scope="col">Tổng</th>
{"".join(f'<th scope="col">{escape(words)} ngày</th>' for words in AGE_WORDS)}
{"".join(f'<th scope="col">{period}</th>' for period in _PERIODS)}</tr></thead>
<tbody>{rows}</tbody>
<tfoot>{_row(told.whole, told)}</tfoot>
</table></div>
</section>"""


def _row(line: Line, told: Content) -> str:
    known, stock = catalogue.load(), line.stock
    due, resolved = (
        "".join(_cell(share, told, f"{known[of].title} · {when}") for share, when in zip(pair, _PERIODS, strict=True))
        for of, pair in (("on_time_due", line.due), ("on_time_resolved", line.resolved))
    )
    late = escape(known["pending_overdue"].title)
    if stock.withheld:
        middle = f'<td colspan="5" class="whole" data-of="{late}">{_withheld(stock, told.smallest)}</td>'
    else:
        ages = zip(AGE_WORDS, stock.ages, strict=True)
        middle = f'<td class="whole" data-of="{late}">{number(stock.overdue)}</td>'
        middle += "".join(f'<td class="age" data-of="{escape(words)} ngày">{number(n)}</td>' for words, n in ages)
    return f'<tr><th scope="row">{escape(flat(line.name))}</th>{due}{middle}{resolved}</tr>'


def _cell(share: Share, told: Content, of: str) -> str:
    parts = f" <small>{_parts(share)}</small>" if share.under else ""
    chance = between(share, told.small)
    parts += f' <small class="chance">{chance}</small>' if chance else ""
    shown = _withheld(share, told.smallest) or f"{rate(share, told.small)}{parts}"
    return f'<td data-of="{escape(of)}">{shown}</td>'


def _letters(told: Content) -> str:
    """Write the list of letters, or that there is none."""
    days = days_between(told.letters_of.start, told.letters_of.end)
    if not told.letters_all:
        return f"<p>Không có văn bản xin lỗi nào được ghi nhận trong {days}.</p>"
    shown, whole = len(told.letters), told.letters_all
    some = f"; dưới đây là {number(shown)} văn bản mới nhất" if shown < whole else ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in _OF_LETTERS)
    rows = "".join(_letter(each) for each in told.letters)
    return f"""<p>{number(whole)} văn bản ghi nhận trong {days}{some}. Chỉ nêu mã hồ sơ.</p>
<div class="scroll" role="region" aria-labelledby="xin-loi" tabindex="0"><table class="letters">
<thead><tr>{heads}</tr></thead>
<tbody>{rows}</tbody></table></div>
<p class="note">Số văn bản ghi không theo mẫu số/ký hiệu thì không nêu (—).</p>"""


def _letter(letter: Letter) -> str:
    told = (letter.department, letter.number, day(letter.issued_on), day(letter.new_due_on))
    cells = "".join(f'<td data-of="{of}">{escape(text)}</td>' for of, text in zip(_OF_LETTERS[1:], told, strict=True))
    return f'<tr><th scope="row">{escape(letter.code)}</th>{cells}</tr>'


def _means(told: Content) -> Iterator[str]:
    """Say what every figure means, in the words of the catalogue, and what is not told."""
    known = catalogue.load()
    yield "<dl>"
    for name in TOLD:
        metric = known[name]
        basis = f" Căn cứ: {metric.legal_basis}." if metric.legal_basis else ""
        said = " ".join(filter(None, (metric.meaning, metric.is_not)))
        yield f"<dt>{escape(metric.title)}</dt><dd>{escape(said + basis)}</dd>"
    yield "</dl>"
    yield (
        f"<p>Chỉ nêu số có từ {number(told.smallest)} hồ sơ làm mẫu số; ít hơn thì ghi “{few(told.smallest)}”. Số nào "
        f"lấy tổng trừ đi sẽ lộ số đó thì ghi “{_NOT_ALONE}”. Dưới {number(told.small)} hồ sơ ghi n = … thay cho "
        f"tỷ lệ. Dưới {number(insight.load().signal.interval_below)} hồ sơ ghi thêm khoảng mà tỷ lệ có thể lệch do "
        "ngẫu nhiên (độ tin cậy 95 %). “—”: không có hồ sơ nào làm mẫu số.</p>"
    )
