"""Nạp tệp: put a file in, see how it would be read before anything is stored, then load it."""

from __future__ import annotations

from dashboard import frame, uploading

frame.begin_without_figures("Nạp tệp")
uploading.for_those_who_may(frame.person(), uploading.page)
