"""Hand one message to a chat or an SMS gateway, through apprise: an extra, for who wants it (dunghan[gateways])."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from urllib.parse import quote

from config import mail
from config.errors import ConfigError
from connectors.smtp import Answer
from store.delivery import Letter


def post(letter: Letter, *, about_to_send: Callable[[], bool]) -> Answer:
    """Hand ``letter`` to the gateway that its channel names. Raises ConfigError where there is no apprise, or no such
    gateway: nothing was sent.

    A gateway says yes or nothing for certain: its silence, a refusal and a request that went out and was not answered
    look alike, so all of them are unknown and go to the operator.
    """
    gateway = _apprise().Apprise()
    address = mail.gateway(letter.channel)
    if address is None:
        name = f"DUNGHAN_GATEWAY_{letter.channel.upper()}"
        raise ConfigError(name, "there is no such secret.", "Set it to the gateway's address (docs/mail.md).")
    if not gateway.add(_to(address, letter.recipient)):
        found = "apprise does not know such an address."
        raise ConfigError(f"gateway {letter.channel}", found, "Mend the secret (docs/mail.md).")
    if not about_to_send():
        return Answer("withdrawn", "it was not this attempt's any more")
    if gateway.notify(title=letter.subject, body=letter.body):
        return Answer("sent", "the gateway took it")
    return Answer("unknown", "the gateway did not say that it took it")


def _to(address: str, recipient: str) -> str:
    """Put the recipient's number or room where the gateway's address has ``{recipient}``."""
    return address.replace("{recipient}", quote(recipient, safe=""))


def _apprise() -> ModuleType:
    try:
        return importlib.import_module("apprise")  # an extra: not everybody has it
    except ImportError as error:
        found = "chat and SMS gateways need apprise, which is not installed."
        raise ConfigError(
            "gateways", found, "pip install 'dunghan[gateways]', or take them out of mail.toml."
        ) from error
