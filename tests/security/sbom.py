"""``make sbom``: what the product is made of, in CycloneDX 1.6 JSON, out of the lock that it is installed from.

Versions and hashes are those of requirements.txt, so of every system that the lock is for; licences and who needs whom
are read from the packages that are installed here. The same lock and the same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT: Final = Path(__file__).parents[2]
LOCK: Final = ROOT / "requirements.txt"
_BLOCK: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)(.*?)(?=^[a-z0-9]|\Z)", re.M | re.S)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NEEDED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
#: Where a package says its licence in a classifier alone.
_CLASSIFIER: Final = "License :: OSI Approved :: "


def components(lock: str) -> Iterator[Component]:
    """Give a component for every package and version of a lock, by name."""
    for name, version, rest in _BLOCK.findall(lock):
        purl = PackageURL("pypi", None, name, version)
        yield Component(
            type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=str(purl),
            licenses=licences(name),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in _HASH.findall(rest)],
        )  # fmt: skip


def licences(name: str) -> Sequence[License]:
    """Give the licences that an installed package declares; none for one that is for other systems."""
    told = _installed(name)
    if told is None:
        return ()
    words = [*(told.metadata.get_all("License-Expression") or ()), *(told.metadata.get_all("License") or ())]
    short = [each for each in words if 0 < len(each) < 80 and "\n" not in each]
    if short:
        return [LicenseFactory().make_from_string(short[0])]
    said = [each.rpartition(" :: ")[2] for each in told.metadata.get_all("Classifier") or () if _CLASSIFIER in each]
    return [DisjunctiveLicense(name=each) for each in said or ["in the licence file of the package"]]


def bill(lock: str) -> Bom:
    """Make the bill of the product: its parts, and which of them needs which."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    whole = Component(
        type=ComponentType.APPLICATION, name=project["name"], version=project["version"], bom_ref=project["name"],
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )  # fmt: skip
    parts = list(components(lock))  # a package may be locked twice, for an older and a newer Python
    made = Bom(components=parts, serial_number=uuid5(NAMESPACE_URL, lock))
    made.metadata.component = whole
    made.register_dependency(whole, _of(parts, project["dependencies"]))
    for part in parts:
        told = _installed(part.name)
        made.register_dependency(part, _of(parts, (told.requires or ()) if told else ()))
    return made


def written(lock: str) -> str:
    """Give the bill as text. Raises ValueError for one that the standard's own schema does not take."""
    made = bill(lock)
    made.metadata.timestamp = None  # type: ignore[assignment]  # the lock says of when it is
    text: str = JsonV1Dot6(made).output_as_string(indent=2)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(str(wrong))
    return text + "\n"


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _of(parts: Sequence[Component], needed: Sequence[str]) -> list[Component]:
    """Give the parts that are needed, extras apart."""
    found = [_NEEDED.match(line) for line in needed if "extra ==" not in line]
    names = {each[0].lower().replace("_", "-") for each in found if each}
    return [part for part in parts if part.name in names]


def main() -> int:
    """Write the bill; 0 when it is there."""
    parser = argparse.ArgumentParser(prog="make sbom ARGS=…", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("sbom.json"))
    asked = parser.parse_args()
    text = written(LOCK.read_text(encoding="utf-8"))
    asked.out.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{asked.out}: {text.count('pkg:pypi')} names of packages, CycloneDX 1.6\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
