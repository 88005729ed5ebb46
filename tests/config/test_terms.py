"""How a source's word is taken can be said where the source is described, and reaches the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import sources
from config.errors import ConfigError, MappingError
from config.mapping import parse_mapping
from config.terms import SourceTerms
from jobs.load import load_file
from jobs.sync import stored
from metrics.terms import Terms
from store import snapshot
from store.database import Store, reading
from tests.connectors.made import HANOI, HEADER, PLAIN

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
OURS = '[terms]\ncounting = "minutes"\nprecision = "minute"\npromise = "computed"\nmoves = "as_told"\n'
SYSTEM = '[[source]]\nname = "mot-cua"\nkind = "demo"\nurl = "http://127.0.0.1"\n'


def test_what_an_operator_may_say_is_what_the_rules_know() -> None:
    told = SourceTerms().model_dump()
    assert Terms(zone=HANOI.key, **told) == Terms()
    assert {*told, "zone"} == set(Terms.__slots__)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('promise = "compute"', 'terms.promise: "compute" is no way of promise. Did you mean "computed"?'),
        ('counting = "hours"', '"hours" is no way of counting. Known: days, minutes.'),
        ('precison = "day"', 'there is no key "precison". Did you mean "precision"?'),
    ],
)
def test_a_wrong_word_in_a_mapping_is_told_with_the_nearest(line: str, said: str) -> None:
    with pytest.raises(MappingError) as wrong:
        parse_mapping(f"{PLAIN}[terms]\n{line}\n", place="land.toml")
    assert said in str(wrong.value)
    assert wrong.value.place.startswith("land.toml, terms")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'moves = "as told"',
            'source[1].terms.moves": "as told" is no way of moves. Did you mean "as_told"?',
        ),
        ('promised = "source"', 'is not a key here. Did you mean "promise"?'),
    ],
)
def test_a_wrong_word_in_sources_toml_is_told_with_the_nearest(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(f"{SYSTEM}[source.terms]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        sources.load(file)
    assert said in str(wrong.value)


def test_the_terms_of_a_source_asked_over_the_network_reach_its_runs(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(SYSTEM + 'time_zone = "Asia/Tokyo"\n' + OURS.replace("[terms]", "[source.terms]"), encoding="utf-8")
    (source,) = sources.load(file)
    assert stored(source).terms == Terms("Asia/Tokyo", "minutes", "minute", "computed", "as_told")


def test_the_newest_load_says_how_a_source_is_taken(store: Store, tmp_path: Path) -> None:
    export, mapping = tmp_path / "export.csv", tmp_path / "export.toml"
    export.write_text(HEADER + "A,20/11/2026,25/11/2026,\n", encoding="utf-8")

    def taken(told: str, hours: int) -> Terms:
        mapping.write_text(PLAIN + told, encoding="utf-8")
        load_file(store, export, seen_at=NOON + timedelta(hours=hours))
        with reading(store) as connection:
            return snapshot.terms(connection)["landoffice"]

    assert taken("", 0) == Terms(HANOI.key)
    assert taken(OURS, 1) == Terms(HANOI.key, "minutes", "minute", "computed", "as_told")
    assert taken('[terms]\nmoves = "as_told"\n', 2) == Terms(HANOI.key, moves="as_told")
