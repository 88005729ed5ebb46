"""What a database answers when it cannot: the same words for every server, and never a password."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from config.errors import ConfigError, DunghanError, SourceError

_ACCOUNT: Final = "Check the account and the secrets of the source; docs/connectors.md says what rights it needs."
UNREACHABLE: Final = "the server cannot be reached"
_CHANGED: Final = "The vendor may have changed it; mend the query of the source."
#: What stands in a driver's code or message → what it means, and the next step. The first that fits.
KNOWN: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), found, step)
    for pattern, found, step in (
        (
            r"\b(28P01|28000|1045|1698|18456|ORA-01017|ORA-28000)\b|password authentication|no password supplied"
            r"|role \"[^\"]*\" does not exist",
            "the server refuses the account",
            _ACCOUNT,
        ),
        (
            r"\b(3D000|1049|4060|ORA-12514|DPY-6001)\b|unable to open database|database \"[^\"]*\" does not exist",
            "there is no such database",
            "Check the address.",
        ),
        (r"\b(42P01|1146|208|ORA-00942)\b|no such table", "a table is gone, or hidden from the account", _CHANGED),
        (r"\b(42703|1054|207|ORA-00904)\b|no such column", "a column is gone", _CHANGED),
        (r"\b(42501|1142|1143|1044|229|ORA-01031)\b|permission denied", "the account may not read this", _ACCOUNT),
        (
            r"\b(25006|1792|ORA-01456)\b|read-?only (transaction|database)|readonly database",
            "the query tries to write, and the connection only reads",
            "Write a query that reads.",
        ),
        (
            r"\b(57014|1969|3024|DPY-4024|ORA-01013|20003)\b|statement timeout|interrupted|timed out",
            "the server took too long",
            "Make the query lighter (an index on the cursor column), or raise statement_timeout_seconds.",
        ),
        (
            r"\b(2006|2013|57P01|57P02|57P03|DPY-4011|ORA-03113|ORA-03114|20004|20047)\b|server closed the connection"
            r"|lost connection|terminating connection|connection (is lost|already closed)|dead connection",
            "the server went away half-way",
            "What was read is stored; the next pull goes on there.",
        ),
        (
            r"\b(2002|2003|2005|20009|DPY-6005|DPY-6000|ORA-12541)\b|connection refused|could not (connect|translate)"
            r"|failed to resolve|connection failed|connection timeout|unable to connect",
            UNREACHABLE,
            "Check that it runs, the address, and the way to it; nothing is lost.",
        ),
        (r"\b(42601|1064|102|156|ORA-009\d\d)\b|syntax error", "the server does not understand the query", "Mend it."),
    )
)
_LONGEST: Final = 300


def passing(error: Exception) -> bool:
    """Say whether another try may mend it: the server is not there yet, or was there a moment ago."""
    return isinstance(error, DBAPIError) and _meaning(_told(error))[0] == UNREACHABLE


def said(error: SQLAlchemyError, *, place: str, hidden: tuple[str, ...]) -> DunghanError:
    """Give the error in the user's words; ``hidden`` are texts that must not stand in it (passwords)."""
    if isinstance(error, NoSuchModuleError):
        found = f"no server of that kind is known ({_first_line(error)})."
        return ConfigError(place, found, "Begin the address with postgresql, mariadb, mysql, mssql, oracle or sqlite.")
    text = _scrubbed(_told(error), hidden)
    found, step = _meaning(text)
    return SourceError(place, f"{found}: {text}.", step)


def _meaning(text: str) -> tuple[str, str]:
    fitting = ((found, step) for pattern, found, step in KNOWN if pattern.search(text))
    return next(fitting, ("the database answers", "Ask its operator; nothing is lost."))


def no_driver(error: ImportError, *, place: str, server: str) -> DunghanError:
    """Name the extra that brings the driver."""
    found = f'the driver for "{server}" is not installed ({error.name or error}).'
    return ConfigError(place, found, "Install it: pip install 'dunghan[databases]'.")


def _told(error: SQLAlchemyError) -> str:
    """Give the driver's code and first line, and PostgreSQL's hint; never the statement with its parameters."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = getattr(origin, "sqlstate", None) or ""
    hint = getattr(getattr(origin, "diag", None), "message_hint", None) or ""
    return " ".join(part for part in (str(code), _first_line(origin), hint) if part)[:_LONGEST]


def _first_line(error: BaseException) -> str:
    args = [a.decode(errors="replace") if isinstance(a, bytes) else str(a) for a in error.args]
    lines = " ".join(args).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(". ")


def _scrubbed(text: str, hidden: tuple[str, ...]) -> str:
    for word in hidden:
        text = text.replace(word, "…") if word else text
    return re.sub(r"//[^/@\s]*@", "//…@", text)
