"""Hồ sơ, the forms: who may record does so, who may not reads, every rule answers in words, and lists tell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, shapes
from dashboard.answers import records as words
from dashboard.lists import LISTS
from metrics.scope import Scope
from store import audit, people, recorded
from store.database import Store, open_store
from store.sessions import open_for
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit

EVERYTHING = Scope.province()
ROLES: dict[str, people.Role] = {"kiemtra": "auditor", "chutich": "chairman", "vanhanh": "operator"}
OTHER = "Sở Nông nghiệp và Môi trường"
HOSTILE = "<script>alert(1)</script> **đậm** =1+1 [x](http://a.b)"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small province; nothing is recorded yet."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('ghi') / 'dunghan.db'}")
    made_up.fill(store, TODAY, now=NOW, weeks=10, a_day=30)
    for name, role in ROLES.items():
        people.add(store, name, made_up.PASSWORD, role=role, title=name)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module")
def sessions(province: Store) -> dict[str, str]:
    known = {name: people.by_name(province, name) for name in ("giamdoc", "truongphong", *ROLES)}
    return {name: open_for(province, who, now=NOW) for name, who in known.items() if who}


def late(store: Store, department: str, *, n: int = 0) -> str:
    """Give the code of one overdue dossier of a unit."""
    from store import snapshot

    state = snapshot.read_manifest(store)
    assert state is not None
    rows = snapshot.facts(store, state).filter(
        pl.col("department") == department, pl.col("closed_on").is_null(), pl.col("due_on") < TODAY
    )
    return str(rows.collect().sort("code")["code"][n])


def shown(app: AppTest) -> str:
    kinds = ("markdown", "caption", "header", "success", "warning")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(app, kind))


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [b for b in app.button if b.label == label]
    return button.click().run()


def field(app: AppTest, kind: str, label: str, *, nth: int = 0) -> object:
    return [e for e in getattr(app, kind) if e.label == label][nth]


def opened(visit: Visit, code: str, who: str = "truongphong") -> AppTest:
    app = visit(shapes.DOSSIER, who=who, nguon="mot-cua", ma=code)
    assert not app.exception
    return app


def test_a_head_records_each_kind_and_reads_it_back_with_who_and_when(visit: Visit, in_use: Store) -> None:
    code = late(in_use, "Sở Xây dựng")
    app = opened(visit, code)
    assert [tab.label for tab in app.tabs][-5:] == [*words.KINDS.values(), "Bổ sung hồ sơ"]
    assert "Chưa ghi gì cho hồ sơ này" in shown(app)
    field(app, "selectbox", "Nguyên nhân trễ hẹn").select("T02")  # type: ignore[attr-defined]
    app = press(app, "Ghi nguyên nhân")
    assert [e.value for e in app.success] == ["Đã ghi nguyên nhân T02 lúc 10:32. Bản ghi trước, nếu có, vẫn được giữ."]
    field(app, "text_area", "Đã trả lời người nộp").input(HOSTILE)  # type: ignore[attr-defined]
    app = press(app, "Ghi trả lời")
    field(app, "text_area", "Ghi chú nội bộ").input("Gọi lại thứ Hai")  # type: ignore[attr-defined]
    app = press(app, "Lưu ghi chú")
    field(app, "text_input", "Số văn bản").input("12/XL-SXD")  # type: ignore[attr-defined]
    field(app, "text_input", "Ngày hẹn mới").input("25/11/2026")  # type: ignore[attr-defined]
    app = press(app, "Ghi thư xin lỗi")
    assert not app.exception
    told = recorded.of_dossier(in_use, "mot-cua", code, EVERYTHING)
    assert told.select("kind", "cause", "text", "number", "recorded_by").rows() == [
        ("letter", None, None, "12/XL-SXD", "truongphong"),
        ("note", None, "Gọi lại thứ Hai", None, "truongphong"),
        ("answer", None, HOSTILE, None, "truongphong"),
        ("cause", "T02", None, None, "truongphong"),
    ]
    text = shown(opened(visit, code, "chutich"))
    assert "**Thư xin lỗi số 12/XL\\-SXD** · ngày 20/11/2026, hẹn lại 25/11/2026" in text
    assert "truongphong · 10:32 20/11/2026" in text
    assert "<script>" not in text  # every sign of it is escaped
    assert "\\<script\\>" in text
    timeline = next(pl.from_pandas(t.value) for t in app.dataframe if "Điều đã thấy" in t.value.columns)
    seen = "\n".join(timeline["Điều đã thấy"])
    assert "truongphong ghi nguyên nhân T02" in seen
    assert "truongphong ghi thư xin lỗi số 12/XL-SXD" in seen


@pytest.mark.parametrize("who", ["kiemtra", "chutich"])
def test_who_only_reads_has_no_form(visit: Visit, in_use: Store, who: str) -> None:
    app = opened(visit, late(in_use, "Sở Xây dựng"), who)
    assert not [b for b in app.button if b.label.startswith(("Ghi ", "Lưu "))]
    listed = visit(shapes.WORKLIST, who=who, nhom="qua-han")
    assert not [b for b in listed.button if b.label.startswith("Ghi ")]


@pytest.mark.parametrize("who", ["giamdoc", "vanhanh"])
def test_director_and_operator_record_beside_the_list(visit: Visit, in_use: Store, who: str) -> None:
    before = recorded.newest(in_use, Scope.province())
    app = visit(shapes.WORKLIST, who=who, nhom="qua-han")
    field(app, "selectbox", "Nguyên nhân trễ hẹn").select("T05")  # type: ignore[attr-defined]
    app = press(app, "Ghi nguyên nhân")
    assert not app.exception
    assert [e.value for e in app.success] == ["Đã ghi nguyên nhân T05 lúc 10:32. Bản ghi trước, nếu có, vẫn được giữ."]
    assert recorded.newest(in_use, Scope.province()) > before
    assert any(e.value.startswith("**Nguyên nhân** · T05 ") for e in app.markdown), "the card shows what was recorded"


def test_every_rule_answers_in_words_and_keeps_what_was_typed(visit: Visit, in_use: Store) -> None:
    code = late(in_use, "Sở Xây dựng", n=1)
    app = press(opened(visit, code), "Ghi nguyên nhân")
    assert [e.value for e in app.warning] == ["Chọn một nguyên nhân."]
    app = press(app, "Lưu ghi chú")
    assert [e.value for e in app.warning] == ["Nhập nội dung cần ghi."]
    for number, due, words_ in (
        ("", "25/11/2026", "Nhập số văn bản xin lỗi."),
        ("1/XL", "", "Ngày hẹn mới phải sau hôm nay và là ngày làm việc."),
        ("1/XL", "20/11/2026", "Ngày hẹn mới phải sau hôm nay và là ngày làm việc."),
        ("1/XL", "22/11/2026", "Ngày hẹn mới phải sau hôm nay và là ngày làm việc."),
        ("1/XL", "31/02/2027", "Nhập ngày theo dạng 25/11/2026."),
        ("1/XL", "mai", "Nhập ngày theo dạng 25/11/2026."),
    ):
        field(app, "text_input", "Số văn bản").set_value(number)  # type: ignore[attr-defined]
        field(app, "text_input", "Ngày hẹn mới").set_value(due)  # type: ignore[attr-defined]
        app = press(app, "Ghi thư xin lỗi")
        assert [e.value for e in app.warning] == [words_], (number, due)
        assert field(app, "text_input", "Số văn bản").value == number  # type: ignore[attr-defined]
    assert recorded.of_dossier(in_use, "mot-cua", code, EVERYTHING).is_empty()


def test_what_is_missing_is_said_above_the_fields_and_a_success_leaves_the_tabs_in_their_place(
    visit: Visit, in_use: Store
) -> None:
    app = press(opened(visit, late(in_use, "Sở Xây dựng", n=3)), "Ghi thư xin lỗi")
    order = [(e.type, getattr(e, "label", "")) for e in app.main]
    assert order.index(("warning", "")) < order.index(("text_input", "Số văn bản"))

    def tabs() -> list[int]:
        return [at for at, kinds in _children(app.main) if kinds == "tab_container"]

    before = tabs()
    field(app, "selectbox", "Nguyên nhân trễ hẹn").select("T02")  # type: ignore[attr-defined]
    app = press(app, "Ghi nguyên nhân")
    assert len(app.success) == 1
    assert tabs() == before != []


def _children(block: object) -> list[tuple[int, str]]:
    """Give the place of every block and element beside its siblings, and its kind."""
    below = getattr(block, "children", {})
    return [each for at, child in below.items() for each in ((at, str(child.type)), *_children(child))]


def test_a_list_counts_who_has_no_cause_and_leads_to_them(visit: Visit, in_use: Store) -> None:
    app = visit(shapes.WORKLIST, nhom="qua-han")
    whole = pl.from_pandas(app.dataframe[0].value)
    unsaid = whole.filter(pl.col("Nguyên nhân") == "◆ chưa ghi").height
    assert 0 < unsaid < whole.height
    assert f"**{whole.height}** hồ sơ · **{unsaid}** chưa ghi nguyên nhân · trễ lâu nhất" in shown(app)
    only = visit(shapes.WORKLIST, nhom="qua-han", nguyen_nhan="chua")
    assert pl.from_pandas(only.dataframe[0].value).height == unsaid
    assert f"**{unsaid}** hồ sơ" in shown(only)
    coded = visit(shapes.WORKLIST, nhom="qua-han", nguyen_nhan="T05")
    assert set(pl.from_pandas(coded.dataframe[0].value)["Nguyên nhân"]) == {"T05"}
    rest = visit(shapes.WORKLIST, nhom="qua-han", nguyen_nhan="da")
    assert pl.from_pandas(rest.dataframe[0].value).height == whole.height - unsaid


def test_a_view_is_logged_once_in_a_session_and_an_export_before_the_file_is_given(
    visit: Visit, in_use: Store, sessions: dict[str, str]
) -> None:
    from dashboard import kept

    code = late(in_use, "Sở Xây dựng", n=2)
    app = opened(visit, code)
    app.run()
    (entry,) = audit.read(in_use, act="view_dossier", what=f"mot-cua {code}").to_dicts()
    assert (entry["person"], entry["at"]) == ("truongphong", NOW)
    other = late(in_use, OTHER)
    opened(visit, other)  # out of scope: nothing was seen
    assert audit.read(in_use, what=f"mot-cua {other}").is_empty()
    who = people.by_name(in_use, "truongphong")
    assert who is not None
    assert kept.taken(lambda: b"xlsx", who, "qua-han", "12 hồ sơ")() == b"xlsx"
    (export,) = audit.read(in_use, act="export").to_dicts()
    assert (export["person"], export["what"], export["detail"]) == ("truongphong", "qua-han", "12 hồ sơ")


@pytest.mark.parametrize(
    ("page", "offers", "what"),
    [("form.py", "dashboard.forms.files", "bieu-mau"), ("weekly.py", "dashboard.editions.files", "bao-cao-tuan")],
)
def test_whoever_takes_a_form_or_a_report_away_is_logged(
    visit: Visit, in_use: Store, monkeypatch: pytest.MonkeyPatch, page: str, offers: str, what: str
) -> None:
    offered: list[Callable[[str], bytes]] = []
    monkeypatch.setattr(offers, lambda _, file: offered.append(file))
    visit(f"pages/{page}")
    assert audit.read(in_use, act="export", what=what).is_empty(), "to look is not to take away"
    assert offered[0]("xlsx")[:2] == b"PK"
    assert audit.read(in_use, act="export", what=what)["person"].to_list() == ["giamdoc"]


def test_the_workbook_tells_cause_answer_and_letter(visit: Visit, in_use: Store) -> None:
    from dashboard.answers import worklist

    state = data.manifest()
    assert state is not None
    told = recorded.last(in_use, Scope.province())
    blank = {
        "procedure_name": None, "procedure": "X", "field": None, "department": "Sở Xây dựng", "step": None,
        "handler": None, "channel": None, "received_on": TODAY, "first_due_on": TODAY, "due_on": TODAY,
        "closed_on": None, "days_late": 1, "days_left": None, "holding_unit": None, "submitted_at": NOW,
    }  # fmt: skip
    rows = pl.DataFrame([blank | {"source": "mot-cua", "code": code} for code in ("?", late(in_use, "Sở Xây dựng"))])
    book = worklist.whole(recorded.beside(rows, told), LISTS["qua-han"])
    names = ["Mã nguyên nhân", "Nguyên nhân", "Trả lời", "Số văn bản xin lỗi", "Ngày hẹn mới"]
    first, second = book.select(names).rows()
    assert first == (None,) * 5
    assert second[0] == "T02"
    assert second[1:4] == (words.known()["T02"].title, HOSTILE, "12/XL-SXD")
    assert f"{second[4]:%d/%m/%Y}" == "25/11/2026"


def test_days_are_read_as_people_type_them() -> None:
    typed = ("25/11/2026", " 5-1-2027 ", "05.01.2027", "2026-11-25", "31/2/2026", "", "25/11/26")
    assert [str(words.read_day(text)) for text in typed] == [
        "2026-11-25", "2027-01-05", "2027-01-05", "None", "None", "None", "None",
    ]  # fmt: skip


def in_status(store: Store, *statuses: str) -> str:
    from store import snapshot

    state = snapshot.read_manifest(store)
    assert state is not None
    rows = snapshot.facts(store, state).filter(pl.col("status").cast(pl.String).is_in(statuses))
    return str(rows.collect().sort("code")["code"][0])


def keys(tab: object) -> list[str]:
    return [each.proto.id.rsplit("-mau_", 1)[-1].split("_")[0] for each in tab.get("download_button")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "said"),
    [("supplement", "Đang chờ người nộp bổ sung"), ("processing", "Khi cần người nộp bổ sung")],
)
def test_form_02_has_a_place_of_its_own_while_a_supplement_may_be_asked_for(
    visit: Visit, in_use: Store, status: str, said: str
) -> None:
    tabs = {tab.label: tab for tab in opened(visit, in_status(in_use, status), "giamdoc").tabs}
    assert keys(tabs["Bổ sung hồ sơ"]) == ["supplement"]
    assert tabs["Bổ sung hồ sơ"].caption[0].value.startswith(said)
    assert keys(tabs["Thư xin lỗi"]) == ["apology"]


def test_nobody_is_asked_to_supplement_what_is_decided(visit: Visit, in_use: Store) -> None:
    app = opened(visit, in_status(in_use, "returned", "resolved"), "giamdoc")
    assert "Thư xin lỗi" in [tab.label for tab in app.tabs]
    assert "Bổ sung hồ sơ" not in [tab.label for tab in app.tabs]
    assert not [each for each in app.get("download_button") if "mau_supplement" in each.proto.id]


@pytest.mark.parametrize("status", ["payment", "paused", "withdrawn", "refused", "stopped", "gone", "not_accepted"])
def test_what_waits_for_something_else_or_is_over_is_not_asked_for(status: str) -> None:
    assert not words.may_be_asked({"status": status})
    assert all(words.may_be_asked({"status": each}) for each in ("submitted", "accepted", "processing", "supplement"))
