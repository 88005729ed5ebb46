"""Cán bộ và phần mềm: what does each officer do and hold, beside the like; how does the software of each source do?"""

from __future__ import annotations

from dashboard import frame, parted, staff

ask = frame.begin("Cán bộ và phần mềm", staff.pick, room=2.6)
frame.watch(ask.version)

parted.shown(ask, frame.person())
