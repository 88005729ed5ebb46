"""Điểm nghẽn: who has the dossiers now, where late ones lost their time, and how long does each step take?"""

from __future__ import annotations

from dashboard import frame, stepping

ask = frame.begin("Điểm nghẽn", stepping.pick)
frame.watch(ask.version)
stepping.page(ask)
