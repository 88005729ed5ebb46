"""Which addresses of this machine somebody listens on, as the kernel lists them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENING: Final = "0A"


def elsewhere(ports: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give each of ``ports`` that listens on an address which others can reach, with that address.

    Nothing where the kernel has no such list (macOS)."""
    for table in TABLES:
        if not table.is_file():
            continue
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            host, _, port = local.partition(":")
            address = _address(host)
            if state == _LISTENING and int(port, 16) in ports and not _is_here(address):
                yield int(port, 16), str(address)


def _address(told: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Read an address as the kernel writes it: words of 32 bits, each from its last byte on."""
    raw = bytes.fromhex(told)
    return ipaddress.ip_address(b"".join(raw[n : n + 4][::-1] for n in range(0, len(raw), 4)))


def _is_here(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
