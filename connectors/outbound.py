"""Where a request of ours may go: http and https alone, and never to what a machine tells only to itself.

The addresses of sources are the office's own, but what they lead to is not: a source's answer names the next page, a
provider's its keys, and a name server says behind what address a name is. So the peer is looked at again when the
connection stands, before a byte is sent. Private networks are allowed, for a centre's systems live there;
DUNGHAN_REFUSED_NETWORKS names those that are not (docs/security.md).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import httpx2

from config.errors import ConfigError, SourceError
from config.settings import settings

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network
#: This machine as nobody writes it, the link alone (where clouds keep a machine's keys), everybody at once, and the
#: places where some clouds keep such keys elsewhere.
NEVER: Final = tuple(
    ip_network(told)
    for told in (
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "192.0.0.192/32",
        "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128", "fd20:ce::254/128",
    )
)  # fmt: skip
_BY_SIX: Final = ip_network("64:ff9b::/96")  # an IPv4 address as a gateway between both writes it (RFC 6052)


class OutsideError(SourceError):
    """A request would go where none of ours may."""


def hooks(place: str) -> dict[str, list[Callable[[httpx2.Request], None]]]:
    """Give the hooks of a client that asks for ``place``: every request is looked at, and its peer."""
    return {"request": [lambda request: _watched(request, place)]}


def _watched(request: httpx2.Request, place: str) -> None:
    if request.url.scheme not in ("http", "https"):
        raise OutsideError(place, f'"{request.url.scheme}" is no way to ask a system.', "Write an http or https url.")
    told = _literal(request.url.host)
    if told is not None:
        _allowed(told, place)

    def connected(event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            stream = info["return_value"]
            try:
                _allowed(ip_address(stream.get_extra_info("server_addr")[0].partition("%")[0]), place)
            except OutsideError:
                stream.close()
                raise

    request.extensions = {**request.extensions, "trace": connected}


def _literal(host: str) -> _Address | None:
    """Read a host that is an address, however it is written (0xa9fea9fe is one too); None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _allowed(address: _Address, place: str) -> None:
    """Raise OutsideError for an address that is asked for nothing, also one that is wrapped in another."""
    for each in (address, *_inside(address)):
        if any(each in network for network in (*NEVER, *refused())):
            found = f"its address leads to {address}, where this product asks for nothing."
            raise OutsideError(place, found, "Check the url, the network's name server, DUNGHAN_REFUSED_NETWORKS.")


def _inside(address: _Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    wrapped = [address.ipv4_mapped, address.sixtofour, address.teredo[1] if address.teredo else None]
    wrapped += [IPv4Address(int(address) & 0xFFFFFFFF)] if address in _BY_SIX else []
    return tuple(each for each in wrapped if each is not None)


def refused() -> tuple[_Network, ...]:
    """Give the networks that the office refuses beyond those that everybody does. Raises ConfigError."""
    told = settings().refused_networks
    try:
        return tuple(ip_network(each) for each in told.replace(",", " ").split())
    except ValueError as wrong:
        step = "Write networks with commas: 10.9.0.0/16, 192.168.5.0/24."
        raise ConfigError("DUNGHAN_REFUSED_NETWORKS", f"{wrong}.", step) from None
