"""What is counted has a meaning, what has a meaning is counted, and a slip of the pen is told with the nearest word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config import catalogue
from config.errors import ConfigError
from config.place import SHIPPED
from metrics import declared
from metrics.definitions import AGES, COUNTS, DURATIONS, RATES, rates
from metrics.evaluate import figures
from metrics.publication import PUBLISHED
from metrics.scope import Period, Scope
from tests.metrics.province import cube_of, day, dossier

TEXT = (SHIPPED / "metrics.toml").read_text(encoding="utf-8")


def changed(folder: Path, was: str, now: str) -> catalogue.CatalogueFile:
    assert TEXT.count(was) == 1, was
    file = folder / "metrics.toml"
    file.write_text(TEXT.replace(was, now), encoding="utf-8")
    return catalogue.load(file)


def agree(told: catalogue.CatalogueFile) -> None:
    catalogue.agree(told, shares=declared.SHARES, counts=declared.COUNTS, durations=declared.DURATIONS)


def test_the_shipped_catalogue_and_code_know_the_same_figures() -> None:
    told = catalogue.load()
    agree(told)
    assert set(told.metric) == {*RATES, *COUNTS, *AGES, *DURATIONS} | {
        "due", "due_met", "due_first", "due_first_met", "extended_out", "suspended_out",
        "statutory_days", "committed_days", "usable_days", "used_days", PUBLISHED,
    } | declared.REGISTER  # fmt: skip


def test_no_share_takes_the_place_of_a_count_in_an_answer() -> None:
    """The share of letters in time once had the name of its numerator, and the count was gone."""
    assert not declared.SHARES & declared.COUNTS
    some = figures(
        cube_of(dossier("A", "processing", received="2026-03-02", due="2026-03-04")),
        period=Period(day("2026-03-01"), day("2026-03-31")), as_of=day("2026-03-31"), scope=Scope.province(),
    )  # fmt: skip
    answer = rates(some).row(0, named=True)
    assert all(isinstance(answer[name], int) for name in (*COUNTS, *AGES))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("[metric.letters_owed]", "[metric.letters_owned]",
         'counted in code, without a meaning in metrics.toml: "letters_owed" Did you mean "letters_owned"?'),
        ("[metric.supplement_rate]", "[metric.supplements_rate]", '"supplement_rate" Did you mean "supplements_rate"?'),
        ("[metric.took_p90]", "[metric.took_p95]", '"took_p90" Did you mean "took_p95"?'),
    ],
)  # fmt: skip
def test_a_count_a_share_and_a_duration_without_a_meaning_are_named(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    with pytest.raises(ConfigError) as wrong:
        agree(changed(tmp_path, was, now))
    assert said in str(wrong.value)


def test_a_meaning_of_something_that_nothing_counts_is_named(tmp_path: Path) -> None:
    new = '[metric.receivd]\ntitle = "Một số khác"\nmeaning = "x"\nunit = "dossiers"\norigin = "ours"\n'
    told = changed(tmp_path, "# ---------- durations ----------\n", f"{new}\n# ---------- durations ----------\n")
    with pytest.raises(ConfigError, match=r'counted nowhere in code: "receivd" Did you mean "received"\?'):
        agree(told)


def test_a_count_that_calls_itself_a_share_is_named(tmp_path: Path) -> None:
    share = 'unit = "share"\nnumerator = "a"\nbase = "b"'
    was = 'kể cả hồ sơ sau đó không được tiếp nhận."\nunit = "dossiers"'
    told = changed(tmp_path, was, was.replace('unit = "dossiers"', share))
    with pytest.raises(ConfigError, match=r'a share in one of code and catalogue.*"submitted"'):
        agree(told)


def test_one_name_for_two_kinds_of_figure_is_refused() -> None:
    told = catalogue.load()
    with pytest.raises(ConfigError, match=r'two kinds of figure: "received"'):
        catalogue.agree(
            told, shares=declared.SHARES | {"received"}, counts=declared.COUNTS, durations=declared.DURATIONS
        )


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("small = 20", "smal = 20", '"smal" is not a key here. Did you mean "small"?'),
        ('title = "Nộp"', 'tilte = "Nộp"', '"metric.submitted.tilte" is not a key here. Did you mean "title"?'),
        ('title = "Nộp"', 'title = " "', "metric.submitted.title"),
        ("target = 0.98", "target = 98", "metric.on_time_due.target"),
        ('base = "hồ sơ đến ngày hẹn"\n', "", "numerator and base go with a share, and only with it"),
        ("value = 0.80", "value = 80", "metric.results_digital_share.targets[1].value"),
        ('level = "district"', 'level = "huyện"', "metric.results_digital_share.targets[2].level"),
        ('level = "district"', 'level = "province"', "two targets of province hold from 2022-01-01"),
        ('title = "Nộp"', 'title = "tiếp nhận"', '"submitted" and "received" are both titled "Tiếp nhận"'),
    ],
)
def test_a_slip_in_the_catalogue_is_told_with_its_place(tmp_path: Path, was: str, now: str, said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        changed(tmp_path, was, now)
    assert said in str(wrong.value)


def test_a_figure_asked_for_by_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r'no figure is called "on_time_du".*Did you mean "on_time_due"\?'):
        catalogue.load()["on_time_du"]


def test_every_vietnamese_title_is_the_title_of_one_figure() -> None:
    titles = [metric.title.casefold() for metric in catalogue.load().metric.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", RATES)
def test_a_share_says_what_for_what_it_is_not_and_what_it_does_not_see(name: str) -> None:
    metric = catalogue.load()[name]
    assert all((metric.why, metric.is_not, metric.weaknesses, metric.numerator, metric.base))
    assert metric.better in (None, RATES[name].better)


def test_owner_and_day_of_review_come_from_the_file_where_a_figure_names_none() -> None:
    told = catalogue.load()
    assert (told["received"].owner, told["received"].review_on) == (told.owner, told.review_on)
    assert told["late_acceptance"].owner != told.owner
    assert told["late_acceptance"].review_on == date(2027, 1, 31)


def test_a_definition_is_due_for_review_from_the_day_after() -> None:
    told = catalogue.load()
    assert told.due_for_review(date(2027, 1, 31)) == []
    assert told.due_for_review(date(2027, 2, 1)) == ["late_acceptance"]


def test_the_target_of_a_level_is_the_last_one_begun(tmp_path: Path) -> None:
    later = (
        '[[metric.results_digital_share.targets]]\nlevel = "commune"\nfrom = 2026-07-01\nvalue = 0.75\nbasis = "QĐ 9"\n'
    )
    told = changed(tmp_path, "[metric.published_share]\n", f"{later}\n[metric.published_share]\n")[
        "results_digital_share"
    ]
    days = {"2021-12-31": None, "2022-01-01": 0.60, "2026-06-30": 0.60, "2026-07-01": 0.75}
    for day_, value in days.items():
        found = told.target_of("commune", date.fromisoformat(day_))
        assert (found.value if found else None) == value, day_
    assert told.target_of("province", date(2026, 7, 1)).value == 0.80  # type: ignore[union-attr]


def test_targets_go_with_a_share_alone(tmp_path: Path) -> None:
    one = '[[metric.fees.targets]]\nlevel = "commune"\nfrom = 2026-07-01\nvalue = 0.75\nbasis = "QĐ 9"\n'
    with pytest.raises(ConfigError, match="targets go with a share"):
        changed(tmp_path, "[metric.charged]\n", f"{one}\n[metric.charged]\n")
