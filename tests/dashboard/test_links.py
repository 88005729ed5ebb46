"""Names stand in the address as they are; who is called like one of our own words is not taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import links
from dashboard.filters import Choice

TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 16)
ODD = ("-", "\\-", "\\\\-", "\\", "--", "Toàn tỉnh", "Chưa ghi", "Sở Y tế", links.NONE)


def test_names_come_back_from_the_address_and_no_two_are_written_alike() -> None:
    assert [links.read(links.written(name)) for name in ODD] == list(ODD)
    assert len({links.written(name) for name in ODD}) == len(ODD)
    assert links.written("Sở Y tế") == "Sở Y tế"


def test_a_field_called_a_hyphen_is_not_the_dossiers_without_a_field() -> None:
    hyphen, none = (Choice(TODAY, MONDAY, field=name) for name in ("-", links.NONE))
    assert (hyphen.query()["linh_vuc"], none.query()["linh_vuc"]) == ("\\-", "-")
    assert (hyphen.filters.field, none.filters.field) == (("-",), ("",))


def _page() -> None:
    import streamlit as st

    from dashboard import filters

    picked = filters.pick("don_vi", "Đơn vị", ("-", "Sở Y tế", "Toàn tỉnh"), "Toàn tỉnh")
    assert picked == st.session_state.get("wanted")


@pytest.mark.parametrize("name", ["-", "Toàn tỉnh", links.NONE, None])
def test_a_unit_is_chosen_by_the_link_to_it_whatever_it_is_called(name: str | None) -> None:
    app = AppTest.from_function(_page, default_timeout=30)
    app.session_state["wanted"] = name
    for asked, value in Choice(TODAY, MONDAY, department=name).query().items():
        app.query_params[asked] = value
    app.run()
    assert not app.exception, app.exception[0].message


def test_a_unit_called_as_the_whole_province_is_offered_beside_it_under_another_word() -> None:
    app = AppTest.from_function(_page, default_timeout=30).run()
    assert app.selectbox[0].options == ["Toàn tỉnh", "-", "Sở Y tế", "“Toàn tỉnh”"]
