"""Nguồn dữ liệu: are the sources fresh and complete, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from config import notes, trouble_words
from config.reasons import REASONS
from config.troubles import trouble as trouble_of
from dashboard import wording
from dashboard.answers import fresh
from dashboard.answers.found import found
from dashboard.wording import NOTHING, moment, number
from metrics.completeness import Volume
from metrics.freshness import Standing, State
from reports.overdue import NO_UNIT
from store import terms

STATES: Final = {
    "ok": "● Đủ", "late": "◆ Chậm", "silent": "○ Không có dữ liệu", "failed": "▲ Lỗi", "running": "○ Đang đọc",
    "new": "○ Chưa đọc",
}  # fmt: skip
VOLUMES: Final = {
    Volume.LOW: "▲ ít bất thường", Volume.HIGH: "◆ nhiều bất thường", Volume.USUAL: "● như thường",
    Volume.UNTOLD: "○ chưa đủ cơ sở",
}  # fmt: skip


REFUSED: Final = "Dòng đã đọc mà không nhận, còn chờ sửa ở nguồn hoặc ở bảng ánh xạ; không tính vào số liệu nào."


def reason(name: str) -> str:
    """Say in Vietnamese why a row was refused."""
    return REASONS.get(name, name)


def state_of(source: dict[str, Any], now: datetime) -> str:
    """Give how a source stands: ok, late, silent, failed, running, new."""
    if source["last_state"] == "failed":
        return "failed"
    state = fresh.state_of(source, now)
    if state in (State.LATE, State.SILENT):
        return state.value
    if source["last_state"] == "running":
        return "running"
    return "new" if source["last_ok_at"] is None else "ok"


def table(sources: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Lay out the sources, those in trouble first."""
    order = ("failed", "silent", "late", "running", "new", "ok")
    rows = sorted(sources.to_dicts(), key=lambda s: (order.index(state_of(s, now)), fresh.name_of(s)))
    lines = [
        (
            STATES[state_of(s, now)],
            fresh.name_of(s),
            _read_at(s),
            _rhythm(s),
            number(s["dossiers"]),
            number(s["refused"]),
        )
        for s in rows
    ]
    names = ["Tình trạng", "Nguồn", "Lần đọc xong gần nhất", "Nhịp", "Hồ sơ", "Cách ly"]
    return pl.DataFrame(lines, schema=names, orient="row")


def _read_at(source: dict[str, Any]) -> str:
    """Say when a source was read, and how far its records go where that is another day."""
    read, heard = source["last_ok_at"], fresh.heard_at(source)
    if read is None or heard is None or read - heard < timedelta(days=1):
        return moment(read)
    return f"đọc lúc {moment(read)}, số liệu đến {moment(heard)}"


def _rhythm(source: dict[str, Any]) -> str:
    every = source["cadence_minutes"]
    return "theo tệp" if every is None else f"{number(every)} phút"


def summary(sources: pl.DataFrame, now: datetime) -> str:
    """Say in one sentence how the sources stand."""
    if sources.is_empty():
        return "Chưa có nguồn nào"
    states = [state_of(s, now) for s in sources.to_dicts()]
    troubled, reading = sum(s in ("late", "silent", "failed") for s in states), states.count("running")
    held, refused = int(sources["dossiers"].sum()), int(sources["refused"].sum())
    fine = f"{number(reading)} nguồn đang đọc" if reading else "Mọi nguồn đều đủ"
    trouble = f"**{number(troubled)} nguồn cần xem**" if troubled else fine
    return f"{trouble} · {number(held)} hồ sơ từ {number(sources.height)} nguồn · {number(refused)} dòng cách ly"


def trouble(sources: pl.DataFrame, *, everybody: bool = True) -> Sequence[str]:
    """Say for each source that failed what happened and what to do, with the error itself below. It may quote a row of
    whatever unit: who may not see ``everybody``'s is told only that there is one."""
    said = []
    for source in sources.to_dicts():
        if source["last_state"] == "failed" and source["last_error"]:
            words = _failure(source["last_error"]) if everybody else "lần đọc gần nhất bị lỗi."
            said.append(f"**{wording.plain(fresh.name_of(source))}:** {words}")
    return said


def _failure(error: str) -> str:
    told = trouble_of(error)
    return f"{told.title}. {told.step}  \n:gray[Chi tiết: {wording.plain(error, 400)}]"


def units(standings: Sequence[Standing], names: dict[str, str]) -> pl.DataFrame:
    """Lay out the units that a rhythm is declared for, the silent ones first."""
    order = (State.SILENT, State.LATE, State.NEVER, State.OK)
    found = sorted(
        (s for s in standings if s.told.department is not None),
        key=lambda s: (order.index(s.state), wording.sort_key(s.told.department or "")),
    )
    lines = [
        (
            s.told.department,
            STATES["new" if s.state is State.NEVER else s.state.value],
            moment(s.told.heard_at),
            f"{number(s.told.cadence_days)} ngày làm việc",
            names.get(s.told.source, s.told.source),
        )
        for s in found
    ]
    return pl.DataFrame(lines, schema=["Đơn vị", "Tình trạng", "Thấy lần cuối", "Nhịp", "Nguồn"], orient="row")


def volumes(today: pl.DataFrame, last: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Lay out what came: each source, and the units of which another number came than usual on the last whole day.

    ``today``, ``last``: metrics.completeness.volumes by source and by source and department, one under the other.
    """
    so_far = {(row["source"], row["department"], row["unit"]): row["n"] for row in today.to_dicts()}
    rows = sorted(last.to_dicts(), key=lambda r: (r["unit"], r["source"], wording.sort_key(r["department"] or "")))
    shown = [row for row in rows if not row["unit"] or row["volume"] in (Volume.LOW, Volume.HIGH)]
    lines = [
        (
            (row["department"] or NO_UNIT) if row["unit"] else f"Nguồn {names.get(row['source'], row['source'])}",
            VOLUMES[Volume(row["volume"])],
            number(row["n"]),
            NOTHING if row["low"] is None else f"{number(row['low'])}–{number(row['high'])}",
            number(so_far.get((row["source"], row["department"], row["unit"]), 0)),
        )
        for row in shown
    ]
    names_of = ["Nguồn, đơn vị", "Nhận xét", "Ngày gần nhất", "Thường", "Hôm nay đến giờ"]
    return pl.DataFrame(lines, schema=names_of, orient="row")


def volume_note(day: date) -> str:
    """Say what the band is."""
    return (
        f"Hồ sơ tiếp nhận ngày {wording.weekday(day)}, so với 8 {wording.WEEKDAYS[day.weekday()]} làm việc trước đó. "
        "Đơn vị nhận dưới 5 hồ sơ một ngày và ngày nghỉ không xét."
    )


RUN_COLUMNS: Final = [
    "Bắt đầu",
    "Nguồn",
    "Tệp",
    "Kết quả",
    "Đọc",
    "Mới",
    "Đổi",
    "Không đổi",
    "Gộp",
    "Cách ly",
    "Ghi chú",
]


def taken(sources: pl.DataFrame) -> Sequence[str]:
    """Say for each source whose word is not taken the common way how it is taken."""
    told = ((s, terms.read(s["terms"], s["time_zone"]).said) for s in sources.to_dicts())
    return [f"**{wording.plain(fresh.name_of(s))}:** {wording.plain('; '.join(said))}" for s, said in told if said]


#: A run that ended well, brought nothing and noticed nothing. An upload is never one: somebody waits for its line.
_QUIET: Final = (
    pl.col("kind").ne("load")
    & pl.col("state").eq("ok")
    & (pl.sum_horizontal("new", "changed", "quarantined") == 0)
    & pl.col("notes").is_null()
)


def quiet(history: pl.DataFrame, titles: dict[str, str]) -> str:
    """Say in one line how often nothing new came, and when last, by source; "" where something always came."""
    found = history.filter(_QUIET)
    if found.is_empty():
        return ""
    last = moment(found["started_at"].max())  # type: ignore[arg-type]
    times = found.group_by("source").len().sort("len", "source", descending=[True, False])
    by = ", ".join(f"{wording.plain(titles.get(name, name))} {number(n)}" for name, n in times.iter_rows())
    each = f": {by}" if len(titles) > 1 else ""
    return f"**{number(found.height)} lần đọc không có gì mới**, gần nhất {last}{each}."


def runs(history: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay out the runs that tell something, newest first; đọc = mới + đổi + không đổi + gộp + cách ly. Without files
    no column for them."""
    told = history.filter(~_QUIET).to_dicts()
    rows = pl.DataFrame([_run(r, titles) for r in told], schema=dict.fromkeys(RUN_COLUMNS, pl.String), orient="row")
    empty = [name for name in ("Tệp", "Ghi chú") if not (rows[name] != NOTHING).any()]
    return rows.drop(empty)


def _run(run: dict[str, Any], titles: dict[str, str]) -> tuple[str, ...]:
    counts = ("read", "new", "changed", "unchanged", "merged", "quarantined")
    state = wording.RUN_STATES.get(run["state"], run["state"])
    who = titles.get(run["source"], run["source"])
    file = wording.flat(run["origin"] or NOTHING, 32) if run["kind"] == "load" else NOTHING
    why = [f"{trouble_of(run['error']).title}."] if run.get("error") else []
    noticed = wording.flat(" ".join([*why, *(n.vietnamese for n in notes.read(run.get("notes")))]), 400) or NOTHING
    return moment(run["started_at"]), who, file, state, *(number(run[c]) for c in counts), noticed


def titles(sources: pl.DataFrame) -> dict[str, str]:
    """Give source → what it is called."""
    return {s["name"]: fresh.name_of(s) for s in sources.to_dicts()}


@dataclass(frozen=True, slots=True)
class Refused:
    """The refused rows: how many for each reason, in one sentence and as a list, and the rows themselves."""

    reasons: str
    counts: pl.DataFrame
    rows: pl.DataFrame


def refused(rows: pl.DataFrame, names: dict[str, str]) -> Refused:
    """Count refused rows by reason and lay them out, newest first."""
    reasons = rows.select(pl.col("reasons").list.explode(empty_as_null=False, keep_nulls=False).alias("reason"))
    counted = reasons.group_by("reason").len().sort("len", "reason", descending=[True, False])
    told = [f"**{number(count)}** {wording.plain(reason(str(name)))}" for name, count in counted.iter_rows()]
    columns = ["Vì sao", "Thấy gì", "Mã hồ sơ", "Ở đâu", "Nguồn", "Thấy lúc", "Dòng gốc"]
    lines = [_refused(row, names) for row in rows.to_dicts()]
    each = [(reason(str(name)).capitalize(), number(count)) for name, count in counted.iter_rows()]
    by_reason = pl.DataFrame(each, schema=["Vì sao", "Dòng"], orient="row")
    return Refused(" · ".join(told), by_reason, pl.DataFrame(lines, schema=columns, orient="row"))


def _refused(row: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    why = "; ".join(reason(name) for name in row["reasons"] or [])
    who = names.get(row["source"], row["source"])
    return (
        why,
        found(row["found"] or "", row["reasons"] or []),
        row["code"] or NOTHING,
        trouble_words.place(row["place"]),
        who,
        moment(row["seen_at"]),
        row["raw"],
    )
