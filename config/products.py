"""How numpy multiplies in a process that serves many: in the thread that asks, and in no other.

Its library shares each product among threads of its own, and these look out for the next one for a while, with a
processor each. A page asks for ten small products: that looking out took more than all the rest of it.
"""

from __future__ import annotations

import numpy  # noqa: F401 - what is not loaded cannot be told
from threadpoolctl import ThreadpoolController


def alone() -> None:
    """Multiply in one thread from now on, in all of this process."""
    ThreadpoolController().limit(limits=1, user_api="blas")
