"""Cán bộ và phần mềm: what does each officer do and hold, beside the like; how does the software of each source do?"""

from __future__ import annotations

from dashboard import filters, frame, scope, staff, vendors
from dashboard.staff import OFFICERS, SOFTWARE

ask = frame.begin("Cán bộ và phần mềm", staff.pick, room=2.6)
frame.watch(ask.version)
who = frame.person()
parts = {OFFICERS: scope.may_see_work_of_officers(who), SOFTWARE: scope.may_see_software(who)}
mine = [code for code, may in parts.items() if may]
if not mine:
    staff.no_access()
elif filters.tabs(mine, {OFFICERS: "Cán bộ", SOFTWARE: "Phần mềm"}, what="Phần") == OFFICERS:
    staff.officers(ask)
    staff.sheet(ask)
else:
    vendors.page(ask, who)
