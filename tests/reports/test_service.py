"""The annex on service: figures by hand, and the same rows on paper, in Word and in the workbook."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reports import service
from reports.service import Row
from tests.reports.papers import Papers, printed
from tests.reports.printed import plain
from tests.reports.province import THURSDAY, Making, case, twelve_weeks

SLIPS = Row(
    id="satisfied", title="Người trả lời hài lòng", t="90,0\u00a0%", basis="18/20 phiếu", before="…", origin="Khảo sát",
    v=0.9, n=18, d=20,
)  # fmt: skip
CALLS = Row(
    id="hotline", title="Cuộc gọi đường dây nóng", t="1.234", basis="Báo cáo tổng đài, 08/11/2018", before="1.200",
    origin="Nhập tay", v=1234, before_v=1200, unit="times",
)  # fmt: skip


@pytest.fixture(scope="module")
def papers(make: Making, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """A week of five dossiers: four that cost something, papers known of two, results known of three."""
    came = {"received": THURSDAY - timedelta(days=3)}
    due, done = THURSDAY + timedelta(days=9), THURSDAY - timedelta(days=1)
    rows = [
        case("A", "Sở A", due, done, **came, fee=100_000, payment="online", results=1),
        case("B", "Sở A", due, done, **came, fee=3_000_000_000, payment="direct", results=0),
        case("C", "Sở A", due, done, **came, fee=50_000, payment="online", components=4, components_digitised=3),
        case("D", "Sở A", due, None, **came, fee=20_000, channel="counter", components=6, components_digitised=4),
        case("E", "Sở A", due, done, **came, fee=0, channel=None, results=2),
    ]
    made = make(tmp_path_factory.mktemp("served"), [*rows, *twelve_weeks("P", "Sở A", [9] * 3, 9)])
    return printed(made.report(served=[SLIPS, CALLS]))


def test_every_figure_is_that_of_its_dossiers(papers: Papers) -> None:
    told = {row["id"]: (row["n"], row["d"]) for row in papers.content["service"]["numbers"]}
    assert told["online_share"] == (3, 4)  # of E the channel is not known
    assert told["online_payment"] == (2, 3)  # of D it is not said how it was paid; E cost nothing
    assert told["components_digitised_share"] == (7, 10)
    assert told["components_reused_share"] == (0, 0)
    assert told["results_digital_share"] == (2, 3)
    by_id = {row["id"]: row for row in papers.content["service"]["numbers"]}
    assert by_id["fees"]["v"] == 3_000_170_000
    assert by_id["fees"]["t"] == "3,000 tỷ đồng"
    assert by_id["fees"]["basis"] == "4 hồ sơ thu phí"
    assert (by_id["components_reused_share"]["v"], by_id["components_reused_share"]["t"]) == (None, "—")


def test_every_row_reads_the_same_on_paper_in_word_and_in_the_workbook(papers: Papers) -> None:
    rows = papers.content["service"]["rows"]
    assert [row[0] for row in rows[-2:]] == [SLIPS.title, CALLS.title]
    head = [plain(each) for each in service.COLUMNS]
    (table,) = [told for told in papers.tables if told and told[0] == head]
    assert table[1:] == [[plain(cell) for cell in row] for row in rows]
    for row in rows:
        assert plain("".join(row)) in papers.pdf
    names, *lines = papers.sheet("Chất lượng")
    columns = {"title": "Chỉ tiêu", "v": "Số liệu", "n": "Tử số", "d": "Mẫu số", "before_v": "Tuần trước"}
    at = {key: names.index(heading) for key, heading in columns.items()}
    for row, line in zip(papers.content["service"]["numbers"], lines, strict=True):
        assert line[at["title"]] == row["title"]
        for key in ("v", "n", "d", "before_v"):
            shown = line[at[key]]
            assert (None if shown in (None, "") else round(float(shown), 9)) == (
                None if row[key] is None else round(float(row[key]), 9)
            ), (row["id"], key)


def test_a_report_that_was_issued_before_there_was_such_an_annex_prints_without_it(papers: Papers) -> None:
    older = {key: value for key, value in papers.content.items() if key not in ("service", "seal", "dropped")}
    told = printed({**older, "seal": papers.content["seal"]})
    assert plain("Phụ lục V") not in told.pdf + told.word
    assert plain("Phụ lục V") in papers.pdf
    assert plain("Phụ lục V") in papers.word
