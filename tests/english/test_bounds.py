"""Whatever text comes, however many signs stand in it: it is put into English or stays, at once and without a fault."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import catalogue, english
from dashboard import english as spoken

LONGEST = 2_000
SIGNS = (
    "▲", "●", "◆", "○", "■", "✓", "▼", "–", "- ", "**", "<b>", "</b>", "<br>", ":red[", ":red-badge[", "[", "](#a)",
    ":material/check:", ":red[:material/check:] ", "<span>x</span> ", "(", ")", "\\", "\\.", "\\(", "\\[", " ", "\n",
    "]", "\n- ", " · ", " | ", "; ", ". ", "? ", "… ", ".", ",", ":", ";", "“", "”", "/", "<extra></extra>",
)  # fmt: skip
WORDS = (
    "Tuần", "tuần 45", "hồ sơ", "quá hạn", "Cấp xã", "Đúng hạn", "đơn vị", "lĩnh vực", "toàn tỉnh", "là", "và", "của",
    "ngày", "không", "Sở A", "1.234,5", "12,5 %", "1", "09/11/2018", "a",
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Put a few signs and words together, each many times: what is rare in a text of ours stands in heaps here."""
    some = draw(st.lists(st.sampled_from((*SIGNS, *WORDS)), min_size=1, max_size=8))
    heaps = draw(st.lists(st.tuples(st.sampled_from(some), st.sampled_from((1, 1, 1, 2, 3, 40, 400))), max_size=60))
    return "".join(sign * n for sign, n in heaps)[:LONGEST]


@given(texts())
@example("▲ " * 300 + "a")
@example("- " * 999 + "a")
@example("<span>x</span> " * 130 + "Cấp xã")
@example("Cấp xã" + ". ; " * 400)
@example("a" + " " * 1_998 + "b")
@example("\\" * 1_999 + "a")
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_much(text: str) -> None:
    begun = time.thread_time()  # of this thread alone: a busy machine is no fault
    for put in (spoken.text, spoken.name):
        assert isinstance(put(text), str)
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize("sign", ["▲ ", "● ", "✓ ", "– ", "- ", "▲● ", ":material/check: "])
@pytest.mark.parametrize("times", [1, 2, 3, 4, 100, 300])
def test_words_behind_signs_are_put_into_english_however_many_signs(sign: str, times: int) -> None:
    many = sign * min(times, 900 // len(sign))
    assert spoken.text(f"{many}Sắp đến hạn") == f"{many}{spoken.text('Sắp đến hạn')}"
    assert spoken.text("Sắp đến hạn") != "Sắp đến hạn"


@pytest.mark.parametrize("dots", [".", "...", " ....", "." * 300])
def test_words_before_many_marks_are_put_into_english(dots: str) -> None:
    assert spoken.text(f"Cấp xã{dots}") == f"{spoken.text('Cấp xã')}{dots}"


def test_what_is_nested_deeper_than_anything_of_ours_stays() -> None:
    deep = "<span>x</span> " * (spoken.DEEPEST + 1) + "Cấp xã"
    assert spoken.text(deep) == deep
    assert spoken.text(deep) == deep  # nothing half done is remembered
    some = "<span>x</span> " * 5 + "Cấp xã"
    assert spoken.text(some) == some.replace("Cấp xã", spoken.text("Cấp xã"))


def test_a_text_too_long_to_be_looked_up_is_put_into_english_by_its_parts() -> None:
    line = "Sắp đến hạn"
    assert spoken.text("\n".join([line] * 500)) == "\n".join([spoken.text(line)] * 500)
    assert spoken.text("x" * spoken.LONGEST + f"\n{line}") == "x" * spoken.LONGEST + f"\n{spoken.text(line)}"


def test_every_entry_of_ours_is_looked_up_with_room_for_what_fills_it() -> None:
    entries = [*english.load().phrase, *english.load().name]
    for metric in catalogue.load().metric.values():
        entries += [metric.title, metric.meaning, metric.numerator, metric.base, metric.is_not, *metric.weaknesses]
    assert max(len(entry or "") for entry in entries) * 2 < spoken.LONGEST
