"""``make fuzz``: thousands of made and damaged files and answers through our readers; what breaks one is kept, small.

    python -m tests.fuzz --cases 10000 --seed 7      a run; --only csv for one way
    python -m tests.fuzz --replay var/fuzz/CASE.json  one kept case again

Every part runs in a process of its own: a reader that dies takes nothing with it, and leaves its case behind.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz import samples
from tests.fuzz.case import Case, read_case
from tests.fuzz.crushing import crushing
from tests.fuzz.hunt import Found, hunt
from tests.fuzz.laws import broken
from tests.fuzz.plan import Part, plan
from tests.fuzz.ways import SECRETS, Line, line

FOLDER = Path("var/fuzz")
_CRUSHING = "crushing"


def main(told: Sequence[str]) -> int:
    """Run, or replay; give 0 when no law was broken."""
    asked = _asked(told)
    os.environ.update(SECRETS | {"DUNGHAN_PSEUDONYM_KEY": "the same officers in every run"})
    with tempfile.TemporaryDirectory() as folder, line(Path(folder)) as here:
        if asked.replay:
            return _replayed(asked.replay, here)
        if asked.part:
            return _one_part(asked, here)
    return _all_parts(asked)


def _asked(told: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default="")
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    return parser.parse_args(told)


def _parts(asked: argparse.Namespace) -> list[Part]:
    return [p for p in plan(asked.cases, (*samples.committed(), *samples.real())) if asked.only in p.name]


def _all_parts(asked: argparse.Namespace) -> int:
    real = "the real sets beside the repository among them" if samples.real() else "WITHOUT the real sets: not here"
    print(f"seed {asked.seed}, {asked.cases:,} cases, {real}.", flush=True)  # noqa: T201
    began, failed = time.monotonic(), []
    names = [*(p.name for p in _parts(asked)), *([_CRUSHING] if not asked.only else [])]
    for name in names:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz",
            "--part",
            name,
            "--seed",
            str(asked.seed),
            "--cases",
            str(asked.cases),
        ]
        ended = subprocess.run(command, check=False).returncode
        if ended < 0:
            print(f"  {name}: our reader died of signal {-ended}; its case: {_now(name)}", flush=True)  # noqa: T201
        failed += [name] if ended else []
    print(f"{time.monotonic() - began:.0f} s; broken: {', '.join(failed) or 'nothing'}.")  # noqa: T201
    return 1 if failed else 0


def _one_part(asked: argparse.Namespace, here: Line) -> int:
    now = _now(asked.part)
    now.parent.mkdir(parents=True, exist_ok=True)

    def before(case: Case) -> None:
        now.write_text(case.written(), encoding="utf-8", errors="surrogatepass")

    if asked.part == _CRUSHING:
        found = _crushed(here, before)
    else:
        part = next(p for p in _parts(asked) if p.name == asked.part)
        found = hunt(part.cases, here, times=part.times, start=asked.seed, before=before)
    now.unlink(missing_ok=True)
    print(f"  {asked.part:24} {found.cases:6,} cases {found.seconds:7.1f} s  {found.said[:300] or 'fine'}", flush=True)  # noqa: T201
    if found.case:
        print(f"    again: python -m tests.fuzz --replay {found.case.save(FOLDER)}", flush=True)  # noqa: T201
    return 1 if found.case else 0


def _crushed(here: Line, before: object) -> Found:
    found, began = Found(), time.monotonic()
    for case in crushing():
        before(case)  # type: ignore[operator]
        found.cases += 1
        if laws := broken(case, here):
            found.case, found.laws = case, (f"{case.way}, {case.made}: {'; '.join(laws)}",)
            break
    found.seconds = time.monotonic() - began
    return found


def _now(name: str) -> Path:
    return FOLDER / f"under-way-{name.replace(', ', '-')}.json"


def _replayed(path: Path, here: Line) -> int:
    case = read_case(path.read_text(encoding="utf-8", errors="surrogatepass"))
    laws = broken(case, here)
    shown = case.data[:400]
    print(f"{case.way} {case.name} ({case.made}): {shown!r}\n{case.mapping}\n{'; '.join(laws) or 'fine'}")  # noqa: T201
    return 1 if laws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
