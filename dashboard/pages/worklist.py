"""Hồ sơ quá hạn và sắp đến hạn: the list behind every number, and beside it the dossier that was chosen."""

from __future__ import annotations

from functools import partial

from dashboard import components, data, dossiers, filters, frame
from dashboard.answers import worklist
from dashboard.lists import LISTS

ask = frame.begin("Hồ sơ cần xử lý", filters.of_list, room=1.7)
choice = ask.choice

groups = worklist.opened(choice.group)
found = {code: worklist.narrowed(data.listed(ask, LISTS[code]), choice) for code in groups}
labels = worklist.labels({code: rows.height for code, rows in found.items()}, choice)
listing = LISTS[filters.tabs(groups, labels)]
rows = found[listing.code]

table, side = components.beside()
with table:
    chosen = dossiers.work_list(rows, worklist.lines(rows, listing), key=listing.code)
with side:
    history = partial(data.history, scope=ask.scope)
    dossiers.detail_card(chosen, history, choice.as_of, filters.now(), data.calendar())
workbook = partial(data.workbook, listing, worklist.whole(rows))
dossiers.under_list(
    worklist.summary(rows, listing) + worklist.span(choice, listing), workbook, worklist.file_name(choice, listing)
)
