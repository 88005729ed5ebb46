"""Dự báo: what will be late and how sure is that, when does more come than usual, and how long does the backlog
last?"""

from __future__ import annotations

from dashboard import forecasting, frame

ask = frame.begin("Dự báo", forecasting.pick)
frame.watch(ask.version)
forecasting.page(ask)
