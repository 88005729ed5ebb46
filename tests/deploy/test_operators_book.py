"""docs/operate.md names for each command a role that may do it: on PostgreSQL, as the roles of a production."""

from __future__ import annotations

import shlex

import pytest

from tests.deploy.production import Production
from tests.operate.book import lines

pytestmark = pytest.mark.database


def test_each_command_of_the_operators_book_is_allowed_to_the_role_that_it_names(raised: Production) -> None:
    """What needs a report, a message or a file of its own is refused for that, and never for want of a right."""
    told = [shlex.split(each.line) for each in lines() if each.program == "dunghan-as" and each.section in (1, 4, 5, 7)]
    typed = dict.fromkeys((role, *words) for _, role, *words in told if words[0] not in ("doctor", "rebuild"))
    assert len(typed) > 12
    for role, *words in typed:
        code, said = raised.as_role(role, *words)
        assert "permission denied" not in said and "docs/postgresql-roles.md" not in said, (role, words, said)
        assert code == 0 or "there is none" in said or "nobody of that name signs in" in said, (role, words, said)
