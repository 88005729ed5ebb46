"""Lĩnh vực: how is one field of work done, over time, on which procedures, and how far are its limits cut?"""

from __future__ import annotations

from dashboard import analysing, drawn, filters, frame, one_picker

ask = frame.begin("Lĩnh vực", one_picker.of_field)
frame.watch(ask.version)
drawn.shown(analysing.page, ask, filters.FIELD)
