"""What comes back from a provider is believed only where every part of it is right; and what it says is judged."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from joserfc.jwk import ECKey, OctKey

from dashboard import doors, entering, outside
from metrics.scope import Scope
from store import people, sessions
from store.database import Store
from tests.identity.conftest import DIRECTOR, NOW, PASSWORD, PUBLIC, RULES, WHO, Clock, Open, Through, trouble
from tests.identity.made_provider import CLIENT, SECRET, Made


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
