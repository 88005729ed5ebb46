"""How the software of the sources is shown: by week, and the log of its faults with what its vendor is given."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from config.errors import DunghanError
from dashboard import data, filters, kept, offering, operated, sending, tables, taking
from dashboard import speaking as st
from dashboard.answers import records, sources
from dashboard.answers import software as words
from dashboard.answers.records import read_day
from dashboard.answers.why_links import WORDS as WHY
from dashboard.components import card, lines, link, phone, state
from dashboard.data import Ask
from dashboard.shapes import SOURCES, Link
from dashboard.wording import LOCAL, day, plain
from reports import software
from reports.software import KINDS, MEANS, Measured
from store import faults
from store.people import Person

_FORM: Final = "loi_phan_mem"
_COUNT: Final = st.column_config.TextColumn(width=150, alignment="right")
_TEXT: Final = {
    "Nguồn": st.column_config.TextColumn(width=230), "Tuần từ": st.column_config.TextColumn(width=95),
    "Số": st.column_config.TextColumn(width=50), "Nhóm": st.column_config.TextColumn(width=160),
    "Lỗi": st.column_config.TextColumn(width=300), "Nhà cung cấp": st.column_config.TextColumn(width=130),
    "Tình trạng": st.column_config.TextColumn(width=200),
}  # fmt: skip


def page(ask: Ask, who: Person) -> None:
    """Show how the software of each source did by week, and the log of faults."""
    titles = sources.titles(data.sources())
    told = _measured()
    with card("Phần mềm từng nguồn, 13 tuần"):
        if told.weeks.is_empty():
            state("empty", *words.NO_WEEKS)
        else:
            lines(words.summary(told.weeks, titles))
            link(Link(WHY, {}, SOURCES))
            rows = words.weeks(told.weeks, titles)
            tables.shown(
                rows, "Phần mềm từng nguồn theo tuần", {name: _TEXT.get(name, _COUNT) for name in rows.columns}
            )
            means = " ".join(f"{name}: {said}" for name, said in MEANS)
            shown, title = words.values(told.weeks, titles), "Phần mềm từng nguồn theo tuần"
            taking.table(shown, title, means, who, name="phan-mem", scope=ask.scope, version=ask.version)
            with st.expander("Cách tính"):
                lines([f"**{name}**: {said}" for name, said in MEANS])
    with card("Sổ lỗi báo nhà cung cấp"):
        _faults(ask, who, titles, told)


def _measured() -> Measured:
    zones = dict(data.sources().select("name", "time_zone").iter_rows())
    now = filters.now()
    return software.measured(data.store(), zones, since=now - timedelta(weeks=words.WEEKS), now=now)


def _faults(ask: Ask, who: Person, titles: dict[str, str], told: Measured) -> None:
    sending.told(_FORM)
    rows = faults.listed(data.store(), who, today=filters.today(), calendar=data.calendar())
    if rows.is_empty():
        state("empty", *words.NO_FAULTS)
    else:
        shown = words.listed(rows, titles)
        columns = {name: _TEXT.get(name, _COUNT) for name in shown.columns}
        chosen = tables.shown(shown, "Sổ lỗi báo nhà cung cấp", columns, key="loi")
        if phone():
            names = [f"{row[0]} · {row[3]}" for row in shown.iter_rows()]
            chosen = st.selectbox("Chọn lỗi", range(len(names)), 0, names.__getitem__, key="chon_loi")
        _one(rows.row(chosen or 0, named=True), who)
    if who.role in faults.REPORTING:
        with st.expander("Ghi lỗi đã báo", icon=":material/edit_note:"):
            _new(who, titles)
    if titles:
        _workbook(ask, who, titles, told)


def _one(row: dict[str, Any], who: Person) -> None:
    """Show a fault as it was written, and what became of it."""
    with st.as_written():
        st.markdown(f"**{row['seq']}** · {plain(row['title'])}")
        if row["text"]:
            st.markdown(plain(row["text"], faults.LONGEST))
    acts = faults.history(data.store(), who, row["source"]).filter(pl.col("fault_seq") == row["seq"])
    for each in acts.to_dicts():
        said, text = words.happened(each)
        st.markdown(said)
        if text:
            with st.as_written():
                st.markdown(plain(text, faults.LONGEST))
    if who.role not in faults.REPORTING:
        return
    with st.form(f"viec_loi_{row['seq']}_{acts.height}", border=False):
        known = words.acts(row)
        what = st.selectbox("Việc", list(known), format_func=known.__getitem__, key=f"viec_{row['seq']}")
        on = st.text_input("Ngày", day(filters.today()), key=f"viec_ngay_{row['seq']}", max_chars=20)
        text = st.text_area("Nội dung", key=f"viec_noi_dung_{row['seq']}", max_chars=faults.LONGEST, height=80)
        if not st.form_submit_button("Ghi"):
            return
    when = read_day(on)
    if when is None:
        st.warning(records.NO_DAY)
        return
    write = partial(
        faults.act, data.store(), row["seq"], str(what), on=when, text=text, by=who, at=filters.now(), zone=LOCAL
    )
    sending.sent(write, _FORM, "Đã ghi vào sổ lỗi.", _why)


def _new(who: Person, titles: dict[str, str]) -> None:
    with st.form("loi_moi", border=False):
        source = st.selectbox("Nguồn", list(titles), format_func=lambda name: titles[name], key="loi_nguon")
        kind = st.selectbox("Nhóm", list(KINDS), format_func=KINDS.__getitem__, key="loi_nhom")
        vendor = st.text_input("Nhà cung cấp", key="loi_nha_cung_cap", max_chars=faults.LONGEST_TITLE)
        title = st.text_input("Lỗi", key="loi_ten", max_chars=faults.LONGEST_TITLE)
        text = st.text_area("Mô tả, không ghi thông tin cá nhân", key="loi_mo_ta", max_chars=faults.LONGEST, height=80)
        on = st.text_input("Ngày báo", day(filters.today()), key="loi_ngay", max_chars=20)
        if not st.form_submit_button("Ghi lỗi", type="primary"):
            return
    when = read_day(on)
    if when is None:
        st.warning(records.NO_DAY)
        return
    write = partial(
        faults.report, data.store(), str(source), vendor=vendor, kind=str(kind), title=title, text=text,
        reported_on=when, by=who, at=filters.now(), zone=LOCAL,
    )  # fmt: skip
    sending.sent(write, _FORM, "Đã ghi lỗi vào sổ.", _why)


def _why(error: DunghanError) -> str:
    return words.NOT_KEPT[error.wrong] if isinstance(error, faults.FaultError) else sending.not_kept(error)


def _workbook(ask: Ask, who: Person, titles: dict[str, str], told: Measured) -> None:
    """Offer what the vendor of one source is given."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = str(st.selectbox("Gửi nhà cung cấp của nguồn", list(titles), format_func=lambda name: titles[name]))
        with_codes = st.checkbox("Kèm mã hồ sơ của dòng bị giữ lại", key="kem_ma")
        make = partial(_made, ask, who, titles[source], source, told, with_codes=with_codes)
        file = kept.taken(make, who, "phan-mem", source)
        offering.button("xlsx", file, f"phan-mem-{source}.xlsx", key="tai_phan_mem_nguon", main=True)


def _made(ask: Ask, who: Person, title: str, source: str, told: Measured, *, with_codes: bool) -> bytes:
    today = filters.today()
    about = software.About(title, today - timedelta(weeks=words.WEEKS), today, ask.version)
    rows = faults.listed(data.store(), who, today=today, calendar=data.calendar(), source=source)
    refused = operated.quarantined(ask.scope).filter(pl.col("source") == source) if with_codes else None
    return software.workbook(about, told.of(source), rows, faults.history(data.store(), who, source), refused)
