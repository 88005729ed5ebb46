"""The units of deploy/systemd as their text says, and how one of them is started without systemd."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.architecture.tracked import ROOT

DEPLOY: Final = ROOT / "deploy"
FOLDER: Final = DEPLOY / "systemd"
PATHS: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and which of its kind it is (`8501` of dunghan-dashboard@.service); ``lines``: key and value, in order."""

    name: str
    instance: str
    lines: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        """Give every value of a key; an empty one takes back what stood before, as systemd reads it."""
        found: list[str] = []
        for name, value in self.lines:
            if name == key:
                found = [*found, value] if value else []
        return found

    def one(self, key: str) -> str:
        """Give the last value of a key, "" where there is none."""
        return (self.all(key) or [""])[-1]

    def words(self, key: str) -> list[str]:
        """Give the values of a key that is a list."""
        return " ".join(self.all(key)).split()

    @property
    def command(self) -> list[str]:
        """The line ExecStart, word by word."""
        return shlex.split(self.one("ExecStart"))


def unit(name: str, instance: str = "") -> Unit:
    """Read a unit of deploy/systemd."""
    text = (FOLDER / name).read_text(encoding="utf-8").replace("%i", instance)
    pairs = [line.partition("=") for line in text.splitlines() if re.match(r"[A-Z]\w*=", line)]
    return Unit(name, instance, tuple((key, value.strip()) for key, _, value in pairs))


def environment(unit: Unit, root: Path) -> dict[str, str]:
    """Give what a unit's files under ``root`` tell its process."""
    told = {"PATH": PATHS, "LANG": "C.UTF-8", "USER": unit.one("User"), "HOME": account(unit.one("User"), root)[2]}
    told |= dict(word.split("=", 1) for word in unit.words("Environment"))
    for name in unit.all("EnvironmentFile"):
        for line in Path(f"{root}{name}").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                key, _, value = line.partition("=")
                told[key] = value
    return told


def account(name: str, root: Path) -> tuple[int, int, str]:
    """Give user id, group id and home of a user of ``root``."""
    for line in (root / "etc/passwd").read_text(encoding="utf-8").splitlines():
        words = line.split(":")
        if words[0] == name:
            return int(words[2]), int(words[3]), words[5]
    raise LookupError(name)


@cache
def calls_of(named: str) -> frozenset[str]:
    """Give the system calls of a set of systemd's, those of the sets within it too."""
    asked = ["systemd-analyze", "syscall-filter", named]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    names = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    inside = [calls_of(name) if name.startswith("@") else frozenset([name]) for name in names]
    return frozenset().union(*inside)


def calls(unit: Unit) -> list[str]:
    """Give the system calls that a unit leaves to its process."""
    left: frozenset[str] = frozenset()
    for line in unit.all("SystemCallFilter"):
        named = frozenset().union(*(calls_of(word) for word in line.lstrip("~").split()))
        left = left - named if line.startswith("~") else left | named
    return sorted(left | calls_of("@default")) if left else []


def shut(unit: Unit, root: Path, *, release: Path, needed: list[Path]) -> dict[str, Any]:
    """Write down for shut_in.py what a unit says. ``release``: the code that lies at /opt/dunghan/current."""
    uid, gid, _ = account(unit.one("User"), root)
    if unit.one("ProtectSystem") != "strict" or unit.one("CapabilityBoundingSet") or not unit.one("NoNewPrivileges"):
        raise ValueError(f"{unit.name}: shut_in.py knows strict units alone")
    return {
        "root": str(root),
        "tops": ["/etc", "/opt", "/var/lib", "/var/backups"],
        "tree": {"/opt/dunghan/releases/this": str(release)},
        "needed": [str(place) for place in needed],
        "writable": unit.words("ReadWritePaths"),
        "inaccessible": unit.words("InaccessiblePaths"),
        "families": unit.words("RestrictAddressFamilies"),
        "calls": calls(unit),
        "no_written_code": unit.one("MemoryDenyWriteExecute") == "yes",
        "umask": unit.one("UMask"),
        "folder": unit.one("WorkingDirectory"),
        "uid": uid,
        "gid": gid,
        "command": unit.command,
        "environment": environment(unit, root),
    }
