"""Đơn vị và thủ tục: what sources write and the registers of the office do not know, with what hangs on it."""

from __future__ import annotations

from dashboard import components, data, feeds, frame
from dashboard.answers import sources, units

reach = frame.begin_without_figures("Đơn vị và thủ tục")
titles = sources.titles(data.sources())

with components.card("Đơn vị chưa có trong danh mục"):
    found = data.strange("units", reach)
    feeds.strange(units.summary(found, what="đơn vị"), units.table(found, titles), "Đơn vị chưa có trong danh mục")
    components.lines(['Ghi vào danh mục: `dunghan units map "TÊN NGUỒN GHI" --to "TÊN TRONG DANH MỤC"`.'])

with components.card("Thủ tục chưa có thời hạn"):
    found = data.strange("procedures", reach)
    feeds.strange(units.summary(found, what="thủ tục"), units.table(found, titles), "Thủ tục chưa có trong danh mục")
    components.lines(["Ghi vào danh mục: một dòng trong `procedures.csv`."])
