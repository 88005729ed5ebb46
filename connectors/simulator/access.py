"""How to sign in to the made-up province: it has no secrets, and it listens on loopback only."""

from __future__ import annotations

from typing import Final

USER: Final = "minhson"
PASSWORD: Final = "demo-minhson"  # nosec B105  printed in the documentation of the demo
OFFICE: Final = "H99"
