"""What a run noticed is a code with values, said in English and in Vietnamese, and no code makes a plain sentence."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, get_args, get_type_hints

import pytest

from config import notes
from config.note_words import PLAIN, SENTENCES
from config.notes import Note, note
from connectors.base import Batch, RawTable
from connectors.preview import Preview
from store.ingest import Run
from tests.architecture.tracked import code, name_of, nodes

MAKERS = ("connectors", "jobs", "store")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Give every call of ``name`` in the places that make notes."""
    for path in (p for p in code(*MAKERS) if f"{name}(" in p.read_text(encoding="utf-8")):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path, node


@pytest.mark.parametrize("name", SENTENCES)
def test_every_note_says_the_same_values_in_both_languages(name: str) -> None:
    english, vietnamese = SENTENCES[name]
    assert placeholders(english) == placeholders(vietnamese)
    assert english.strip() and vietnamese.strip()


def test_every_note_that_is_made_has_its_sentences_and_gives_their_values() -> None:
    made = {}
    for path, call in calls("note"):
        assert len(call.args) == 1, f"{name_of(path)}:{call.lineno} has not one code"
        assert isinstance(call.args[0], ast.Constant), f"{name_of(path)}:{call.lineno} reckons its code"
        name = str(call.args[0].value)
        made[name] = {str(k.arg) for k in call.keywords}
        assert made[name] == placeholders(SENTENCES[name][0]), f"{name_of(path)}:{call.lineno}"
    assert SENTENCES.keys() - made.keys() == {PLAIN}


def test_no_note_is_made_past_the_catalogue() -> None:
    assert [name_of(path) for path, _ in calls("Note")] == []


@pytest.mark.parametrize("taker", [Batch, RawTable, Preview, Run, Run.batch, Run.note], ids=lambda t: t.__qualname__)
def test_whatever_takes_notes_takes_no_plain_sentence(taker: Any) -> None:
    """What is declared is held by mypy."""
    assert get_args(get_type_hints(taker)["notes"])[0] is Note


def test_a_note_is_said_in_the_language_of_its_reader() -> None:
    told = note("steps_in_turn", asked=500, of=12345)
    assert str(told) == "Steps of 500 of 12345 open and late dossiers were asked for, in turn."
    assert "500 trong 12.345 hồ sơ" in told.vietnamese


def test_a_long_list_names_five_and_counts_the_rest() -> None:
    told = note("still_written", files=["a", "b", "c", "d", "e", "f", "g"])
    assert told.english.startswith("a, b, c, d, e and 2 more: still being written")
    assert told.vietnamese.startswith("a, b, c, d, e và 2 mục khác: đang được ghi")


def test_a_note_comes_back_from_the_store_as_it_was_made() -> None:
    told = (note("not_read", names=("a.csv", "b.csv")), note("left_out", rows=3))
    assert notes.read(notes.written(told)) == told
    assert notes.read(None) == ()


def test_sentences_of_former_versions_and_codes_of_later_ones_can_still_be_read() -> None:
    kept = json.dumps(["3 dossiers are gone.", {"code": "of_tomorrow", "values": {"n": 1}}])
    old, later = notes.read(kept)
    assert old.vietnamese == old.english == "3 dossiers are gone."
    assert "of_tomorrow" in later.vietnamese


def test_nobody_is_named_in_a_note() -> None:
    told = note("uploaded_by", who="Nguyễn Văn An"), note("not_read", names=["Trần Thị Bình.xlsx"])
    assert "An" not in notes.written(told)
    assert "Bình" not in notes.written(told)


def test_a_value_with_braces_is_a_value() -> None:
    assert Note.read("{x}").english == "{x}"
    assert note("known_file", file="{file}.csv").english.startswith("{file}.csv was loaded")
