"""Write holidays.toml again from the library `holidays`: python -m config.seed_holidays > config/holidays.toml.

The library is a seed, read once and reviewed: a start reads a small file instead of reckoning forty lunar years.
"""

from __future__ import annotations

import sys
from typing import Final

SEEDED: Final = range(2000, 2041)
HEAD: Final = """# Public holidays of Vietnam as the library `holidays` knows them: a seed, not the truth.
# Do not edit: what differs stands in calendar.toml, which wins. Made by: python -m config.seed_holidays
"""


def seeded() -> str:
    """Give the file's text: one line a day off, in order."""
    import holidays

    days = holidays.country_holidays("VN", years=SEEDED, language="vi")
    return HEAD + "".join(f'{day} = "{name}"\n' for day, name in sorted(days.items()))


if __name__ == "__main__":
    sys.stdout.write(seeded())
