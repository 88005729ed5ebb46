"""The choices of a page about one unit or one field: that one, the week, and the rest behind a button."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import filters, wording
from dashboard.filters import CHANNEL, DEPARTMENT, FIELD, LONGEST_NAME, MAP, MAPS, Choice, Options
from dashboard.links import on_map_of, read

_CHANNELS: Final = {"": "Mọi kênh"} | wording.CHANNELS


def of_department(options: Options) -> Choice:
    """Draw the choices of the page of one unit."""
    return _chosen(options, DEPARTMENT, FIELD)


def of_field(options: Options) -> Choice:
    """Draw the choices of the page of one field."""
    return _chosen(options, FIELD, DEPARTMENT)


def _chosen(options: Options, about: str, other: str) -> Choice:
    """Draw and read the choices. A name in the address that the reader may not see, or that nobody has, is chosen all
    the same: it finds nothing, and the page says so."""
    one, week, rest = st.columns([1.3, 1.2, 0.72])
    picked: dict[str, str | None] = {}
    with one:
        picked[about] = _name(options, about, collapsed=True)
    with week:
        monday = filters.week_picker(options)
    with rest, filters.more(other, CHANNEL, MAP):
        picked[other] = _name(options, other, collapsed=False)
        channel = filters.select(CHANNEL, "Kênh", _CHANNELS, default="", collapsed=False) or None
        on_map = on_map_of(filters.select(MAP, "Bản đồ đơn vị", MAPS, default="", collapsed=False))
    return Choice(options.today, monday, picked[DEPARTMENT], picked[FIELD], channel, on_map=on_map)


def _name(options: Options, name: str, *, collapsed: bool) -> str | None:
    known = options.departments if name == DEPARTMENT else options.fields
    label, everything = ("Đơn vị", "Toàn tỉnh") if name == DEPARTMENT else ("Lĩnh vực", "Mọi lĩnh vực")
    only = known[0] if name == DEPARTMENT and len(known) == 1 else None
    asked = read(st.query_params.get(name, "")[:LONGEST_NAME])
    names = () if only else known
    picked = filters.pick(name, label, names, only or everything, collapsed=collapsed, said=False)
    return asked if asked and asked not in known else picked or only
