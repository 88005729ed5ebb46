"""A small run of the fuzzer, the same at every time; ``make fuzz`` is the large one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from config.errors import DunghanError
from config.mapping import parse_mapping
from jobs.load import load_bytes
from store.database import Store
from tests.conftest import ROOT
from tests.fuzz import samples
from tests.fuzz.case import Case, read_case
from tests.fuzz.crushing import crushing
from tests.fuzz.hunt import hunt
from tests.fuzz.laws import broken
from tests.fuzz.mutants import MUTANTS, Mutant
from tests.fuzz.plan import Part, made, plan
from tests.fuzz.ways import NOW, SECRETS, WAYS, Line, by_file, line

CASES: Final = 280
BUDGET: Final = 200  # cases of one seed within which a planted bug must be found
SEEDS: Final = 5  # tried one after the other: what is drawn hangs on which modules are loaded
FIRST: Final = 20_261_122


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with pytest.MonkeyPatch.context() as patched, line(tmp_path_factory.mktemp("line")) as opened:
        for name, value in SECRETS.items():
            patched.setenv(name, value)
        yield opened


PARTS: Final = plan(CASES, samples.committed())


@pytest.mark.parametrize("part", PARTS, ids=[p.name for p in PARTS])
def test_whatever_comes_is_refused_in_words_or_accounted_for_row_by_row(part: Part, here: Line) -> None:
    found = hunt(part.cases, here, times=part.times, start=FIRST)
    assert not found.laws, f"{found.said}\n{found.case}"


def test_nothing_of_a_moderate_size_takes_long_or_much(here: Line) -> None:
    laws = {f"{case.way}, {case.made}": told for case in crushing() if (told := broken(case, here))}
    assert laws == {}


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.said for m in MUTANTS])
def test_a_bug_planted_in_our_reader_is_found(mutant: Mutant, here: Line) -> None:
    with mutant.planted():
        hunts = (hunt(made(mutant.way), here, times=BUDGET, start=FIRST + n, shrink=False) for n in range(SEEDS))
        assert any(found.laws for found in hunts), f"{SEEDS * BUDGET} cases did not show that {mutant.said}"


def kept_cases() -> list[Case]:
    """Draw some cases of every way that files come by, the same at every time."""
    drawn: list[Case] = []
    for way in WAYS:
        hunt(made(way), Line("", Path()), times=2, start=FIRST, shrink=False, before=drawn.append, judge=lambda *_: ())
    return drawn


def test_the_same_bytes_twice_store_nothing_new(store: Store) -> None:
    stored = 0
    for number, case in enumerate(c for c in kept_cases() if WAYS[c.way] is by_file):
        mapping = parse_mapping(case.mapping).model_copy(update={"source": f"fuzz{number}"})
        try:
            first = load_bytes(store, case.data, name=case.name, mapping=mapping, seen_at=NOW).counts
        except DunghanError:
            continue
        again = load_bytes(store, case.data, name=case.name, mapping=mapping, seen_at=NOW).counts
        assert (again.new, again.changed, again.unchanged) == (0, 0, first.new), case
        assert (again.read, again.merged, again.quarantined) == (first.read, first.merged, first.quarantined), case
        assert case.rows in (None, first.read), case
        stored += first.new
    assert stored > 3  # else nothing was tried


_ASKED: Final = """
import os, sys
from pathlib import Path
from tests.fuzz.case import read_case
from tests.fuzz.laws import digest
from tests.fuzz.ways import SECRETS, line
os.environ.update(SECRETS)
folder, turned = Path(sys.argv[1]), sys.argv[2] == "turned"
with line(folder) as here:
    told = {p.name: digest(read_case(p.read_text("utf-8", "surrogatepass")), here)
            for p in sorted(folder.glob("*-*.json"), reverse=turned)}
print("\\n".join(f"{name} {told[name]!r}" for name in sorted(told)))
"""


def test_the_outcome_hangs_neither_on_the_order_of_cases_nor_on_the_seed_of_hashes(tmp_path: Path) -> None:
    for case in kept_cases():
        case.save(tmp_path)
    told = {
        subprocess.run(
            [sys.executable, "-c", _ASKED, str(tmp_path), order],
            env=os.environ | {"PYTHONHASHSEED": seed}, cwd=ROOT, check=True, capture_output=True,
        ).stdout
        for seed, order in (("1", "straight"), ("2", "turned"))
    }  # fmt: skip
    assert len(told) == 1
    assert len(next(iter(told)).splitlines()) > 15


def test_a_kept_case_is_the_case(tmp_path: Path) -> None:
    case = Case("csv", b"\x00\xff", "\ud800.csv", 'source = "x"', 1, days=(("A", "2026-01-01"),), made="by hand")
    assert read_case(case.save(tmp_path).read_text(encoding="utf-8", errors="surrogatepass")) == case
