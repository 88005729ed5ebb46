"""Chỉ số 766: how many points does the estimate give, where are they lost, and by which dossiers?"""

from __future__ import annotations

from dashboard import frame, index766

ask = frame.begin(index766.TITLE, index766.pick, room=1.9)
frame.watch(ask.version)

index766.page(ask)
