"""Nguồn dữ liệu: are the sources fresh and complete, what was refused and why?"""

from __future__ import annotations

from dashboard import components, data, feeds, filters, frame, hearing, operated, replaying, scope, taking
from dashboard import speaking as st
from dashboard.answers import run_hours, sources, unmapped
from metrics.scope import Scope
from store.people import Person


@st.fragment(run_every=15)
def cards(reach: Scope, who: Person) -> None:
    """Show sources, runs and refused rows; an operator leaves this page open and watches."""
    now, found, everybody = filters.now(), data.sources(), reach.departments is None
    names = sources.titles(found)
    with components.card("Các nguồn"):
        st.markdown(sources.summary(found, now))
        feeds.sources(sources.table(found, now))
        components.lines([*sources.trouble(found, everybody=everybody), *sources.taken(found)])
        components.links(unmapped.ways(found, uploads=scope.may_upload(who)))
    state, last = data.manifest(), hearing.last_day()
    version = state.data_version if state else ""
    with components.card("Các lần đọc"):
        feeds.hours(run_hours.strip(operated.since(run_hours.begin(now)), names, now))
        history = operated.run_history(reach, limit=500)
        feeds.runs(sources.runs(history, names), sources.quiet(history, names))
    with components.card("Cách ly"):
        replaying.offer(who)
        refused = sources.refused(operated.quarantined(reach), names)
        feeds.refused(refused, everybody=everybody)
        taking.table(refused.rows, "Dòng cách ly", sources.REFUSED, who, name="cach-ly", scope=reach, version=version)
    with components.card("Mã chưa ánh xạ"):
        unread, registered = operated.quarantined(reach), bool(data.book().units.names)
        told = unmapped.said(operated.unknown(reach), unread, everybody=everybody, registered=registered)
        components.lines(told)
    with components.card("Đơn vị và lượng hồ sơ"):
        feeds.units(sources.units(hearing.within(data.store(), state, reach), names))
        today, day = operated.volumes(version, filters.today(), reach), operated.volumes(version, last, reach)
        feeds.volumes(sources.volumes(today, day, names), sources.volume_note(last))


cards(frame.begin_without_figures("Nguồn dữ liệu"), frame.person())
