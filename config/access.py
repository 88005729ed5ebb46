"""Who may sign in how, and what a provider's claims mean here: access.toml.

Nobody gets a role by default: whom no rule fits is not let in, and a unit that the register does not know
opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import ConfigError
from config.place import of
from config.reading import read_toml
from config.units import Units

NAME: Final = "access.toml"
LONGEST_TITLE: Final = 200
Role = Literal["chairman", "director", "head", "operator", "auditor", "administrator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
Word = Annotated[str, Field(min_length=1, max_length=300)]


class Local(BaseModel):
    """Accounts with a password of ours. ``open`` False: only those named in ``emergency`` may use theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = True
    emergency: tuple[Word, ...] = ()

    def may(self, name: str) -> bool:
        """Say whether the password of ``name`` counts."""
        return self.open or name in self.emergency


class Claims(BaseModel):
    """Which claims tell the account's name and title, and what is asked of the provider."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Word = "preferred_username"
    title: Word = "name"
    scopes: tuple[Word, ...] = ("openid", "profile")
    userinfo: bool = False


class Rule(BaseModel):
    """Whose ``claim`` is, or as a list holds, ``contains`` has ``role``; units by name here, or told by a claim."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    claim: Word
    contains: Word
    role: Role
    units: tuple[Word, ...] = ()
    units_from: str = ""
    below: bool = False

    @model_validator(mode="after")
    def _as_the_role_wants(self) -> Self:  # noqa: N804 - after the fact it is given the value
        if self.role == "head" and not self.units and not self.units_from:
            raise ValueError("a head has units: write `units`, or the claim that tells them in `units_from`")
        if self.units and self.units_from:
            raise ValueError("`units` and `units_from` exclude each other")
        return self


class Access(BaseModel):
    """access.toml as written; the rules are tried in order, the first that fits holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    local: Local = Local()
    claims: Claims = Claims()
    rule: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """Somebody as the claims describe them; ``units`` None: the whole province."""

    name: str
    title: str
    role: Role
    units: tuple[str, ...] | None
    below: bool


#: Why claims let nobody in: no rule fits, the rule's claim tells no unit, the register does not know it, no name.
Unfit = Literal["no_rule", "no_units", "unknown_unit", "no_name"]
_SAID: Final[dict[Unfit, tuple[str, str]]] = {
    "no_rule": ("no rule of access.toml fits.", "Give the person a group at the provider, or write a [[rule]]."),
    "no_units": ("the claim of the units is empty.", "Tell the unit at the provider."),
    "unknown_unit": ("the register does not know the unit.", "Write its code into units.toml, or mend the claim."),
    "no_name": ("the claim of the name is empty.", "Mend [claims] name in access.toml."),
}


class UnfitError(ConfigError):
    """Claims that let nobody in; ``why`` for a page that says it in its own words."""

    def __init__(self, why: Unfit, what: str) -> None:
        super().__init__(what, *_SAID[why])
        self.why: Unfit = why


def load(path: Path | None = None) -> Access:
    """Give what access.toml says. Raises ConfigError, also where nobody could sign in any more."""
    return _load(path or of(NAME))


@cache
def _load(where: Path) -> Access:
    told = read_toml(where, Access)
    if not told.local.open and not told.rule:
        found = "local accounts are closed, and no [[rule]] lets anybody in from outside."
        raise ConfigError(str(where), found, "Write a [[rule]], or `open = true`.")
    return told


def described(claims: Mapping[str, Any], access: Access, register: Units) -> Described:
    """Give whom ``claims`` describe, by the first rule that fits. Raises UnfitError for whom no rule lets in."""
    name = _text(_found(claims, access.claims.name))
    if not name:
        raise UnfitError("no_name", f'claim "{access.claims.name}"')
    rule = next((r for r in access.rule if r.contains in _texts(_found(claims, r.claim))), None)
    if rule is None:
        raise UnfitError("no_rule", f'"{name}"')
    title = _text(_found(claims, access.claims.title))[:LONGEST_TITLE] or name
    return Described(name, title, rule.role, _units(claims, rule, register, name), rule.below)


def _units(claims: Mapping[str, Any], rule: Rule, register: Units, name: str) -> tuple[str, ...] | None:
    if not rule.units and not rule.units_from:
        return None
    claim = None if rule.units else _found(claims, rule.units_from)
    odd = [one for one in claim if not isinstance(one, str)] if isinstance(claim, list) else []
    if odd:  # to leave it out would let somebody in with other units than the provider means
        raise UnfitError("unknown_unit", f'"{name}", unit {odd[0]!r:.80}')
    told = rule.units or _texts(claim)
    if not told:
        raise UnfitError("no_units", f'"{name}", claim "{rule.units_from}"')
    for one in told:
        if not register.knows(one):
            raise UnfitError("unknown_unit", f'"{name}", unit "{one}"')
    return tuple(sorted({register.today(one) or one for one in told}))


def _found(claims: Mapping[str, Any], name: str) -> Any:
    """Give a claim by its name, or by its way into others: realm_access.roles."""
    if name in claims:
        return claims[name]
    outer, _, inner = name.partition(".")
    within = claims.get(outer) if inner else None
    return _found(within, inner) if isinstance(within, Mapping) else None


def _texts(claim: Any) -> tuple[str, ...]:
    """Give the texts of a claim: itself, or those of a list. A part of a text never counts."""
    listed = claim if isinstance(claim, list) else [claim]
    return tuple(text for one in listed if (text := _text(one)))


def _text(claim: Any) -> str:
    return claim.strip() if isinstance(claim, str) else ""
