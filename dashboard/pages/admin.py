"""Quản trị: who may sign in, which tokens are out, which rules hold, who did what?"""

from __future__ import annotations

from dashboard import administering, frame

frame.begin_without_figures("Quản trị")
administering.page(frame.person())
