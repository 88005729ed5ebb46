"""The buttons that have a source read again for its refused rows, and how the last order for each stands."""

from __future__ import annotations

from config.settings import settings
from dashboard import data, filters, scope
from dashboard import speaking as st
from dashboard.answers import replay
from dashboard.answers.replay import Waiting
from dashboard.components import link, show_error
from dashboard.shapes import UPLOAD, Link
from store import audit, replays
from store.people import Person
from store.replays import Order


def offer(who: Person) -> None:
    """Offer every source with refused rows to be read again, to those who may put data in."""
    if not scope.may_upload(who):
        return
    sources = data.sources()
    home = settings().home
    found = replay.waiting(sources, {name: replays.outcome(home, name) for name in sources["name"]})
    for each in found:
        _one(each, who)
    if any(not each.by_file for each in found):
        st.caption(replay.MEANING)


def _one(each: Waiting, who: Person) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(each.text, width="content")
        if each.by_file:
            link(Link("Nạp lại chính tệp đó", {}, UPLOAD))
        else:
            st.button(
                "Nạp lại", key=f"nap_lai_{each.source}", icon=":material/replay:", disabled=each.under_way,
                on_click=_give, args=(each.source, who),
            )  # fmt: skip
        if each.said:
            st.caption(each.said, width="content")


def _give(source: str, who: Person) -> None:
    now = filters.now()
    try:
        audit.keep(data.store(), person=who.name, act="change_settings", at=now, what=f"replay {source}")
        replays.give(settings().home, Order(source, who.name, now.isoformat()))
    except OSError as error:
        show_error(error)
