"""Nạp tệp: how an uploaded file would be read, and what became of it, in words and tables."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from config import trouble_words
from config.mappings import Known
from config.reasons import FLAGS
from config.troubles import trouble
from connectors.preview import RECKONED, Preview
from dashboard import wording
from dashboard.answers import upload_words
from dashboard.answers.found import found
from dashboard.answers.sources import reason
from dashboard.wording import NOTHING, number, plain

NEW: Final = "Nguồn mới: gợi ý ánh xạ"
FIELDS: Final = {
    "code": "Mã hồ sơ", "other_code": "Mã hồ sơ khác", "status": "Trạng thái", "procedure": "Mã thủ tục",
    "procedure_name": "Tên thủ tục", "field": "Lĩnh vực", "department": "Đơn vị giải quyết",
    "receiving_unit": "Nơi tiếp nhận", "holding_unit": "Đơn vị đang giữ", "level": "Cấp", "channel": "Kênh nộp",
    "applicant_kind": "Đối tượng",
    "step": "Bước hiện tại", "handler": "Người xử lý", "submitted_at": "Ngày nộp", "received_at": "Ngày tiếp nhận",
    "due_at": "Ngày hẹn trả", "resolved_at": "Ngày có kết quả", "returned_at": "Ngày trả",
    "rejected_at": "Ngày từ chối", "changed_at": "Ngày cập nhật", "event_at": "Thời điểm sự kiện",
    "activity": "Sự kiện", "fee": "Phí, lệ phí", "components": "Số giấy tờ", "components_digitised": "Giấy tờ số hóa",
    "components_reused": "Giấy tờ tái sử dụng", "results": "Kết quả điện tử", "payment": "Cách nộp phí",
    "returned_by": "Cách trả kết quả", RECKONED: "Ngày hẹn trả, tính từ ngày tiếp nhận",
}  # fmt: skip
_LEVELS: Final = {"province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
_KINDS: Final = {"citizen": "Người dân", "business": "Doanh nghiệp", "agency": "Cơ quan", "organisation": "Tổ chức"}
_MEANINGS: Final = {
    "status": wording.STATUSES, "channel": wording.CHANNELS, "level": _LEVELS, "applicant_kind": _KINDS,
}  # fmt: skip
_WAITS: Final = {
    "from_at": "từ", "to_at": "đến", "at": "gửi ngày", "due_before": "hẹn cũ", "due_after": "hẹn mới", "letter": "số",
}  # fmt: skip
_UNITS: Final = {"calendar_days": "ngày", "working_days": "ngày làm việc", "hours": "giờ"}
_MOST_WORDS: Final = 60


def choices(known: tuple[Known, ...]) -> dict[str, str]:
    """Give what may be chosen as the source of a file: "" is a new one."""
    return {"": NEW} | {one.source: one.title for one in known}


def text_of(known: tuple[Known, ...], source: str) -> str:
    """Give the mapping of a known source, "" of a new one."""
    return next((one.text for one in known if one.source == source), "")


def summary(shown: Preview) -> str:
    """Say in two sentences what would be read."""
    if shown.missing:
        return "Chưa đọc được: ánh xạ còn thiếu ngày tiếp nhận hoặc mã hồ sơ. Bổ sung ở phần ánh xạ bên dưới."
    parts = f"{number(shown.good)} hồ sơ + {number(shown.merged)} gộp + {number(shown.quarantined)} cách ly"
    skipped = f" {number(shown.skipped)} dòng không phải hồ sơ." if shown.skipped else ""
    return f"**{number(shown.read)}** dòng đọc = {parts}.{skipped}"


def layout(shown: Preview) -> str:
    """Say how the file is laid out: where the header stands, and what was noticed."""
    header = f"Tiêu đề ở dòng {shown.header_row}" if shown.header_row else "Tệp tự nêu tên trường"
    return plain("; ".join([header, *(n.vietnamese for n in shown.notes)]), 300)


def columns(shown: Preview) -> pl.DataFrame:
    """Lay out how each field was read: from which column, as what, how often, and samples."""
    names = ["Trường", "Cột trong tệp", "Đọc là", "Đọc được", "Trống", "Ví dụ"]
    rows = [
        (
            _field(c.field), " hoặc ".join(c.columns) or "cố định", _notation(c.notations, c.day_first),
            number(c.n_read), number(c.n_missing), wording.flat(" · ".join(c.samples), 90),
        )
        for c in shown.columns
    ]  # fmt: skip
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _field(name: str) -> str:
    """Give a field's name; those of waits and letters are numbered: chờ 1, thư 2."""
    kind, _, rest = name.partition(" ")
    number, _, key = rest.partition(" ")
    told = {"suspension": "Chờ", "extension": "Thư xin lỗi"}.get(kind)
    return f"{told} {number}: {_WAITS.get(key, key)}" if told else FIELDS.get(name, name)


def _notation(notations: dict[str, int], day_first: bool | None) -> str:
    order = {True: " (ngày trước)", False: " (tháng trước)", None: ""}[day_first]
    told = ", ".join(f"{_in_words(name)} × {number(n)}" for name, n in notations.items())
    return told + order if notations else "chữ"


def _in_words(notation: str) -> str:
    """Say the rule of a reckoned date: "20 working_days" is 20 ngày làm việc; other notations are what they are."""
    size, _, unit = notation.rpartition(" ")
    return f"{size} {_UNITS[unit]}".strip() if unit in _UNITS else notation


def words(shown: Preview) -> pl.DataFrame:
    """Lay out every word of a closed set and what it became."""
    names = ["Trường", "Chữ trong tệp", "Thành", "Dòng"]
    rows = [
        (FIELDS.get(field, field), wording.flat(word, 80), _meaning(field, meaning), number(n))
        for field, told in shown.words
        for word, meaning, n in told[:_MOST_WORDS]
    ]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _meaning(field: str, meaning: str | None) -> str:
    if meaning is None:
        return "▲ chưa rõ: cách ly" if field == "status" else "◆ chưa rõ: để trống"
    return _MEANINGS.get(field, {}).get(meaning, meaning)


def refused(shown: Preview) -> pl.DataFrame:
    """Lay out the first rows that would be quarantined."""
    names = ["Ở đâu", "Vì sao", "Thấy gì", "Mã hồ sơ"]
    rows = [
        (
            trouble_words.place(r.place),
            "; ".join(map(reason, r.reasons)),
            found(r.found, list(r.reasons)),
            r.code or NOTHING,
        )
        for r in shown.refused
    ]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def reasons(shown: Preview) -> str:
    """Say how many rows each reason would refuse."""
    return " · ".join(f"**{number(n)}** {plain(reason(name))}" for name, n in shown.reasons)


def remarks(shown: Preview) -> list[str]:
    """Say what is kept but worth knowing, what is personal and dropped, and what nothing uses."""
    said = [f"Đã nhận, cần xem: {FLAGS.get(name, plain(name))} — {number(n)}" for name, n in shown.flags]
    if shown.dropped:
        said.append(f"Cột cá nhân, không bao giờ giữ: {plain(', '.join(shown.dropped), 400)}")
    if shown.pseudonymous:
        said.append(f"Cột tên cán bộ, chỉ giữ bí danh: {plain(', '.join(shown.pseudonymous), 400)}")
    if shown.unused:
        said.append(f"Cột không dùng: {plain(', '.join(shown.unused), 400)}")
    return said


def suggestion(shown: Preview) -> str:
    """Give the suggested mapping to begin with."""
    return upload_words.suggested(shown.suggestion or "")


def may_load(shown: Preview | None) -> bool:
    """Say whether there is something to load."""
    return shown is not None and not shown.missing and shown.good + shown.quarantined > 0


def done(told: dict[str, Any]) -> str:
    """Say what became of a loaded file."""
    counts = told["counts"]
    new = {"new": "mới", "changed": "đổi", "unchanged": "không đổi", "merged": "gộp", "quarantined": "cách ly"}
    parts = " + ".join(f"{number(counts[key])} {word}" for key, word in new.items())
    same = counts["read"] > counts["quarantined"] and not counts["new"] and not counts["changed"]
    again = " Không có gì thay đổi: mọi hồ sơ đã biết từ trước." if same else ""
    return f"**{plain(told['file'])}** → {plain(told['source'])}: {number(counts['read'])} dòng đọc = {parts}.{again}"


def failed(told: dict[str, Any]) -> str:
    """Say why a file could not be loaded: where, what was found, what to do."""
    found, step = (trouble_words.error(told.get(key, "")) for key in ("found", "next_step"))
    place = trouble_words.place(told.get("place", ""))
    if found != told.get("found", "").rstrip():
        return f"**{plain(place, 200)}:** {plain(found, 400)} {plain(step, 600)}"
    known = trouble(f"{told.get('place', '')}: {told.get('found', '')} {told.get('next_step', '')}")
    detail = plain(f"{found} {step}", 600)
    return f"**{plain(place, 200)}:** {known.title}. {known.step}  \n:gray[Chi tiết: {detail}]"
