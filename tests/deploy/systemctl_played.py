"""Stand in for systemctl where there is no systemd: starts the lines of units in /etc/systemd/system as their users.

For tests/deploy/walk.py alone. Nothing is started again, and nothing is shut in: production.py does that.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS, KEPT = Path("/etc/systemd/system"), Path("/run/dunghan-played.json")


def main() -> None:
    """Do as systemctl would for the words that docs/deploy.md says to it."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    act, names = words[0], words[1:]
    if act == "enable":
        for name in names:
            kept.setdefault(name, 0)
        started(kept)
    elif act == "start" and names == ["dunghan.target"]:
        started(kept)
    elif act == "stop":
        for name, pid in kept.items():
            if pid:
                ended(pid)
                kept[name] = 0
        if names == ["everything"]:
            subprocess.run(["nginx", "-s", "stop"])
    elif act == "reload" and names == ["nginx"]:
        subprocess.run(["nginx"], check=True)
    elif act != "daemon-reload":
        sys.exit(f"not played: {words}")
    KEPT.write_text(json.dumps(kept))


def started(kept: dict[str, int]) -> None:
    """Start what is enabled and does not run; wait as systemctl does not: a reader of the document waits too."""
    for name, pid in kept.items():
        if name.startswith("dunghan-") and not name.endswith(".timer") and not pid:
            kept[name] = start(name)
    end = time.monotonic() + 90
    for name in kept:
        if "dashboard@" in name:
            url = f"http://127.0.0.1:{name.partition('@')[2]}/healthz"
            while subprocess.run(["curl", "--silent", "--fail", "--output", "/dev/null", url]).returncode:
                if time.monotonic() > end:
                    sys.exit(f"{name} does not answer: /run/{name}.log")
                time.sleep(0.5)
    time.sleep(6)


def start(name: str) -> int:
    """Start one unit."""
    family, _, instance = name.partition("@")
    text = (UNITS / f"{family}@.service").read_text(encoding="utf-8").replace("%i", instance)
    told = dict(re.findall(r"^(User|WorkingDirectory|ExecStart|UMask)=(.*)$", text, re.MULTILINE))
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE):
        environment |= dict([line.split("=", 1)])
    for file in re.findall(r"^EnvironmentFile=(.*)$", text, re.MULTILINE):
        environment |= dict(re.findall(r"^(\w+)=(.*)$", Path(file).read_text(encoding="utf-8"), re.MULTILINE))
    environment["HOME"] = environment["DUNGHAN_HOME"]
    user = told["User"]
    as_user = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--no-new-privs", "--bounding-set=-all"]
    with Path(f"/run/{name}.log").open("ab") as log:
        return subprocess.Popen(
            [*as_user, "--inh-caps=-all", *shlex.split(told["ExecStart"])],
            cwd=told["WorkingDirectory"], env=environment, umask=int(told["UMask"], 8), stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
        ).pid  # fmt: skip


def ended(pid: int) -> None:
    """Ask a process to end, and wait; nobody buries it, so that one that is dead is there all the same."""
    state = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, signal.SIGTERM)
        for _ in range(600):
            if state.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return
            time.sleep(0.1)
    except (ProcessLookupError, FileNotFoundError):
        return


if __name__ == "__main__":
    main()
