"""Passwords: hashed with argon2 and never kept; which ones are refused; one-time passwords for a first day."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from config.errors import ConfigError

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST: Final = 12
LONGEST: Final = 1_000  # what the forms take; argon2 of a book would keep others waiting
Fault = Literal["short", "long", "plain", "common", "name", "same"]
#: Why a password is refused, and what to choose instead.
FAULTS: Final[dict[Fault, tuple[str, str]]] = {
    "short": (f"it has fewer than {SHORTEST} characters.", f"Choose one of at least {SHORTEST}."),
    "long": (f"it has more than {LONGEST} characters.", "Choose a shorter one."),
    "plain": ("it is digits only, or few different characters.", "Choose several words, or a longer mix."),
    "common": ("it is one of the first that anybody would try.", "Choose words that belong to nothing here."),
    "name": ("it is the name of the account.", "Choose one that the name does not tell."),
    "same": ("it is the old one.", "Choose another one."),
}
#: What is left of common passwords without digits, signs and accents. Longer lists guard against fast guessing; here a
#: name has five tries.
COMMON: Final = frozenset(
    {
        "password", "passwd", "passw", "matkhau", "matkhaumoi", "matkhaulagi", "admin", "administrator", "quantri",
        "quantrivien", "welcome", "xinchao", "letmein", "changeme", "doimatkhau", "qwerty", "qwertyuiop", "qwertyui",
        "asdfghjkl", "zxcvbnm", "abcdef", "abcdefgh", "abcdefghijkl", "iloveyou", "anhyeuem", "emyeuanh", "vietnam",
        "vietnamvodich", "hanoi", "saigon", "hochiminh", "dunghan", "trungtamphucvuhanhchinhcong", "hanhchinhcong",
        "motcua", "dichvucong", "congchuc", "uyban", "ubnd", "demo", "test", "user", "khongbiet", "khongcomatkhau",
    }
)  # fmt: skip
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for each other when read from paper
_FEWEST: Final = 5  # different characters
_ONE_AT_A_TIME: Final = threading.Semaphore(2)  # one argon2 hash takes 64 MiB


class WeakPasswordError(ConfigError):
    """A password that is refused; ``fault`` says why, for a page that says it in its own words."""

    def __init__(self, fault: Fault) -> None:
        super().__init__("password", *FAULTS[fault])
        self.fault: Fault = fault


def accept(password: str, *, name: str, old_hash: str | None = None) -> None:
    """Raise WeakPasswordError for one that may not be chosen for the account ``name``, whose hash was ``old_hash``."""
    fault = _fault(password, name)
    if fault is None and old_hash is not None and fits(password, old_hash):
        fault = "same"
    if fault is not None:
        raise WeakPasswordError(fault)


def _fault(password: str, name: str) -> Fault | None:
    if len(_same(password)) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    letters = _letters(password)
    if not letters or len(set(_same(password))) < _FEWEST:
        return "plain"
    if letters in COMMON:
        return "common"
    return "name" if letters == _letters(name) or _same(password).casefold() == _same(name).casefold() else None


def _letters(text: str) -> str:
    """Give what a guesser begins with: the letters, without accents."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(c for c in apart if c.isalpha())


def one_time() -> str:
    """Make a password for a first sign-in, easy to read out: four groups of four."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """Hash a password; one typed with composed or decomposed accents is one password."""
    with _ONE_AT_A_TIME:
        return _hasher().hash(_same(password))


def fits(password: str, hash_: str | None) -> bool:
    """Say whether a password is the one of a hash; no hash takes as long, and fits nothing."""
    with _ONE_AT_A_TIME:
        found = _hasher().verify(_same(password), hash_ or _nobody())
    return found and hash_ is not None


def _same(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
