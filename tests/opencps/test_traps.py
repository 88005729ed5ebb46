"""What OpenCPS does that a reader would not expect, one test each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from config.errors import ConfigError, SourceError
from config.sources import Source
from connectors.base import Reading
from connectors.opencps import pull
from connectors.opencps_rows import frame_of, translate
from connectors.opencps_settings import Settings
from connectors.simulator.access import PASSWORD
from connectors.simulator.faults import Faults
from connectors.simulator.opencps_server import Site
from connectors.simulator.province import Province
from tests.opencps import truth
from tests.opencps.conftest import NOW, Clock, Kept, source_at

Sources = Callable[..., Source]
SOURCE = source_at("http://one-stop.invalid")


def record(**told: object) -> dict[str, Any]:
    """A dossier received on Monday 2 March 2026 at 8:00, promised for the 16th, in work."""
    return {
        "dossierId": 7, "dossierNo": "H99.01-260302-0007", "dossierIdCTN": "", "referenceUid": "uid-7",
        "serviceCode": "1.000001", "serviceName": "Cấp đổi", "domainCode": "DD", "domainName": "Đất đai",
        "govAgencyCode": "H99.01", "govAgencyName": "Sở Xây dựng", "online": "false", "viaPostal": 0,
        "submitDate": "02/03/2026 08:00:00", "receiveDate": "02/03/2026 08:00:00", "dueDate": "16/03/2026 17:00:00",
        "extendDate": "", "releaseDate": "", "finishDate": "", "lockState": "", "dossierStatus": "processing",
        "stepCode": "400", "feeAmount": 15000, "durationCount": 10.0, "durationUnit": 0,
    } | told  # fmt: skip


def read_one(settings: Settings | None = None, **told: object) -> dict[str, Any]:
    done = translate(frame_of([record(**told)]), settings or Settings(group_id="1"), SOURCE, origin="test")
    assert done.rejects.is_empty(), done.rejects["found"].to_list()
    return done.good.row(0, named=True)


def test_dates_are_wall_time_of_the_province() -> None:
    seen = read_one()
    assert seen["received_at"] == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert seen["due_at"] == datetime(2026, 3, 16, 10, 0, tzinfo=UTC)


def test_the_code_is_the_number_that_never_changes_and_the_printed_one_stands_beside_it() -> None:
    waiting = read_one(dossierStatus="receiving", dossierNo="", receiveDate="", dueDate="")
    received = read_one()
    assert waiting["code"] == received["code"] == "7"
    assert (waiting["other_code"], received["other_code"]) == (None, "H99.01-260302-0007")


def test_a_fee_that_may_be_thousands_is_refused_and_not_taken_for_a_hundred_and_fifty() -> None:
    assert (read_one()["fee"], read_one(feeAmount="150000.0")["fee"], read_one(feeAmount="")["fee"]) == (
        15_000, 150_000, None,
    )  # fmt: skip
    done = translate(frame_of([record(feeAmount="150.000")]), Settings(group_id="1"), SOURCE, origin="test")
    assert (done.good.height, done.rejects["reasons"].to_list()) == (0, [["unreadable_amount"]])


def test_an_extend_date_is_no_extension() -> None:
    early = read_one(dossierStatus="releasing", releaseDate="05/03/2026 09:00:00", extendDate="05/03/2026 09:00:00")
    again = read_one(extendDate="10/03/2026 09:00:00")
    assert early["extensions"] is None
    assert again["extensions"] is None, "the moved promise itself is seen, and judged, by the ledger"


@pytest.mark.parametrize(
    ("word", "lock", "status"),
    [
        ("processing", "", "processing"), ("processing", "PAUSE", "paused"), ("new", "PAUSE_OVERDUE", "paused"),
        ("waiting", "PAUSE", "supplement"), ("paying", "PAUSE", "payment"), ("interoperating", "", "processing"),
        ("unresolved", "", "paused"),
    ],
)  # fmt: skip
def test_a_lock_is_a_suspension(word: str, lock: str, status: str) -> None:
    assert read_one(dossierStatus=word, lockState=lock)["status"] == status


def test_a_due_date_that_a_pause_overwrote_is_one_more_observation(
    source_of: Sources, province: Province, clock: Clock
) -> None:
    """A dossier asked for something and answered: its promise moves; the store is given both, one after the other."""
    kept, source, seen = Kept(), source_of(), dict[str, set[object]]()
    for day in range(0, 24, 8):
        clock.now = NOW + timedelta(days=day)
        kept.pull(source, clock.now)
        for code, due in kept.table("due_at").drop_nulls().iter_rows():
            seen.setdefault(code, set()).add(due)
    assert sum(len(dues) > 1 for dues in seen.values()) >= 2


@pytest.mark.parametrize(
    ("word", "ends", "expected"),
    [
        ("releasing", {"releaseDate": "05/03/2026 09:00:00"}, ("resolved", 5, None, None)),
        ("done", {"releaseDate": "05/03/2026 09:00:00", "finishDate": "06/03/2026 09:00:00"}, ("returned", 5, 6, None)),
        ("cancelled", {"finishDate": "06/03/2026 09:00:00"}, ("withdrawn", 6, None, None)),
        ("unresolved", {"finishDate": "06/03/2026 09:00:00"}, ("stopped", 6, None, None)),
        ("denied", {"finishDate": "06/03/2026 09:00:00"}, ("refused", 6, None, None)),
        ("denied", {"finishDate": "06/03/2026 09:00:00", "receiveDate": ""}, ("not_accepted", None, None, 6)),
        ("processing", {"releaseDate": "05/03/2026 09:00:00"}, ("processing", None, None, None)),
    ],
)  # fmt: skip
def test_the_last_dates_are_those_of_the_status(
    word: str, ends: dict[str, str], expected: tuple[str, int | None, int | None, int | None]
) -> None:
    seen = read_one(None, dossierStatus=word, **ends)
    days = [seen[c] and seen[c].day for c in ("resolved_at", "returned_at", "rejected_at")]
    assert (seen["status"], *days) == expected


def test_a_status_of_the_site_s_own_is_a_line_of_the_settings_and_never_a_guess() -> None:
    own = Settings(group_id="1", statuses={"dang_trinh_ky": "processing"})
    assert read_one(own, dossierStatus="dang_trinh_ky")["status"] == "processing"
    done = translate(frame_of([record(dossierStatus="dang_trinh_ky")]), Settings(group_id="1"), SOURCE, origin="test")
    assert done.rejects["reasons"].to_list() == [["unknown_status"]]
    assert done.rejects["found"].to_list() == ["dossierStatus = dang_trinh_ky"]


def test_what_is_wrong_in_the_list_is_not_read_and_people_stay_outside() -> None:
    told = record(dossierOverdue=99, timeOverdueText="Quá hạn 9 ngày", stepDuedate="01/01/2001 00:00:00",
                  applicantName="Người Giả Định 7", contactTelNo="0900000007", dossierStatus="strange")  # fmt: skip
    done = translate(frame_of([told]), Settings(group_id="1"), SOURCE, origin="test")
    assert done.raw is not None
    text = done.raw.write_json() + done.rejects.write_json()
    assert not any(word in text for word in ("Người Giả Định", "0900000007", "Quá hạn", "2001"))


def test_not_signed_in_is_203_and_is_said(source_of: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCPS_PASSWORD", "hunter-2-secret")
    with pytest.raises(SourceError, match="answered 203 3 times, which in OpenCPS means: not signed in") as caught:
        Kept().pull(source_of())
    assert "hunter-2-secret" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_session_that_ends_is_opened_again(source_of: Sources, site: Site, province: Province) -> None:
    site.mishaps = Faults(5, {"expire": 0.3})
    kept = Kept()
    kept.pull_until_done(source_of())
    assert site.mishaps.drawn["expire"] > 0
    assert kept.dossiers.height == truth.usable(province, NOW).height


def test_a_bearer_token_signs_in_too(source_of: Sources, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.token = "a-token-of-the-site"
    monkeypatch.setenv("OPENCPS_TOKEN", site.token)
    kept = Kept()
    kept.pull(source_of(access={"kind": "bearer", "token_secret": "OPENCPS_TOKEN"}))
    assert kept.dossiers.height > 500


def test_a_secret_that_is_not_set_is_said_before_anything_is_asked(source_of: Sources, site: Site) -> None:
    source = source_of().model_copy(update={"password_secret": "NOT_SET"})
    with pytest.raises(ConfigError, match='the secret "NOT_SET" is not set'):
        Kept().pull(source)
    assert not site.asked


def test_another_group_is_refused_in_words(source_of: Sources) -> None:
    with pytest.raises(SourceError, match="/dossiers answered 403: it does not take our sign-in, or not for this"):
        Kept().pull(source_of(group_id="1"))


def test_slices_are_halved_until_they_fit_the_window(source_of: Sources, site: Site, province: Province) -> None:
    site.window = 120
    kept = Kept()
    kept.pull(source_of(window=120, rows_a_page=40))
    assert kept.dossiers.height == truth.usable(province, NOW).height


@pytest.mark.parametrize("hides", [False, True])
def test_a_day_that_is_fuller_than_the_window_is_read_by_department(
    source_of: Sources, site: Site, province: Province, hides: bool
) -> None:
    site.window, site.hides_total_beyond_window = 4, hides
    agencies = [f"H99.{n:02}" for n in range(70)]
    kept = Kept()
    kept.pull(source_of(window=4, rows_a_page=4, agencies=agencies, first_day="2026-02-02", waiting=[], turned_down=[]))
    first, last = (date(2026, 2, 2) - date(1970, 1, 1)).days * 86_400, int(NOW.timestamp()) + 7 * 3600
    expected = truth.usable(province, NOW).filter(pl.col("received").is_between(first, last))
    by_day = expected.group_by(pl.col("received") // 86_400).len()
    assert by_day["len"].max() > 4, "some day is fuller than the window"  # type: ignore[operator]
    assert kept.dossiers.height == expected.height


def test_a_day_that_cannot_be_read_is_an_error_that_says_what_to_write(source_of: Sources, site: Site) -> None:
    site.window = 4
    with pytest.raises(SourceError, match="Name every govAgencyCode in agencies under .source.opencps."):
        Kept().pull(source_of(window=4, rows_a_page=4, agencies=["H99.00"], waiting=[], turned_down=[]))


def test_a_list_that_stays_short_of_its_total_is_not_stored(source_of: Sources, site: Site) -> None:
    site.mishaps = Faults(1, {"missing_page": 1.0})
    kept = Kept()
    with pytest.raises(SourceError, match=r"dossiers came where \d+ were announced, 4 times"):
        kept.pull(source_of())
    assert kept.dossiers.is_empty()
    assert kept.cursor is None


def test_a_column_that_is_called_otherwise_stops_the_source_and_says_which(source_of: Sources, site: Site) -> None:
    site.mishaps = Faults(1, {"schema": 1.0})
    with pytest.raises(SourceError, match='the column "dueDate" is gone. Did you mean "dueDateMoi"'):
        Kept().pull(source_of())


def test_text_of_another_encoding_is_said_and_not_stored(source_of: Sources, site: Site) -> None:
    site.mishaps = Faults(1, {"encoding": 1.0})
    with pytest.raises(SourceError, match=r"UTF-16, where JSON is UTF-8|no UTF-8 text; Vietnamese of windows-1258"):
        Kept().pull(source_of())


def test_nothing_that_recomputes_is_ever_asked_for(source_of: Sources, site: Site) -> None:
    kept = Kept()
    kept.pull(source_of(steps="open_and_late", steps_a_pull=5, calendar=True))
    assert site.recalculated == 0
    assert set(site.asked) == {"dossiers", "dossiers/{id}/sequences", "holidays", "worktimes"}


def test_open_dossiers_are_refreshed_by_days_or_one_by_one_whichever_asks_less(
    source_of: Sources, site: Site, clock: Clock
) -> None:
    kept, source = Kept(), source_of(rows_a_page=10)
    kept.pull(source)
    open_before = kept.open().height
    asked = site.asked.copy()
    clock.now = NOW + timedelta(hours=1)
    kept.pull(source, clock.now)
    pages = site.asked["dossiers"] - asked["dossiers"]
    single = site.asked["dossiers/{id}"]
    assert single > 0
    assert pages + single < open_before + 20, "never more than one request for each open dossier, and the lists"


def test_an_account_that_may_read_lists_only_refreshes_by_lists(
    source_of: Sources, site: Site, province: Province, clock: Clock
) -> None:
    site.hides_single = True
    kept, source = Kept(), source_of(rows_a_page=10)
    kept.pull(source)
    clock.now = NOW + timedelta(days=3)
    kept.pull(source, clock.now)
    assert site.asked["dossiers/{id}"] > 0
    assert kept.notes == [], "nobody is called missing"
    both = kept.table("status").join(truth.told(province, clock.now).select("code", now="status"), on="code")
    assert both.filter(pl.col("status").cast(pl.String) != pl.col("now")).is_empty()


def test_an_open_dossier_that_is_not_shown_any_more_is_said(source_of: Sources) -> None:
    kept, source = Kept(), source_of()
    kept.pull(source)
    ghost = kept.open().head(1).with_columns(code=pl.lit("9999999"), received_at=pl.lit(None, pl.Datetime("us", "UTC")))
    kept.dossiers = pl.concat([kept.dossiers, ghost])
    kept.pull(source, NOW + timedelta(minutes=10))
    assert kept.notes == ["1 open dossiers are not shown any more (9999999); the next sweeps look for them."]


def test_holidays_and_hours_that_differ_are_said_and_never_taken_over(source_of: Sources, site: Site) -> None:
    site.holidays = ("01/01/2026", "24/11/2026")
    kept = Kept()
    kept.pull(source_of(calendar=True))
    assert any("OpenCPS has days off that our calendar works: 24/11/2026" in note for note in kept.notes)
    assert any("Our calendar has days off that OpenCPS works" in note and "16/02/2026" in note for note in kept.notes)


def test_a_site_whose_clock_went_back_loses_nothing(source_of: Sources, province: Province, clock: Clock) -> None:
    kept, source = Kept(), source_of()
    clock.now = NOW + timedelta(days=6)
    kept.pull(source, clock.now)
    clock.now = NOW  # restored from a backup of six days ago; our own clock goes on
    kept.pull(source, NOW + timedelta(days=7))
    clock.now = NOW + timedelta(days=9)
    kept.cursor = None
    kept.pull(source, clock.now)
    found = kept.table(*truth.COMPARED).with_columns(pl.col("status").cast(pl.String))
    assert_frame_equal(found, truth.told(province, clock.now), check_dtypes=False)


def test_a_pull_can_be_left_at_any_moment(source_of: Sources) -> None:
    reading = pull(source_of(), Reading(NOW))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
