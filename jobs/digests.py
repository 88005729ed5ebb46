"""The words of the morning mail and of what is mailed at once: counts and the way in; no codes, nobody's name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from config.alert_words import NAMES
from config.alerts import DIRECTOR, HEAD, Alerts, Audience
from config.mail import load as mail_of
from config.settings import settings
from jobs.moments import HOME_ZONE
from metrics.dossier import INSTANT
from metrics.ladder import OPEN, UNKNOWN, Changes
from metrics.scope import Scope
from reports import formats
from store import urgings
from store.outbox import Message
from store.people import Person

PAGE: Final = "/canh-bao"
MOST_UNITS: Final = 10
_ZONE: Final = ZoneInfo(HOME_ZONE)
_ROLES: Final[Mapping[str, Audience]] = {"head": "head", "director": "director", "operator": "operator"}
_UNITS: Final = {
    "rate": "đơn vị",
    "backlog": "đơn vị",
    "stale_source": "nguồn",
    "calendar": "mục",
    "quarantine": "nguồn",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets mail: as whom, of which units, and where."""

    name: str
    audience: Audience
    scope: Scope
    mail: str


def readers(known: Iterable[tuple[Person, str]]) -> tuple[Reader, ...]:
    """Give who gets mail: heads of their units, directors and operators of the province, and the operators' common
    addresses (mail.toml); one address is written to once for each audience and scope."""
    people = [
        Reader(person.name, _ROLES[person.role], person.scope, mail)
        for person, mail in known
        if person.role in _ROLES and (person.role == "head" or person.departments is None)
    ]
    common = [Reader("", "operator", Scope.province(), mail) for mail in mail_of().operators]
    return tuple({(r.audience, r.scope, r.mail): r for r in (*common, *people)}.values())


def of(reader: Reader, rows: pl.DataFrame, told: Alerts, *, channel: str) -> pl.DataFrame:
    """Keep of standing alerts (store.alerts.COLUMNS) what is a reader's to know: of the rules for that audience, and
    for a director what has risen so far; acknowledged ones are seen to."""
    for_them = [n for n, r in told.rules.items() if reader.audience in r.audience and r.channel == channel]
    mine = pl.col("rule").is_in(for_them)
    if reader.audience == "director":
        by_mail = [n for n, r in told.rules.items() if r.channel == channel]
        mine = mine | ((pl.col("level") >= DIRECTOR) & pl.col("rule").is_in(by_mail))
    return rows.filter(mine, reader.scope.expr(), pl.col("state").is_in([OPEN, UNKNOWN]))


def morning(reader: Reader, rows: pl.DataFrame, slips: pl.DataFrame, day: date) -> Message | None:
    """Write the mail of a morning; None with nothing open to tell. ``slips``: store.urgings.issued."""
    fresh = rows.filter(pl.col("state") == OPEN)
    urged = _urged(reader, slips, day)
    if fresh.is_empty() and not urged:
        return None
    lines = [line for rule in NAMES if (line := _line(rule, fresh.filter(pl.col("rule") == rule)))] + urged
    held = int(rows.filter(pl.col("state") == UNKNOWN).select(_count()).item() or 0)
    more = [f"Không rõ, do nguồn không có dữ liệu: {formats.number(held)} hồ sơ."] if held else []
    units = _by_unit(fresh) if reader.audience == "director" else []
    body = [f"Cảnh báo sáng {formats.day(day)}.", "", *lines, *more, *units, "", _way_in(), "", _FOOT]
    subject = f"Đúng Hạn: cảnh báo ngày {formats.day(day)}"
    return Message(_key("digest", reader, day.isoformat()), "digest", "mail", reader.mail, subject, "\n".join(body))


def _urged(reader: Reader, slips: pl.DataFrame, day: date) -> list[str]:
    """Remind a head of the slips that wait for an answer, and tell the director of those past their day."""
    states = [(urgings.state(row, day), row["answer_by"]) for row in slips.filter(reader.scope.expr()).to_dicts()]
    waits = [by for state, by in states if state != "answered"]
    late = sum(state == "late" for state, _ in states)
    if reader.audience == "head" and waits:
        first = formats.day(date.fromisoformat(min(waits)))
        said = f", {formats.number(late)} đã quá hạn trả lời" if late else ""
        return [f"Phiếu đôn đốc chờ đơn vị trả lời: {formats.number(len(waits))}{said}; hạn sớm nhất {first}."]
    if reader.audience == "director" and late:
        return [f"Phiếu đôn đốc quá hạn trả lời: {formats.number(late)}."]
    return []


def _key(what: str, reader: Reader, about: str) -> str:
    return f"{what} {about} {reader.audience} {reader.name or reader.mail}"


_FOOT: Final = "Thư này do phần mềm gửi, không có thông tin cá nhân. Chi tiết chỉ xem được sau khi đăng nhập."


def _count() -> pl.Expr:
    """Count the dossiers behind alerts: one each, and as many as a line says."""
    n = pl.col("detail").str.json_path_match("$.n").cast(pl.Int64, strict=False)
    return pl.when(pl.col("code").is_null()).then(n.fill_null(1)).otherwise(1).sum()


def _line(rule: str, rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    if rule in _UNITS:
        return f"{NAMES[rule]}: {rows.height} {_UNITS[rule]}."
    parts = [f"{NAMES[rule]}: {formats.number(rows.select(_count()).item())}"]
    if rule == "due_soon":
        step = pl.col("detail").str.json_path_match("$.days").cast(pl.Int64)
        steps = rows.group_by(days=step).agg(n=_count()).sort("days")
        parts += [f"trong {days} ngày làm việc: {formats.number(n)}" for days, n in steps.iter_rows()]
        return "; ".join(parts) + "."
    before = rows.filter(pl.col("code").is_null()).select(_count()).item() or 0
    fresh = rows.filter(pl.col("told") == 0, pl.col("code").is_not_null()).height
    risen = rows.filter(pl.col("level") >= HEAD, pl.col("code").is_not_null()).height
    said = ((fresh, "mới"), (risen, "đã chuyển cấp"), (before, "có từ trước khi theo dõi"))
    return "; ".join([*parts, *(f"{formats.number(n)} {words}" for n, words in said if n)]) + "."


def _by_unit(rows: pl.DataFrame) -> list[str]:
    """Name for a director the units with the most dossiers that have risen so far."""
    so_far = pl.col("level") >= DIRECTOR
    risen = rows.filter(so_far, pl.col("code").is_not_null(), pl.col("department").is_not_null())
    counts = risen.group_by("department").agg(n=pl.len()).sort("n", "department", descending=[True, False])
    lines = [f"- {name}: {formats.number(n)}" for name, n in counts.head(MOST_UNITS).iter_rows()]
    return ["", "Hồ sơ đã chuyển tới Giám đốc, theo đơn vị:", *lines] if lines else []


def _way_in() -> str:
    address = settings().public_url.rstrip("/")
    return f"Danh sách: {address}{PAGE}" if address else "Danh sách: mở Đúng Hạn, trang Cảnh báo."


def notice(reader: Reader, row: Mapping[str, Any]) -> Message:
    """Write what may not wait for the morning: one alert."""
    name, told = NAMES[row["rule"]], json.loads(row["detail"] or "{}")
    about = f"{name}: {row['source']}." if row["source"] and row["code"] is None else f"{name}."
    since = datetime.fromisoformat(told["heard_at"]).astimezone(_ZONE) if told.get("heard_at") else None
    last = [f"Lần cuối có dữ liệu: {since:%H:%M %d/%m/%Y}."] if since else []
    body = [about, *last, "", _way_in(), "", _FOOT]
    key = _key("alert", reader, f"{row['id']} {row['raised_at'].isoformat()}")
    return Message(key, "notice", "mail", reader.mail, f"Đúng Hạn: {name.lower()}", "\n".join(body))


def after(known: pl.DataFrame, done: Changes, at: datetime) -> pl.DataFrame:
    """Give the alerts as they would stand after a pass that is not kept."""
    moved = known.update(done.changed, on="id", include_nulls=True) if done.changed.height else known
    stamp = pl.lit(at, INSTANT)
    raised = done.raised.with_columns(
        state=pl.lit(OPEN), raised_at=stamp, level_at=stamp, told=pl.lit(0, pl.Int64), id=pl.lit(None, pl.Int64)
    )
    return pl.concat([moved.filter(pl.col("ended_at").is_null()), raised], how="diagonal")
