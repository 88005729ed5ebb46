"""Báo cáo tuần: what the chairman will read on Friday, and the files to take away."""

from __future__ import annotations

from functools import partial

from dashboard import components, editions, filters, frame, fridays, kept, reporting
from dashboard.answers import weekly

ask = frame.begin("Báo cáo tuần", filters.of_nothing)
reporting.prepared(ask.scope, frame.person())
reporting.sent(ask.scope, frame.person())
issued_on = editions.picker(weekly.fridays(ask.choice.today))
content = editions.waited_for(partial(fridays.friday_report, ask, issued_on))

with components.card(weekly.preview(content)):
    file = kept.taken(partial(fridays.friday_file, ask, issued_on), frame.person(), "bao-cao-tuan", f"{issued_on}")
    editions.files(weekly.mark(content), file)
    notes = (weekly.against(issued_on, ask.choice.today), weekly.weeks_apart(content))
    components.lines([text for text in notes if text])
    editions.blocks(weekly.blocks(content))
