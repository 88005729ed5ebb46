"""What was said is said again to whoever asks the same, and to nobody else; what broke or was touched is drawn anew."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, ready
from tests.dashboard.conftest import Visit

drawn: Counter[str] = Counter()


def _page() -> None:
    import streamlit as st

    from dashboard import ready
    from tests.dashboard.test_ready import drawn

    def own() -> None:
        drawn["live"] += 1
        st.caption(f"live {drawn['live']}")

    def part() -> None:
        drawn["part"] += 1
        st.markdown(f"drawn {drawn['part']}")
        ready.live(own)
        st.checkbox("Box", key="box", on_change=print if st.query_params.get("calls") else None)
        if st.query_params.get("broken"):
            ready.spoil()

    st.markdown("before")
    ready.shown(st.query_params.get("version", "v1"), st.query_params.get("key", "k"), part)
    st.markdown("after")


@pytest.fixture(autouse=True)
def anew() -> None:
    drawn.clear()
    ready.forget()


def _opened(**query: str) -> AppTest:
    app = AppTest.from_function(_page)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def _words(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown]


def test_a_second_reader_is_told_the_same_without_a_drawing() -> None:
    first, second = _opened(), _opened()
    assert _words(first) == _words(second) == ["before", "drawn 1", "after"]
    assert drawn["part"] == 1


def test_what_belongs_to_a_session_is_done_anew_in_its_place() -> None:
    assert [each.value for each in _opened().caption] == ["live 1"]
    again = _opened()
    assert [each.value for each in again.caption] == ["live 2"]
    kinds = [each.type for each in again.main if each.type != "main"]
    assert kinds == ["markdown", "markdown", "caption", "checkbox", "markdown"]


@pytest.mark.parametrize("other", [{"key": "another"}, {"version": "v2"}])
def test_whoever_asks_something_else_is_told_something_else(other: dict[str, str]) -> None:
    _opened()
    assert "drawn 2" in _words(_opened(**other))


@pytest.mark.parametrize("why", ["broken", "calls"])
def test_a_part_that_broke_or_calls_back_is_drawn_each_time(why: str) -> None:
    _opened(**{why: "yes"})
    assert "drawn 2" in _words(_opened(**{why: "yes"}))


def test_what_a_reader_chose_in_a_part_is_drawn_for_that_reader_alone() -> None:
    _opened()
    mine = _opened()
    assert drawn["part"] == 1
    mine.checkbox[0].check().run()
    assert drawn["part"] == 2
    assert mine.checkbox[0].value
    assert "drawn 1" in _words(_opened())  # theirs stands still


def test_figures_that_have_passed_are_forgotten() -> None:
    for version in ("v1", "v2", "v3"):
        _opened(version=version)
    _opened(version="v1")
    assert drawn["part"] == 4


def test_the_oldest_goes_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    _opened()
    monkeypatch.setattr(ready, "MOST_BYTES", ready.size() + 10)
    _opened(key="another")
    assert "drawn 3" in _words(_opened())


def test_a_reader_of_one_unit_is_told_nothing_of_what_was_drawn_for_the_province(visit: Visit) -> None:
    whole = [each.value for each in visit("pages/overview.py").metric]
    mine = [each.value for each in visit("pages/overview.py", who="truongphong").metric]
    ready.forget()
    assert mine == [each.value for each in visit("pages/overview.py", who="truongphong").metric]
    assert mine != whole


def test_a_page_is_said_again_as_it_was_drawn(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(app: AppTest) -> list[str]:
        return [re.sub(r'deferred_file_id: "\w+"', "", f"{each.type} {each.proto}") for each in app.main]

    first = told(visit("pages/overview.py"))
    monkeypatch.setattr(data, "figures", lambda *_, **__: pytest.fail("a figure was asked for"))
    assert told(visit("pages/overview.py")) == first
