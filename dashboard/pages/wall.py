"""Màn hình điều hành: what must the whole room see? Opened by a token of its own, or by whoever is signed in."""

from __future__ import annotations

from dashboard import wall_screen

wall_screen.draw()
