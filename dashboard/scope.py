"""Who is reading: from the session cookie to a person and the departments that person may see."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import data, filters
from metrics.scope import Scope
from store import faults, sessions
from store.people import Person

COOKIE: Final = "dunghan_session"
#: What a role is called on the screen.
ROLES: Final = {
    "chairman": "Lãnh đạo tỉnh",
    "director": "Giám đốc trung tâm",
    "head": "Thủ trưởng đơn vị",
    "operator": "Vận hành",
    "auditor": "Kiểm tra, giám sát",
    "administrator": "Quản trị",
}


#: Who may put files in.
UPLOADERS: Final = frozenset({"operator", "director"})


def may_upload(person: Person) -> bool:
    """Say whether ``person`` may put files in: who sees the whole province, and answers for its data."""
    return person.role in UPLOADERS and person.departments is None


#: Who sees people, tokens, settings and the audit log; only the first may change them.
ADMINISTRATOR: Final = "administrator"
LOOKED_AFTER_BY: Final = frozenset({ADMINISTRATOR, "auditor", "director"})


def may_look_after(person: Person) -> bool:
    """Say whether ``person`` may read who may sign in, which tokens there are, and who did what: of the province."""
    return person.role in LOOKED_AFTER_BY and person.departments is None


def may_administer(person: Person) -> bool:
    """Say whether ``person`` may change people and tokens."""
    return person.role == ADMINISTRATOR and may_look_after(person)


#: Who may see figures by officer: who answers for the unit, and who checks. A head's scope holds own units only.
OFFICERS_SEEN_BY: Final = frozenset({"director", "head", "auditor"})


def may_see_officers(person: Person) -> bool:
    """Say whether ``person`` may see what each officer of a unit within scope holds, by pseudonym."""
    return person.role in OFFICERS_SEEN_BY


#: Who may see what officers did, were late with and lost: who answers for the work. Who only looks may not.
WORK_OF_OFFICERS_SEEN_BY: Final = frozenset({"director", "operator", "head"})


def may_see_work_of_officers(person: Person) -> bool:
    """Say whether ``person`` may see figures and daily sheets of officers; a head's scope holds own units only."""
    return person.role in WORK_OF_OFFICERS_SEEN_BY


def may_see_software(person: Person) -> bool:
    """Say whether ``person`` may see how the software of the sources does, and the log of its faults."""
    return person.role in faults.READING and person.departments is None


def may_see_either(person: Person) -> bool:
    """Say whether the page of officers and software has anything for ``person``."""
    return may_see_work_of_officers(person) or may_see_software(person)


#: Who sees what is to be checked and cleared up: who answers for the data, and who checks them.
MARKS_SEEN_BY: Final = frozenset({"director", "operator", "auditor", "head"})


def may_see_marks(person: Person) -> bool:
    """Say whether ``person`` may see the marks for checking; a head's scope holds own units only."""
    return person.role in MARKS_SEEN_BY


def token() -> str:
    """Give the session's token from the browser's cookie, empty when there is none."""
    return st.context.cookies.get(COOKIE, "")


def reader(*, noted: bool = True) -> Person | None:
    """Give the person whose open session the browser's cookie names; None when signed out, or over, or idle, and while
    a password that somebody else chose is not changed.

    Asked on every run: a session closed in another window ends here too. ``noted`` False: the page asks by itself, and
    nobody need be there.
    """
    return reader_of(token(), noted=noted)


def reader_of(mine: str, *, noted: bool) -> Person | None:
    """Give the person of the session that ``mine`` names, as ``reader`` does, also where no browser is asked."""
    person = sessions.person_of(data.store(), mine, now=filters.now(), noted=noted) if mine else None
    return None if person is None or person.must_change else person


def scope_of(person: Person) -> Scope:
    """Give what ``person`` may see; every question to the data needs it, there is no default."""
    return person.scope
