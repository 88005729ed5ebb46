"""Thủ tục hành chính: what does the register hold, where and how is it given, and what did nobody come for?"""

from __future__ import annotations

from dashboard import frame, registering

reach = frame.begin_without_figures("Thủ tục hành chính")
registering.page(reach, frame.person())
