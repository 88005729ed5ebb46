"""The units: understood by systemd, next to nothing exposed, of one mind with the folders and files beside them."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT
from tests.deploy.units import DEPLOY, FOLDER, Unit, unit

pytestmark = pytest.mark.usefixtures("systemd")
#: systemd's own scale, from 0 to 10; up to 2 it says OK. Ours say 1.1.
EXPOSED_AT_MOST = 1.5
SERVICES = (("dunghan-dashboard@.service", "8501"), ("dunghan-worker@.service", "a"), ("dunghan-backup.service", ""))


def named(told: tuple[str, str]) -> str:
    return told[0]


def installed(root: Path) -> Path:
    """Put the units where systemd looks, and something to run where they say."""
    where = root / "etc/systemd/system"
    where.mkdir(parents=True)
    for file in FOLDER.iterdir():
        (where / file.name).write_bytes(file.read_bytes())
    for name, instance in SERVICES:
        program = root / unit(name, instance).command[0].lstrip("/")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return root


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    names = [f"{name.replace('@', '@' + instance)}" for name, instance in SERVICES]
    asked = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={installed(tmp_path)}"]
    done = subprocess.run([*asked, *names, "dunghan-backup.timer", "dunghan.target"], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_line_that_systemd_does_not_know_would_be_found(tmp_path: Path) -> None:
    root = installed(tmp_path)
    file = root / "etc/systemd/system/dunghan-worker@.service"
    file.write_text(file.read_text(encoding="utf-8") + "\n[Service]\nProtectEverything=yes\n", encoding="utf-8")
    asked = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={root}"]
    done = subprocess.run([*asked, "dunghan-worker@a.service"], capture_output=True, text=True)
    assert "ProtectEverything" in done.stdout + done.stderr


@pytest.mark.parametrize("told", SERVICES, ids=named)
def test_next_to_nothing_is_exposed(told: tuple[str, str], tmp_path: Path) -> None:
    name, instance = told
    asked = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={int(EXPOSED_AT_MOST * 10)}"]
    done = subprocess.run(
        [*asked, f"--root={installed(tmp_path)}", name.replace("@", f"@{instance}")], capture_output=True, text=True
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert (float(found[1]) <= EXPOSED_AT_MOST, done.returncode) == (True, 0), done.stdout


@pytest.mark.parametrize("told", SERVICES, ids=named)
def test_a_process_reads_its_own_secrets_and_no_other_role_s(told: tuple[str, str]) -> None:
    one = unit(*told)
    role = {"dashboard": "dashboard", "worker": "worker", "backup": "owner"}[_kind(one)]
    assert one.all("EnvironmentFile") == ["/etc/dunghan/dunghan.env", f"/etc/dunghan/{role}.env"]
    hidden = {word.lstrip("-") for word in one.words("InaccessiblePaths")}
    others = {f"/etc/dunghan/secrets/{other}" for other in ("dashboard", "worker", "owner") if other != role}
    assert others <= hidden
    text = (DEPLOY / f"etc/{role}.env").read_text(encoding="utf-8")
    told_of = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert (told_of["DUNGHAN_SECRETS"], told_of["PGPASSFILE"]) == (
        f"/etc/dunghan/secrets/{role}", f"/etc/dunghan/secrets/{role}/pgpass",
    )  # fmt: skip
    assert told_of["DUNGHAN_HOME"] in one.words("ReadWritePaths")
    assert not re.search(r"PASSWORD|SECRET=|KEY=|:[^/]+@", text.replace("DUNGHAN_SECRETS=", ""))


@pytest.mark.parametrize("told", SERVICES, ids=named)
def test_what_a_unit_writes_is_made_for_its_user_by_tmpfiles(told: tuple[str, str]) -> None:
    one = unit(*told)
    lines = (DEPLOY / "tmpfiles.d/dunghan.conf").read_text(encoding="utf-8").splitlines()
    folders = {words[1]: words[2:5] for line in lines if (words := line.split()) and words[0] == "d"}
    for place in one.words("ReadWritePaths"):
        mode, user, _ = folders[place]
        assert user == one.one("User") and mode in ("0700", "0750"), place
    for name, (mode, _, _) in folders.items():
        if "/secrets/" in name:
            assert mode == "0700", name


def test_ports_and_folders_are_the_same_everywhere() -> None:
    proxy = (DEPLOY / "nginx/dunghan.conf").read_text(encoding="utf-8")
    told = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "etc/dunghan.env").read_text(encoding="utf-8"), re.MULTILINE))
    ports = set(told["DUNGHAN_DASHBOARDS"].split(","))
    assert set(re.findall(r"server 127\.0\.0\.1:(\d+)", proxy)) == ports
    assert set(re.findall(r'"~:(\d+)\$"', proxy)) == ports
    backup = unit("dunghan-backup.service")
    assert told["DUNGHAN_BACKUPS"] in backup.command and told["DUNGHAN_BACKUPS"] in backup.words("ReadWritePaths")
    names = set(re.findall(r"server_name (\S+);", proxy)) - {"_"}
    assert names == {told["DUNGHAN_PUBLIC_URL"].removeprefix("https://")}


def test_the_proxy_takes_what_the_page_for_uploads_takes() -> None:
    told = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    most = int(told["server"]["maxUploadSize"])
    proxy = (DEPLOY / "nginx/dunghan.conf").read_text(encoding="utf-8")
    taken = re.search(r"client_max_body_size (\d+)m;", proxy)
    assert taken and most < int(taken[1]) <= most + 5


def test_users_have_no_shell() -> None:
    text = (DEPLOY / "sysusers.d/dunghan.conf").read_text(encoding="utf-8")
    users = [line.split() for line in text.splitlines() if line.startswith("u ")]
    assert {words[1] for words in users} == {unit(*told).one("User") for told in SERVICES}
    assert all(words[-1] == "/usr/sbin/nologin" for words in users)


def _kind(one: Unit) -> str:
    return one.name.removeprefix("dunghan-").partition(".")[0].rstrip("@")
