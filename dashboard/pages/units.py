"""Đơn vị và thủ tục: what sources write and the registers of the office do not know, with what hangs on it."""

from __future__ import annotations

from dashboard import components, data, feeds, frame, operated, taking
from dashboard.answers import sources, units
from metrics import rulebook

reach = frame.begin_without_figures("Đơn vị và thủ tục")
titles = sources.titles(data.sources())

with components.card("Đơn vị chưa có trong danh mục"):
    found = units.marked_alone(operated.strange("units", reach), rulebook.load().units)
    summary = units.of_units(found, rulebook.load().units)
    rows = units.table(found, titles)
    feeds.strange(summary, rows, "Đơn vị chưa có trong danh mục")
    told = units.values(found, titles)
    taking.table(told, "Đơn vị chưa có trong danh mục", units.MEANS, frame.person(), name="don-vi-la", scope=reach)
    components.lines(units.then(found, units.MAP_UNIT, rulebook.load().units))

with components.card("Thủ tục chưa có thời hạn"):
    found = operated.strange("procedures", reach)
    rows = units.table(found, titles)
    feeds.strange(units.summary(found, what="thủ tục"), rows, "Thủ tục chưa có trong danh mục")
    told = units.values(found, titles)
    taking.table(told, "Thủ tục chưa có thời hạn", units.MEANS, frame.person(), name="thu-tuc-la", scope=reach)
    components.lines(units.then(found, units.ADD_PROCEDURE))
