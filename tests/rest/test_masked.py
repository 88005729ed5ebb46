"""Of a service's applicants a masked form is kept where the mapping wants it; a field that never came is named."""

from __future__ import annotations

from pathlib import Path

from pytest_httpserver import HTTPServer

from connectors.base import Batch
from tests.rest.conftest import Pulled, source_at

MAPPING = """
source = "service"
[columns]
code = "ma"
received_at = "nhan"
status = "tt"
[status]
known = ["national"]
[personal]
keep_masked = ["chu.ten", "chu.dienThoai"]
"""
PERSON = {"ten": "Nguyễn Văn An", "dienThoai": "0912345123"}


def pulled(server: HTTPServer, folder: Path, mapping: str) -> list[Batch]:
    (folder / "service.toml").write_text(mapping, encoding="utf-8")
    rows = [{"ma": f"H{n}", "nhan": "2026-11-03", "tt": "4", "chu": PERSON} for n in range(12)]
    server.expect_request("/api/none").respond_with_json(rows)
    source = source_at(server.url_for("").rstrip("/"), folder, "none", rows="", total="")
    return list(Pulled().batches(source))


def test_the_masked_form_is_kept_and_the_name_is_not(httpserver: HTTPServer, tmp_path: Path) -> None:
    [batch] = pulled(httpserver, tmp_path, MAPPING)
    assert batch.masked is not None
    assert batch.masked.row(0) == ("H0", "Ng*** V** A** · …123")
    assert batch.raw is not None
    assert "Nguyễn" not in batch.raw.write_json()
    assert "masked_unseen" not in {n.code for n in batch.notes}


def test_a_field_that_never_came_is_named(httpserver: HTTPServer, tmp_path: Path) -> None:
    [batch] = pulled(httpserver, tmp_path, MAPPING.replace("chu.dienThoai", "chu.sdt"))
    [said] = [n for n in batch.notes if n.code == "masked_unseen"]
    assert "chu.sdt" in str(said.values)
