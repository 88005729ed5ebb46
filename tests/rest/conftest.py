"""A vendor's own JSON service over a small made-up province, the mapping that an operator would write for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import stamina

from config.sources import Source
from connectors.base import Batch, Reading
from connectors.json_api import pull
from connectors.simulator.access import PASSWORD, USER
from connectors.simulator.province import Province
from connectors.simulator.rest_server import KEY, Service, serve
from tests.opencps.conftest import NOW, Clock, Kept, province, running

__all__ = ["province"]

MAPPING = """
source = "service"

[columns]
code = "soHoSo"
status = "tinhTrang.ma"
procedure = "thuTuc.ma"
procedure_name = "thuTuc.ten"
field = "thuTuc.linhVuc"
department = "donVi.0.ten"
channel = "kenh"
submitted_at = "thoiGian.nop"
received_at = "thoiGian.tiepNhan"
due_at = "thoiGian.henTra"
resolved_at = "thoiGian.ketThuc"
returned_at = "thoiGian.tra"
rejected_at = "thoiGian.tuChoi"
changed_at = "thoiGian.capNhat"

[status]
known = ["national"]
words = { "TL" = "refused" }

[channels]
"1" = "counter"
"2" = "online"
"3" = "post"

[duplicates]
keep = "newest"
"""


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the source names, and let retries follow each other at once."""
    for name, value in {"API_USER": USER, "API_PASSWORD": PASSWORD, "API_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(province: Province, clock: Clock) -> Service:  # noqa: F811 - a fixture is named as it is asked for
    return Service(province, clock)


@pytest.fixture
def source_of(service: Service, tmp_path: Path) -> Iterator[Callable[..., Source]]:
    """Give the source that reads the running service, by the way of paging that the test names."""
    (tmp_path / "service.toml").write_text(MAPPING, encoding="utf-8")
    with ExitStack() as stack:
        url = stack.enter_context(running(serve(service)))
        yield lambda paging="offset", **told: source_at(url, tmp_path, paging, **told)


def source_at(url: str, folder: Path, paging: str, **told: object) -> Source:
    own: dict[str, object] = {
        "path": f"/api/{paging}", "rows": "ketQua.hoSo", "paging": paging, "total": "trang.tong", "rows_a_page": 180,
        "size": "soLuong", "offset": "viTri", "page": "trang", "cursor": "viTri", "since": "tu", "until": "den",
        "moment": "epoch", "attempts": 4, "timeout_seconds": 2.0, "next": "trang.sau" if paging == "cursor" else "",
    }  # fmt: skip
    return Source.model_validate({
        "name": "service", "kind": "json_api", "url": url, "mapping": "service.toml", "user_secret": "API_USER",
        "password_secret": "API_PASSWORD", "json_api": own | told,
    }).model_copy(update={"beside": folder})  # fmt: skip


class Pulled(Kept):
    """What a store would hold of the service."""

    def batches(self, source: Source, now: object = NOW) -> Iterator[Batch]:
        for batch in pull(source, Reading(now, self.cursor)):  # type: ignore[arg-type]
            self.take(batch, now)  # type: ignore[arg-type]
            yield batch
