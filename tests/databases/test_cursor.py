"""Where a pull goes on: values kept as text, windows that begin early enough, and nothing taken for what it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.database_cursor import Cursor, Order
from tests.databases.vendor import at

ORDER = Order("instant", ZoneInfo("Asia/Ho_Chi_Minh"), at(20, 10), timedelta(minutes=10), 5)
NUMBERS = replace(ORDER, kind="number")


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '{"until": "20261103"}', '{"at": 3}'])
def test_what_is_no_cursor_of_ours_is_the_very_beginning(text: str | None) -> None:
    assert Cursor.read(text) == Cursor()


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor("2026-11-05T09:00:00", ("ma_ho_so", "Ngày"), texts=True)
    assert Cursor.read(cursor.write()) == cursor


@pytest.mark.parametrize(
    ("value", "kept", "since"),
    [
        (at(5, 9), "2026-11-05T09:00:00", at(5, 8, 50)),
        (at(5, 9, 0, 30, 5), "2026-11-05T09:00:30.000005", at(5, 8, 50, 30, 5)),
        (date(2026, 11, 5), "2026-11-05T00:00:00", at(4, 23, 50)),
        (datetime(2026, 11, 5, 2, tzinfo=UTC), "2026-11-05T09:00:00", at(5, 8, 50)),
        (at(20, 11), "2026-11-20T10:00:00", at(20, 9, 50)),  # later than now
        (datetime(1, 1, 1), "0001-01-01T00:00:00", datetime(1900, 1, 1)),  # noqa: DTZ001
    ],
)
def test_an_instant_is_kept_on_the_sources_clock_and_the_window_begins_before_it(
    value: date, kept: str, since: datetime
) -> None:
    assert ORDER.text(value) == kept
    assert ORDER.since(kept, as_text=False) == since


@pytest.mark.parametrize(
    ("kept", "since"),
    [
        ("2026-11-05 09:00:30", "2026-11-05 08:50:00"),
        ("2026-11-05T09:00:30.5", "2026-11-05T08:50:00"),
        ("20261105090030", "20261105085000"),
        ("2026-11-05", "2026-11-04"),
    ],
)
def test_the_window_of_a_text_is_written_as_the_text_is(kept: str, since: str) -> None:
    assert ORDER.since(kept, as_text=True) == since


@pytest.mark.parametrize(
    ("value", "kept", "since"), [(7, "7", 2), (Decimal("7.5"), "7.5", Decimal("2.5")), (-3, "-3", -8)]
)
def test_a_number_goes_back_by_its_own_overlap(value: Decimal, kept: str, since: Decimal) -> None:
    assert (NUMBERS.text(value), NUMBERS.since(kept, as_text=False)) == (kept, since)


@pytest.mark.parametrize(
    ("order", "value", "fits"),
    [
        (ORDER, at(5), True),
        (ORDER, date(2026, 11, 5), True),
        (ORDER, "2026-11-05 09:00:00", True),
        (ORDER, "05/11/2026", False),
        (ORDER, 20_261_105, False),
        (NUMBERS, 3, True),
        (NUMBERS, True, False),
        (NUMBERS, at(5), False),
        (replace(ORDER, plain=True), at(5), True),
        (replace(ORDER, plain=True), datetime(2026, 11, 5, tzinfo=UTC), False),
    ],
)
def test_a_value_of_another_kind_does_not_fit(order: Order, value: object, fits: bool) -> None:
    assert order.fits(value) is fits


@given(st.datetimes(datetime(1950, 1, 1), datetime(2026, 11, 20)), st.sampled_from([" ", "T"]))  # noqa: DTZ001
def test_no_row_at_or_after_the_cursor_falls_out_of_the_window_whether_texts_or_stamps(
    value: datetime, between: str
) -> None:
    written = value.isoformat(sep=between)
    assert ORDER.since(ORDER.text(value), as_text=False) <= value
    assert ORDER.since(ORDER.text(written), as_text=True) <= written
    assert ORDER.reaches(value, ORDER.text(value))
    assert ORDER.reaches(written, ORDER.text(written))
