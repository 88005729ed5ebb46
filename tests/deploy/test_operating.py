"""What an operator types on a production: the doctor, the nightly backup, a drill of restoring it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from store.database import open_store
from store.verifying import examine
from tests.deploy.machine import ROLES, wait_until
from tests.deploy.production import Production

pytestmark = pytest.mark.database


def looked(raised: Production, role: str = "worker") -> dict[str, dict[str, Any]]:
    """Let the doctor look as a role; gives its findings by what they are about, the worst of each."""
    code, said = raised.as_role(role, "doctor", "--json")
    found = json.loads(said[said.index("[") :])
    assert code == any(one["verdict"] == "wrong" for one in found), said
    order = {"ok": 0, "look": 1, "wrong": 2}
    return {one["what"]: one for one in sorted(found, key=lambda one: order[one["verdict"]])}


def test_the_doctor_sees_the_whole_production_and_misses_the_backup(raised: Production) -> None:
    for old in (raised.root / "var/backups/dunghan").iterdir():
        old.unlink()
    found = looked(raised)
    a, b = raised.machine.ports
    well = ("tables", "secrets", "public address", "worker", f"dashboard {a}", f"dashboard {b}", "clock", "disk")
    assert {what: found[what]["verdict"] for what in well} == dict.fromkeys(well, "ok")
    assert found["worker"]["found"] == "one leads, another waits to follow"
    assert (found["backups"]["verdict"], found["backups"]["found"]) == ("wrong", "none in /var/backups/dunghan")


def test_the_line_of_the_backup_unit_writes_one_that_was_loaded_and_verified(raised: Production) -> None:
    code, said = raised.run("backup")
    assert code == 0, said
    (file,) = (raised.root / "var/backups/dunghan").glob("dunghan-*Z.zip")
    assert file.stat().st_mode & 0o777 == 0o600
    assert "loaded and verified" in said and "Seal of all that cannot be taken back" in said
    assert looked(raised)["backups"]["verdict"] == "ok"
    file.chmod(0o640)
    try:
        found = looked(raised)["backups"]
        assert (found["verdict"], "it holds password hashes" in found["found"]) == ("wrong", True)
    finally:
        file.chmod(0o600)


def test_a_drill_restores_the_backup_beside_the_store_and_finds_the_same_past(raised: Production) -> None:
    raised.run("backup")
    newest = max((raised.root / "var/backups/dunghan").glob("dunghan-*Z.zip")).name
    raised.cluster.say(f"CREATE DATABASE dunghan_drill OWNER {ROLES['owner']}")
    there = f"postgresql://{ROLES['owner']}@127.0.0.1:{raised.cluster.port}/dunghan_drill"
    try:
        code, said = raised.as_role("owner", "store", "restore", f"/var/backups/dunghan/{newest}", "--store", there)
        assert code == 0, said
        seals = []
        for words in ((), ("--store", there)):
            code, said = raised.as_role("owner", "store", "verify", *words)
            assert code == 0, said
            seals += re.findall(r"^Seal of all .*: (\w+)", said, re.MULTILINE)
        assert len(seals) == 2 and len(set(seals)) == 1
        drill = open_store(raised.cluster.url("owner", "dunghan_drill"), home=raised.root / "drill")
        assert examine(drill).wrong == ()
        drill.engine.dispose()
    finally:
        raised.cluster.say("DROP DATABASE dunghan_drill WITH (FORCE)")


def test_a_worker_that_ends_is_followed_by_the_one_that_waits_and_the_doctor_says_who_is_left(
    raised: Production,
) -> None:
    leads = next(part for part in ("worker a", "worker b") if "leading" in raised.said(part))
    waits = "worker b" if leads == "worker a" else "worker a"
    before = raised.said(waits).count("leading")
    raised.kill(leads)
    try:
        wait_until(lambda: raised.said(waits).count("leading") > before, seconds=20)
        found = looked(raised)["worker"]
        assert (found["verdict"], "none waits" in found["found"]) == ("look", True)
    finally:
        raised.start(leads)
    wait_until(lambda: "waiting" in raised.said(leads).rpartition("leading")[2], seconds=60)


def test_a_role_is_refused_what_only_the_owner_may(raised: Production) -> None:
    code, said = raised.as_role("dashboard", "store", "roles", "--app", "dunghan_app", "--apply")
    assert (code, "does not own the tables" in said) == (3, True), said
    assert raised.as_role("everybody", "doctor")[0] == 2
