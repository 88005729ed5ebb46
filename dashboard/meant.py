"""The handbook for its page: the chapters, kept, and what each figure is this week for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

from dashboard import cached, data, hearing, served
from dashboard import speaking as st
from dashboard.answers import in_english
from dashboard.answers.handbook import Today
from dashboard.components import state
from dashboard.data import Ask
from dashboard.filters import Choice
from dashboard.languages import is_english
from metrics.scope import Scope
from reports import handbook
from reports.handbook import Chapter


@cached.resource()
def chapters() -> tuple[Chapter, ...]:
    """Write the chapters once in a process: settings are read when it starts."""
    return handbook.chapters()


def today(reach: Scope) -> Today | None:
    """Give the figures of the running week within ``reach``; None before the first figures."""
    manifest = data.manifest()
    if manifest is None:
        return None
    day = data.today(manifest)
    choice = Choice(day, day - timedelta(days=day.weekday()))
    ask = Ask(manifest.data_version, reach, choice, hearing.silent(data.store(), manifest, day))
    told = served.told(ask, choice.period).row(0, named=True)
    return Today(choice.monday, served.lasted(ask).row(0, named=True) | told)


def for_reader() -> tuple[Chapter, ...]:
    """Give the chapters, which are Vietnamese; before them, for readers of English, the figures in English."""
    return (in_english.chapter(), *chapters()) if is_english() else chapters()


def shown(found: Sequence[Chapter]) -> None:
    """Show chapters, their names on top."""
    if not found:
        state("empty", "Không có mục nào như thế", "Tìm bằng từ khác; không cần dấu.")
        return
    with st.as_written():
        st.markdown(" · ".join(f"[{chapter.title}](#chuong-{n})" for n, chapter in enumerate(found, start=1)))
    for n, chapter in enumerate(found, start=1):
        paper = nullcontext() if chapter.title == in_english.TITLE else st.as_written()
        with paper, st.container(border=True, gap="xsmall"):
            st.header(chapter.title, anchor=f"chuong-{n}")
            st.markdown(chapter.text)
