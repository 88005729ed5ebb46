"""Who does what a command asks for: somebody who may sign in; before anybody may, whoever works the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ConfigError, nearest

if TYPE_CHECKING:
    from store.database import Store
    from store.people import Person, Role


def by_whom(store: Store, name: str, *, before_anybody: Role) -> Person:
    """Give the person of ``--by``; where nobody may sign in yet, one of that name in the role ``before_anybody``.

    Raises ConfigError for nobody, and for a name that nobody signs in with.
    """
    from store import people
    from store.people import Person

    given, known = name.strip(), people.names(store)
    if not given:
        raise ConfigError("--by", "nobody is named.", "Name who does it.")
    found = people.by_name(store, given)
    if found is None and known:
        said = f"nobody of that name signs in here.{nearest(given, known)}"
        raise ConfigError(f"--by {given}", said, "Give the name as it is typed at sign-in (dunghan person list).")
    return found or Person(given, given, before_anybody, None)
