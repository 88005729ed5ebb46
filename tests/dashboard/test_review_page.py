"""Rà soát số liệu: what is to be checked, whose it is, who may see it, and what is taken away."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import insights, scope, shapes, wording
from dashboard.answers import review as words
from metrics import integrity
from metrics.integrity import OF_DOSSIER, OF_GROUP, Flag
from metrics.scope import Scope
from reports.marks import WORDS
from store import audit, people
from store.database import Store
from store.sessions import open_for
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.made_up import SOURCE
from tests.english.made_marks import of_every_mark

PAGE = shapes.REVIEW
MINE, OTHER = "Sở Xây dựng", "Sở Tư pháp"
OTHERS: tuple[tuple[str, people.Role], ...] = (
    ("vanhanh", "operator"), ("kiemtra", "auditor"), ("chutich", "chairman"), ("quantri", "administrator"),
)  # fmt: skip


@pytest.fixture(scope="module")
def codes() -> dict[str, list[str]]:
    """Codes of three dossiers of each of the two units, of which there are marks."""
    rows = made_up.dossiers(TODAY).filter(pl.col("received_at").is_not_null())
    return {unit: rows.filter(pl.col("department") == unit)["code"].to_list()[:3] for unit in (MINE, OTHER)}


@pytest.fixture(scope="module", autouse=True)
def marked(province: Store, codes: dict[str, list[str]]) -> None:
    rows = made_up.dossiers(TODAY)
    some = pl.concat([rows.filter(pl.col("code").is_in(codes[unit])) for unit in (MINE, OTHER)])
    of_every_mark(province, some, TODAY, NOW, SOURCE.name)
    for name, role in OTHERS:
        people.add(province, name, made_up.PASSWORD, role=role, title=name)


@pytest.fixture
def sessions(province: Store, sessions: dict[str, str]) -> dict[str, str]:
    found = {name: people.by_name(province, name) for name, _ in OTHERS}
    return sessions | {name: open_for(province, who, now=NOW) for name, who in found.items() if who}


def table(app: AppTest, at: int) -> pl.DataFrame:
    shown = app.dataframe[at].value
    return pl.DataFrame({str(name): shown[name].to_list() for name in shown.columns})


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(each.value) for kind in ("header", "markdown", "caption") for each in getattr(app, kind))


def test_every_mark_is_counted_beside_what_was_looked_at(visit: Visit) -> None:
    rows = table(visit(PAGE), 0)
    assert rows["Dấu hiệu"].to_list() == [WORDS[flag].title for flag in Flag]
    told = {row[0]: row[1:] for row in rows.iter_rows()}
    # Six of six: too few for a share.
    assert told["Tạm dừng ngay trước hạn"] == ("6", "6", "n = 6", "—")
    assert told["Rút, trả lại tăng vọt"] == ("2 nhóm", "4 nhóm", "—", "—")


def test_what_chance_brings_is_said_where_it_is_known_beside_what_was_counted(visit: Visit) -> None:
    """A chance of 0.2 for each of six makes 1.2."""
    text = said(visit(PAGE, dau_hieu="dung-truoc-han"))
    assert "tự nhiên đã có khoảng **1** hồ sơ như vậy. Đếm được **6**." in text
    assert "rải đều" not in said(visit(PAGE, dau_hieu="xong-roi-mo-lai"))


def test_the_page_opens_on_the_first_mark_that_has_any_and_the_address_wins(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = insights.table

    def of_few(name: str, within: Scope) -> pl.DataFrame | None:
        rows = real(name, within)
        few = pl.col("flag").is_in([Flag.LATE_LETTER.value, Flag.NIGHT.value])
        return rows.filter(few) if rows is not None and name in ("integrity_marks", "integrity_cells") else rows

    monkeypatch.setattr(insights, "table", of_few)
    assert said(visit(PAGE)).count(f"\n{WORDS[Flag.LATE_LETTER].title}\n") == 1
    asked = visit(PAGE, dau_hieu="doi-hen")
    assert WORDS[Flag.MOVED].what in said(asked)
    assert table(asked, 0)["Dấu hiệu"].to_list() == [WORDS[flag].title for flag in (Flag.LATE_LETTER, Flag.NIGHT)]


def test_a_chosen_mark_says_what_it_is_and_when_it_means_nothing(visit: Visit, codes: dict[str, list[str]]) -> None:
    app = visit(PAGE, dau_hieu="ket-thuc-som")
    assert "không phải kết luận" in said(app)
    assert WORDS[Flag.SEEN_OPEN].innocent in said(app)
    units, dossiers = table(app, 1), table(app, 2)
    assert units["Đơn vị"].to_list() == sorted((MINE, OTHER), key=wording.sort_key)
    assert set(dossiers["Mã hồ sơ"]) == {*codes[MINE], *codes[OTHER]}
    assert all("còn đang mở" in text for text in dossiers["Bằng chứng"])


def test_a_mark_of_a_group_shows_its_groups_and_blames_no_dossier(visit: Visit) -> None:
    app = visit(PAGE, dau_hieu="don-ngay-hen")
    assert "Đã xét 4 nhóm; 2 nhóm vượt mức ngẫu nhiên." in said(app)
    assert "không nói được hồ sơ nào" in said(app)
    assert table(app, 1)["Khả năng ngẫu nhiên"].to_list() == ["dưới 0,001", "0,020"]


def test_sources_that_tell_too_little_are_named(visit: Visit) -> None:
    assert "nên không xét đổi hẹn" in said(visit(PAGE, dau_hieu="doi-hen"))
    assert "nên không xét" not in said(visit(PAGE, dau_hieu="xong-roi-mo-lai"))


@pytest.mark.parametrize("query", [{}, {"don_vi": OTHER}])
@pytest.mark.parametrize("flag", OF_DOSSIER)
def test_a_head_sees_the_own_unit_alone(
    visit: Visit, codes: dict[str, list[str]], flag: Flag, query: dict[str, str]
) -> None:
    app = visit(PAGE, who="truongphong", dau_hieu=WORDS[flag].code, **query)
    shown = "".join(str(each.value.to_dict()) for each in app.dataframe)
    assert MINE in shown
    assert OTHER not in shown
    assert not any(code in shown for code in codes[OTHER])


@pytest.mark.parametrize("who", ["chutich", "quantri"])
def test_who_does_not_answer_for_the_data_sees_no_mark(visit: Visit, codes: dict[str, list[str]], who: str) -> None:
    app = visit(PAGE, who=who, dau_hieu="doi-hen")
    assert "Phần này dành cho người chịu trách nhiệm về số liệu" in said(app)
    assert not app.dataframe and not app.get("download_button")
    dossier = visit(shapes.DOSSIER, who=who, nguon=SOURCE.name, ma=codes[MINE][0])
    assert "Cần rà soát, làm rõ" not in said(dossier)


@pytest.mark.parametrize(
    ("role", "sees"),
    [("director", True), ("operator", True), ("auditor", True), ("head", True), ("chairman", False),
     ("administrator", False)],
)  # fmt: skip
def test_who_may_see_marks(role: people.Role, sees: bool) -> None:
    assert scope.may_see_marks(people.Person("x", "X", role, None)) == sees


def test_a_dossier_says_its_own_marks_and_no_groups(visit: Visit, codes: dict[str, list[str]]) -> None:
    text = said(visit(shapes.DOSSIER, nguon=SOURCE.name, ma=codes[MINE][0]))
    assert "Cần rà soát, làm rõ" in text
    assert all(f"**{WORDS[flag].title}**" in text for flag in OF_DOSSIER)
    assert not any(f"**{WORDS[flag].title}**" in text for flag in OF_GROUP)
    rest = made_up.dossiers(TODAY).filter(pl.col("received_at").is_not_null(), pl.col("department") == "Sở Y tế")
    assert "Cần rà soát, làm rõ" not in said(visit(shapes.DOSSIER, nguon=SOURCE.name, ma=rest["code"][0]))


def test_the_file_holds_every_dossier_with_what_its_mark_goes_by(
    visit: Visit, province: Store, codes: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr(
        "dashboard.speaking.download_button", lambda _, data, name, *__, **___: made.update({name: data})
    )
    visit(PAGE, dau_hieu="xong-ngoai-gio")
    name = next(name for name in made if name.startswith("ra-soat-xong-ngoai-gio-ho-so") and name.endswith("xlsx"))
    book = tmp_path / name
    book.write_bytes(made[name]())
    rows = fastexcel.read_excel(str(book)).load_sheet(0, header_row=None).to_polars()
    cells = {str(cell) for row in rows.iter_rows() for cell in row}
    assert {*codes[MINE], *codes[OTHER]} <= cells
    assert any("cùng 11 hồ sơ khác trong 4 phút" in cell for cell in cells)
    assert audit.read(province, act="export")["what"][0] == "ra-soat-xong-ngoai-gio-ho-so"


def test_before_the_first_night_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "made", lambda: None)
    assert "Chưa có kết quả phân tích" in said(visit(PAGE))


# ---------- words ----------


def test_evidence_of_every_kind_is_a_sentence() -> None:
    day, at = date(2026, 3, 13), datetime(2026, 3, 13, 22, 5)  # noqa: DTZ001 - the time of its place
    row = {"day": day, "from_on": date(2026, 3, 16), "to_on": None, "days": 3, "n": 4, "kind": "supplement", "at": at}
    told = {flag: words.evidence(row | {"flag": flag.value}) for flag in Flag}
    assert told[Flag.PAUSED] == "Dừng 13/03/2026, hẹn 16/03/2026, chưa chạy lại: chờ bổ sung."
    assert told[Flag.LATE_LETTER] == "Gia hạn 13/03/2026, 3 ngày làm việc sau hẹn 16/03/2026, hẹn mới —."
    assert told[Flag.NIGHT] == "Kết thúc lúc 22:05 13/03/2026, cùng 3 hồ sơ khác trong 3 phút."
    assert all(text.endswith(".") for text in told.values())


def test_enough_dossiers_have_a_share_and_its_interval() -> None:
    """Wilson: 5 of 50 is 10 %, 4.3 to 21.4."""
    who = pl.DataFrame({"source": "s", "code": [str(n) for n in range(50)], "department": "A", "field": "F",
                        "procedure": "P", "day": TODAY})  # fmt: skip
    marks = integrity.marks(who.head(5), Flag.BACK)
    rows = words.summary(marks, integrity.CELLS.to_frame(), integrity.looked(who, Flag.BACK), 20)
    (row,) = rows.filter(pl.col("Dấu hiệu") == WORDS[Flag.BACK].title).rows()
    assert row[1:] == ("5", "50", "10,0\xa0%", "4,3–21,4 %")


def of(name: str, n: int, flag: Flag, chance: float | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Look at 40 dossiers of a unit and mark ``n`` of them: MARKS, LOOKED."""
    who = pl.DataFrame({"source": "s", "code": [f"{name}{n}" for n in range(40)], "department": name, "field": "F",
                        "procedure": "P", "day": TODAY})  # fmt: skip
    expected = None if chance is None else pl.lit(chance).repeat_by(pl.len()).explode()
    return integrity.marks(who.head(n), flag), integrity.looked(who, flag, expected)


def test_marks_without_a_dossier_are_one_line_and_those_without_data_another() -> None:
    marks, looked = of("A", 3, Flag.BACK)
    nothing = of("A", 0, Flag.MOVED)[1]
    cells = pl.DataFrame({"department": ["A"], "marked": False}).pipe(integrity.cells, Flag.PEAK)
    shown = words.summary(marks, cells, pl.concat([looked, nothing]), 20)
    assert shown["Dấu hiệu"].to_list() == [WORDS[Flag.BACK].title]
    bare, blind = words.none(marks, cells, pl.concat([looked, nothing]))
    assert bare == "2 dấu hiệu không có hồ sơ nào: Đổi hẹn không có phiếu; Rút, trả lại tăng vọt."
    assert blind.startswith(f"{len(Flag) - 3} dấu hiệu chưa đủ dữ liệu để xét: Kết thúc trước lúc còn mở; ")
    assert next(iter(words.choices(words.counted(marks, cells)))) == WORDS[Flag.BACK].code


def test_a_group_without_a_field_is_not_one_of_all_fields() -> None:
    one = {"department": ["A"], "from_on": [TODAY], "to_on": [TODAY], "n": [9], "whole": [20], "expected": [2.0],
           "p": [0.0001], "marked": [True]}  # fmt: skip
    for flag, name in (
        (Flag.BUNCHED, "Chưa ghi"), (Flag.EVENING, "Chưa ghi"), (Flag.PEAK, "Mọi lĩnh vực"),
        (Flag.WITHDRAWN, "Mọi lĩnh vực"),
    ):  # fmt: skip
        assert words.groups(flag, integrity.cells(pl.DataFrame(one), flag))["Lĩnh vực"].to_list() == [name]
    named = integrity.cells(pl.DataFrame(one | {"field": ["Đất đai"]}), Flag.BUNCHED)
    assert words.groups(Flag.BUNCHED, named)["Lĩnh vực"].to_list() == ["Đất đai"]


def test_a_unit_without_any_is_counted_and_taken_away_but_no_line() -> None:
    parts = [of("A", 3, Flag.PAUSED, 0.1), of("B", 0, Flag.PAUSED, 0.1)]
    marks, looked = (pl.concat(kind) for kind in zip(*parts, strict=True))
    told = words.by_unit(Flag.PAUSED, marks, looked, 20)
    assert told.lines.rows() == [("A", "3", "40", "7,5\xa0%", "2,6–19,9 %", "4")]
    assert told.values["Đơn vị"].to_list() == ["A", "B"]
    assert words.clear(told) == "1 đơn vị khác đã xét, không có hồ sơ nào."
    # Eight by chance, three found: more is not said.
    (said,) = words.by_chance(Flag.PAUSED, marks, looked)
    assert said.endswith("khoảng **8** hồ sơ như vậy. Đếm được **3**, không nhiều hơn mức đó.")


def test_codes_in_the_address_are_apart() -> None:
    assert len(words.CODES) == len(Flag)
