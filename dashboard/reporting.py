"""What the weekly report's page shows of the life of reports: those that are prepared, and those that went out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from config.errors import StoreError
from dashboard import components, data, editions, filters, kept, offering, sending, tables
from dashboard import speaking as st
from dashboard.answers import issuing as words
from dashboard.answers import weekly
from dashboard.languages import is_english
from dashboard.offering import Taken
from dashboard.wording import plain
from metrics.scope import Scope
from reports import pdf
from reports.files import issued_name
from store import editions as acts
from store import issued
from store.issued import Edition
from store.people import Person

_FORMS: Final[tuple[Taken, ...]] = ("pdf", "docx", "xlsx")
_WAITING: Final = ("claimed", "draft", "held", "approved")
_FORM: Final = "bao_cao"
_COLUMNS: Final = {
    name: st.column_config.TextColumn(width=width)
    for name, width in zip(words.COLUMNS, (90, 140, 190, 130, 260), strict=True)
}


def prepared(reach: Scope, who: Person) -> None:
    """Show the reports that are not sent yet, to those who may see the whole province."""
    if reach.departments is not None:
        return
    for one in issued.editions_of(data.store(), reach, states=_WAITING)[:6]:
        with components.card(words.name(one)):
            sending.told(f"{_FORM}_{one.id}")
            st.caption(words.state(one))
            _against(one)
            if one.draft is not None:
                _draft(one)
            _forms(one, who)


def _against(one: Edition) -> None:
    reasons = words.reasons(one, english=is_english())
    if reasons:
        told = "\n".join((f"{st.words('Chưa gửi vì:')}\n", *(f"- {reason}" for reason in reasons)))
        with st.ready():
            st.warning(told, icon=":material/block:")
    if one.state == "held" and one.draft is None:
        st.caption(words.NOTHING_TO_SEND)


def _draft(one: Edition) -> None:
    with st.expander("Xem dự thảo", icon=":material/visibility:"):
        content = one.draft or {}
        file = kept.taken(partial(pdf.render, content), _reader(), "bao-cao-du-thao", str(one.id))
        offering.button("pdf", file, "du-thao.pdf", key=f"du_thao_{one.id}")
        editions.blocks(weekly.blocks(content))


def _reader() -> Person:
    from dashboard import frame

    return frame.person()


def _forms(one: Edition, who: Person) -> None:
    """Let the director remark and approve, and who may send a report that is held back say why."""
    if who.role in acts.APPROVERS:
        _remark(one, who)
    elif one.remark:
        st.markdown(f"Ý kiến của giám đốc: {plain(one.remark, acts.LONGEST_REMARK)}")
    if one.state == "draft" and who.role in acts.APPROVERS:
        # The button is of the draft that was read: one that was made anew meanwhile has another, not yet pressed.
        approve = partial(acts.approve, data.store(), one.id, by=who, at=filters.now(), read=one.mark)
        what = words.approval(one, filters.now())
        if st.button(what, type="primary", key=f"duyet_{one.id}_{one.mark}", icon=":material/task_alt:"):
            _done(one, approve, "Đã duyệt.")
    if one.state == "held" and one.draft is not None and who.role in acts.FORCERS:
        _force(one, who)


def _remark(one: Edition, who: Person) -> None:
    with st.form(f"y_kien_{one.id}", border=False):
        text = st.text_area(
            "Ý kiến của giám đốc", one.remark or "", key=f"chu_y_kien_{one.id}", max_chars=acts.LONGEST_REMARK,
            height=90, help="In ở trang 3 của báo cáo. Sửa sau khi duyệt thì phải duyệt lại.",
        )  # fmt: skip
        if st.form_submit_button("Lưu ý kiến"):
            _done(one, partial(acts.remark, data.store(), one.id, text, by=who, at=filters.now()), "Đã lưu ý kiến.")


def _force(one: Edition, who: Person) -> None:
    # The form is of the draft and the reasons that were read, as the button above is.
    with st.form(f"gui_{one.id}_{one.mark}", border=False):
        why = st.text_input(
            "Lý do vẫn gửi dù chưa đủ điều kiện",
            key=f"ly_do_gui_{one.id}",
            max_chars=acts.LONGEST_CAVEAT,
            help=words.NO_CAVEAT,
        )
        if not st.form_submit_button("Vẫn gửi, in kèm lý do"):
            return
        if not why.strip():
            st.warning(words.NO_CAVEAT)
            return
        force = partial(acts.force, data.store(), one.id, why, by=who, at=filters.now(), read=one.mark)
        _done(one, force, "Đã duyệt gửi kèm lý do.")


def _done(one: Edition, act: Callable[[], None], said: str) -> None:
    """Take a step, or say that the report has gone on meanwhile."""
    sending.sent(act, f"{_FORM}_{one.id}", said, lambda _: words.NOT_NOW)


def sent(reach: Scope, who: Person) -> None:
    """Show the issued reports within scope, the files of the chosen one as they went out, what was learned since."""
    with components.card("Báo cáo đã phát hành"):
        found = issued.editions_of(data.store(), reach, states=("issued",))
        if not found:
            components.state("empty", *words.NONE_ISSUED)
            return
        rows = words.listed(found)
        number = tables.shown(rows, "Báo cáo đã phát hành", _COLUMNS, key="da_phat_hanh")
        if components.phone():
            names = rows["Số"].to_list()
            number = st.selectbox("Chọn báo cáo", range(len(names)), 0, names.__getitem__, key="chon_bao_cao")
        _one(found[number or 0], reach, who)


def _one(one: Edition, reach: Scope, who: Person) -> None:
    number, year = one.number or 0, one.year or 0  # an issued report has both
    st.markdown(f"**{number}/{year}** · {words.name(one)}")
    digest = issued.hashes(data.store(), one.id, reach).get("pdf", "")
    for line in words.about(one, digest):
        st.caption(line)
    with st.container(horizontal=True, gap="small"):
        for form in _FORMS:
            file = kept.taken(partial(_bytes, one, form, reach), who, "bao-cao", f"{number}/{year} {form}")
            offering.button(form, file, issued_name(number, year, form), key=f"tai_{form}_{one.id}")
    changes = words.changes(issued.restatements_of(data.store(), one.id, reach))
    if not changes:
        st.caption(words.UNCHANGED)
    with st.as_written():
        components.lines(changes)


def _bytes(one: Edition, form: str, reach: Scope) -> bytes:
    """Give the very bytes that were issued."""
    paper = issued.paper(data.store(), one.id, form, reach)
    if paper is None:
        raise StoreError(f"report {one.number}/{one.year}", f"it has no {form}.", "Choose another form.")
    return paper.content
