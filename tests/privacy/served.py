"""A system of the national exchange, and logs of events, with somebody planted in all that they say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.jobs.shell import Shell
from tests.privacy.planted import APART, CARD, NAME, OFFICER, PHONE, WHOLE
from tests.privacy.sent import IN_UNIT, STEP, payload_of, planted_in

SOURCE = """[[source]]
name = "served"
kind = "national_portal"
url = "{url}"
office = "H99"
user_secret = "SERVED_USER"
password_secret = "SERVED_PASSWORD"
request = {{ attempts = 1 }}
national_portal = {{ steps_service = "CapNhatTienDoHoSoMC" }}
"""
#: What a system answers instead of dossiers: each names people, in words that no pattern knows among others.
REFUSALS: tuple[tuple[int, str], ...] = (
    (200, f"<html><title>{NAME}</title><p>zuyên, {WHOLE}</p></html>"),
    (200, f"zuyên {WHOLE} is no JSON"),
    (200, json.dumps({"error_code": "0", "data": f"{WHOLE}, zuyên"}, ensure_ascii=False)),
    (200, json.dumps({"error_code": "7", "error_message": f"hồ sơ của {WHOLE}"}, ensure_ascii=False)),
    (200, json.dumps({"error_code": "0", "data": [{WHOLE: NAME, "zuyên": PHONE}]}, ensure_ascii=False)),
    (200, json.dumps({"error_code": "7", "error_message": f"hồ sơ của {APART}"}, ensure_ascii=False)),
    (500, f"<html>{WHOLE}, zuyên</html>"),
    (403, f"<html>{WHOLE}, zuyên</html>"),
)


def _answers(rows: list[dict[str, Any]]) -> Response:
    told = {"error_code": "0", "error_message": WHOLE, "tongSo": len(rows), "denNgay": "20260320100000", "data": rows}
    return Response(json.dumps(told, ensure_ascii=False), content_type="application/json")


def _good(request: Request) -> Response:
    steps = request.get_json()["service"] == "CapNhatTienDoHoSoMC"
    return _answers(planted_in(STEP, "MaHoSo", units=("PhongBanXuLy",)) if steps else payload_of())


def answered(shell: Shell, server: HTTPServer) -> Iterator[str]:
    """Have a system read over the network: what it tells, then each of its refusals; give what was said."""
    sources = shell.folder / "sources.toml"
    sources.write_text(SOURCE.format(url=server.url_for("").rstrip("/")), encoding="utf-8")
    shell.monkeypatch.setenv("DUNGHAN_SOURCES", str(sources))
    shell.monkeypatch.setenv("SERVED_USER", "reader")
    shell.monkeypatch.setenv("SERVED_PASSWORD", "secret-of-the-reader")
    server.expect_request("/mapi/login").respond_with_json({"session": "s", "hoTen": NAME, "soDienThoai": PHONE})
    server.expect_request("/mapi/g").respond_with_handler(_good)
    yield " ".join(map(str, shell("sync", "--sweep", "served")))
    for status, body in REFUSALS:
        server.clear()
        server.expect_request("/mapi/login").respond_with_json({"session": "s"})
        server.expect_request("/mapi/g").respond_with_data(body, status=status)
        yield " ".join(map(str, shell("sync", "served")))


LOG = """source = "logs"
[columns]
code = "case:concept:name"
department = "case:donvi"
[events]
time = "time:timestamp"
activity = "concept:name"
resource = "org:resource"
received = "first"
"""
FOLDER = """[[source]]
name = "logs"
kind = "folder"
mapping = "logs.toml"
[source.folder]
path = "{}"
settle_seconds = 0.0
"""


def log_of_events() -> str:
    """Write a log in XES: a case for every attribute with somebody planted in it, and attributes nobody asked for."""
    trace = {"donvi": IN_UNIT, "chuhoso": NAME, "ghichu": WHOLE, "tengoi": "zuyên", WHOLE: CARD}
    stamps = ("2026-03-02T08:00:00+07:00", WHOLE)
    events = [{"org:resource": OFFICER, "concept:name": name, "noidung": WHOLE} for name in ("Thẩm định", WHOLE)]
    cases = [
        f"<trace>{_texts({'concept:name': f'H99-{n}'} | trace)}<event>{_texts(event)}"
        f"{_attribute('date' if stamp[0] == '2' else 'string', 'time:timestamp', stamp)}</event></trace>"
        for n, (event, stamp) in enumerate((e, s) for e in events for s in stamps)
    ]
    return f'<log xmlns="http://www.xes-standard.org/">{_texts({"concept:name": WHOLE})}{"".join(cases)}</log>'


def _texts(told: dict[str, str]) -> str:
    return "".join(_attribute("string", key, value) for key, value in told.items())


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"


def logged(shell: Shell) -> list[str]:
    """Have logs taken from a watched folder: one that is whole, one that is cut off, one that is no log at all."""
    inbox = shell.folder.parent / f"{shell.folder.name}-logs"
    inbox.mkdir()
    (shell.folder / "logs.toml").write_text(LOG, encoding="utf-8")
    whole = log_of_events()
    (inbox / f"{NAME} {PHONE}.xes").write_text(whole, encoding="utf-8")
    (inbox / f"{OFFICER}.xes").write_text(whole[: len(whole) // 2], encoding="utf-8")
    (inbox / "doctype.xes").write_text(f"<!DOCTYPE x [<!ENTITY a '{WHOLE}'>]>{whole}", encoding="utf-8")
    (shell.folder / "sources.toml").write_text(FOLDER.format(inbox), encoding="utf-8")
    shell.monkeypatch.setenv("DUNGHAN_SOURCES", str(shell.folder / "sources.toml"))
    said = [" ".join(map(str, shell("sync", "logs"))) for _ in range(2)]
    assert len(list((inbox / "held").iterdir())) == 2
    shutil.rmtree(inbox / "held")  # documented: it holds the file itself until it can be read
    home = shell.store.removeprefix("sqlite:///").rpartition("/")[0]
    shutil.move(inbox, f"{home}/logs")  # what is in done/ and failed/ is searched as all that was written is
    return said
