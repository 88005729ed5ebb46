"""What one reader sees: Chromium clicks a line of a table, and the links under it change; nothing else is drawn."""

from __future__ import annotations

from typing import Final

from benchmarks.dashboard_browser import PATIENCE, WrongNumbersError, chromium, still
from dashboard.scope import COOKIE

TIMES: Final = 9
#: From the click until the words of the page are others, by the browser's own clock; -1: they stayed the same.
_CHANGED: Final = """() => { window.changed = new Promise(done => {
  const place = document.querySelector('[data-testid=stMain]'), before = place.textContent;
  let begun = 0;
  document.addEventListener('pointerdown', () => { begun = performance.now(); }, {once: true, capture: true});
  const watch = new MutationObserver(() => {
    if (begun && place.textContent !== before) { watch.disconnect(); done(performance.now() - begun); }
  });
  watch.observe(place, {subtree: true, childList: true, characterData: true});
  setTimeout(() => { watch.disconnect(); done(-1); }, 5000);
}); }"""


def fragment_seconds(port: int, token: str) -> list[float]:
    """Time the change of a part of a page from the click to the changed text, in seconds."""
    found = []
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 1400})
        context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/linh-vuc", timeout=PATIENCE)
        still(page)
        grid = page.locator("[data-testid=stDataFrame]:visible").last
        grid.scroll_into_view_if_needed()
        still(page)
        for n in range(TIMES):
            box = grid.bounding_box()
            assert box is not None
            x, y = box["x"] + 14, box["y"] + 36 + 18 + 36 * (1 + n % 3)
            page.evaluate(_CHANGED)
            page.mouse.click(x, y)
            took = float(page.evaluate("window.changed"))
            if took < 0:
                raise WrongNumbersError("a click on a line of a table changed nothing on the page")
            found.append(took / 1000)
            page.wait_for_timeout(400)
    return found
