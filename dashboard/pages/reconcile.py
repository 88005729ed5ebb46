"""Đối soát: the same dossiers in two sources; which of the overdue are real, and what is to be mended where?"""

from __future__ import annotations

from functools import partial

from dashboard import compared, components, data, filters, frame, kept, reconciling, taking
from dashboard.answers import reconcile

ask = frame.begin("Đối soát", filters.of_nothing)
pair = reconciling.pair(reconcile.pairs(data.sources()))
rows = compared.rows(ask, pair)

with components.card("Quá hạn: thật hay do đồng bộ"):
    reconciling.counts(reconcile.summary(rows, pair), reconcile.overdue(rows))
with components.card("Khác nhau ở đâu"):
    reconciling.table(reconcile.differences(rows), "Hai nguồn khác nhau ở đâu")
with components.card("Theo đơn vị"):
    reconciling.table(reconcile.by_unit(rows), "Đối soát theo đơn vị")
with components.card("Danh sách"):
    code = filters.tabs(list(reconcile.TABS), reconcile.labels(rows))
    found = reconcile.chosen(rows, code)
    line = reconciling.list_of(found, reconcile.lines(found, reconciling.known_causes()), code)
    reconciling.cause(line, frame.person(), pair)
    file = kept.taken(partial(compared.workbook, ask, pair), frame.person(), "doi-soat", f"{pair.a} {pair.b}")
    reconciling.take_away(reconcile.under(found), file, pair)
    shown = reconcile.values(found, reconciling.known_causes())
    told = reconcile.means(code, pair)
    taking.table(shown, *told, frame.person(), name=f"doi-soat-{code}", scope=ask.scope, version=ask.version)
