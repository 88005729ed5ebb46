"""Chất lượng phục vụ: how are people served, beside being served in time?"""

from __future__ import annotations

from dashboard import amounts, frame, indicators, satisfied, serving

ask = frame.begin("Chất lượng phục vụ", serving.pick, room=2.6)
frame.watch(ask.version)

serving.shares(ask)
serving.by_channel(ask)
serving.by_field(ask)
serving.counts(ask)
amounts.paying(ask)
amounts.digitising(ask)
amounts.publishing(ask)
satisfied.answered(ask)
indicators.entered(ask)
