"""What a reader waits for: Chromium opens a page, chooses a unit, counts bytes; the server's clock counts its work."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT: Final = Path(__file__).resolve().parents[1]
PATIENCE: Final = 180_000
_RIGHT: Final = re.compile(r"([\d.]+)\s*/\s*([\d.]+)\s*hồ sơ đến ngày hẹn")
#: The script does not run, and nothing has changed for a second.
_STILL: Final = """() => {
  const main = document.querySelector('[data-testid=stMain]'), seen = main?.innerText.length;
  if (window.seen !== seen) { window.seen = seen; window.seenAt = Date.now(); }
  return seen > 0 && Date.now() - window.seenAt > 1000 && !document.querySelector('[data-stale="true"]')
    && document.querySelector('[data-test-script-state=notRunning]') !== null;
}"""
_VALUES: Final = "[...document.querySelectorAll('[data-testid=stMetricValue]')].map(e => e.innerText)"


class WrongNumbersError(Exception):
    """A page shows other numbers than were worked out: no ratio is worth printing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Streamlit server under way."""

    name: str
    address: str
    pid: int

    @property
    def cpu(self) -> float:
        """Give the CPU seconds it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(
    command: list[str], environment: dict[str, str], health: str, log: Path, *, home: Path = ROOT
) -> Iterator[Server]:
    """Run a server on loopback until the block ends; ``home`` is where it looks for Streamlit's settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    told = [*command[:1], "--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    with log.open("wb") as out:
        run = [str(ROOT / ".venv/bin/python"), "-m", "streamlit", "run", *told, *command[1:]]
        process = subprocess.Popen(run, cwd=home, env=os.environ | environment, stdout=out, stderr=out)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address + health)
            yield Server(command[0], address, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a Chromium; DUNGHAN_BROWSER names another one."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("DUNGHAN_BROWSER", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def fresh(context: BrowserContext) -> tuple[Page, list[int]]:
    """Give a page without a cache, and the sizes of what comes over the wire to it."""
    page, sizes = context.new_page(), list[int]()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    client.on("Network.webSocketFrameReceived", lambda told: sizes.append(frame_bytes(told)))
    return page, sizes


def frame_bytes(told: dict[str, Any]) -> int:
    """Give the bytes of a frame; binary ones are told in base64."""
    size = len(told["response"]["payloadData"])
    return size * 3 // 4 if told["response"]["opcode"] == 2 else size


def shown(page: Page) -> tuple[int, int, int] | None:
    """Read due, kept, overdue off the screen; None while they are not all there."""
    words: str = page.evaluate("document.querySelector('[data-testid=stMain]')?.innerText ?? ''")
    values: list[str] = page.evaluate(_VALUES)
    pair = _RIGHT.search(words)
    if pair is None or len(values) < 2 or not re.fullmatch(r"[\d.]+", values[1].strip()):
        return None
    met, due, late = (int(text.replace(".", "")) for text in (pair[1], pair[2], values[1].strip()))
    return due, met, late


def until_shown(page: Page, wanted: tuple[int, int, int]) -> None:
    """Wait until a page shows these numbers. Raises WrongNumbersError."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        if shown(page) == wanted:
            return
        page.wait_for_timeout(20)
    raise WrongNumbersError(f"{page.url} shows {shown(page)}, not {wanted}")


def still(page: Page) -> None:
    """Wait until a page stands still."""
    page.wait_for_function(_STILL, polling=100, timeout=PATIENCE)


def choose(page: Page, unit: str) -> None:
    """Choose a unit as a reader does: type its name, press Enter."""
    box = page.get_by_role("combobox", name=re.compile("Đơn vị")).first
    box.click()
    box.fill(unit)
    page.wait_for_timeout(150)
    box.press("Enter")
