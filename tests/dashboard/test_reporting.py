"""Báo cáo tuần as its readers work with it: what is prepared, who approves, which bytes are taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from metrics.scope import Scope
from store import as_read, audit, editions, issued, restatements
from store.database import Store, writing
from store.editions import Claim, Draft, Paper, Printed
from store.people import Person
from store.tables import editions as table
from tests.dashboard.conftest import NOW, TODAY, Visit

PAGE = "pages/weekly.py"
DIRECTOR = Person("giamdoc", "Giám đốc", "director", None)
PROVINCE = Scope.province()


@dataclass(frozen=True, slots=True)
class Desk:
    """A store to which reports are given."""

    store: Store
    content: dict[str, object]

    def drafted(self, department: str = "", held: tuple[str, ...] = (), start: date = date(2026, 11, 13)) -> int:
        wanted = Claim("friday", department, start, date(2026, 11, 19), TODAY)
        mine = editions.claim(self.store, wanted, at=NOW)
        assert mine is not None
        told = [{"code": code, "values": {}} for code in held]
        assert editions.drafted(self.store, mine, Draft(self.content, "v1", 1), told, at=NOW)
        return mine

    def issued(self, department: str = "") -> int:
        mine = self.drafted(department)
        editions.approve(self.store, mine, by=DIRECTOR, at=NOW, read=as_read.mark(self.content, []))
        number = editions.next_number(self.store, 2026)
        told = json.dumps({"edition": {"issued_on": "2026-11-20"}}).encode()
        pages = [
            Paper("json", "a.json", told),
            *(Paper(f, f"a.{f}", f"bản {f}".encode()) for f in ("pdf", "docx", "xlsx")),
        ]
        printed = Printed(number, 2026)
        assert editions.issue(self.store, mine, printed, pages, at=NOW)
        return mine


@pytest.fixture
def desk(in_use: Store, visit: Visit) -> Iterator[Desk]:
    from dashboard import data, fridays
    from dashboard.data import Ask
    from dashboard.filters import of_nothing

    visit(PAGE)
    version = data.manifest()
    assert version is not None
    known = data.options(version.data_version, PROVINCE, TODAY)
    content = fridays.friday_report(Ask(version.data_version, PROVINCE, of_nothing(known)), TODAY)
    yield Desk(in_use, content)
    with writing(in_use) as connection:  # the store is of all tests here
        for name in ("papers", "restatements", "edition_acts", "editions"):
            for verb in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {name}_no_{verb}"))
            connection.execute(sa.text(f"DELETE FROM {name}"))


def shown(app: AppTest) -> str:
    assert not app.exception
    found = (told for kind in ("markdown", "caption", "warning", "success") for told in app.get(kind))
    texts = (str(getattr(told, "value", "")) for told in found)
    return " ".join(texts).replace("\\", "")  # signs of Markdown in data are escaped


def test_a_director_remarks_and_approves_what_was_read(desk: Desk, visit: Visit) -> None:
    mine = desk.drafted()
    app = visit(PAGE)
    assert "Chờ giám đốc duyệt · ngày phát hành 20/11/2026" in shown(app)
    app.text_area(key=f"chu_y_kien_{mine}").set_value("Đã đôn đốc.")
    next(b for b in app.button if b.label == "Lưu ý kiến").click().run()
    assert "Đã lưu ý kiến." in shown(app)
    next(b for b in app.button if b.label == "Duyệt và gửi ngay").click().run()
    found = issued.edition(desk.store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.remark, found.approved_by) == ("approved", "Đã đôn đốc.", "giamdoc")
    assert "Đã duyệt, chờ đến giờ gửi" in shown(app)
    log = audit.read(desk.store, what=f"report {mine}")["detail"].to_list()
    assert log == ["approved", "remarked Đã đôn đốc."]


def test_a_draft_made_anew_is_not_approved_unread(desk: Desk, visit: Visit) -> None:
    mine = desk.drafted()
    app = visit(PAGE)
    other = {**desk.content, "seal": {"data_version": "v2", "content_sha256": "f" * 64}}
    with writing(desk.store) as connection:
        connection.execute(sa.update(table).values(draft=json.dumps(other)))
    next(b for b in app.button if b.label == "Duyệt và gửi ngay").click().run()
    found = issued.edition(desk.store, mine, PROVINCE)
    assert found is not None
    assert found.state == "draft"
    next(b for b in app.button if b.label == "Duyệt và gửi ngay").click().run()
    assert "Đã duyệt." in shown(app)


def test_a_report_that_is_held_says_why_and_goes_only_with_a_reason(desk: Desk, visit: Visit) -> None:
    mine = desk.drafted(held=("report_unbalanced",))
    app = visit(PAGE)
    assert "biểu II.06 không cân đối." in shown(app)
    force = next(b for b in app.button if b.label == "Vẫn gửi, in kèm lý do")
    force.click().run()
    assert "Ghi lý do gửi; câu này được in ở trang một." in shown(app)
    app.text_input(key=f"ly_do_gui_{mine}").set_value("Đã kiểm tra tay.")
    next(b for b in app.button if b.label == "Vẫn gửi, in kèm lý do").click().run()
    found = issued.edition(desk.store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.caveat) == ("approved", "Đã kiểm tra tay.")


def test_a_draft_made_anew_or_held_for_another_reason_is_not_sent_unread(desk: Desk, visit: Visit) -> None:
    mine = desk.drafted(held=("report_unbalanced",))
    app = visit(PAGE)
    app.text_input(key=f"ly_do_gui_{mine}").set_value("Đã kiểm tra tay.")
    with writing(desk.store) as connection:
        connection.execute(sa.update(table).values(held=json.dumps([{"code": "report_seal", "values": {}}])))
    next(b for b in app.button if b.label == "Vẫn gửi, in kèm lý do").click().run()
    assert "mã nội dung không khớp" in shown(app)
    found = issued.edition(desk.store, mine, PROVINCE)
    assert found is not None
    assert (found.state, found.caveat) == ("held", None)


def test_a_report_that_could_not_be_made_has_nothing_to_send(desk: Desk, visit: Visit) -> None:
    mine = desk.drafted(held=("report_unbalanced",))
    words = "Chưa lập được báo cáo này nên chưa có gì để gửi."
    assert words not in shown(visit(PAGE))
    assert editions.drafted(desk.store, mine, None, [{"code": "report_unbalanced", "values": {}}], at=NOW)
    app = visit(PAGE)
    assert words in shown(app)
    assert "Vẫn gửi, in kèm lý do" not in [b.label for b in app.button]


def test_what_was_learned_since_names_the_dossiers(desk: Desk, visit: Visit) -> None:
    mine = desk.issued()
    assert "chưa có điều chỉnh" in shown(visit(PAGE))
    told = {
        "key": "stock", "name": "Hồ sơ quá hạn đang tồn", "then": {"t": "1"}, "now": {"t": "2"},
        "dossiers": [{"source": "mot-cua", "code": "MC-1", "department": None, "counts": {}}], "why": "gửi muộn",
    }  # fmt: skip
    restatements.keep(desk.store, mine, [told], data_version="v2", at=NOW)
    text = shown(visit(PAGE))
    assert "Điều chỉnh 1, 20/11/2026: **Hồ sơ quá hạn đang tồn** 1 → 2; gửi muộn (MC-1)" in text


def test_a_head_finds_the_own_sheet_and_nothing_of_the_province(desk: Desk, visit: Visit) -> None:
    unit = made_up_unit(desk.store)
    desk.issued()
    own = desk.issued(unit)
    held = desk.drafted("Sở Không Ai", held=("report_unbalanced",))
    app = visit(PAGE, who="truongphong")
    text = shown(app)
    assert "**2/2026**" in text
    assert "**1/2026**" not in text
    assert "Chưa gửi vì" not in text
    keys = {b.key for b in app.get("download_button")}
    assert {f"tai_{form}_{own}" for form in ("pdf", "docx", "xlsx")} <= keys
    assert not [key for key in keys if key and key.endswith(f"_{held}")]
    director = {b.key for b in visit(PAGE).get("download_button")}
    assert f"du_thao_{held}" in director  # who may see it does, by the same road


def made_up_unit(store: Store) -> str:
    from store import people

    head = people.by_name(store, "truongphong")
    assert head is not None
    assert head.departments
    return head.departments[0]


def test_the_preview_asks_the_chairman_nothing_where_the_head_of_a_unit_reads_it(visit: Visit) -> None:
    def words(who: str) -> str:
        return " ".join(each.value for each in visit(PAGE, who=who).markdown)

    assert "Kiến nghị Chủ tịch" in words("giamdoc")
    head = words("truongphong")
    assert "Đề nghị đơn vị" in head
    assert "Kiến nghị Chủ tịch" not in head
