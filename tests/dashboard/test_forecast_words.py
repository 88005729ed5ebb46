"""What the page Dự báo says of a chance, of a sum, of a season and of a backlog, word by word."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from config import insight as settings
from dashboard.answers import risk as words
from dashboard.answers import season
from metrics.capacity import SEASON, Clearance
from metrics.risk_tables import EXPECTED_ROWS

RISK, CAPACITY = settings.load().risk, settings.load().capacity
ROW = {
    "alike": "step", "n_alike": 184, "missed_alike": 0.71, "chance": 0.71, "days_left": 2, "step": "Thẩm định",
    "procedure": "1.0", "field": "Đất đai",
}  # fmt: skip


def test_one_sentence_says_what_a_chance_rests_on() -> None:
    assert words.sentence(ROW) == (
        "Trong 184 hồ sơ cùng thủ tục, đang ở bước Thẩm định khi còn 2 ngày làm việc, 71\xa0% không kịp ngày hẹn."
    )
    past = words.sentence({**ROW, "step": "sau Thẩm định"})
    assert past.startswith("Trong 184 hồ sơ cùng thủ tục, đã xong bước Thẩm định khi còn 2 ngày làm việc, 71")
    paced = words.sentence({**ROW, "chance": 0.85, "alike": "field", "days_left": 13})
    assert paced == (
        "Trong 184 hồ sơ cùng lĩnh vực, thời hạn tương đương, khi còn 12–14 ngày làm việc, 71\xa0% không kịp ngày hẹn; "
        "tính cả nhịp gần đây của đơn vị: 85\xa0%."
    )
    few = words.sentence({**ROW, "alike": None, "missed_alike": None, "days_left": 60})
    assert few == (
        "Có quá ít hồ sơ tương tự; ước theo hồ sơ cùng nguồn khi còn từ 60 ngày làm việc: 71\xa0% không kịp ngày hẹn."
    )
    nameless = words.sentence({**ROW, "alike": "procedure", "procedure": None, "field": None})
    assert nameless.startswith("Trong 184 hồ sơ cùng nguồn, thời hạn tương đương, khi còn 2 ngày làm việc, 71")


@pytest.mark.parametrize(
    ("chance", "word", "text"),
    [(0.0, "thấp", "dưới 1\xa0%"), (0.1, "có thể", "10\xa0%"), (0.3, "đáng lo", "30\xa0%"), (0.6, "cao", "60\xa0%"),
     (0.997, "cao", "trên 99\xa0%")],
)  # fmt: skip
def test_a_chance_has_a_word_and_a_number_that_is_never_sure(chance: float, word: str, text: str) -> None:
    assert (words.word(chance, RISK), words.said(chance)) == (word, text)


def test_departments_together_have_a_narrower_interval_than_their_ends_added() -> None:
    one = {"source": "s", "ahead": 5, "n": 100, "expected": 20.0, "variance": 16.0, "root": 40.0, "low": 13,
           "high": 27, "share_whole": 0.0, "wider_whole": 1.0}  # fmt: skip
    rows = pl.DataFrame([one | {"department": d} for d in "ABCD"], schema=EXPECTED_ROWS)
    (both,) = words.together(rows, 0.9)
    assert (both.n, both.expected) == (400, 80.0)
    assert 80 - 28 < both.low < 80 < both.high < 80 + 28
    (apart,) = words.together(rows.with_columns(share_whole=0.01), 0.9)  # 1 + 0.01 · (160² / 64 − 1): √5 times as far
    assert (apart.low, apart.high) == (51, 109)
    (alone,) = words.together(rows.head(1), 0.9)
    assert (alone.low, alone.high) == (13, 27)


def test_a_season_says_on_how_many_years_it_rests() -> None:
    rows = pl.DataFrame(
        [(n, 1.5 if n == 12 else 1.0, 1.4 if n == 12 else 1.0, 1.6 if n == 12 else 1.0, 2, 100) for n in range(1, 13)],
        schema=SEASON, orient="row",
    )  # fmt: skip
    first, second = season.of_months(rows, CAPACITY)
    assert first.startswith("Tháng 12 nhiều nhất: mỗi ngày làm việc gấp **1,50** lần ngày thường (1,40–1,60)")
    assert second == "Tính trên 2 năm."
    young = season.of_months(rows.with_columns(years=pl.lit(1, pl.Int64)), CAPACITY)
    assert young[1] == "Mới có 1 năm: chưa đủ để kết luận, chỉ để tham khảo."
    assert "(" not in young[0]


def test_a_backlog_that_does_not_fall_is_said_so() -> None:
    falls = Clearance(300, 8, 20.0, 23.0, 13.0, 100.0, 69.0, 183.0)
    assert season.cleared(falls, CAPACITY)[1].endswith(
        "Giữ nhịp này thì hết sau khoảng **100** ngày làm việc (từ 69 đến 183 ngày)."
    )
    perhaps = Clearance(300, 8, 20.0, 23.0, 13.0, 100.0, 69.0, None)
    assert "cũng có thể không giảm" in season.cleared(perhaps, CAPACITY)[1]
    grows = Clearance(300, 8, 20.0, 19.0, 15.8, None, None, None)
    assert "**không giảm**" in season.cleared(grows, CAPACITY)[1]
    slow = Clearance(300, 8, 20.0, 20.01, 15.0, 30_000.0, 69.0, None)
    assert "hơn 500 ngày" in season.cleared(slow, CAPACITY)[1]


def test_where_nothing_is_pending_nothing_is_said_not_to_fall() -> None:
    told = season.cleared(Clearance(0, 8, 20.0, 19.0, 0.0, None, None, None), CAPACITY)
    assert told[0] == "Không có hồ sơ nào đang giải quyết."
    assert told[1].startswith("8 tuần gần đây") and not any("không giảm" in text for text in told)


def test_a_chance_that_stands_beside_is_not_said_again() -> None:
    assert words.sentence(ROW, beside=True) == (
        "Bằng tỷ lệ trễ của 184 hồ sơ cùng thủ tục, đang ở bước Thẩm định khi còn 2 ngày làm việc."
    )
    slow, quick = (words.sentence({**ROW, "chance": chance}, beside=True) for chance in (0.85, 0.6))
    assert slow.endswith("71\xa0% không kịp ngày hẹn; đơn vị gần đây chậm hơn.")
    assert quick.endswith("71\xa0% không kịp ngày hẹn; đơn vị gần đây nhanh hơn.")
    few = words.sentence({**ROW, "alike": None, "missed_alike": None}, beside=True)
    assert few == "Có quá ít hồ sơ tương tự; ước theo hồ sơ cùng nguồn khi còn 2 ngày làm việc."


def test_only_weeks_that_are_over_are_the_pace() -> None:
    assert season.whole_weeks(date(2026, 11, 19), 2) == [date(2026, 11, 2), date(2026, 11, 9)]
    assert season.whole_weeks(date(2026, 11, 22), 1) == [date(2026, 11, 16)]  # that Sunday ends its week
