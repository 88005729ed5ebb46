"""A wall screen that stands open in Chromium: python -m tests.soak.wall ADDRESS. One line (JSON) of it every few
seconds: what it shows, whether it says that it lost the server, and the memory of its scripts."""

from __future__ import annotations

import json
import shutil
import sys
import time
from typing import Final

EVERY_SECONDS: Final = 10.0
_HEAP: Final = "performance.memory ? performance.memory.usedJSHeapSize : 0"


def main(address: str) -> None:
    """Look until killed."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--enable-precise-memory-info"],
        )
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        loads = 0

        def loaded(_: object) -> None:
            nonlocal loads
            loads += 1

        page.on("load", loaded)
        page.goto(address, timeout=180_000)
        while True:
            time.sleep(EVERY_SECONDS)
            try:
                frame = page.frame_locator("iframe")
                figures = frame.locator("[data-testid=stMetricValue]").all_inner_texts()
                head = frame.locator(".st-key-wall_head").inner_text(timeout=5_000) if figures else ""
                told = {
                    "figures": figures, "head": head, "lost": page.locator("#lost").inner_text(timeout=5_000),
                    "heap": page.evaluate(_HEAP), "loads": loads,
                }  # fmt: skip
            except Error as error:
                told = {"figures": [], "error": str(error)[:200], "loads": loads}
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
