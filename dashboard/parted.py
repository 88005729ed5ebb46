"""The two parts of the page "Cán bộ và phần mềm", each for those who may see it."""

from __future__ import annotations

from dashboard import filters, scope, staff, vendors
from dashboard.data import Ask
from dashboard.staff import OFFICERS, SOFTWARE
from store.people import Person


def shown(ask: Ask, who: Person) -> None:
    """Draw the part that is chosen of those that the reader may see; who may see none is told so."""
    parts = {OFFICERS: scope.may_see_work_of_officers(who), SOFTWARE: scope.may_see_software(who)}
    mine = [code for code, may in parts.items() if may]
    if not mine:
        staff.no_access()
    elif filters.tabs(mine, {OFFICERS: "Cán bộ", SOFTWARE: "Phần mềm"}, what="Phần") == OFFICERS:
        staff.officers(ask)
        staff.sheet(ask)
    else:
        vendors.page(ask, who)
