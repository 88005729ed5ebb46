"""Rà soát số liệu: which dates do not look like ordinary work, whose are they, and when does that mean nothing?"""

from __future__ import annotations

from dashboard import frame, reviewing

ask = frame.begin("Rà soát số liệu", reviewing.pick)
frame.watch(ask.version)
reviewing.page(ask)
