"""Quản trị: who may sign in and which tokens are out, as tables of words; and why a change cannot be made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from config.units import Units
from dashboard import wording
from dashboard.scope import ROLES
from store.people import Account, Person, Role
from store.tokens import Kind, Token

PROVINCE: Final = "Toàn tỉnh"
KINDS: Final[dict[Kind, str]] = {"wall": "Màn hình điều hành", "api": "Hệ thống khác (JSON)"}
NEW: Final = ""
LONGEST_TITLE: Final = 42  # letters that its column holds; the whole of it stands in the form
NO_UNIT: Final = "Chọn ít nhất một đơn vị, hoặc chọn Toàn tỉnh."
#: Code of each tab in the address → its name.
TABS: Final = {
    "nguoi-dung": "Người dùng", "ma-truy-cap": "Mã truy cập", "lich": "Lịch", "don-vi": "Đơn vị", "quy-tac": "Quy tắc",
    "nguong": "Ngưỡng", "nhat-ky": "Nhật ký",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form says of a person: the role, what stands on the screen, and whose dossiers are seen."""

    name: str
    title: str
    role: Role
    departments: tuple[str, ...] | None
    below: bool


def people(accounts: Sequence[Account]) -> pl.DataFrame:
    """Lay out who may sign in."""
    columns = ("Tên đăng nhập", "Chức danh", "Vai trò", "Được xem", "Tình trạng", "Đăng nhập gần nhất")
    rows = [
        (
            a.person.name,
            wording.flat(a.person.title, LONGEST_TITLE),
            ROLES[a.person.role],
            sees(a.person),
            _state(a),
            wording.moment(a.signed_in_at),
        )
        for a in accounts
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def sees(person: Person) -> str:
    """Say whose dossiers a person sees."""
    return reach(person.departments) + (" và đơn vị trực thuộc" if person.below else "")


def reach(departments: tuple[str, ...] | None) -> str:
    """Name the units, or the whole province."""
    return PROVINCE if departments is None else ", ".join(departments) or "Không có đơn vị"


def _state(account: Account) -> str:
    if account.disabled_at is not None:
        return f"Đã khóa từ {wording.moment(account.disabled_at)}"
    waiting = "Chờ đổi mật khẩu" if account.person.must_change else "Đang dùng"
    return "Qua nhà cung cấp" if account.person.outside else waiting


def departments(register: Units, seen: Collection[str]) -> tuple[str, ...]:
    """Give the units that can be chosen: of the register and of the data."""
    living = {entry.name for entry in register.known if entry.to_on is None}
    return tuple(sorted(living | set(seen), key=wording.sort_key))


def faults(wanted: Wanted, accounts: Sequence[Account], *, new: bool, confirmed: bool) -> list[str]:
    """Say in words why a person cannot be added or changed so; nothing where it can be done."""
    known = {a.person.name: a for a in accounts}
    told = [] if wanted.name.strip() else ["Nhập tên đăng nhập."]
    if new and wanted.name.strip() in known:
        told.append("Tên này đã có người dùng; tên đã cấp không dùng lại cho người khác.")
    if wanted.departments == ():
        told.append(NO_UNIT)
    if wanted.role == "head" and wanted.departments is None:
        told.append("Thủ trưởng đơn vị phải có ít nhất một đơn vị.")
    if not new and wanted.role != "administrator" and is_last(wanted.name, accounts):
        told.append("Đây là quản trị cuối cùng còn đăng nhập được: cấp quyền quản trị cho người khác trước.")
    return told if confirmed else [*told, "Đánh dấu xác nhận trước khi ghi."]


def is_last(name: str, accounts: Sequence[Account]) -> bool:
    """Say whether nobody but ``name`` is administrator and may sign in."""
    living = {a.person.name for a in accounts if a.person.role == "administrator" and a.disabled_at is None}
    return living == {name}


def token_faults(
    name: str, departments: tuple[str, ...] | None, tokens: Sequence[Token], *, confirmed: bool
) -> list[str]:
    """Say in words why a token cannot be issued; nothing where it can be."""
    told = [] if name.strip() else ["Nhập tên màn hình hoặc hệ thống."]
    if name.strip() in {token.name for token in tokens}:
        told.append("Tên này đã có mã; tên đã cấp không dùng lại.")
    if departments == ():
        told.append(NO_UNIT)
    return told if confirmed else [*told, "Đánh dấu xác nhận trước khi cấp."]


def tokens(several: Sequence[Token]) -> pl.DataFrame:
    """Lay out every token that was ever issued: those that hold first."""
    columns = ("Tên", "Loại", "Được xem", "Tình trạng", "Cấp lúc", "Cấp bởi")
    rows = [
        (t.name, KINDS[t.kind], reach(t.departments), _ended(t.revoked_at), wording.moment(t.issued_at), t.issued_by)
        for t in sorted(several, key=lambda t: (t.revoked_at is not None, wording.sort_key(t.name)))
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _ended(at: datetime | None) -> str:
    return "Đang dùng" if at is None else f"Thu hồi {wording.moment(at)}"
