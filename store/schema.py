"""The schema that all tables are part of, wherever they are written: store/tables.py, store/outgoing_tables.py."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData()
