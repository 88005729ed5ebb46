"""Thủ tục hành chính: the page shows what was loaded, with what is left over, and no head sees another's year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from config import register_writing
from config.units import Units
from dashboard import data, registry, shapes
from dashboard.answers import registered as words
from metrics import procedures_register as register
from metrics.scope import Scope
from tests.dashboard.conftest import TODAY, Visit
from tests.dashboard.test_pages import texts

HEAD = "source,procedure,statutory,committed,name,field,department,level,kind,centre,on_site,awaits,post,online\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A register of the office's own, empty but for its heading."""
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    write(tmp_path)
    yield tmp_path / "procedures.csv"
    register_writing.forget()
    for kept in (registry._rows, registry._received):
        kept.clear()


def write(folder: Path, *rows: str) -> None:
    (folder / "procedures.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    register_writing.forget()


def metrics(app: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in app.metric}


def table(app: AppTest, first: str) -> pl.DataFrame:
    return next(pl.DataFrame(each.value) for each in app.dataframe if each.value.columns[0] == first)


def test_an_empty_register_says_how_it_is_filled(visit: Visit, office: Path) -> None:
    app = visit(shapes.PROCEDURES)
    assert not app.exception
    assert "Chưa có danh mục thủ tục" in texts(app)
    assert "dunghan procedures load TEP --write" in texts(app)
    assert not app.metric


def test_what_stands_in_the_file_stands_on_the_page_and_a_change_needs_no_restart(visit: Visit, office: Path) -> None:
    write(
        office.parent,
        ",1.01,10wd,5wd,Thủ tục một,Đất đai,Sở Xây dựng,province,,yes,4,,yes,fully",
        ",1.02,20wd,,Thủ tục hai,Đất đai,Sở Xây dựng,province,,yes,,ministry,no,none",
        ",1.03,,,Thủ tục ba,,Sở Y tế,province,,yes,,,,",
        ",1.04,,,Thủ tục bốn,,,commune,,,,,,3",
        ",1.05,,,Thủ tục năm,,Công an tỉnh,province,vertical,yes,,,yes,4",
    )
    app = visit(shapes.PROCEDURES)
    assert not app.exception
    assert metrics(app) == {
        "Đã công bố": "4", "Tại trung tâm": "3", "Bốn bước tại chỗ": "1", "Trực tuyến tại trung tâm": "1",
        "Qua bưu chính": "1",
    }  # fmt: skip
    told = texts(app)
    assert "cấp tỉnh **3** · cấp xã **1**" in told and "Ngoài số này · ngành dọc 1" in told
    assert "**100,00\u00a0%** của 3 thủ tục cấp tỉnh" in told
    assert "**33,33\u00a0%** của 3 thủ tục tại trung tâm · toàn trình: 1" in told
    assert "**25,00\u00a0%** của 4 thủ tục đã công bố" in told and "2 chưa ghi" in told
    assert "**Còn 1 thủ tục** (33,33\u00a0%)" in told
    assert "Cắt giảm bình quân **25,0\u00a0%** · 1 / 2 thủ tục" in told
    assert table(app, "Mã thủ tục")["Mã thủ tục"].to_list() == ["1.01", "1.02", "1.03", "1.04", "1.05"]
    assert table(app, "Mã thủ tục")["Thời hạn"].to_list()[:3] == [
        "5 ngày làm việc (quy định 10 ngày làm việc)", "20 ngày làm việc", "—",
    ]  # fmt: skip
    write(office.parent, ",1.01,,,Thủ tục một,,,province,,,,,,")
    again = visit(shapes.PROCEDURES)
    assert metrics(again)["Đã công bố"] == "1"
    assert "Chưa ghi thủ tục nào tại trung tâm" in texts(again)


def test_a_list_is_searched_without_accents_and_a_level_is_chosen_in_the_address(visit: Visit, office: Path) -> None:
    write(office.parent, ",1.01,,,Cấp phép,Đất đai,,province,,yes,,,,", ",1.02,,,Khai sinh,Hộ tịch,,commune,,yes,5,,,")
    app = visit(shapes.PROCEDURES, tim="ho tich", cap="commune")
    assert table(app, "Mã thủ tục")["Mã thủ tục"].to_list() == ["1.02"]
    assert "Các phần cộng lại đúng 1 thủ tục tại trung tâm." in texts(app)
    assert "Không có thủ tục nào khớp" in texts(visit(shapes.PROCEDURES, tim="không đâu"))


def test_lines_of_sources_that_are_not_here_are_no_register_of_this_office(visit: Visit, office: Path) -> None:
    write(office.parent, "minh-son,1.01,10wd,,Của tỉnh mô phỏng,,,province,,,,,,")
    assert "Chưa có danh mục thủ tục" in texts(visit(shapes.PROCEDURES))


def test_lists_that_sources_have_of_their_own_are_counted_place_by_place(visit: Visit, office: Path) -> None:
    (known,) = data.sources()["name"].to_list()
    rows = [f"{known},1.0{n},,,T,,,district,,,,,,{'3' if n else 'none'}" for n in range(2)]
    write(office.parent, *rows)
    assert "nguồn có danh mục riêng" not in texts(visit(shapes.PROCEDURES))  # it is the register itself
    write(office.parent, *rows, ",1.01,,,T,,,district,,,,,,4")
    app = visit(shapes.PROCEDURES)
    assert metrics(app)["Đã công bố"] == "2"
    assert "1 nguồn có danh mục riêng: **2** lượt thủ tục, trực tuyến **1** (50,0\u00a0%)." in texts(app)


def test_what_nobody_came_for_is_listed_and_a_head_sees_that_of_the_own_unit_alone(visit: Visit, office: Path) -> None:
    came = registry.received(visit_version(), scope_of(None), TODAY)
    used = came["procedure"].drop_nulls().unique().sort()[0]
    write(
        office.parent,
        f",{used},10wd,,Có hồ sơ,,Sở Xây dựng,province,,,,,,",
        ",9.01,10wd,,Không ai hỏi,,Sở Xây dựng,province,,,,,,",
        ",9.02,10wd,,Không ai hỏi ở nơi khác,,Sở Y tế,province,,,,,,",
    )
    every, mine = visit(shapes.PROCEDURES), visit(shapes.PROCEDURES, who="truongphong")
    assert "**2** thủ tục không có hồ sơ tiếp nhận từ 21/11/2025 đến 20/11/2026." in texts(every)
    assert "theo hồ sơ của chính các đơn vị đó" in texts(mine)
    lists = [pl.DataFrame(each.value) for each in mine.dataframe if each.value.columns[0] == "Mã thủ tục"]
    assert not [row for row in lists[-1]["Cơ quan giải quyết"].to_list() if row != "Sở Xây dựng"] or len(lists) == 1
    assert "thủ tục chưa có trong danh mục" in texts(every)


def visit_version() -> str:
    manifest = data.manifest()
    assert manifest is not None
    return manifest.data_version


def scope_of(unit: str | None) -> Scope:
    return Scope.province() if unit is None else Scope.of(unit)


def test_a_head_is_told_of_no_dossier_of_another_unit(in_use: object, office: Path) -> None:
    """P came in at another unit alone: to this head nobody came for it, and who did is not told."""
    units = pl.DataFrame({"department": ["A", "B"], "procedure": ["P", "Q"]})
    rows = register.in_force([], TODAY)
    mine = pl.DataFrame({"source": [], "procedure": [], "received": []}, schema=registry.CAME)
    told = pl.concat(
        [rows, units.select(pl.lit("").alias("source"), "procedure", "department", kind=pl.lit("own"))], how="diagonal"
    )
    assert registry.idle(told, mine, scope_of("A"))["procedure"].to_list() == ["P"]
    assert registry.idle(told, mine, scope_of(None))["procedure"].to_list() == ["P", "Q"]
    assert registry.idle(told, mine, Scope.of()).is_empty()


def test_the_head_of_a_unit_is_told_of_the_procedures_of_those_it_took_over(
    in_use: object, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Book:
        units = Units({"A cũ": "A"}, {"A": (date(2025, 6, 30), "B")})

    monkeypatch.setattr(data, "book", Book)
    write(office.parent, ",9.01,10wd,,Không ai hỏi,,A cũ,province,,,,,,", ",9.02,10wd,,Nơi khác,,C,province,,,,,,")
    came = pl.DataFrame(schema=registry.CAME)
    told = registry.idle(registry.rows(TODAY, data.sources()), came, scope_of("B"))
    assert told.select("procedure", "department").rows() == [("9.01", "B")]


@pytest.mark.parametrize(
    ("parts", "centre", "said"),
    [
        ((982, 0, 28, 208), 1_250, "**Còn 32 thủ tục** (2,56\u00a0%)"),
        ((3, 0, 0, 0), 2, "**Thừa 1:** các phần cộng lại 3"),
        ((2, 0, 0, 0), 2, "Các phần cộng lại đúng 2"),
    ],
)  # fmt: skip
def test_what_the_parts_leave_is_said_in_a_sentence(parts: tuple[int, ...], centre: int, said: str) -> None:
    top = dict(zip(register.PARTS, parts, strict=True)) | {"procedures_centre": centre}
    told = top | {register.RESIDUAL: centre - sum(parts)}
    assert said in words.rest(told)
    assert (words.REST in words.ladder(told).shown["Phần"].to_list()) == (centre != sum(parts))


def test_the_figures_of_quang_ninh_stand_on_the_page(visit: Visit, office: Path) -> None:
    """The same lists as in tests/published, through the same reader, on the page."""
    from config import register_mapping
    from config.register_changes import changes
    from connectors import register as reader
    from tests.published.procedures import MAPPING, of_the_province, workbook

    (office.parent / "m.toml").write_text(MAPPING, encoding="utf-8")
    mapping = register_mapping.load_mapping(office.parent / "m.toml")
    export = reader.read(workbook(of_the_province()), name="x.xlsx", mapping=mapping)
    told = ((row.procedure, row.cells, row.place) for row in export.rows)
    found, _, _ = changes({}, told, source="", first=None, today=TODAY)
    register_writing.write(found, check=lambda _: None)
    app = visit(shapes.PROCEDURES)
    assert list(metrics(app).values()) == ["1.758", "1.250", "982", "1.009", "1.180"]
    said = texts(app)
    for words_ in (
        "cấp tỉnh **1.360** · cấp huyện **301** · cấp xã **97**", "Ngoài số này · ngành dọc 56 · doanh nghiệp 17",
        "**91,91\u00a0%** của 1.360 thủ tục cấp tỉnh", "**78,56\u00a0%** của 1.250 thủ tục tại trung tâm",
        "**80,72\u00a0%** của 1.250 thủ tục tại trung tâm · mức độ 4: 66 · mức độ 3: 943",
        "**67,12\u00a0%** của 1.758 thủ tục đã công bố", "**Còn 32 thủ tục** (2,56\u00a0%)",
    ):  # fmt: skip
        assert words_ in said, words_
    ladder = {row[0]: row[1:] for row in table(app, "Phần").rows()}
    assert ladder["Chờ bộ, ngành"] == ("28", "2,24\u00a0%") and ladder["Chờ cấp tỉnh"] == ("208", "16,64\u00a0%")
    cuts = {row[0]: row[-1] for row in table(app, "Cơ quan giải quyết").rows()}
    assert (cuts["Sở Xây dựng"], cuts["Sở Tài nguyên và Môi trường"]) == ("48,5\u00a0%", "38,1\u00a0%")
