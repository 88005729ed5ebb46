"""Hồ sơ quá hạn và sắp đến hạn: the list behind every number, and beside it the dossier that was chosen."""

from __future__ import annotations

from functools import partial

from config import catalogue
from dashboard import components, data, dossiers, filters, frame, kept, list_picker, recording, taking
from dashboard import speaking as st
from dashboard.answers import records, taken, worklist
from dashboard.lists import LISTS

ask = frame.begin("Hồ sơ cần xử lý", list_picker.of_list, room=1.7)
choice = ask.choice

groups = worklist.opened(choice.group, data.held_dossiers(ask))
left, right = st.columns([4.2, 1], vertical_alignment="center")
with right:
    cause = recording.wanted()
listed = {code: worklist.narrowed(data.listed(ask, LISTS[code]), choice) for code in groups}
whole = kept.beside_all(listed, ask.scope)
found = {code: records.narrowed(rows, cause) for code, rows in whole.items()}
labels = worklist.labels({code: rows.height for code, rows in found.items()}, choice)
with left:
    listing = LISTS[filters.tabs(groups, labels)]
rows = found[listing.code]

table, side = components.beside()
with table:
    chosen = dossiers.work_list(rows, worklist.lines(rows, listing), key=listing.code)
kept.viewed(chosen, frame.person())
with side:
    history = partial(data.history, scope=ask.scope)
    record = partial(recording.beside_list, who=frame.person())
    dossiers.detail_card(chosen, history, choice.as_of, filters.now(), data.calendar(), record)
about = taken.of_list(ask, listing, catalogue.load(), cause=cause, now=filters.now())
dossiers.under_list(
    worklist.summary(rows, listing) + worklist.span(choice, listing),
    taking.maker(worklist.whole(rows, listing), about, frame.person(), listing.code),
    listing.code,
    worklist.leads(rows, choice, st.query_params.to_dict(), data.unheard(ask, listing)),
)
