"""An export of satisfaction slips: unknown columns, words and dates, nothing personal, nothing lost in silence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from config.errors import MappingError
from config.surveys import NATIONAL, SlipColumns, SurveyMapping, load_mapping
from connectors import surveys
from connectors.readers import read_file
from connectors.survey_suggest import suggest
from connectors.surveys import Slips

TODAY = date(2026, 11, 23)
COLUMNS = SlipColumns(answered_on=("Thời gian",), score=("Mức độ",), department=("Đơn vị",))
PLAIN = SurveyMapping(columns=COLUMNS)
HEADER = "Thời gian,Họ tên,Điện thoại,Đơn vị,Mức độ,Ý kiến\n"


def read(rows: str, mapping: SurveyMapping | None = PLAIN, *, header: str = HEADER, name: str = "a.csv") -> Slips:
    return surveys.read((header + rows).encode(), name=name, mapping=mapping, survey="kiosk", today=TODAY)


@pytest.mark.parametrize(
    ("word", "score"),
    [
        ("Rất hài lòng", 5), ("HÀI LÒNG", 4), ("bình  thường", 3), ("Không hài lòng", 2), ("Rất không hài lòng", 1),
        ("5", 5), ("4.0", 4), ("1", 1),
    ],
)  # fmt: skip
def test_words_and_numbers_of_a_score_are_read(word: str, score: int) -> None:
    assert read(f"20/11/2026,,,Sở Y tế,{word},\n").slips["score"].to_list() == [score]


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ("20/11/2026,,,Sở Y tế,Tuyệt vời,", ["unknown_score"]),
        ("20/11/2026,,,Sở Y tế,6,", ["unknown_score"]),
        ("20/11/2026,,,Sở Y tế,,", ["no_score"]),
        (",,,Sở Y tế,5,", ["no_day"]),
        ("20-13-2026,,,Sở Y tế,5,", ["unreadable_date"]),
        ("24/11/2026,,,Sở Y tế,5,", ["day_impossible"]),
        ("20/11/1999,,,Sở Y tế,,", ["no_score", "day_impossible"]),
        ("20/11/2026,,,Sở Y tế,5,x,y,z", ["too_many_cells"]),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_with_its_place_and_its_reasons(row: str, reasons: list[str]) -> None:
    told = read(f"20/11/2026,,,Sở Y tế,5,\n{row}\n")
    assert told.slips.height == 1
    assert [(r["place"], r["reasons"]) for r in told.refused.to_dicts()] == [("a.csv, row 3", reasons)]


def test_nothing_personal_passes_neither_in_what_is_kept_nor_in_what_is_refused() -> None:
    told = read(
        "20/11/2026,Nguyễn Văn An,0912345678,Sở Y tế,5,Cảm ơn cô Lan\n"
        "20/11/2026,Trần Thị Bình,0987654321,Sở Y tế,Nguyễn Văn Cường 0912000111,Rất lâu\n"
    )
    kept = json.dumps([*told.slips.to_dicts(), *told.refused.to_dicts(), *told.words], ensure_ascii=False)
    for word in ("Nguyễn", "Bình", "0912", "Lan", "lâu", "Cường"):
        assert word not in kept
    assert told.dropped == ("Họ tên", "Điện thoại", "Ý kiến")


@pytest.mark.parametrize("column", ["Họ tên", "Điện thoại", "Ý kiến"])
def test_a_mapping_that_would_keep_a_person_is_refused(column: str) -> None:
    wrong = PLAIN.model_copy(update={"columns": COLUMNS.model_copy(update={"slip": (column,)})})
    with pytest.raises(MappingError, match="is personal data"):
        read("20/11/2026,a,1,Sở Y tế,5,x\n", wrong)


def test_people_who_answered_alike_stay_two_people_and_are_known_again() -> None:
    rows = "20/11/2026,A,,Sở Y tế,5,\n20/11/2026,B,,Sở Y tế,5,\n"
    told, again = read(rows), read(rows + "21/11/2026,C,,Sở Y tế,5,\n")
    assert told.slips["slip"].n_unique() == 2
    assert again.slips["slip"].to_list()[:2] == told.slips["slip"].to_list()


def test_answers_without_a_number_are_known_however_an_export_writes_them() -> None:
    told = read("20/11/2026 08:30,A,,Sở Y tế,5,\n20/11/2026 08:30,B,,Sở Y tế,4,\n")
    more = PLAIN.model_copy(update={"way": "kiosk"})
    again = read("2026-11-20 08:30:00,A,,Sở Y tế,Rất hài lòng,\n2026-11-20 08:30:00,B,,Sở Y tế,Hài lòng,\n", more)
    assert again.slips["slip"].to_list() == told.slips["slip"].to_list()
    other = read("20/11/2026 08:31,A,,Sở Y tế,5,\n")
    assert other.slips["slip"][0] not in told.slips["slip"]


NUMBERED = SurveyMapping(columns=SlipColumns(answered_on=("Ngày",), score=("Điểm",), slip=("Phiếu",)))


def test_a_number_told_twice_alike_is_one_slip_and_told_in_two_ways_is_none() -> None:
    told = read(
        "1,20/11/2026,5\n1,20/11/2026,5\n2,20/11/2026,5\n2,20/11/2026,4\n", NUMBERED, header="Phiếu,Ngày,Điểm\n"
    )
    assert told.slips["slip"].to_list() == ["1"]
    assert told.repeated == 1
    assert told.refused["reasons"].to_list() == [["slip_twice"], ["slip_twice"]]


def test_a_telephone_number_for_a_slips_number_becomes_a_pseudonym() -> None:
    told = read("0912345678,20/11/2026,5\n0987654321,20/11/2026,5\n", NUMBERED, header="Phiếu,Ngày,Điểm\n")
    first, second = told.slips["slip"].to_list()
    assert first.startswith("cb-") and first != second


def test_a_code_that_looks_like_a_person_is_dropped_and_counted() -> None:
    coded = SurveyMapping(columns=SlipColumns(answered_on=("Ngày",), score=("Điểm",), code=("Mã hồ sơ",)))
    codes = ("H01.023-261105-0012", "0912345678", "038 201 001 234", "Nguyễn Văn An")
    rows = "".join(f"{code},20/11/2026,5\n" for code in codes) + "0987654321,20/11/2026,?\n"
    told = read(rows, coded, header="Mã hồ sơ,Ngày,Điểm\n")
    assert told.slips["code"].to_list() == ["H01.023-261105-0012", None, None, None]
    assert told.dropped == ("Mã hồ sơ × 4",)
    assert "0987" not in str(told.refused.to_dicts())


def test_totals_blank_rows_and_signatures_are_no_slips_and_are_counted() -> None:
    told = read("20/11/2026,,,Sở Y tế,5,\n,,,,,\nTổng cộng,,,,,\n")
    assert (told.slips.height, told.refused.height, told.skipped) == (1, 0, 2)


def test_single_questions_are_kept_by_name_and_an_answer_nobody_knows_refuses_the_row() -> None:
    mapping = SurveyMapping(columns=COLUMNS, parts={"Thái độ": "Câu 1", "Thời gian": "Câu 2"})
    header = "Thời gian,Đơn vị,Mức độ,Câu 1,Câu 2\n"
    told = read("20/11/2026,Sở Y tế,5,Hài lòng,\n20/11/2026,Sở Y tế,5,ừ,4\n", mapping, header=header)
    assert told.slips["parts"].to_list() == ['{"Thái độ":4,"Thời gian":null}']
    assert told.refused["reasons"].to_list() == [["unknown_part"]]


def test_a_scale_of_the_office_own_goes_before_ours() -> None:
    turned = PLAIN.model_copy(update={"scores": {"1": 5, "Tuyệt vời": 5}})
    assert read("20/11/2026,,,Sở Y tế,1,\n20/11/2026,,,Sở Y tế,tuyệt vời,\n", turned).slips["score"].to_list() == [5, 5]


def test_a_column_that_is_gone_is_named_with_the_nearest() -> None:
    with pytest.raises(MappingError, match='no column "Mức độ".* Did you mean "Mức độ hl"'):
        read("20/11/2026,,,Sở Y tế,5,\n", header="Thời gian,Họ tên,Điện thoại,Đơn vị,Mức  độ hl,Ý kiến\n")


RATING = {"MaDanhGia": "7", "MaHoSo": "H01-1", "NgayDanhGia": "20261120083000", "MucDo": 4, "HoTen": "Nguyễn Văn An"}


def test_the_national_form_needs_no_mapping() -> None:
    told = read(json.dumps([RATING]), None, header="", name="dg.json")
    one = told.slips.row(0, named=True)
    assert (one["slip"], one["code"], one["answered_on"], one["score"], one["way"]) == (
        "7", "H01-1", "2026-11-20", 4, "web",
    )  # fmt: skip
    assert told.dropped == ("HoTen",)
    units = read(json.dumps({"data": [RATING | {"DonViXuLy": "Sở Y tế"}]}), None, header="", name="dg.json")
    assert units.slips["department"].to_list() == ["Sở Y tế"]


def test_what_is_no_national_form_asks_for_a_mapping() -> None:
    less = {name: value for name, value in RATING.items() if name != "MucDo"}
    with pytest.raises(MappingError, match="it lacks MucDo"):
        read(json.dumps([less]), None, header="", name="dg.json")


def test_the_suggested_mapping_reads_the_file_it_was_made_of(tmp_path: Path) -> None:
    rows = "20/11/2026,,,Sở Y tế,Hài lòng,\n21/11/2026,,,Sở Y tế,Rất hài lòng,\n"
    told = suggest(read_file((HEADER + rows).encode(), name="a.csv"), "kiosk")
    (tmp_path / "a.toml").write_text(told, encoding="utf-8")
    mapping = load_mapping(tmp_path / "a.toml")
    assert (mapping.survey, mapping.columns.named) == ("kiosk", COLUMNS.named)
    assert read(rows, mapping).slips.height == 2


def test_the_day_of_a_suggested_mapping_is_a_column_of_days() -> None:
    rows = "Hài lòng,,20/11/2026,H99-1,5\nBình thường,,03/11/2026,H99-2,4\n"
    file = "Thời gian chờ,Ghi,Lúc trả lời,Số hồ sơ,Điểm\n" + rows
    assert 'answered_on = "Lúc trả lời"' in suggest(read_file(file.encode(), name="a.csv"), "kiosk")


def test_the_preview_names_what_is_read_and_every_word_that_nobody_knows() -> None:
    columns = SlipColumns(answered_on=("Thời gian",), score=("Mức độ",), code=("Số hồ sơ",))
    told = read(
        "20/11/2026,Hài lòng,H99-1,ba sao rưỡi\n", SurveyMapping(columns=columns, parts={"thái độ": "Thái độ"}),
        header="Thời gian,Mức độ,Số hồ sơ,Thái độ\n",
    )  # fmt: skip
    assert told.unused == ()
    assert ("ba sao rưỡi", None, 1) in told.words
    assert told.refused["reasons"].to_list() == [["unknown_part"]]


def test_one_column_for_two_fields_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nanswered_on = "A"\nscore = "A"\n', encoding="utf-8")
    with pytest.raises(MappingError, match='the column "A" is named for two fields'):
        load_mapping(path)
    path.write_text('[columns]\nanswered_on = "A"\nscore = "B"\nslip = "C"\ncode = "C"\n', encoding="utf-8")
    assert load_mapping(path).columns.code == ("C",)


def test_the_national_columns_are_none_of_people() -> None:
    assert all(not surveys._is_of_people(c) for told in NATIONAL.columns.named.values() for c in told)
