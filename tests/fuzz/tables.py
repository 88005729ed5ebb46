"""Tables of made-up dossiers as hypothesis draws them: tame ones, of which all is known, and wild ones."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from hypothesis import strategies as st

PERSON: Final = "kín x7f3a91"  # no rule of texts knows it: only its column tells that it is personal
PHONE: Final = "0987 650 123"
HEADERS: Final = ("Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc", "Cơ quan", "Họ và tên chủ hồ sơ")
FIELDS: Final = ("code", "received_at", "due_at", "resolved_at", "department")
PLAIN: Final = 'source = "fuzz"\n[columns]\n' + "".join(
    f'{field} = "{header}"\n' for field, header in zip(FIELDS, HEADERS, strict=False)
)
_FROM: Final = date(2026, 1, 1)
_DAY_FIRST: Final = "[dates]\nday_first = true\n"
_WRITTEN: Final = ("{0:%d/%m/%Y}", "{0:%Y-%m-%d}", "{0:%Y-%m-%dT08:30:00+07:00}", "{0:%d/%m/%Y} 14:05", "{0:%Y%m%d}")
Dates = Literal["declared", "open"]

#: Cells that break readers: numbers as codes, edges of calendars, marks, damaged and decomposed letters, huge texts.
NASTY: Final = (
    "", " ", "-", "NULL", "nan", "0", "-0", "1E5", "2.61105E+11", "1.110", "007", "00001", "9" * 25, "9" * 400,
    "12345678901234567890", "inf", "-inf", "NaN", "Infinity", "1e999", "true", "TRUE", "#REF!", "=1+1",
    '="012"', "'012",
    "@SUM(A1)", "Tổng cộng", "(1)", "(2)", "Mã hồ sơ", "__row__", "row", "code", "source", "status:text", "#2",
    "literal",
    "Ngày (1)", "Ngày (2)", "Hồ sơ", unicodedata.normalize("NFD", "Hồ sơ đất đai"), "🏛️🏛️", "\u202eabc",
    "\ufeff", "\u200b",
    "\x00", "a\x00b", "\x03", "\x1a", "\r", "\n", "a\nb", "a\r\nb", "\t", ",", ";", "|", '"', '""', '"a',
    'a"b', "'", "\\",
    "\\N", "\ufffd", "x" * 300, "ồ" * 5000, "a,b;c\td|e", "{}", "[]", '{"a":1}', "<log>", "<?xml", "PAR1", "PK\x03\x04",
    "sep=;", 'sep="', "sep=\n", "31/02/2026", "29/02/2026", "29/02/2028", "00/00/0000", "01/01/0001", "31/12/9999",
    "9999-12-31", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "1899-12-30", "1900-01-01", "2100-12-31",
    "32/13/2026", "03/04/2026", "13/04/2026", "04/13/2026", "3/4/26", "03-04-2026", "2026/03/04", "03.04.2026",
    "2026-03-04T24:00:00", "2026-03-04T25:61:61", "04/03/2026 12:00 AM", "4:5 PM 04/03/2026", "46342", "46342.999999",
    "99999", "9999999999", "9999999999999", "9999999999999999", "20260304", "20260304235960", "20261332000000",
    "thứ hai, 25/04/2026", "ngày 3 tháng 4 năm 2026", "08 giờ 30 ngày 3 tháng 4 năm 2026", "3 APR 2026",
    "2026-03-04[UTC]",
    "/Date(1770000000000)/", "٢٠٢٦-٠٣-٠٤", "٠٣/٠٤/٢٠٢٦", "٤٦٣٤٢", "２０２６-０３-０４", "2026-03-04T08:30:00.٣",
    "1770000000",
    "2026-03-04T08:30+٠٧:٠٠", "2026-03-04 08:30 +99:99", "2026-03-04T08:30:00.123456789Z", "၄၆၃၄၂", "²⁰²⁶", "1" * 19,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows of texts, the mapping that fits, and what is known: see Case."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: str
    dates: Dates = "declared"
    days: tuple[tuple[str, str], ...] = ()
    tame: bool = False


@st.composite
def tame(draw: st.DrawFn) -> Table:
    """Draw a table of which every row must be read, and every day of receipt is known."""
    dates: Dates = draw(st.sampled_from(("declared", "declared", "open")))
    rows, days = [], []
    for number in range(draw(st.integers(1, 6))):
        cells, told = draw(_row(number, dates))
        rows.append(cells)
        days += told
    twice = draw(st.integers(0, 2))
    known = dict(days)
    mapping = PLAIN + (_DAY_FIRST if dates == "declared" else "")
    return Table(HEADERS, (*rows, *rows[:twice]), mapping, dates, tuple(known.items()), tame=True)


@st.composite
def _row(draw: st.DrawFn, number: int, dates: Dates) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    code = draw(
        st.sampled_from((f"H01-{number}", f"H01.{number}-đ", f"10000000000000000{number:03}", f"🏛-{number}", ""))
    )
    received = draw(_open_days if dates == "open" else _days)
    due = received + timedelta(days=draw(st.integers(0, 40)))
    if dates == "open":  # every date of the file can be read two ways, and nothing settles which
        written = ["{0:%d/%m/%Y}"] * 2
        due = received
    else:
        written = [draw(st.sampled_from(_WRITTEN)) for _ in range(2)]
    unit = draw(st.sampled_from(("Sở Nội vụ", "UBND phường Bạch Mai", unicodedata.normalize("NFD", "Sở Tư pháp"), "")))
    told = [(code, "" if dates == "open" else received.isoformat())] if code else []
    return (code, written[0].format(received), written[1].format(due), "", unit, PERSON), told


_days: Final = st.integers(0, 360).map(lambda n: _FROM + timedelta(days=n))
_open_days: Final = _days.filter(lambda day: day.day <= 12 and day.day != day.month)

_words: Final = st.one_of(
    st.sampled_from(NASTY), st.sampled_from(NASTY), st.text(max_size=12), st.sampled_from(HEADERS),
    st.integers(-(10**25), 10**25).map(str), st.floats().map(str), _days.map("{0:%d/%m/%Y}".format),
    st.sampled_from(HEADERS).map(lambda word: unicodedata.normalize("NFD", word).upper()),
)  # fmt: skip


@st.composite
def wild(draw: st.DrawFn) -> Table:
    """Draw a table of anything: odd and repeated headers, ragged and blank rows, any text in any cell."""
    odd = draw(st.lists(_words, max_size=3))
    headers = [*HEADERS[: draw(st.sampled_from((0, 4, 5, 6, 6, 6)))], *odd]
    headers = draw(st.permutations(headers)) if draw(st.booleans()) else headers
    width = st.integers(0, len(headers) + 2) if draw(st.booleans()) else st.just(len(headers))
    rows = [tuple(draw(_words) for _ in range(draw(width))) for _ in range(draw(st.integers(0, 5)))]
    rows = rows * draw(st.sampled_from((1, 1, 1, 2)))
    return Table(tuple(headers), tuple(rows), draw(mappings()))


_EXTRAS: Final = (
    "", "", "", _DAY_FIRST, "[dates]\nday_first = false\n",
    '[dates]\nformats = ["dd/MM/yyyy", "epoch_seconds"]\nonly = true\n',
    '[status]\nclosed_when = "finish_date"\n', '[status]\nmissing = "reject"\n', '[duplicates]\nkeep = "first"\n',
    '[duplicates]\nkeep = "newest"\nnewest_by = "due_at"\n', '[file]\nsheets = "all"\n',
    '[file]\nheader_row = [1, 2]\n',
    '[file]\nfill_down = ["Cơ quan"]\n', '[file]\nencoding = "windows-1258"\n', '[file]\nmissing = ["Hồ sơ", "0"]\n',
    '[rows.skip]\n"Cơ quan" = ["0", ""]\n', '[rows]\nskip_starting = ["#", "a"]\n',
    '[rows.keep]\n"Cơ quan" = ["Hồ sơ"]\n',
    '[due]\ndays_column = "Cơ quan"\nunit = "working_days"\n', '[due]\ndays_column = "Cơ quan"\nunit = "hours"\n',
    '[events]\ntime = "Ngày tiếp nhận"\nactivity = "Cơ quan"\nresource = "Họ và tên chủ hồ sơ"\nresolved = ["a\\nb"]\n',
    '[personal]\nhandler = "keep"\nkeep = ["Họ và tên chủ hồ sơ"]\n', '[file]\nformat = "csv"\n',
    '[file]\nformat = "xlsx"\n',
    '[file]\nrows_at = "data"\n', '[file]\nformat = "json"\n', '[file]\nformat = "zip"\n', '[file]\ndelimiter = ";"\n',
)  # fmt: skip
_MORE: Final = (
    "", "", 'status = "Cơ quan"\n', 'channel = "Cơ quan"\nlevel = "Ngày kết thúc"\n',
    'submitted_at = { join = ["Ngày tiếp nhận", "Ngày hẹn trả"] }\n', 'other_code = ["Cơ quan", "Mã hồ sơ"]\n',
    'handler = "Họ và tên chủ hồ sơ"\n', 'changed_at = "Ngày kết thúc"\nreturned_at = "Ngày hẹn trả"\n',
)  # fmt: skip


@st.composite
def mappings(draw: st.DrawFn) -> str:
    """Draw a mapping over HEADERS, with one key or two that change how a file is read."""
    return PLAIN + draw(st.sampled_from(_MORE)) + draw(st.sampled_from(_EXTRAS))
