"""Hồ sơ: one dossier, its promises, its clock, and everything that was seen of it."""

from __future__ import annotations

from dashboard import components, data, dossiers, filters, frame, kept
from dashboard import speaking as st

ask = frame.begin("Hồ sơ", filters.of_nothing)
source, code = st.query_params.get("nguon", ""), st.query_params.get("ma", "")
row = kept.viewed(data.dossier(ask, source, code), frame.person())

components.or_no_access(
    row,
    lambda found: dossiers.full(
        found,
        data.explained(ask, found),
        data.history(source, code, ask.scope),
        filters.now(),
        data.recognised_by(found, ask.scope),
        kept.of_dossier(found, ask.scope),
        kept.urged(found, ask.scope),
        frame.person(),
    ),
)
