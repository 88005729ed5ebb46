"""How a reader comes to read English: the address, a cookie, a link; and that it stays."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from dashboard import languages, stored
from dashboard.doors import SIGN_IN
from store.database import Store
from streamlit_app import app
from tests.english.conftest import Visit
from tests.english.shown import VIETNAMESE, texts


@pytest.fixture
def browser(plain: Store, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser that is signed out."""
    monkeypatch.setattr(stored, "store", lambda: plain)
    return TestClient(app, follow_redirects=False)


def test_a_copied_link_opens_in_its_language_and_the_address_keeps_it(visit: Visit) -> None:
    shown = visit("pages/quality.py")
    assert shown.query_params[languages.ASKED] in ("en", ["en"])
    assert shown.title[0].value == "Service quality"


def test_the_link_in_the_sidebar_leads_back_to_the_same_view(visit: Visit) -> None:
    shown = visit("pages/departments.py", don_vi="Unit 3")
    who = next(text for text in texts(shown) if 'class="who"' in text)
    assert 'href="/co-quan-don-vi?ngon_ngu=vi&amp;don_vi=Unit+3"' in who
    assert ">Tiếng Việt</a>" in who


def test_back_in_vietnamese_the_address_is_clean(visit: Visit) -> None:
    shown = visit("pages/quality.py", ngon_ngu="vi")
    assert shown.title[0].value == "Chất lượng phục vụ"
    assert languages.ASKED not in shown.query_params


def test_a_word_that_is_no_language_changes_nothing(visit: Visit) -> None:
    assert visit("pages/quality.py", ngon_ngu="fr").title[0].value == "Service quality"  # as the session chose before


def test_the_wall_speaks_vietnamese_to_everybody(visit: Visit) -> None:
    assert "Tồn tăng, giảm mỗi tuần" in set(texts(visit("pages/wall.py")))


def test_the_sign_in_page_speaks_english_when_asked(browser: TestClient) -> None:
    shown = browser.get(f"{SIGN_IN}?ngon_ngu=en")
    left = shown.text.replace("Đúng Hạn", "").replace("Tiếng Việt", "")
    assert not VIETNAMESE.search(left)
    assert '<html lang="en">' in shown.text
    assert ">Sign in</button>" in shown.text


def test_the_choice_stays_in_a_cookie(browser: TestClient) -> None:
    first = browser.get(f"{SIGN_IN}?ngon_ngu=en")
    kept = next(each for each in first.headers.get_list("set-cookie") if each.startswith(languages.COOKIE))
    assert kept == "dunghan_ngon_ngu=en; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax"
    assert ">Sign in</button>" in browser.get(SIGN_IN).text


def test_a_page_asked_for_in_english_keeps_it_before_anybody_signs_in(browser: TestClient) -> None:
    away = browser.get("/?ngon_ngu=en", headers={"accept": "text/html"})
    assert away.status_code == 303
    assert any(each.startswith("dunghan_ngon_ngu=en") for each in away.headers.get_list("set-cookie"))
    assert ">Sign in</button>" in browser.get(away.headers["location"]).text


def test_a_wrong_password_is_said_in_english(browser: TestClient) -> None:
    browser.get(f"{SIGN_IN}?ngon_ngu=en")
    key = browser.cookies["dunghan_csrf"]
    said = browser.post(SIGN_IN, data={"ten": "nobody", "mat_khau": "x" * 12, "khoa": key, "tiep": "/"})
    assert "Account name or password is wrong." in said.text


def test_without_a_choice_the_sign_in_page_is_vietnamese(browser: TestClient) -> None:
    shown = browser.get(SIGN_IN)
    assert '<html lang="vi">' in shown.text
    assert ">English</a>" in shown.text


def test_ones_own_account_speaks_english(browser: TestClient, sessions: dict[str, str]) -> None:
    browser.cookies.set("dunghan_session", sessions["director"])
    shown = browser.get("/tai-khoan?ngon_ngu=en")
    left = shown.text.replace("Đúng Hạn", "").replace("Tiếng Việt", "")
    assert not VIETNAMESE.search(left), left
