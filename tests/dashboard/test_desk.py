"""Xin lỗi, đôn đốc: counts are their lists, slips are issued by the centre, answered by the unit, seen by both."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import shapes, speaking
from dashboard.answers import desk as words
from dashboard.answers import records
from metrics import rulebook
from metrics.scope import Scope
from metrics.standing import standing
from store import people, snapshot, urgings
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.fresh import Databases

UNIT, OTHER = "UBND phường Tân Vân", "Sở Tư pháp"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """The made-up province, of this module alone: slips cannot be taken back."""
    folder = tmp_path_factory.mktemp("don-doc")
    store = open_store(databases.migrated(folder), home=folder)
    made_up.fill(store, TODAY, now=NOW)
    people.change(store, "truongphong", role="head", title="Trưởng phòng", departments=(UNIT,), by="test", at=NOW)
    yield store
    store.engine.dispose()


def table(app: AppTest) -> pl.DataFrame:
    return pl.from_pandas(app.dataframe[0].value)


def urged(visit: Visit, unit: str, until: str = "24/11/2026") -> AppTest:
    app = visit(shapes.DESK)
    app.selectbox(key="don_vi_don_doc").select(unit).run()
    next(each for each in app.text_input if each.label == "Trả lời chậm nhất ngày").input(until)
    next(each for each in app.button if each.label == "Lập phiếu").click()
    return app.run()


@pytest.mark.parametrize("who", ["giamdoc", "truongphong"])
def test_what_is_owed_is_as_long_as_its_list(visit: Visit, who: str) -> None:
    app = visit(shapes.DESK, who=who)
    assert not app.exception
    counts = {metric.label: metric.value for metric in app.metric}
    assert set(counts) == {words.title(code) for code in words.OWED}
    for code in words.OWED:
        listed = visit(shapes.WORKLIST, who=who, nhom=code)
        said = counts[words.title(code)]
        assert (table(listed).height if listed.dataframe else 0) == int(said.replace(".", ""))
    late = {metric: value for metric, value in counts.items() if value != "0"}
    assert late, "the province owes nothing: no control of this test"


def test_a_slip_is_issued_about_the_longest_overdue_and_answered_by_its_unit(visit: Visit, province: Store) -> None:
    app = urged(visit, UNIT)
    assert not app.exception
    assert [each.value for each in app.success] == ["Đã lập phiếu đôn đốc."]
    (slip,) = urgings.issued(province, Scope.province()).to_dicts()
    assert (slip["department"], slip["asked"], slip["answer_by"]) == (UNIT, words.ASKED, "2026-11-24")
    assert 0 < len(words.keys(slip)) <= words.FIRST
    named = f"{slip['number']}/{slip['year']}"
    assert table(app).row(0)[:5] == (named, UNIT, str(len(words.keys(slip))), "24/11/2026", "Chờ trả lời")
    head = visit(shapes.DESK, who="truongphong")
    assert table(head)["Số"].to_list() == [named]
    assert "don_vi_don_doc" not in [box.key for box in head.selectbox], "a head urges nobody"
    head.text_area(key=f"tra_loi_{slip['seq']}").input("Đã trả kết quả **hết**")
    next(each for each in head.button if each.label == "Ghi trả lời phiếu").click()
    head.run()
    assert table(visit(shapes.DESK)).row(0)[4] == "Đã trả lời"


def test_the_same_slip_is_not_issued_twice_and_the_form_begins_anew(visit: Visit, province: Store) -> None:
    app = urged(visit, UNIT, "27/11/2026")
    assert [each.value for each in app.success] == ["Đã lập phiếu đôn đốc."]
    assert next(each for each in app.text_input if each.label == "Trả lời chậm nhất ngày").value == "25/11/2026"
    before = urgings.issued(province, Scope.province()).height
    assert [each.value for each in urged(visit, UNIT, "27/11/2026").warning] == [words.NOT_KEPT["again"]]
    assert urgings.issued(province, Scope.province()).height == before


def test_the_dossiers_to_choose_are_named_by_their_codes_and_how_often_they_were_urged(visit: Visit) -> None:
    urged(visit, UNIT, "30/11/2026")
    app = visit(shapes.DESK)
    app.selectbox(key="don_vi_don_doc").select(UNIT).run()
    chosen = next(each for each in app.multiselect if each.label == "Hồ sơ")
    assert "\\" not in "".join(chosen.options)
    assert all("đã đôn đốc" in name for name in chosen.options[: words.FIRST])


def test_what_a_unit_is_asked_and_answers_is_shown_as_it_was_written_in_english_too(
    visit: Visit, province: Store
) -> None:
    urged(visit, UNIT, "01/12/2026")
    slip = urgings.issued(province, Scope.of(UNIT)).row(0, named=True)
    head = people.by_name(province, "truongphong")
    assert head is not None
    text = "Chậm 3 ngày; 1.234 hồ sơ. Quá hạn trả lời"
    urgings.answer(province, slip["number"], slip["year"], text=text, by=head, at=NOW)
    app = visit(shapes.DESK, ngon_ngu="en")
    shown = [each.value.replace("\\", "") for each in app.markdown]
    assert text in shown
    assert words.ASKED in shown
    assert pl.from_pandas(app.dataframe[0].value).to_series(5)[0] == words.ASKED


def test_a_dossier_says_how_often_it_was_urged(visit: Visit, province: Store) -> None:
    urged(visit, UNIT, "25/11/2026")
    slips = urgings.issued(province, Scope.of(UNIT)).to_dicts()
    source, code = words.keys(slips[0])[0]
    times = sum((source, code) in words.keys(slip) for slip in slips)
    last = f"{slips[0]['number']}/{slips[0]['year']}"
    for who in ("giamdoc", "truongphong"):
        app = visit(shapes.DOSSIER, who=who, nguon=source, ma=code)
        said = [each.value for each in app.markdown if "Đã đôn đốc" in each.value]
        assert said == [f"Đã đôn đốc {times} lần; phiếu gần nhất số {last}, trả lời chậm nhất 25/11/2026."]
        told = pl.concat([pl.from_pandas(each.value) for each in app.dataframe if "Điều đã thấy" in each.value])
        assert told["Điều đã thấy"].str.contains(f"đôn đốc, phiếu số {last}", literal=True).sum() == 1
    head = people.by_name(province, "truongphong")
    assert head is not None
    urgings.answer(province, slips[0]["number"], slips[0]["year"], text="Đã trả", by=head, at=NOW)
    app = visit(shapes.DOSSIER, nguon=source, ma=code)
    assert any("đơn vị đã trả lời" in each.value for each in app.markdown)
    told = pl.concat([pl.from_pandas(each.value) for each in app.dataframe if "Điều đã thấy" in each.value])
    assert told["Điều đã thấy"].str.contains(f"truongphong trả lời phiếu số {last}", literal=True).sum() == 1


def test_an_empty_answer_is_told_as_one(visit: Visit, province: Store) -> None:
    urged(visit, UNIT, "02/12/2026")
    head = visit(shapes.DESK, who="truongphong")
    next(each for each in head.button if each.label == "Ghi trả lời phiếu").click()
    assert [each.value for each in head.run().warning] == [words.NOT_ANSWERED["text"]]
    assert urgings.issued(province, Scope.of(UNIT)).row(0, named=True)["answered_at"] is None


def test_a_head_sees_no_slip_of_another_unit(visit: Visit) -> None:
    assert [each.value for each in urged(visit, OTHER).success] == ["Đã lập phiếu đôn đốc."]
    assert set(table(visit(shapes.DESK))["Đơn vị"]) >= {OTHER}
    head = visit(shapes.DESK, who="truongphong")
    assert OTHER not in (set(table(head)["Đơn vị"]) if head.dataframe else set())


WRONG_DAY = words.NOT_KEPT["day"]


@pytest.mark.parametrize(
    ("until", "said"), [("", records.NO_DAY), ("22/11/2026", WRONG_DAY), ("19/11/2026", WRONG_DAY)]
)
def test_a_day_that_is_none_is_said_and_nothing_is_issued(visit: Visit, province: Store, until: str, said: str) -> None:
    before = urgings.issued(province, Scope.province()).height
    assert [each.value for each in urged(visit, UNIT, until).warning] == [said]
    assert urgings.issued(province, Scope.province()).height == before


def test_the_paper_of_a_slip_names_its_dossiers(visit: Visit, province: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, bytes] = {}
    taken = speaking._speaking("download_button", lambda label, data, *_f, **_m: made.update({label: data()}))
    monkeypatch.setattr(speaking, "download_button", taken)
    urged(visit, UNIT, "26/11/2026")
    (slip, *_) = urgings.issued(province, Scope.of(UNIT)).to_dicts()
    document = docx.Document(io.BytesIO(made["Tải phiếu (Word)"]))
    cells = [cell.text for each in document.tables for row in each.rows for cell in row.cells]
    assert {code for _, code in words.keys(slip)} <= set(cells)
    said = [each.text for each in document.paragraphs]
    assert words.ASKED in said
    assert "Tình trạng hồ sơ tính đến ngày 20/11/2026:" in said
    state = snapshot.read_manifest(province)
    assert state is not None
    code = words.keys(slip)[0][1]
    facts = snapshot.facts(province, state).filter(pl.col("code") == code)
    row = standing(facts, TODAY, rulebook.load().calendar).collect().row(0, named=True)
    at = cells.index(code)
    assert cells[at + 1 : at + 4] == [
        row["procedure_name"] or row["procedure"], f"{row['due_on']:%d/%m/%Y}", str(row["days_late"])
    ]  # fmt: skip
