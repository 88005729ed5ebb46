"""Biểu mẫu II.06: what came in, what was resolved, what is pending, in any period; and does it balance?"""

from __future__ import annotations

from functools import partial

from dashboard import components, form_asked, forms, frame, kept
from dashboard.answers import form
from reports import period_form

ask = frame.begin("Biểu mẫu II.06", forms.pick, room=2.6)
rows = forms.by()
found = form_asked.filled(ask, rows)
lines = period_form.lines(found.form, found.asked)
table = form.table(ask.choice, found.form, lines, rows)

with components.card():
    with components.apart():
        forms.balance(form.balance(found.form, lines))
        file = kept.taken(partial(form_asked.file, found), frame.person(), "bieu-mau", found.asked.period_name)
        forms.files(partial(form.file_name, ask.choice, rows), file)
    forms.table(table, form.summary(table, rows, found.asked.period_name))
    forms.notes(form.notes(form_asked.content(found)), form.note_links(ask.choice, found.form))
