"""Chất lượng phục vụ: how are people served, beside being served in time?"""

from __future__ import annotations

from dashboard import amounts, drawn, frame, indicators, satisfied, serving

ask = frame.begin("Chất lượng phục vụ", serving.pick, room=2.6)
frame.watch(ask.version)

drawn.shown(serving.page, ask)
amounts.paying(ask)
amounts.digitising(ask)
amounts.publishing(ask)
satisfied.answered(ask)
indicators.entered(ask)
