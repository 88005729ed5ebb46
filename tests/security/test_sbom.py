"""The bill of materials names what is locked, all of it, and an auditor's tools can read it."""

from __future__ import annotations

import json
import re

from tests.security.sbom import LOCK, written


def test_the_bill_names_every_locked_package_with_its_version_and_hashes() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    told = json.loads(text := written(lock))
    pinned = {line.split()[0].partition("[")[0]: line for line in lock.splitlines() if re.match(r"[a-z0-9]", line)}
    assert {f"{part['name']}=={part['version']}" for part in told["components"]} == {
        name.partition(";")[0] for name in pinned
    }
    assert sum(len(part["hashes"]) for part in told["components"]) == lock.count("--hash=sha256:")
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert written(lock) == text  # nothing of the hour or of the machine


def test_every_part_that_is_installed_says_its_licence() -> None:
    told = json.loads(written(LOCK.read_text(encoding="utf-8")))
    by_name = {part["name"]: part for part in told["components"]}
    assert by_name["streamlit"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert [name for name, part in by_name.items() if not part.get("licenses")] == ["colorama", "httpx2-jsfetch"]
    needs = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    assert by_name["starlette"]["purl"] in needs[by_name["streamlit"]["purl"]]
    assert by_name["polars"]["purl"] in needs["dunghan"]
