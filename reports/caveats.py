"""What must be said beside the figures: the strip on page one, and the sentences above the charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from config import insight, units
from metrics.form_ii06 import Form
from metrics.heard import Left
from metrics.signals import Verdict
from metrics.unregistered import strangers
from reports import formats
from reports.freshness import SourceState, since
from reports.happened import Happened
from reports.measure import Unit, pair
from reports.slots import Sentence, Slots, sentence
from reports.verdicts import row_of, worded

LEAD: Final = "Lưu ý về số liệu."


def caveat(
    sources: Sequence[SourceState], form: Form, slots: Slots, left: Sequence[Left] = (), sender: str | None = None
) -> Sentence | None:
    """Write the strip (Q05, Q06, Q10–Q13); None when there is nothing to warn of. ``sender``: why somebody sends a
    report that was held back."""
    said = [
        *([of_sender(sender, slots)] if sender else []),
        *_silent(sources, slots),
        *_left(left, slots),
        *_unbalanced(form),
        *_terms(sources),
        *_strange(form, slots),
        *_synthetic(sources),
    ]
    return joined(said)


def of_sender(text: str, slots: Slots) -> Sentence:
    """Print why somebody sent a report that was held back (Q13)."""
    why = slots.name("sender.why", text.rstrip(" ."))  # the sentence has a stop of its own
    return sentence("Q13", f"Báo cáo này chưa đủ điều kiện để tự gửi; người phát hành quyết định gửi và ghi: “{why}”.")


def joined(said: Sequence[Sentence]) -> Sentence | None:
    """Put sentences into one strip; None when there is none."""
    if not said:
        return None
    return sentence(said[0]["rule"], " ".join(s["text"] for s in said), lead=LEAD)


def _silent(sources: Sequence[SourceState], slots: Slots) -> list[Sentence]:
    silent = sorted((s for s in sources if s.silent), key=lambda s: -s.dossiers)
    if not silent:
        return []
    first = silent[0]
    spoke = since(first.reached, "src", slots)
    text = f"Nguồn {slots.name('silent.first', first.title)}{_share(first, sources, slots)} {spoke}."
    if len(silent) > 1:
        text += f" Chậm gửi còn {slots.count('silent.more', len(silent) - 1, 'sources')} nguồn khác (Phụ lục III)."
    text += " Số có dấu ° tính đến lúc đó; hồ sơ giải quyết sau đó có thể còn bị tính là quá hạn."
    return [sentence("Q05", text)]


def _left(left: Sequence[Left], slots: Slots) -> list[Sentence]:
    """Say who is in no rate for want of data, and what they hold; units of a source that is heard by name."""
    if not left:
        return []
    units = [each for each in left if each.silent.department]
    held = slots.count("silent.held", sum(each.pending for each in left), "freshness.held")
    text = f"Không tính vào tỷ lệ, vì không có dữ liệu: {held} hồ sơ đang giữ."
    if units:
        first = max(units, key=lambda each: each.pending)
        named = slots.name("silent.unit", first.silent.department or "")
        more = f" và {slots.count('silent.units', len(units) - 1, 'units')} đơn vị khác" if len(units) > 1 else ""
        text = f"{named}{more} không gửi số liệu. {text}"
    return [sentence("Q05", text)]


def _share(source: SourceState, sources: Sequence[SourceState], slots: Slots) -> str:
    held = sum(s.dossiers for s in sources)
    if not held or len(sources) == 1:
        return ""
    text = formats.percent(source.dossiers, held, 0)
    share = slots.put("src.share", text, n=source.dossiers, d=held, metric="freshness.share")
    return f" (khoảng {share} số hồ sơ)"


def _unbalanced(form: Form) -> list[Sentence]:
    if form.balanced:
        return []
    return [sentence("Q06", "Biểu tổng hợp tại Phụ lục I không cân đối; cần kiểm tra trước khi sử dụng.")]


def _terms(sources: Sequence[SourceState]) -> list[Sentence]:
    """Name the sources whose word is not taken the common way: a figure taken as told says so."""
    named = [f"{s.title}: {'; '.join(s.said)}" for s in sources if s.said]
    return [sentence("Q11", f"Cách tính riêng của nguồn {'. Nguồn '.join(named)}.")] if named else []


def _strange(form: Form, slots: Slots) -> list[Sentence]:
    """Say which units stand under the name of their source because the register does not know them."""
    names = strangers(form.rows["name"], units.load())
    if not names:
        return []
    more = f" và {slots.count('strange.more', len(names) - 1, 'units')} đơn vị khác" if len(names) > 1 else ""
    first = slots.name("strange.first", names[0])
    return [sentence("Q12", f"{first}{more} chưa có trong danh mục đơn vị, tính dưới tên nguồn ghi.")]


def _synthetic(sources: Sequence[SourceState]) -> list[Sentence]:
    if not any(s.synthetic for s in sources):
        return []
    return [sentence("Q10", "Số liệu mô phỏng để trình diễn phần mềm, không phải hồ sơ có thật.")]


def analysis(whole: Unit, silent: bool, slots: Slots, happened: Sequence[Happened] = ()) -> list[Sentence]:
    """Say on page two where the rate lies against its limits, what the rate does not count, and what happened in the
    charted time."""
    return [*_against_limits(whole, silent, slots), *_left_out(whole, slots), *_happened(happened, slots)]


def _happened(happened: Sequence[Happened], slots: Slots) -> list[Sentence]:
    """Name the days that a reader of Hình 1 should know, and those from which limits were taken anew."""
    said = [_told(f"happened.{n}", each, slots) for n, each in enumerate(happened)]
    return (
        [sentence("C05", f"Trong thời gian của Hình {slots.fixed('k.figure', 1)}: {'; '.join(said)}.")] if said else []
    )


def _told(key: str, each: Happened, slots: Slots) -> str:
    day = slots.day(f"{key}.day", each.day)
    if each.source is None:
        words = slots.name(f"{key}.words", each.words)
        return f"{day}: {words}{', tính lại giới hạn' if each.restarts else ''}"
    source = f"nguồn {slots.name(f'{key}.source', each.source)} {each.words}"
    if each.last == each.day:
        return f"{source} ngày {day}"
    return f"{source} từ {day} đến {slots.day(f'{key}.last', each.last) if each.last else 'nay'}"


def _against_limits(whole: Unit, silent: bool, slots: Slots) -> list[Sentence]:
    judged = whole.judged
    limits = judged.limits
    if limits is None or silent or judged.verdict in (Verdict.SMALL, Verdict.UNKNOWN):
        return []
    lower = slots.limit("due.lcl", limits.lower, "on_time_due.lcl")
    upper = slots.limit("due.ucl", limits.upper, "on_time_due.ucl")
    weeks, this = slots.fixed("k.before", insight.load().signal.before), slots.edition.this
    if judged.verdict == Verdict.NORMAL:
        span = slots.span("due.limits", limits.lower, limits.upper, "on_time_due.limits", share=True)
        text = f"Tỷ lệ chung {this} nằm trong khoảng dao động thường {span} (tính từ {weeks} {slots.noun} trước)."
        return [sentence("C02", text)]
    if row := row_of(judged, slots, "due"):
        return [sentence("C04", f"Tỷ lệ chung đã {row} (tính từ {weeks} {slots.noun} trước), khác mức thường.")]
    side = f"trên giới hạn trên {upper}" if judged.above else f"dưới giới hạn dưới {lower}"
    said = worded(judged).lower()
    text = f"Tỷ lệ chung {this} nằm {side} (tính từ {weeks} {slots.noun} trước), {said}."
    return [sentence("C01", text)]


def _left_out(whole: Unit, slots: Slots) -> list[Sentence]:
    """Name beside the rate what it leaves out: extended, suspended, and the rate against the first promise."""
    moved, halted = whole.count("extended_out"), whole.count("suspended_out")
    met, due = pair(whole.now, "on_time_due_first")
    if not due:
        return []
    of = slots.pair("due.first.nd", met, due, "on_time_due_first")
    first = f"{slots.rate('due.first', met, due, 'on_time_due_first')} ({of})"
    if not moved and not halted:
        text = f"Trong {slots.noun} không có hồ sơ được dời ngày hẹn trước hạn hoặc đang tạm dừng vào ngày hẹn trả."
    else:
        put_off = slots.count("due.moved", moved, "extended_out")
        text = f"Không tính vào tỷ lệ: {put_off} hồ sơ được dời ngày hẹn trước hạn, "
        text += f"{slots.count('due.halted', halted, 'suspended_out')} hồ sơ đang tạm dừng vào ngày hẹn trả."
    return [sentence("C03", f"{text} Tính theo lần hẹn đầu, tỷ lệ là {first}.")]
