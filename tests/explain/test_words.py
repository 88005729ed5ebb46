"""The page's words for one dossier: what is in force, what does not count, which decision skips a day."""

from __future__ import annotations

from dataclasses import replace

from dashboard.answers import explained as words
from metrics.terms import Terms
from tests.explain.test_worked_examples import SUPPLEMENT, limited, told
from tests.metrics.province import dossier, letter


def test_our_own_day_stands_beside_the_promise_with_the_difference() -> None:
    row = dossier("P", "processing", received="2026-03-02", due="2026-03-18", procedure="1.000001")
    found = told("2026-03-04", row, book=limited("10wd"))
    assert words.beside(found) == [
        "Ngày hẹn: nguồn hẹn **18/03/2026**, hệ thống tự tính **16/03/2026**: muộn hơn 2 ngày làm việc."
    ]
    assert words.compared(found) == (
        "Ngày hẹn có hiệu lực là 12 ngày làm việc kể từ khi tiếp nhận; "
        "thời hạn 10 ngày làm việc (luật định 15 ngày làm việc). Căn cứ: QĐ 1."
    )


def test_a_moved_promise_is_compared_first_and_now() -> None:
    found = told("2026-03-19", dossier("S", "processing", **SUPPLEMENT), book=limited("10wd"))
    assert words.beside(found) == [
        "Lần đầu: nguồn hẹn **16/03/2026**, hệ thống tự tính **16/03/2026**: cùng ngày.",
        "Hiện tại: nguồn hẹn **19/03/2026**, hệ thống tự tính **19/03/2026**: cùng ngày.",
    ]
    assert words.halts(found) == ["Từ 05/03/2026 đến 10/03/2026: chờ bổ sung hồ sơ, 3 ngày làm việc."]


def test_without_a_limit_the_page_says_that_nothing_can_be_reckoned() -> None:
    found = told("2026-03-19", dossier("S", "processing", **SUPPLEMENT))
    assert words.beside(found) == []
    assert words.ours(found) == "—"
    assert words.compared(found).endswith(
        "chưa khai báo thời hạn của thủ tục này nên hệ thống không tự tính được ngày hẹn."
    )


def test_a_skipped_holiday_names_its_decision_or_says_that_it_is_not_entered() -> None:
    swapped = told("2026-01-10", dossier("N", "processing", received="2025-12-31", due="2026-01-10"))
    table = words.by_week(swapped.days).replace("\\", "")
    assert "02/01: hoán đổi với thứ Bảy 10/01/2026 (12729/VPCP-KGVX)" in table
    assert "10/01: làm bù cho ngày 02/01/2026 (12729/VPCP-KGVX), được tính" in table
    unknown = told("2025-05-06", dossier("N", "processing", received="2025-04-29", due="2025-05-06"))
    assert f"hoán đổi với thứ Bảy 26/04/2025 ({words.NO_DECISION})" in words.by_week(unknown.days).replace("\\", "")
    listed = words.by_day(swapped.days, swapped)
    assert listed["Văn bản"].to_list()[2] == "12729/VPCP-KGVX"
    assert listed["Ghi chú"].to_list()[-1] == "làm bù cho ngày 02/01/2026; ngày hẹn lần đầu"


def test_a_promise_taken_from_the_source_is_badged_so() -> None:
    row = dossier(
        "M", "processing", received="2018-10-25", due="2018-11-28",
        promises=[("2018-10-25", "2018-11-05"), ("2018-11-10", "2018-11-20"), ("2018-11-19", "2018-11-28")],
    )  # fmt: skip
    judged = [one.line for one in words.promises(told("2018-11-20", row))]
    for line, badge in zip(judged, ("Đang có hiệu lực", "Không tính", "Không tính"), strict=True):
        assert line.endswith(f" {badge}]")
    as_told = told("2018-11-20", row, Terms(moves="as_told"))
    assert "Tính theo nguồn" in words.promises(as_told)[1].line
    assert words.taken(as_told)[0].startswith("Theo nguồn:")


def test_limits_are_written_as_an_office_writes_them() -> None:
    assert [words.limit(text) for text in ("10wd", "30d", "16wh", "0wd")] == [
        "10 ngày làm việc", "30 ngày liên tục", "16 giờ làm việc", "trong ngày",
    ]  # fmt: skip
    assert words.hours(330) == "5 giờ 30 phút"


def test_the_acceptance_clock_says_late_with_a_sign() -> None:
    row = dossier("A", "submitted", channel="online", submitted="2026-03-02")
    clock = told("2026-03-03", row).acceptance
    assert clock is not None
    assert dict(words.acceptance(clock))["Kết quả"] == "Còn hạn tiếp nhận"
    assert dict(words.acceptance(replace(clock, late=True)))["Kết quả"] == "▲ Đã quá hạn tiếp nhận"


def test_the_letter_that_counts_shows_its_number() -> None:
    row = dossier(
        "L", "processing", received="2018-10-25", due="2018-11-12",
        letters=[letter("2018-11-02", "2018-11-05", "2018-11-12")],
    )  # fmt: skip
    shown = words.promises(told("2018-11-06", row))[1]
    assert shown.line.startswith("**12/11/2018** · Hẹn lại, số 1/XL · ghi ngày 02/11/2018 :blue-badge[")
    assert "là lần thứ nhất" in shown.why
