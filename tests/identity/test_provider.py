"""What comes back from a provider is believed only where every part of it is right; and what it says is judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from joserfc.jwk import ECKey, OctKey
from pytest_httpserver import HTTPServer

from config import access, units
from config.errors import ConfigError
from config.units import Known, Units
from dashboard import doors, entering, outside
from metrics.scope import Scope
from store import audit, people, sessions, tables
from store.database import Store, writing
from tests.identity.conftest import NOW, PASSWORD, Clock
from tests.identity.made_provider import CLIENT, SECRET, Made

Open = Callable[..., Any]
PUBLIC = "http://127.0.0.1:8501"
RULES = """
[[rule]]
claim = "groups"
contains = "ttpvhcc-giamdoc"
role = "director"

[[rule]]
claim = "realm_access.roles"
contains = "thutruong"
role = "head"
units_from = "don_vi"
below = true
"""
REGISTER = Units(
    own_name={"H01.02": "Sở Y tế", "H01.03": "Sở Xây dựng"}, handed={},
    known=(Known("Sở Y tế"), Known("Bệnh viện", parent="Sở Y tế"), Known("Sở Xây dựng")),
)  # fmt: skip
HEAD = {"realm_access": {"roles": ["offline_access", "thutruong"]}, "don_vi": ["H01.02"]}
DIRECTOR = {"groups": ["ttpvhcc-giamdoc"]}
WHO = {"preferred_username": "lan.nt", "name": "Nguyễn Thị Lan"}


@pytest.fixture
def made(httpserver: HTTPServer, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A provider, the rules of the office, and its register."""
    made = Made(httpserver, NOW, claims=WHO | DIRECTOR)
    (tmp_path / "access.toml").write_text(RULES, encoding="utf-8")
    for name, value in (
        ("DUNGHAN_CONFIG", str(tmp_path)), ("DUNGHAN_OIDC_ISSUER", made.issuer), ("DUNGHAN_OIDC_CLIENT_ID", CLIENT),
        ("DUNGHAN_OIDC_CLIENT_SECRET", SECRET), ("DUNGHAN_PUBLIC_URL", PUBLIC),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    access._load.cache_clear()
    monkeypatch.setattr(units, "load", lambda: REGISTER)
    return made


@pytest.fixture
def through(browser: Open, made: Made) -> Callable[..., Any]:
    """Go to the provider and back: gives the browser and the answer of our page. ``brought`` replaces what came."""

    def go(after: str = "/linh-vuc", *, client: Any = None, **brought: str) -> tuple[Any, Any]:
        client = client or browser(base=PUBLIC)
        away = client.get(entering.OUTSIDE, params={"tiep": after})
        assert away.status_code == 303, away.text
        if not away.headers["location"].startswith(made.issuer):
            return client, away
        back = made.sign_in(away.headers["location"]) | brought
        return client, client.get("/dang-nhap/tinh/ve", params=back)

    return go


Through = Callable[..., tuple[Any, Any]]


def trouble(answer: Any) -> str:
    """Give the words that the sign-in page says after an answer."""
    where: str = answer.headers["location"]
    assert where.startswith("/dang-nhap?loi=")
    return where.split("loi=")[1].split("&")[0]


def test_somebody_whom_a_rule_fits_comes_in_and_goes_on(through: Through, store: Store) -> None:
    client, answer = through("/linh-vuc?tuan=2026-11-16")
    assert answer.headers["location"] == "/linh-vuc?tuan=2026-11-16"
    assert client.get("/linh-vuc").text == "/linh-vuc: lan.nt"
    person = people.named(store, "lan.nt")
    assert (person.title, person.role, person.scope, person.outside) == (
        "Nguyễn Thị Lan", "director", Scope.province(), True,
    )  # fmt: skip


def test_we_ask_with_pkce_state_and_nonce_and_name_our_own_address(through: Through, made: Made) -> None:
    for _ in range(2):
        through()
    first, second = made.asked
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"{PUBLIC}/dang-nhap/tinh/ve"
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    assert set(first["scope"].split()) == {"openid", "profile"}


def test_the_address_to_return_to_never_comes_from_the_request(browser: Open, made: Made) -> None:
    client = browser(base=PUBLIC)
    away = client.get(entering.OUTSIDE, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    assert made.sign_in(away.headers["location"])
    assert made.asked[0]["redirect_uri"].startswith(PUBLIC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another question's"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"azp": "another-client"},
        {"iss": "https://id.elsewhere.vn"},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 42},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_one_way_lets_nobody_in(
    through: Through, made: Made, store: Store, wrong: dict[str, Any]
) -> None:
    made.wrong = wrong
    client, answer = through()
    assert trouble(answer) == "khong-xac-nhan"
    assert client.get("/linh-vuc").status_code == 303
    assert people.names(store) == frozenset()


def test_a_token_for_several_that_says_it_was_asked_by_us_is_ours(through: Through, made: Made) -> None:
    made.wrong = {"aud": ["another-client", CLIENT], "azp": CLIENT}
    assert through()[1].headers["location"] == "/linh-vuc"


def test_a_token_signed_by_anybody_else_lets_nobody_in(through: Through, made: Made) -> None:
    made.key = ECKey.generate_key("P-256", parameters={"kid": "one"})
    assert trouble(through()[1]) == "khong-xac-nhan"


def test_a_token_signed_with_our_own_secret_lets_nobody_in(through: Through, made: Made) -> None:
    made.key, made.algorithm = OctKey.import_key(SECRET.encode() * 4), "HS256"
    assert trouble(through()[1]) == "khong-xac-nhan"


def test_a_new_key_of_the_provider_is_asked_for(through: Through, made: Made, clock: Clock) -> None:
    through()
    made.key = made.shown = ECKey.generate_key("P-256", parameters={"kid": "two"})
    clock.now = made.now = NOW + timedelta(minutes=2)
    assert through()[1].headers["location"] == "/linh-vuc"


@pytest.mark.parametrize("brought", [{"state": "guessed"}, {"state": ""}])
def test_an_answer_that_this_browser_did_not_ask_for_is_not_taken(through: Through, brought: dict[str, str]) -> None:
    assert trouble(through(**brought)[1]) == "qua-han"


def test_an_answer_is_taken_once(through: Through, made: Made) -> None:
    client, answer = through()
    again = client.get("/dang-nhap/tinh/ve", params={"code": "the-code", "state": made.asked[0]["state"]})
    assert trouble(again) == "qua-han"


def test_somebody_elses_answer_signs_nobody_in(browser: Open, through: Through, made: Made) -> None:
    away = browser(base=PUBLIC).get(entering.OUTSIDE)
    mine = made.sign_in(away.headers["location"])
    victim = browser(base=PUBLIC)
    assert trouble(victim.get("/dang-nhap/tinh/ve", params=mine)) == "qua-han"


def test_a_code_that_another_question_was_answered_with_is_refused(through: Through, made: Made) -> None:
    assert trouble(through(code="stolen")[1]) == "khong-xac-nhan"
    assert trouble(through(iss="https://id.elsewhere.vn")[1]) == "khong-xac-nhan"
    assert trouble(through(error="access_denied")[1]) == "da-dung"
    assert trouble(through(error="server_error")[1]) == "khong-xac-nhan"


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


def test_a_provider_that_does_not_answer_is_said_and_local_accounts_still_come_in(
    through: Through, made: Made, head: people.Person, browser: Open
) -> None:
    made.server.clear()
    client, answer = through()
    assert trouble(answer) == "khong-tra-loi"
    page = client.get(answer.headers["location"])
    assert entering.TROUBLES["khong-tra-loi"] in page.text
    form = {"ten": "soxd", "mat_khau": PASSWORD, "khoa": client.cookies[doors.CSRF_COOKIE], "tiep": "/"}
    assert client.post(doors.SIGN_IN, data=form).status_code == 303


def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    through: Through, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUNGHAN_OIDC_ISSUER", made.issuer + "/")
    assert trouble(through()[1]) == "khong-tra-loi"


def test_claims_of_the_userinfo_count_where_the_office_says_so_and_are_of_the_same_person(
    through: Through, made: Made, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "access.toml").write_text("[claims]\nuserinfo = true\n" + RULES, encoding="utf-8")
    made.claims, made.info = WHO, {"sub": "43"} | DIRECTOR
    assert trouble(through()[1]) == "khong-xac-nhan"
    made.info = {"sub": "42"} | DIRECTOR
    assert through()[1].headers["location"] == "/linh-vuc"


def test_a_session_from_the_provider_grows_idle_and_ends_like_any_other(
    through: Through, clock: Clock, store: Store
) -> None:
    client, _ = through()
    assert len(sessions.of(store, "lan.nt", now=NOW)) == 1
    clock.now += timedelta(hours=2)
    assert client.get("/linh-vuc").headers["location"].startswith("/dang-nhap")


def test_what_the_browser_carries_may_be_anything(browser: Open, made: Made) -> None:
    half = json.dumps({"state": "\ud800", "nonce": "a", "verifier": "a", "tiep": "/"})
    for carried in ("", "%7B%7D", "null", "%5B1%5D", '{"state":1}', "\x7f", "[" * 9000, quote(half)):
        client = browser(base=PUBLIC)
        client.headers["cookie"] = f"{outside.COOKIE}={carried}"
        assert trouble(client.get("/dang-nhap/tinh/ve?state=&code=x")) == "qua-han"
