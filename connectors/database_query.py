"""The one question that a source's database is asked: checked to be one SELECT, then wrapped in order and window."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from config.errors import ConfigError

PARAMETERS: Final = frozenset({"since", "until"})
#: What may hide a word or a semicolon that is none: texts, quoted names, comments. PostgreSQL's dollar quotes too.
_HIDING: Final = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|(\$\w*\$).*?\1", re.DOTALL
)
_WRITING: Final = re.compile(
    r"\b(insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|into|exec|execute)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """``text``: the office's own SELECT. ``cursor``, ``key``, ``code``: columns of its answer, as the server writes."""

    text: str
    cursor: str = ""
    key: tuple[str, ...] = ()
    code: tuple[str, ...] = ()

    def shape(self) -> sa.TextClause:
        """Ask for no row: its answer names the columns, and what is wrong with the question is said at once."""
        return sa.text(f"SELECT * FROM (\n{self.text}\n) q WHERE 1 = 0")  # noqa: S608

    def without_cursor(self, dialect: sa.Dialect) -> sa.TextClause:
        """Ask for the rows that the cursor can never reach."""
        return self._ordered(dialect, f"{self._named(dialect, self.cursor)} IS NULL", self.key)

    def everything(self, dialect: sa.Dialect) -> sa.TextClause:
        """Ask for all rows that have a place in the order."""
        return self._ordered(dialect, f"{self._named(dialect, self.cursor)} IS NOT NULL", (self.cursor, *self.key))

    def repeated(self, dialect: sa.Dialect, *, window: bool) -> sa.TextClause:
        """Ask which codes stand on more rows than one, and on how many."""
        by = ", ".join(self._named(dialect, name) for name in self.code)
        where = f" WHERE {self._named(dialect, self.cursor)} >= :since" if window else ""
        group = f"GROUP BY {by} HAVING COUNT(*) > 1"
        return sa.text(f"SELECT {by}, COUNT(*) AS dunghan_rows FROM (\n{self.text}\n) q{where} {group}")  # noqa: S608

    def window(self, dialect: sa.Dialect) -> sa.TextClause:
        """Ask for the rows from ``:since`` on, that value included."""
        return self._ordered(dialect, f"{self._named(dialect, self.cursor)} >= :since", (self.cursor, *self.key))

    def out_of_form(self, dialect: sa.Dialect, form: str) -> sa.TextClause:
        """Ask how many texts before ``:since`` are not LIKE ``form``, and for the first: no window would show them."""
        name = self._named(dialect, self.cursor)
        other = f"{name} NOT LIKE '{form}' AND {name} NOT LIKE '0000-00-00%' AND LTRIM({name}) > ' '"
        return sa.text(f"SELECT COUNT(*), MIN({name}) FROM (\n{self.text}\n) q WHERE {name} < :since AND {other}")  # noqa: S608

    def _ordered(self, dialect: sa.Dialect, where: str, order: tuple[str, ...]) -> sa.TextClause:
        by = ", ".join(self._named(dialect, name) for name in dict.fromkeys(order))
        return sa.text(f"SELECT * FROM (\n{self.text}\n) q WHERE {where} ORDER BY {by}")  # noqa: S608

    def _named(self, dialect: sa.Dialect, column: str) -> str:
        return "q." + dialect.identifier_preparer.quote_identifier(column).replace(":", r"\:")


def one_select(text: str, *, place: str) -> str:
    """Give the query without its closing semicolon. Raises ConfigError unless it is one SELECT that writes nothing.

    The server refuses to write as well (read-only transaction, rights of the account): this only says it sooner.
    """
    bare = _HIDING.sub(" '' ", text).strip().rstrip(";").rstrip()
    found = _wrong(bare, text)
    if found:
        step = "Write one SELECT, or WITH … SELECT; docs/connectors.md has an example for each server."
        raise ConfigError(f"{place}, query", found, step)
    strange = {*sa.text(text).compile().params} - PARAMETERS
    if strange:
        said = ", ".join(f":{name}" for name in sorted(strange))
        raise ConfigError(f"{place}, query", f"{said} is no parameter.", r"Known: :since, :until. A plain colon is \:.")
    return re.sub(r"(;\s*)+$", "", text.strip())


def begins_with_with(text: str) -> bool:
    """Say whether a query names its parts first, which SQL Server does not read inside brackets."""
    return bool(re.match(r"with\b", _HIDING.sub(" ", text).strip(), re.IGNORECASE))


def _wrong(bare: str, text: str) -> str:
    depths = [0]
    for sign in re.sub(r"[^()]", "", bare):
        depths.append(depths[-1] + (1 if sign == "(" else -1))
    word = _WRITING.search(bare)
    if "/*!" in text:
        return "it has a comment that MariaDB would carry out (/*! … */)."
    if ";" in bare:
        return "it is more than one statement."
    if not re.match(r"(select|with)\b", bare.lstrip("( \n\t"), re.IGNORECASE):
        return f'it begins with "{bare.split()[0] if bare.split() else ""}".'
    if word:
        return f'it has the word "{word.group()}", which reads nothing.'
    return "its brackets do not match." if min(depths) < 0 or depths[-1] else ""
