"""How the page of the administration is drawn: what is looked after, one tab each."""

from __future__ import annotations

from dashboard import components, scope
from store.people import Person


def page(who: Person) -> None:
    """Draw the tabs for those who may see them; for others the words that tell nothing."""
    if not scope.may_look_after(who):
        components.state(
            "no_access", "Trang này dành cho quản trị", "Cần xem hoặc đổi quyền, liên hệ quản trị trung tâm."
        )
        return
