"""What a reader's browser runs: who is reading, the sidebar, the chosen page. No data, no logic."""

from __future__ import annotations

from dashboard import frame, watched

with watched.drawing(frame.ADDRESSES):
    frame.draw()
