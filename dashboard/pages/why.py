"""Vì sao thay đổi: which unit, field or procedure made a figure move, and was it volume, mix or performance?"""

from __future__ import annotations

from dashboard import frame, why

ask = frame.begin("Vì sao thay đổi", why.pick, room=2.6)
frame.watch(ask.version)
why.page(ask)
