"""Type every command of docs/deploy.md, in its order, on a machine of its own: python -m tests.deploy.walk WHEELHOUSE

As root; some minutes. A second word, the folder that an earlier walk left, spares the installation. Folders, users and
the network are this run's own (namespaces of the kernel): ports and paths are those of the document, and there is no
network but the machine's own, so that the release comes from the wheelhouse. Played are: apt-get (its packages are
here), the PostgreSQL of Debian (the wheel's, on its port, in its places), and systemctl, by a script that starts the
lines of the units as their users.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.architecture.tracked import ROOT
from tests.deploy.machine import Cluster
from tests.deploy.units import PATHS

DOCUMENT: Final = ROOT / "docs/deploy.md"
TOPS: Final = ("/etc", "/opt", "/var", "/root", "/usr/local/bin", "/srv")
PLAYED: Final = Path(__file__).with_name("systemctl_played.py")
BINARIES: Final = ("createdb", "dropdb", "psql")


def blocks(heading: str) -> list[str]:
    """Give the blocks of commands under a heading."""
    text = DOCUMENT.read_text(encoding="utf-8")
    under = re.split(r"^## ", text, flags=re.MULTILINE)
    (section,) = [part for part in under if part.partition("\n")[0].endswith(heading)]
    return re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def typed(told: str, block: str) -> None:
    """Type a block as it stands; end with what failed."""
    print(f"\n=== {told}\n{block}", flush=True)  # noqa: T201
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode and not (told.startswith("9") and done.returncode == 1):
        sys.exit(f"{told}: exit code {done.returncode}")


def main() -> None:
    """Enter namespaces of our own, then walk."""
    if "--inside" not in sys.argv:
        ours = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable]
        sys.exit(subprocess.run([*ours, "-m", "tests.deploy.walk", *sys.argv[1:], "--inside"], cwd=ROOT).returncode)
    os.environ["PATH"] = PATHS
    wheelhouse = Path(sys.argv[1]).resolve()
    work = Path(tempfile.mkdtemp(prefix="dunghan-walk-"))
    work.chmod(0o755)
    try:
        furnished(work, wheelhouse)
        walk()
    finally:
        subprocess.run(["python3", str(PLAYED), "stop", "everything"], cwd="/")


def furnished(work: Path, wheelhouse: Path) -> None:
    """Make the machine: folders of its own over the real ones, a loopback, and what is played."""
    release = work / "sources"
    release.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(release)], input=archive, check=True)
    shutil.copytree(wheelhouse, release / "wheelhouse")
    (work / "srv").mkdir()
    subprocess.run(["tar", "-czf", str(work / "srv/dunghan-0.1.0.tar.gz"), "."], cwd=release, check=True)
    for name in ("postgresql", "nginx"):
        (work / name).mkdir(mode=0o755)
    programs = Cluster(work, 0).programs
    if len(sys.argv) > 3:  # an earlier walk's folder: the release that it installed is taken over
        shutil.copytree(Path(sys.argv[2]) / "upper/opt", work / "upper/opt", symlinks=True)
    for top in TOPS:
        upper, inner = work / f"upper{top}", work / f"work{top}"
        upper.mkdir(parents=True, exist_ok=True)
        inner.mkdir(parents=True, exist_ok=True)
        how = f"lowerdir={top},upperdir={upper},workdir={inner}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", how, top], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/run"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for name in BINARIES:
        Path("/usr/local/bin", name).symlink_to(programs / name)
    Path("/usr/local/bin/systemctl").write_text(f'#!/bin/sh\nexec python3 {PLAYED} "$@"\n', encoding="utf-8")
    Path("/usr/local/bin/systemctl").chmod(0o755)
    shutil.copy(work / "srv/dunghan-0.1.0.tar.gz", "/srv/")
    postgresql(programs)


def postgresql(programs: Path) -> None:
    """Start PostgreSQL where Debian has it: user, port, socket, and who is asked for a password."""
    if subprocess.run(["id", "postgres"], capture_output=True).returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", "postgres"], check=True)
    for folder in ("/var/lib/pg", "/run/postgresql"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, "postgres", "postgres")
    hba = "local all postgres peer\nlocal all all peer\nhost all all 127.0.0.1/32 scram-sha-256\n"
    script = f"""cd /
    {programs}/initdb --auth=trust -U postgres -E UTF8 --locale=C.UTF-8 -D /var/lib/pg/data >/dev/null
    printf '%s' '{hba}' > /var/lib/pg/data/pg_hba.conf
    echo "unix_socket_directories = '/run/postgresql'" >> /var/lib/pg/data/postgresql.conf
    {programs}/pg_ctl start -w -s -D /var/lib/pg/data -l /var/lib/pg/log"""
    subprocess.run(["runuser", "-u", "postgres", "--", "bash", "-euc", script], check=True, stdin=subprocess.DEVNULL)
    os.environ["PGHOST"] = "/run/postgresql"


def walk() -> None:
    """Type it all, put some data in on the way, and do what an upgrade and a loss need."""
    if not Path("/opt/dunghan/current").exists():
        typed("Without a network", "cd /srv\n" + blocks("Without a network")[1])
    built = blocks("The release")[0].splitlines()[-2:]
    typed("2 The release", "\n".join(["cd /opt/dunghan/releases/0.1.0", *built]))
    for number, heading in enumerate(
        ("Users, folders, settings", "The database", "Secrets", "Tables, roles, the first person",
         "Dashboards, workers, backups", "nginx"), start=3,
    ):  # fmt: skip
        for block in blocks(heading):
            typed(f"{number} {heading}", block)
    data = "/opt/dunghan/current/tests/data/one_stop_export"
    typed("data", f"dunghan-as worker load {data}.csv --mapping {data}.toml")
    typed("9 Ask the doctor", blocks("Ask the doctor")[0])
    typed("through nginx", "curl --silent --insecure --resolve dunghan.tinh.gov.vn:443:127.0.0.1 --include "
          "https://dunghan.tinh.gov.vn/dang-nhap | head -20")  # fmt: skip
    typed("Backups, and a drill", blocks("Backups, and a drill")[0])
    figures = "dunghan-as owner figures --by department --as-of 2026-11-20 --json"
    typed("figures before", f"{figures} > /root/before.json")
    stop, up = blocks("Upgrade")
    typed("Upgrade", stop)
    typed("a new release", "cp -a /opt/dunghan/releases/0.1.0 /opt/dunghan/releases/0.2.0")
    typed("Upgrade", up)
    (newest,) = subprocess.run(
        "ls /var/backups/dunghan | tail -1", shell=True, capture_output=True, text=True, check=True
    ).stdout.split()
    typed("Downgrade", blocks("Downgrade")[0].replace("THE_BACKUP_BEFORE_THE_UPGRADE.zip", newest))
    typed("figures after", f"{figures} > /root/after.json && cmp /root/before.json /root/after.json && echo the same")
    typed("a loss", "systemctl stop dunghan.target")
    lost = blocks("After a loss")[0].replace("dunghan-2026-11-23_203000Z.zip", newest)
    typed("After a loss", lost)
    typed("again", f"systemctl start dunghan.target\n{figures} | cmp - /root/before.json && echo the same")


if __name__ == "__main__":
    main()
