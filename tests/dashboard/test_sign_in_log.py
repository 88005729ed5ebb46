"""Who signed in, who tried to, who left: kept in the audit log, and never a password."""

from __future__ import annotations

import httpx2
from starlette.applications import Starlette

from dashboard import account, doors, routes
from dashboard.scope import COOKIE
from store import audit
from store.database import Store
from tests.dashboard import made_up
from tests.dashboard.loops import answered


async def visits() -> tuple[int, int, int]:
    """Fail to sign in, sign in, sign out; gives the status of each."""
    transport = httpx2.ASGITransport(app=Starlette(routes=routes.ROUTES))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        page = await client.get(doors.SIGN_IN)
        form = {"ten": "giamdoc", "khoa": page.cookies[doors.CSRF_COOKIE], "tiep": "/"}
        wrong = await client.post(doors.SIGN_IN, data=form | {"mat_khau": "không phải mật khẩu"})
        right = await client.post(doors.SIGN_IN, data=form | {"mat_khau": made_up.PASSWORD})
        away = await client.get(account.sign_out_link(right.cookies[COOKIE]))
        return wrong.status_code, right.status_code, away.status_code


def test_every_sign_in_and_sign_out_is_kept_and_no_password(in_use: Store) -> None:
    assert answered(visits) == (401, 303, 303)
    kept = audit.read(in_use, person="giamdoc")
    assert [act for act in kept["act"] if act.startswith("sign")] == ["sign_out", "sign_in", "sign_in_failed"]
    assert made_up.PASSWORD not in str(kept.rows()) and "không phải" not in str(kept.rows())
