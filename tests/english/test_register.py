"""The page of the register in English: with every word that a register can have, for a director and for a head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from config import register_writing
from config.registered import KINDS, LEVELS, ONLINE
from dashboard import registry
from tests.english import allowed
from tests.english.conftest import HEADED, Visit
from tests.english.test_whole import left, papers

__all__ = ("papers",)
HEAD = "source,procedure,statutory,committed,name,field,department,level,kind,centre,on_site,awaits,post,online\n"
PARTS = (("4", ""), ("5", ""), ("", "ministry"), ("", "committee"), ("", ""))
LIMITS = (("10wd", "7wd"), ("30d", ""), ("6m", ""), ("16wh", "8wh"), ("0wd", ""), ("10wd", "5d"), ("", ""))


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A register with every word."""
    monkeypatch.setenv("DUNGHAN_CONFIG", str(tmp_path))
    told = list(product(KINDS, (*LEVELS, "province;commune", ""), (*ONLINE, "")))
    rows = [
        f",9.{n:03},{','.join(LIMITS[n % len(LIMITS)])},Name {n},Field,{HEADED if n % 2 else ''},{level},{kind},"
        f"{('yes', 'no', '')[n % 3]},{','.join(PARTS[n % len(PARTS)])},{('yes', 'no', '')[n % 3]},{online}\n"
        for n, (kind, level, online) in enumerate(told)
    ]
    own = [f"one,9.{n:03},,,Name,,,district,,,,,,3\n" for n in range(5)]
    (tmp_path / "procedures.csv").write_text(HEAD + "".join(rows + own), encoding="utf-8")
    register_writing.forget()
    allowed._data.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    register_writing.forget()
    allowed._data.cache_clear()
    for kept in (registry._rows, registry._received):
        kept.clear()


@pytest.mark.usefixtures("papers", "register")
@pytest.mark.parametrize("who", ["director", "head", "operator", "administrator"])
@pytest.mark.parametrize("query", [{}, {"cap": "central"}, {"cap": "other"}, {"cap": "commune", "tim": "nothing"}])
def test_the_register_is_whole(visit: Visit, who: str, query: dict[str, str]) -> None:
    app = visit("pages/procedures.py", who=who, **query)
    assert left(app) == []
    assert len(app.metric) == 5 and len(app.dataframe) > 3


@pytest.mark.usefixtures("papers", "register")
def test_one_entry_less_is_found(visit: Visit, without: Callable[[str], None]) -> None:
    without("Chờ cấp tỉnh")
    assert set(left(visit("pages/procedures.py"))) == {"Chờ cấp tỉnh"}


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("row", [",1.01,,,N,,,,,yes,4,ministry,,", ",1.01,,,N,,,,,yes,4,,,", ",1.01,,,N,,,,,,,,,"])
def test_what_the_parts_leave_is_whole(visit: Visit, register: Path, row: str) -> None:
    (register / "procedures.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    register_writing.forget()
    assert left(visit("pages/procedures.py")) == []
