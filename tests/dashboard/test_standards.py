"""Units by the province's mix: what is said, what a head sees, and that the page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dashboard import analysed, data, shapes
from dashboard.answers import standard
from dashboard.data import Ask
from dashboard.filters import Choice
from metrics.decomposition import Cell
from metrics.scope import Scope
from metrics.standardised import Reversal, Standardised, Weighed
from store.database import Store, open_store
from tests.dashboard import made_up
from tests.dashboard.conftest import NOW, TODAY, Visit
from tests.dashboard.test_analysis_pages import TAN_VAN, XAY_DUNG
from tests.dashboard.test_pages import texts
from tests.fresh import Databases

CHOICE = Choice(TODAY, date(2026, 11, 16))
A = Standardised("Sở A", 100, 84, Weighed(0.9333, 0.85, 0.97, 0.863), 0.643, 2, 20, 3, 41)


def test_a_unit_is_told_as_it_is_and_by_the_mix_of_the_province() -> None:
    assert standard.of_unit(A, small=20) == [
        "Tỷ lệ thô **84,0\u00a0%** (khoảng 95\u00a0%: 75,6–89,9\u00a0%); nếu cùng cơ cấu "
        "với toàn tỉnh **93,3\u00a0%** (khoảng 95\u00a0%: "
        "85,0–97,0\u00a0%); toàn tỉnh trên cùng các thủ tục **86,3\u00a0%**.",
        "Đại diện 64,3\u00a0% hồ sơ đến hẹn của tỉnh. 2 thủ tục ít hồ sơ (20) tính gộp làm một. "
        "Ngoài phần chuẩn hóa: 3 thủ tục, 41 hồ sơ.",
    ]
    assert standard.of_unit(A, small=101)[0].startswith("Không chuẩn hóa")
    assert standard.share(0.99996) == "99,9\u00a0%"  # never whole by rounding


def test_the_table_goes_by_name_and_few_are_a_count() -> None:
    few = Standardised("Ấp B", 7, 7, A.told, 0.2, 0, 0, 0, 0)
    nobody = Standardised("Sở Ẩn", 90, 81, None, 0.0, 0, 0, 1, 90)
    told = standard.table(CHOICE, [A, nobody, few], small=20)
    assert told.lines.rows() == [
        ("Ấp B", "7", "n = 7", "—", "—", "—", "—"),
        ("Sở A", "100", "84,0\u00a0% (75,6–89,9)", "93,3\u00a0%", "85,0–97,0\u00a0%", "86,3\u00a0%", "64,3\u00a0%"),
        ("Sở Ẩn", "90", "90,0\u00a0% (82,1–94,6)", "—", "—", "—", "0,0\u00a0%"),
    ]
    assert told.values.row(0) == ("Ấp B", 7, 7, None, None, None, None, None, 20.0)
    assert told.values.row(1) == ("Sở A", 100, 84, 84.0, 93.3, 85.0, 97.0, 86.3, 64.3)


@pytest.mark.parametrize(
    ("better", "said"),
    [(True, "Đúng hạn hơn các đơn vị khác ở 5 / 5 thủ tục, nhưng cộng lại thấp hơn: do cơ cấu thủ tục, không do "
      "thực hiện. Đơn vị này: 80,0\u00a0% (71,1–86,7); các đơn vị khác: 90,0\u00a0% (82,6–94,5)."),
     (False, "Kém đúng hạn hơn các đơn vị khác ở 5 / 5 thủ tục, nhưng cộng lại cao hơn")],
)  # fmt: skip
def test_a_case_of_simpson_is_said_in_words(better: bool, said: str) -> None:
    found = Reversal(better, 5, 5, (80, 100), (90, 100))
    assert standard.beside_others(found)[0].startswith(said)
    assert "So với 13 tuần trước đó" in standard.beside_before(found)[0]
    assert standard.beside_others(None) == standard.beside_before(None) == []


#: Five units that do the same two procedures, one easy and one hard, as often, and one that nobody else does.
WORK = [
    *((unit, "Hộ tịch", "Đăng ký khai sinh", 3, 0.02) for unit in (XAY_DUNG, TAN_VAN, "Xã B", "Xã C", "Xã D")),
    *((unit, "Đất đai", "Cấp đổi", 5, 0.3) for unit in ("Xã D", "Xã C", "Xã B", TAN_VAN, XAY_DUNG)),
    ("Sở Tư pháp", "Lý lịch tư pháp", "Cấp Phiếu lý lịch tư pháp", 8, 0.01),
]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Store]:
    """A store in which units do the same work."""
    folder = tmp_path_factory.mktemp("alike")
    store = open_store(databases.migrated(folder), home=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made_up, "WORK", WORK)
        made_up.fill(store, TODAY, now=NOW)
    yield store
    store.engine.dispose()


def asked(scope: Scope, **chosen: Any) -> Ask:
    state = data.manifest()
    assert state is not None
    return Ask(state.data_version, scope, Choice(TODAY, date(2026, 11, 16), **chosen))


def test_a_head_reads_the_same_of_the_own_unit_and_nothing_of_others(in_use: Store) -> None:
    whole = {each.department: each for each in analysed.standardised(asked(Scope.province()))}
    assert len(whole) == 6 and [name for name, each in whole.items() if each.told is None] == ["Sở Tư pháp"]
    assert analysed.standardised(asked(Scope.of(TAN_VAN))) == [whole[TAN_VAN]]
    assert analysed.standardised(asked(Scope.of(TAN_VAN), department=XAY_DUNG)) == []


def test_a_head_of_nearly_all_units_reads_nothing_that_would_leave_the_others(in_use: Store) -> None:
    """The common rate less one's own units is what the one or two others keep."""
    every = analysed.funnel(asked(Scope.province()))
    assert every is not None
    names = [each.name for each in every.placed]
    most = Scope.of(*(name for name in names if name != TAN_VAN))
    assert analysed.funnel(asked(Scope.of(TAN_VAN))) is not None
    assert analysed.funnel(asked(Scope.of(*names))) is not None
    assert analysed.funnel(asked(most)) is None
    one, several = (
        [analysed.standardised(ask)[0].covered, analysed.alike(ask).procedures.height]  # type: ignore[union-attr]
        for ask in (asked(scope, department=XAY_DUNG) for scope in (Scope.of(XAY_DUNG), most))
    )
    assert one[0] > several[0] and one[1] > several[1]


def test_over_time_the_same_procedures_lie_side_by_side(in_use: Store) -> None:
    cells = analysed.over_time(asked(Scope.province(), department=TAN_VAN))
    assert cells and all(isinstance(cell, Cell) for cell in cells)
    told = data.figures(asked(Scope.province(), department=TAN_VAN), period=analysed.quarter(CHOICE)).row(0, named=True)
    assert sum(cell.now[1] for cell in cells) == told["due"]


def test_the_page_shows_it(visit: Visit) -> None:
    assert "Đúng hạn nếu cùng cơ cấu thủ tục, 13 tuần" in texts(visit(shapes.DEPARTMENTS))
    said = texts(visit(shapes.DEPARTMENTS, don_vi=TAN_VAN))
    assert "nếu cùng cơ cấu với toàn tỉnh" in said and "Chưa hiển thị được bảng này" not in said


def test_who_does_what_nobody_else_does_stands_beside_nobody(visit: Visit) -> None:
    assert "nếu cùng cơ cấu" not in texts(visit(shapes.DEPARTMENTS, don_vi="Sở Tư pháp"))


def test_a_card_of_a_phone_names_its_bare_count(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.tables.phone", lambda: True)
    said = texts(visit(shapes.DEPARTMENTS))
    assert re.search(r"\*\*[^*]+\*\* · \*\*Đến hẹn: [\d.\\]+\*\*", said)
    assert not re.search(r" · \*\*[\d.\\]+\*\*", said)
