"""Cơ quan, đơn vị: how does one unit do, over time, at which step, on which procedures, beside its like?"""

from __future__ import annotations

from dashboard import analysing, drawn, filters, frame, one_picker

ask = frame.begin("Cơ quan, đơn vị", one_picker.of_department)
frame.watch(ask.version)
drawn.shown(analysing.page, ask, filters.DEPARTMENT)
