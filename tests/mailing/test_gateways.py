"""Chat and SMS gateways: yes is sent; everything else is unknown, for a gateway that is silent may have sent it."""

from __future__ import annotations

import sys

import pytest
from pytest_httpserver import HTTPServer

from config.errors import ConfigError
from connectors import gateways
from connectors.smtp import Answer
from store.delivery import Letter
from tests.mailing.conftest import NOW

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # apprise guesses pictures with it
LETTER = Letter(
    1, "k", "<k@minhson.example>", "digest", None, "tin_nhan", "0900/1", "Cảnh báo", "3 hồ sơ sắp đến hạn", (), 1, NOW
)


@pytest.fixture
def gateway(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    address = f"json://{httpserver.host}:{httpserver.port}/{{recipient}}"
    monkeypatch.setenv("DUNGHAN_GATEWAY_TIN_NHAN", address)
    return httpserver


def test_a_gateway_that_takes_it_has_sent_it(gateway: HTTPServer) -> None:
    gateway.expect_request("/0900/1").respond_with_json({})
    assert gateways.post(LETTER, about_to_send=lambda: True) == Answer("sent", "the gateway took it")
    ((request, _),) = gateway.log
    assert request.get_json()["message"] == LETTER.body
    assert request.get_json()["title"] == LETTER.subject


def test_a_gateway_that_does_not_say_yes_leaves_nobody_knowing(gateway: HTTPServer) -> None:
    gateway.expect_request("/0900/1").respond_with_data("", status=502)
    assert gateways.post(LETTER, about_to_send=lambda: True).what == "unknown"


def test_nothing_is_asked_of_a_gateway_for_an_attempt_that_is_over(gateway: HTTPServer) -> None:
    assert gateways.post(LETTER, about_to_send=lambda: False).what == "withdrawn"
    assert not gateway.log


def test_a_gateway_without_its_secret_or_its_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="DUNGHAN_GATEWAY_TIN_NHAN"):
        gateways.post(LETTER, about_to_send=lambda: pytest.fail("nothing may go out"))
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match=r"dunghan\[gateways\]"):
        gateways.post(LETTER, about_to_send=lambda: pytest.fail("nothing may go out"))
