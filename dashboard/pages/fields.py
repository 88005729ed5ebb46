"""Lĩnh vực: how is one field of work done, over time, on which procedures, and how far are its limits cut?"""

from __future__ import annotations

from dashboard import analysing, filters, frame, one_picker

ask = frame.begin("Lĩnh vực", one_picker.of_field)
frame.watch(ask.version)
analysing.page(ask, filters.FIELD, frame.person())
