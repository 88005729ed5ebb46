"""/metrics: what a monitoring system reads, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard import data, exposition, watching
from dashboard.families import Family, written
from dashboard.watched import kind_of
from dashboard.watching import Counted
from store import runs, tokens
from store.database import Store
from tests.dashboard.conftest import NOW
from tests.dashboard.loops import answered

Get = Callable[[str], tuple[int, str]]
SAMPLE = re.compile(r"dunghan_[a-z_]+(\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\})? -?[\d.e+-]+")


@pytest.fixture(scope="module")
def secrets(province: Store) -> dict[str, str]:
    told: dict[str, tuple[tokens.Kind, tuple[str, ...] | None]] = {
        "giam-sat": ("api", None), "mot-so": ("api", ("Sở Y tế",)), "man-hinh": ("wall", None),
    }  # fmt: skip
    return {
        name: tokens.issue(province, name, kind=kind, departments=units, by="quantri", at=NOW)[1]
        for name, (kind, units) in told.items()
    }


@pytest.fixture
def get(in_use: Store, secrets: dict[str, str]) -> Get:
    app = Starlette(routes=exposition.ROUTES, middleware=[Middleware(Counted)])

    def ask(who: str) -> tuple[int, str]:
        async def go() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
                return await client.get("/metrics", headers={"Authorization": f"Bearer {secrets.get(who, who)}"})

        answer = answered(go)
        return answer.status_code, answer.text

    return ask


def value(text: str, sample: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(f"dunghan_{sample} ")]
    return float(line.rpartition(" ")[2])


def test_a_token_of_the_province_reads_how_the_product_does(
    get: Get, in_use: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(minutes=10)
    monkeypatch.setattr("dashboard.filters.now", lambda: later)
    get("")  # a request is counted once it is answered
    code, text = get("giam-sat")
    assert code == 200
    lines = text.splitlines()
    assert [line for line in lines if not line.startswith("#") and not SAMPLE.fullmatch(line)] == []
    state = data.manifest()
    (source,) = runs.latest(in_use).to_dicts()
    assert state is not None and state.newest_at is not None
    assert value(text, f'figures_info{{data_version="{state.data_version}"}}') == 1
    assert value(text, "figures_age_seconds") == (later - state.newest_at).total_seconds() > 0
    assert value(text, 'dossiers{source="mot-cua"}') == source["dossiers"] > 0
    assert value(text, 'quarantined_rows{source="mot-cua"}') == source["refused"] == 3
    assert value(text, 'last_good_run_age_seconds{source="mot-cua"}') == (later - source["last_ok_at"]).total_seconds()
    assert value(text, 'runs_last_day{source="mot-cua",state="ok"}') >= 1
    assert "# TYPE dunghan_requests_total counter" in lines


@pytest.mark.parametrize(("who", "code"), [("", 401), ("of nobody", 401), ("man-hinh", 401), ("mot-so", 403)])
def test_whoever_may_not_read_the_whole_province_is_told_nothing(get: Get, who: str, code: int) -> None:
    assert (found := get(who))[0] == code
    assert "dunghan_" not in found[1]


def test_requests_are_counted_by_kind_and_answer(get: Get) -> None:
    before = watching.asked["metrics", "4xx"]
    get("of nobody")
    assert watching.asked["metrics", "4xx"] == before + 1
    assert f'dunghan_requests_total{{kind="metrics",code="4xx"}} {before + 1}\n' in get("giam-sat")[1]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/ho-so?ma=H01", "page"),
        ("/api/overdue", "api"),
        ("/dang-nhap", "sign_in"),
        ("/x" * 900, "page"),
    ],
)
def test_addresses_have_few_names(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_a_label_holds_any_text_on_one_line() -> None:
    told = written([Family("x", "gauge", "Words.", [({"source": 'a"b\\c\nd'}, 1.0)]), Family("y", "gauge", "", [])])
    assert told == '# HELP dunghan_x Words.\n# TYPE dunghan_x gauge\ndunghan_x{source="a\\"b\\\\c\\nd"} 1\n'
