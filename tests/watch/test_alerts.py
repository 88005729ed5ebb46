"""The alerts that are shipped ask for figures that there are, by the thresholds that the product itself keeps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args

import pytest
import yaml  # type: ignore[import-untyped]  # bandit brings it, without its stubs
from prometheus_client.parser import text_string_to_metric_families
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from config import diary
from dashboard import cached, gauges, stored, watched
from dashboard.families import Family, written
from jobs import doctor, outgoing, turns
from store import delivery, editions, signs
from store.database import Store

ROOT: Final = Path(__file__).parents[2]
NOW: Final = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
NAME: Final = re.compile(r"\bdunghan_[a-z_]+\b")
RULES: Final[list[dict[str, Any]]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]


@pytest.fixture
def families(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[Family]:
    monkeypatch.setattr(stored, "store", lambda: store)
    return gauges.families(NOW)


def names(families: list[Family]) -> set[str]:
    return {f"dunghan_{family.name}" for family in families}


def test_every_figure_that_an_alert_asks_for_is_told(families: list[Family]) -> None:
    histograms = {f"dunghan_{f.name}_{end}" for f in families if f.kind == "histogram" for end in ("bucket", "count")}
    known = names(families) | histograms
    for rule in RULES:
        asked = set(NAME.findall(rule["expr"]))
        assert asked <= known, rule["alert"]
        assert asked or rule["expr"].startswith("up{")


def test_every_figure_stands_in_the_table_of_the_document_and_no_other(families: list[Family]) -> None:
    text = (ROOT / "docs" / "watch.md").read_text(encoding="utf-8")
    table = text.partition("## Figures")[2].partition("\n## ")[0]
    listed = re.findall(
        r"`([a-z_]+)(?:\{[a-z_, ]+\})?`", "\n".join(r.split("|")[1] for r in table.splitlines() if "|" in r)
    )
    assert {f"dunghan_{name}" for name in listed} == names(families)


def test_alerts_say_in_vietnamese_what_is_wrong_and_how_bad() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10
    for rule in RULES:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert re.search("[ăâđêôơưàáảãạ]", rule["annotations"]["summary"]), rule["alert"]


def test_alerts_know_the_states_and_times_of_the_product() -> None:
    by_name = {rule["alert"]: rule for rule in RULES}
    states = {
        state
        for rule in RULES
        for told in re.findall(r'state=~?"([a-z_|]+)"', rule["expr"])
        for state in told.split("|")
    }
    assert states <= {*get_args(editions.State), *get_args(delivery.State), "ok", "failed"}
    assert set(delivery.OPERATOR_DECIDES) <= states
    assert f"> {doctor.NIGHTS // timedelta(hours=1)} * 3600" in by_name["DungHanPhanTichCu"]["expr"]
    assert by_name["DungHanViecDinhKyLoi"]["for"] == "20m" and timedelta(minutes=10) == turns.AGAIN_AFTER
    assert 3 * outgoing.SIGN_EVERY_SECONDS <= 60, "a sign that comes a little late is no alert"


def test_a_part_that_breaks_again_and_again_is_one_incident_of_each_reader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watched, "_again", {})
    clock = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    def broken(session: str, **told: bool) -> str:
        diary.only(session=session, page="man-hinh", **told)
        return watched.incident(ValueError("the same"))

    first = broken("a", part=True)
    assert broken("a", part=True) == first != broken("b", part=True)
    assert broken("a") not in (first, broken("a"))
    clock[0] += watched.SAME_SECONDS
    assert broken("a", part=True) != first
    assert capsys.readouterr().err.count(first) == 1
    diary.only()


def test_the_leader_and_a_backup_leave_a_sign(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "store", lambda: store)

    def age(name: str) -> list[float]:
        return [value for f in gauges.families(NOW) if f.name == name for _, value in f.samples]

    assert age("leader_sign_age_seconds") == age("backup_age_seconds") == []
    signs.give(store, "leader", at=NOW - timedelta(seconds=90))
    signs.give(store, "backup", at=NOW - timedelta(hours=2))
    assert (age("leader_sign_age_seconds"), age("backup_age_seconds")) == ([90.0], [7200.0])
    (store.derived.with_suffix(signs.FOLDER) / "leader.json").write_text("{", encoding="utf-8")
    assert age("leader_sign_age_seconds") == []


def _drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a page three times, in 0.3 s, in 7 s, and given up after 9; and a part of it in 1 s."""
    clock = iter((0.0, 0.3, 10.0, 17.0, 20.0, 30.0, 31.0))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    monkeypatch.setattr(watched, "_address", lambda: "http://here/canh-bao?ma=H99")
    known = frozenset({"canh-bao", ""})
    with watched.drawing(known):
        pass
    with pytest.raises(StopException), watched.drawing(known):
        raise StopException
    with pytest.raises(RerunException), watched.drawing(known):  # it was given up: how long it takes is not known
        raise RerunException(RerunData())
    with watched.drawing_part():
        pass


def test_prometheus_own_parser_reads_drawings_and_caches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "store", lambda: store)
    monkeypatch.setattr(watched, "runs", {})
    with monkeypatch.context() as for_a_while:
        _drawn(for_a_while)

    @cached.resource()
    def doubled(n: int) -> int:
        return 2 * n

    assert [doubled(3), doubled(3), doubled(4)] == [6, 6, 8]
    text = written(gauges.families(NOW))
    read = {f.name: f for f in text_string_to_metric_families(text)}
    drawn = {
        s.labels.get("le", s.name[-3:]): s.value
        for s in read["dunghan_page_run_seconds"].samples
        if s.labels["part"] == "page"
    }
    assert (drawn["0.25"], drawn["0.5"], drawn["5.0"], drawn["10.0"], drawn["+Inf"]) == (0, 1, 1, 2, 2)
    assert (drawn["unt"], drawn["sum"]) == (2, 7.3)
    parts = [
        s for s in read["dunghan_page_run_seconds"].samples if s.labels["part"] == "part" and s.name.endswith("_count")
    ]
    assert [(s.labels["page"], s.value) for s in parts] == [("canh-bao", 1)]
    (hits,) = [s.value for s in read["dunghan_cache_hits"].samples if s.labels["cache"] == "test_alerts.doubled"]
    (misses,) = [s.value for s in read["dunghan_cache_misses"].samples if s.labels["cache"] == "test_alerts.doubled"]
    assert (hits, misses) == (1, 2)
    diary.only()
