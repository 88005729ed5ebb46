"""Numbers, days and names as a Vietnamese reader expects them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import wording


def test_thousands_take_a_point_and_decimals_a_comma() -> None:
    assert wording.number(12408) == "12.408"
    assert wording.number(1234.5, 1) == "1.234,5"


def test_nothing_is_a_dash_and_never_a_zero() -> None:
    assert wording.number(None) == "—"
    assert wording.percent(0, 0) == "—"


def test_one_late_dossier_in_ten_thousand_is_not_a_whole_hundred() -> None:
    assert wording.percent(9_999, 10_000) == "99,9\u00a0%"
    assert wording.percent(10_000, 10_000) == "100,0\u00a0%"


def test_a_change_has_a_true_minus_and_a_change_of_nothing_has_no_sign() -> None:
    assert wording.signed(-9) == "\u22129"
    assert wording.signed(41) == "+41"
    assert wording.signed(0) == "0"


def test_rates_change_in_points() -> None:
    assert wording.points((975, 1000), (971, 1000)) == "+0,4 điểm"
    assert wording.points((975, 1000), (0, 0)) is None


@pytest.mark.parametrize(
    ("monday", "words"),
    [
        (date(2026, 11, 16), "Tuần 47 · 16–22/11/2026"),
        (date(2026, 11, 30), "Tuần 49 · 30/11–06/12/2026"),
        (date(2026, 12, 28), "Tuần 53 · 28/12/2026–03/01/2027"),
    ],
)
def test_a_week_is_named_by_number_and_days(monday: date, words: str) -> None:
    assert wording.week(monday) == words


def test_the_age_of_the_data_has_at_most_two_units() -> None:
    assert wording.age_of(timedelta(minutes=5)) == "5 phút"
    assert wording.age_of(timedelta(hours=3, minutes=10)) == "3 giờ 10 phút"
    assert wording.age_of(timedelta(days=2, hours=4, minutes=59)) == "2 ngày 4 giờ"


def test_an_instant_is_told_in_the_time_of_the_centre() -> None:
    assert wording.as_of(datetime(2026, 11, 20, 3, 32, tzinfo=UTC)) == "Đến 10:32, thứ Sáu 20/11/2026"
    assert wording.moment(datetime(2026, 11, 20, 17, 30, tzinfo=UTC)) == "00:30 21/11/2026"


def test_search_folds_accents_case_and_the_letter_d() -> None:
    assert wording.folded("Đà NẴNG") == "da nang"
    assert wording.folded("Đa\u0300 Nẵng") == "da nang"  # the same, decomposed


def test_names_stand_in_the_order_of_the_vietnamese_alphabet() -> None:
    names = ["Ước", "Đá", "Uông", "Ân", "Da", "Ăn", "An", "Cẩm Phả", "Cẩm Phà"]
    assert sorted(names, key=wording.sort_key) == [
        "An", "Ăn", "Ân", "Cẩm Phà", "Cẩm Phả", "Da", "Đá", "Uông", "Ước",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["**đậm**", "[x](http://a)", "<b>x</b>", ":red[x]", "$x$", "| a | b |", "# a", "`x`"])
def test_text_from_a_source_is_shown_as_it_is(text: str) -> None:
    shown = wording.plain(text)
    assert shown.replace("\\", "").replace("\u2060", "") == text
    assert not any(c in text and f"\\{c}" not in shown for c in "*[]<>:$|#`")


@pytest.mark.parametrize("text", ["http://a.vn", "HTTPS://a.vn", "www.a.vn", "a@b.vn"])
def test_an_address_in_a_name_does_not_become_a_link(text: str) -> None:
    shown = wording.plain(f"Sở <{text}>").replace("\\", "")
    assert "\u2060" in shown  # GitHub's Markdown links bare addresses whatever is escaped; the joiner breaks them
    assert text not in shown


def test_a_name_that_turns_the_reading_direction_turns_nothing() -> None:
    assert wording.plain("\u202eSở\u202c Y\u2066 tế") == "Sở Y tế"


def test_a_name_in_a_chart_is_text_and_not_a_tag() -> None:
    assert (
        wording.in_chart("<a href='x'>Sở</a> & <b>y</b>") == "&lt;a href='x'&gt;Sở&lt;/a&gt; &amp; &lt;b&gt;y&lt;/b&gt;"
    )
    assert wording.in_chart("Đơn vị dài", 7) == "Đơn vị…"


def test_long_text_from_a_source_is_cut_with_a_sign() -> None:
    assert len(wording.plain("a" * 10_000)) == 200
    assert wording.plain("a" * 10_000).endswith("…")


def test_a_file_is_named_after_the_list_and_the_day() -> None:
    from dashboard.filters import Choice
    from reports import taken

    choice = Choice(date(2026, 11, 20), date(2026, 11, 9))
    assert taken.file_name("qua-han", choice.as_of, "xlsx") == "qua-han-20261115.xlsx"
