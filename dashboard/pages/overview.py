"""Tổng quan: is anything breaking now, where, whose, how sure are the data?"""

from __future__ import annotations

from dashboard import drawn, filters, frame, overlooking

ask = frame.begin("Tổng quan", filters.of_overview)
frame.watch(ask.version)
drawn.shown(overlooking.page, ask)
