"""Whom the provider sends is who our rules say: role and units at every sign-in, one person, nobody taken over."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from config.errors import ConfigError
from dashboard import entering
from metrics.scope import Scope
from store import audit, people, tables
from store.database import Store, writing
from tests.identity.conftest import DIRECTOR, HEAD, NOW, PASSWORD, WHO, Through, trouble
from tests.identity.made_provider import Made


@pytest.mark.parametrize(
    ("claims", "said", "why"),
    [
        ({}, "chua-cap-quyen", "no_rule"),
        ({"groups": ["ttpvhcc-giamdoc-2"]}, "chua-cap-quyen", "no_rule"),
        ({"groups": "xem ttpvhcc-giamdoc"}, "chua-cap-quyen", "no_rule"),
        (HEAD | {"don_vi": []}, "chua-co-don-vi", "no_units"),
        (HEAD | {"don_vi": ["H01.02", "H99.99"]}, "chua-co-don-vi", "unknown_unit"),
        (HEAD | {"don_vi": ["H01.02", 5]}, "chua-co-don-vi", "unknown_unit"),
        (DIRECTOR | {"preferred_username": " "}, "chua-cap-quyen", "no_name"),
    ],
)
def test_whom_no_rule_fits_is_not_let_in_and_told_so(
    through: Through, made: Made, store: Store, claims: dict[str, Any], said: str, why: str
) -> None:
    made.claims = WHO | claims
    client, answer = through()
    assert trouble(answer) == said
    assert entering.TROUBLES[said] in client.get(answer.headers["location"]).text
    assert people.names(store) == frozenset()
    (entry,) = audit.read(store).rows(named=True)
    assert (entry["act"], entry["person"], entry["detail"]) == ("sign_in_failed", "42", f"{made.issuer}: {why}")


def test_a_head_gets_the_units_of_the_claim_by_the_register_and_what_stands_under_them(
    through: Through, made: Made, store: Store
) -> None:
    made.claims = WHO | HEAD
    through()
    assert people.named(store, "lan.nt").departments == ("Sở Y tế",)
    assert people.named(store, "lan.nt").scope == Scope.of("Sở Y tế", "Bệnh viện")


def test_another_role_at_the_provider_holds_from_the_next_sign_in_and_ends_the_sessions_of_before(
    through: Through, made: Made, store: Store
) -> None:
    before, _ = through()
    made.claims = WHO | HEAD | {"don_vi": "H01.03"}
    after, _ = through()
    assert before.get("/linh-vuc").headers["location"].startswith("/dang-nhap")
    assert after.get("/linh-vuc").status_code == 200
    assert people.named(store, "lan.nt").scope == Scope.of("Sở Xây dựng")
    made.claims = WHO
    assert trouble(through()[1]) == "chua-cap-quyen"
    said = audit.read(store, act="change_person").reverse()["detail"].to_list()
    assert said == [
        "added: director, the whole province",
        "director, the whole province → head, Sở Xây dựng and the units under them",
    ]


def test_somebody_renamed_at_the_provider_stays_one_person_here(through: Through, made: Made, store: Store) -> None:
    through()
    made.claims = WHO | DIRECTOR | {"preferred_username": "lan.tran", "name": "Trần Thị Lan"}
    through()
    assert [(one.person.name, one.person.title) for one in people.everyone(store)] == [("lan.nt", "Trần Thị Lan")]


def test_whoever_is_disabled_here_stays_out_whatever_the_provider_says(
    through: Through, made: Made, store: Store
) -> None:
    client, _ = through()
    people.disable(store, "lan.nt", by="quantri", at=NOW)
    assert client.get("/linh-vuc").status_code == 303
    assert trouble(through()[1]) == "da-khoa"


@pytest.mark.parametrize("name", ["lan.nt", "Lan.NT"])
def test_nobody_takes_over_an_account_by_being_called_so_elsewhere(
    through: Through, made: Made, store: Store, name: str
) -> None:
    people.add(store, name, PASSWORD, role="administrator", title="Quản trị")
    assert trouble(through()[1]) == "trung-ten"
    assert people.names(store) == {name} and not people.named(store, name).outside


def test_the_provider_cannot_take_away_the_last_administrator(through: Through, made: Made, store: Store) -> None:
    for name in ("quantri", "quantri2"):
        people.add(store, name, PASSWORD, role="administrator", title="Quản trị")
    through()
    with writing(store) as connection:  # as if a rule made them one
        connection.execute(
            sa.update(tables.people).where(tables.people.c.name == "lan.nt").values(role="administrator")
        )
    people.disable(store, "quantri2", by="x", at=NOW)
    with pytest.raises(ConfigError, match="nobody else is administrator with a password here"):
        people.disable(store, "quantri", by="lan.nt", at=NOW)
    people.disable(store, "lan.nt", by="quantri", at=NOW)
