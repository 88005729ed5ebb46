"""The catalogue of the English: both sides agree, nothing in it is dead, and Vietnamese goes through untouched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import streamlit

from config import catalogue, english
from config.errors import ConfigError
from dashboard import english as spoken
from dashboard import languages, speaking
from dashboard.wording import plain
from tests.english.shown import VIETNAMESE

ROOT = Path(__file__).parents[2]
TOLD = english.load()


def test_every_figure_of_the_catalogue_has_its_english() -> None:
    assert set(TOLD.figure) == set(catalogue.load().metric)


@pytest.mark.parametrize("part", ["title", "meaning", "numerator", "base", "is_not"])
def test_a_figure_says_in_english_what_it_says_in_vietnamese(part: str) -> None:
    told = {name: bool(getattr(metric, part)) for name, metric in catalogue.load().metric.items()}
    assert told == {name: bool(getattr(words, part)) for name, words in TOLD.figure.items()}


def test_a_first_weakness_has_as_many_sentences_in_both() -> None:
    for name, metric in catalogue.load().metric.items():
        theirs, ours = (metric.weaknesses or ("",))[0], TOLD.figure[name].weakness
        assert len(re.split(r"(?<=[.?!]) ", theirs)) == len(re.split(r"(?<=[.?!]) ", ours)), name


@pytest.mark.parametrize("told", ["Sở A\\B", "a\\", "a\\.", "\\\\", "C:\\hồ sơ\\.", "x\\n\\.,", r"\(a\)\\."])
def test_a_text_of_the_data_with_a_backslash_stays_as_it_is(told: str) -> None:
    assert spoken.text(told) == told
    assert spoken.text(plain(told)) == plain(told)


def test_english_titles_of_figures_are_told_apart() -> None:
    titles = [words.title.casefold() for words in TOLD.figure.values()]
    assert len(set(titles)) == len(titles)


def test_no_english_holds_vietnamese_but_the_products_name() -> None:
    told = [*TOLD.phrase.values(), *TOLD.name.values()]
    told += [part for words in TOLD.figure.values() for part in (words.title, words.meaning, words.is_not)]
    odd = [text for text in told if VIETNAMESE.search(text.replace("Đúng Hạn", "").replace("Tết", ""))]
    assert odd == []


def test_other_holes_on_one_side_are_refused(tmp_path: Path) -> None:
    written = (ROOT / "config" / "english.toml").read_text(encoding="utf-8")
    path = tmp_path / "english.toml"
    path.write_text(written.replace('"Tuần {n}" = "Week {n}"', '"Tuần {n}" = "Week {number}"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="other holes"):
        english.load(path)


def test_no_entry_is_dead() -> None:
    """Three words on end of every entry stand in a text of the program, its pages or its settings: as far as texts that
    are put together from parts let it be shown."""
    dead = [entry for entry in [*TOLD.phrase, *TOLD.name] if not _stands(entry)]
    assert dead == []


def _stands(entry: str) -> bool:
    parts = re.split(r"\{\w+\}|\*\*|[▲●◆○■✓▼·;,:.…()]", entry)
    words = max((part.split() for part in parts), key=len)
    windows = [" ".join(words[at : at + 3]).casefold() for at in range(max(1, len(words) - 2))]
    return not VIETNAMESE.search(entry) or any(window in _written() for window in windows)


@cache
def _written() -> str:
    """Give every text of the program, its pages and its settings, as one; f-strings without what fills them."""
    folders = ("dashboard", "metrics", "config", "reports", "store")
    found = [text for folder in folders for path in (ROOT / folder).rglob("*.py") for text in _texts(path)]
    found += [path.read_text(encoding="utf-8") for path in (ROOT / "dashboard").glob("*.html")]
    found += [path.read_text(encoding="utf-8") for path in (ROOT / "config").glob("*.toml") if path.stem != "english"]
    return " ".join("\n".join(found).split()).casefold()


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in node.values)


def test_vietnamese_goes_through_untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr(speaking, "is_english", lambda: False)
    rows, spec = pl.DataFrame({"Quá hạn": ["1.234"]}), {"data": [{"text": "hồ sơ"}]}
    for value in ("Quá hạn", rows, spec):
        speaking._speaking("markdown", lambda each, **_: given.append(each))(value)
    assert [a is b for a, b in zip(given, ("Quá hạn", rows, spec), strict=True)] == [True, True, True]


def test_what_shows_no_words_is_streamlits_own() -> None:
    assert speaking.session_state is streamlit.session_state
    assert speaking.columns is streamlit.columns


def test_numbers_are_written_the_english_way_in_texts_of_ours_alone() -> None:
    assert spoken.text("**12.408** / 12.731 hồ sơ đến ngày hẹn") == "**12,408** of 12,731 dossiers fell due"
    assert spoken.text("97,5\u00a0%") == "97.5%"
    assert spoken.text("+0,4 điểm") == "+0.4 pts"
    assert spoken.text("Quá hạn 1 ngày làm việc") == "Overdue 1 working day"
    assert spoken.text("Cùng tuần năm trước 97,5\u00a0% (+0,4 điểm)") == "The same week last year 97.5% (+0.4 pts)"
    assert spoken.text("H99.01-261101-0001") == "H99.01-261101-0001"
    assert spoken.text("UBND xã Hòa Lam") == "UBND xã Hòa Lam"


def test_the_old_spec_of_a_chart_is_not_changed() -> None:
    spec = {"layout": {"separators": ",.", "yaxis": {"ticktext": ["Tiếp nhận"]}}, "data": [{"text": ["1.234"]}]}
    told = speaking.speaking_data.chart(spec)  # type: ignore[attr-defined]
    assert told == {"layout": {"separators": ".,", "yaxis": {"ticktext": ["Tiếp nhận"]}}, "data": [{"text": ["1,234"]}]}
    assert spec["layout"]["separators"] == ",."  # type: ignore[index]


def test_only_known_languages_are_read() -> None:
    assert [languages.read(code) for code in ("en", "vi", "fr", "", None)] == ["en", "vi", None, None, None]
