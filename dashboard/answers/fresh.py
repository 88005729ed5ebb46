"""How old the figures are, which sources are late, and how far a first filling has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.shapes import Freshness
from metrics import freshness as rule
from metrics import rulebook
from metrics.freshness import State, Told
from metrics.heard import Left
from store.file_times import BY_RECORD
from store.snapshot import Manifest

#: So many of the silent are named above the figures; the page of the sources has all.
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """A state in words."""

    title: str
    advice: str


def name_of(source: dict[str, Any]) -> str:
    """Give what a source is called on the screen."""
    return str(source["title"] or source["name"])


def heard_at(source: dict[str, Any]) -> datetime | None:
    """Give when a source was last heard: read to its end, or, of files, as far as their newest record."""
    heard: datetime | None = source.get("heard_at") or source["last_ok_at"]
    return heard


def state_of(source: dict[str, Any], now: datetime) -> State:
    """Judge a source (a row of dashboard.data.sources) by metrics.freshness."""
    told = Told(
        source["name"], None, heard_at(source), source.get("time_zone") or wording.LOCAL.key,
        source["cadence_minutes"], tried=source["last_state"] not in (None, "running"),
        by_record=source.get("kind") in BY_RECORD,
    )  # fmt: skip
    return rule.state_of(told, now, rulebook.load().calendar)


def late(sources: pl.DataFrame, now: datetime) -> list[str]:
    """Give one phrase per late source: who, since when."""
    return [_late_words(s) for s in sources.to_dicts() if state_of(s, now) in (State.LATE, State.SILENT)]


def _late_words(source: dict[str, Any]) -> str:
    last = heard_at(source)
    if last is None:
        return f"{name_of(source)} chưa gửi được dữ liệu lần nào"
    return f"{name_of(source)} chưa gửi dữ liệu từ {wording.moment(last)}"


def titles(sources: pl.DataFrame) -> dict[str, str]:
    """Give source → what it is called."""
    return {s["name"]: name_of(s) for s in sources.to_dicts()}


def unheard(left: Sequence[Left], names: Mapping[str, str]) -> list[str]:
    """Say who left the rates and what they hold, those with the most open dossiers first."""
    order = sorted(left, key=lambda each: -each.pending)
    said = [_unheard_words(each, names) for each in order[:MOST]]
    rest = order[MOST:]
    if rest:
        held = wording.number(sum(each.pending for each in rest))
        said.append(f"và {wording.number(len(rest))} nơi khác, đang giữ {held} hồ sơ; xem Nguồn dữ liệu.")
    return said


def _unheard_words(left: Left, names: Mapping[str, str]) -> str:
    source = wording.plain(names.get(left.silent.source, left.silent.source))
    who = f"{wording.plain(left.silent.department)} ({source})" if left.silent.department else f"Nguồn {source}"
    since = f"từ {wording.moment(left.silent.heard_at)}" if left.silent.heard_at else "lần nào"
    held = wording.number(left.pending)
    return (
        f"**{who}: không có dữ liệu** {since}; {held} hồ sơ đang giữ không tính vào tỷ lệ, số đếm là số biết lần cuối."
    )


def freshness(manifest: Manifest | None, sources: pl.DataFrame, now: datetime) -> Freshness:
    """Say up to when the figures are known, under every title."""
    late_now = tuple(late(sources, now))
    if sources.is_empty():
        return Freshness("Chưa có nguồn dữ liệu", late_now, "none")
    reading = bool((sources["last_state"] == "running").any())
    if manifest is None or manifest.newest_at is None:
        return Freshness("Chưa có số liệu", late_now, "filling" if reading else "none")
    living = sources.filter(sources["cadence_minutes"].is_not_null())
    if living.is_empty():
        return Freshness(_as_of_day(manifest.newest_at), late_now, "files")
    text = wording.as_of(manifest.newest_at) + _heard(living, now)
    whole = bool(sources["last_ok_at"].is_not_null().all()) and not _uncounted(sources).any()
    return Freshness(text, late_now, "complete" if whole else "filling", stale(living, manifest.newest_at, now))


def _as_of_day(newest: datetime) -> str:
    """Say up to which day files reach: their hours are not all known, and the day may lie far back."""
    on = newest.astimezone(wording.LOCAL).date()
    return f"Số liệu đến {wording.WEEKDAYS[on.weekday()]} {wording.day(on)}"


def _heard(living: pl.DataFrame, now: datetime) -> str:
    last: datetime | None = living["last_ok_at"].max()  # type: ignore[assignment]
    if last is None:
        return ""
    is_today = last.astimezone(wording.LOCAL).date() == now.astimezone(wording.LOCAL).date()
    return f" · đọc lúc {wording.clock(last) if is_today else wording.moment(last)}"


def stale(living: pl.DataFrame, newest: datetime, now: datetime) -> tuple[str, str] | None:
    """Say that the figures are old when no living source was heard for long: title and advice; else None."""
    heard = [s for s in living.to_dicts() if heard_at(s) is not None]
    last = max((at for s in heard if (at := heard_at(s))), default=None)
    if last is None or any(state_of(s, now) is not State.SILENT for s in heard):
        return None
    advice = f"Số liệu bên dưới là của {wording.moment(newest)}; chưa nguồn nào gửi thêm. Xem Nguồn dữ liệu."
    return f"Dữ liệu đã cũ {wording.age_of(now - last)}", advice


def filling(sources: pl.DataFrame) -> Words:
    """Say what the reader waits for while there are no figures at all."""
    if sources.is_empty():
        advice = "Nạp một tệp bằng lệnh dunghan load, hoặc khai báo một nguồn rồi chạy dunghan sync."
        return Words("Chưa có dữ liệu", advice)
    held = int(sources["dossiers"].sum())
    states = set(sources["last_state"])
    if not held and "running" not in states:
        if "failed" in states:
            return Words("Chưa đọc được dữ liệu", "Lần đọc gần nhất bị lỗi; trang Nguồn dữ liệu cho biết vì sao.")
        return Words("Chưa có hồ sơ nào", "Các nguồn đã đọc không có hồ sơ; trang Nguồn dữ liệu cho biết đã đọc gì.")
    advice = "Số liệu hiện ra ngay khi tính xong phần đầu; không cần tải lại trang."
    return Words(f"Đang nạp dữ liệu: {wording.number(held)} hồ sơ …" if held else "Đang nạp dữ liệu …", advice)


def _uncounted(sources: pl.DataFrame) -> pl.Series:
    """Mark the sources of whose first reading the figures hold a part only (dashboard.hearing)."""
    if "uncounted" in sources.columns:
        return sources["uncounted"]
    return pl.Series("uncounted", [False] * sources.height, dtype=pl.Boolean)


def progress(sources: pl.DataFrame) -> str | None:
    """Say how far a first reading has come while it runs, and until the figures hold it; None when every source was
    once read to its end and is in the figures."""
    marked = zip(sources.iter_rows(named=True), _uncounted(sources), strict=True)
    first = [row for row, left in marked if left or (row["last_ok_at"] is None and row["last_state"] == "running")]
    if not first:
        return None
    held = wording.number(sum(row["dossiers"] or 0 for row in first))
    return f"Đang nạp dữ liệu: {held} hồ sơ … Số liệu bên dưới mới là một phần và tự cập nhật."
