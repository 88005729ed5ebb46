"""The mix of channels by month: how people hand in their dossiers, as shares, and as a table with its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from dashboard import periods, wording
from dashboard.filters import CHANNEL, GROUP, PERIOD, Choice
from dashboard.periods import Named
from dashboard.shapes import Lined, Link
from dashboard.wording import NOTHING, number, percent, share

MONTHS: Final = 13
NAMES: Final = wording.CHANNELS | {"unknown": "Không rõ kênh"}
#: A file's columns: what came by each channel; the share's numerator and denominator, and itself.
_VALUES: Final[dict[str, Any]] = {
    "Tháng": pl.String, "Từ ngày": pl.Date, "Tiếp nhận": pl.Int64, **dict.fromkeys(NAMES.values(), pl.Int64),
    "Trực tuyến, tử số": pl.Int64, "Đã rõ kênh, mẫu số": pl.Int64, "Tỷ lệ trực tuyến (%)": pl.Float64,
}  # fmt: skip
_SHARES: Final = {"online": "online_share", "counter": "counter_share", "post": "post_share"}


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares (0–1) of each channel by month, None in a month of few; what it shows in words; the same as a table."""

    months: Sequence[date]
    shares: Mapping[str, Sequence[float | None]]
    hover: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    text: str
    table: Lined


def months(choice: Choice) -> tuple[Named, ...]:
    """Give the calendar months up to the one that the choice's period ends in, oldest first."""
    found = [periods.containing("thang", choice.as_of)]
    while len(found) < MONTHS:
        found.append(periods.before(found[-1]))
    return tuple(reversed(found))


def mix(choice: Choice, several: Sequence[Named], counts: pl.DataFrame, *, small: int) -> Mix:
    """Lay figures by month (metrics.heard.told, ``by=["month"]``) out as the declared shares of channels."""
    rows = {row["month"]: row for row in counts.to_dicts()}
    told = [(each, rows.get(each.period.start, {})) for each in several]
    told = told[next((i for i, (_, row) in enumerate(told) if row.get("received")), len(told)) :]
    channels = [c for c in wording.CHANNELS if any(_pair(row, c)[0] for _, row in told)]
    shares = {c: [_share(row, c, small) for _, row in told] for c in channels}
    hover = {c: [_hover(each, row, c) for each, row in told] for c in channels}
    last: Mapping[str, Any] = next((row for _, row in reversed(told) if _pair(row, "online")[1] >= small), {})
    labels = {c: f"{NAMES[c]} {percent(*_pair(last, c))}" for c in channels}
    return Mix([each.period.start for each, _ in told], shares, hover, labels, _text(told), _table(choice, told, small))


def _pair(row: Mapping[str, Any], channel: str) -> tuple[int, int]:
    share = row.get(_SHARES[channel]) or {}
    return int(share.get("numerator") or 0), int(share.get("denominator") or 0)


def _share(row: Mapping[str, Any], channel: str, small: int) -> float | None:
    part, known = _pair(row, channel)
    return part / known if known >= small else None


def _hover(month: Named, row: Mapping[str, Any], channel: str) -> str:
    part, known = _pair(row, channel)
    words = f"{percent(part, known)}: {number(part)} / {number(known)} hồ sơ"
    return f"<b>{month.name}</b> · {NAMES[channel]}<br>{words}"


def _text(told: Sequence[tuple[Named, Mapping[str, Any]]]) -> str:
    """Say how the online share went from the first month to the last."""
    if not told:
        return "Chưa có hồ sơ tiếp nhận."
    (first, then), (last, now) = told[0], told[-1]
    words = f"Trực tuyến {last.name.lower()}: **{percent(*_pair(now, 'online'))}**"
    return words if first == last else f"{words}; {first.name.lower()}: {percent(*_pair(then, 'online'))}."


def _table(choice: Choice, told: Sequence[tuple[Named, Mapping[str, Any]]], small: int) -> Lined:
    lines = [_line(each, row, small) for each, row in reversed(told)]
    heads = ["Tháng", "Tiếp nhận", *NAMES.values(), "Tỷ lệ trực tuyến"]
    links = [_links(choice, each, row) for each, row in reversed(told)]
    values = pl.DataFrame([_values(each, row, small) for each, row in reversed(told)], schema=_VALUES, orient="row")
    return Lined(pl.DataFrame(lines, schema=heads, orient="row"), links, values=values)


def _values(month: Named, row: Mapping[str, Any], small: int) -> tuple[Any, ...]:
    counts = (int(row.get(name) or 0) for name in ("received", *(f"received_{c}" for c in NAMES)))
    online, known = _pair(row, "online")
    return month.name, month.period.start, *counts, online, known, share(online, known) if known >= small else None


def _line(month: Named, row: Mapping[str, Any], small: int) -> tuple[str, ...]:
    counts = (row.get(name) or 0 for name in ("received", *(f"received_{c}" for c in NAMES)))
    online, known = _pair(row, "online")
    rate = NOTHING if not known else f"n = {number(known)}" if known < small else wording.rated(online, known)
    return month.name, *(number(count) for count in counts), rate


def _links(choice: Choice, month: Named, row: Mapping[str, Any]) -> tuple[Link, ...]:
    query = {PERIOD: month.code, GROUP: "da-nhan"}
    found: list[tuple[int, str, dict[str, str]]] = [(int(row.get("received") or 0), "tiếp nhận", {})]
    found += [(int(row.get(f"received_{c}") or 0), name.lower(), {CHANNEL: c}) for c, name in wording.CHANNELS.items()]
    return tuple(Link(f"{number(n)} {words}", choice.query(**query, **more)) for n, words, more in found if n)
