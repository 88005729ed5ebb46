"""Đơn vị và thủ tục: what sources write and the registers of the office do not know, with what hangs on it."""

from __future__ import annotations

from dashboard import components, data, feeds, frame, operated
from dashboard.answers import sources, units
from metrics import rulebook

reach = frame.begin_without_figures("Đơn vị và thủ tục")
titles = sources.titles(data.sources())

with components.card("Đơn vị chưa có trong danh mục"):
    found = units.marked_alone(operated.strange("units", reach), rulebook.load().units)
    summary = units.of_units(found, rulebook.load().units)
    feeds.strange(summary, units.table(found, titles), "Đơn vị chưa có trong danh mục")
    components.lines(units.then(found, units.MAP_UNIT, rulebook.load().units))

with components.card("Thủ tục chưa có thời hạn"):
    found = operated.strange("procedures", reach)
    feeds.strange(units.summary(found, what="thủ tục"), units.table(found, titles), "Thủ tục chưa có trong danh mục")
    components.lines(units.then(found, units.ADD_PROCEDURE))
