"""Questions to nginx by its name and certificate, and a server that says what reached it."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tests.deploy.machine import HOST
from tests.deploy.production import Production


class _ByName(http.client.HTTPSConnection):
    """Goes to this machine, whatever the name says."""

    context: ssl.SSLContext

    def connect(self) -> None:
        self.sock = self.context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), 30), server_hostname=HOST
        )


def ask(
    made: Production, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b"",
    old: bool = False,
) -> tuple[int, http.client.HTTPMessage, bytes]:  # fmt: skip
    """Ask nginx; gives status, headers and text. The certificate has to be the one that we made."""
    connection = _ByName(HOST, made.https)
    connection.context = ssl.create_default_context(cafile=str(made.root / "etc/ssl/dunghan/fullchain.pem"))
    if old:
        with warnings.catch_warnings():  # that it is deprecated is why it is tried
            warnings.simplefilter("ignore")
            connection.context.minimum_version = connection.context.maximum_version = ssl.TLSVersion.TLSv1_1
    told = {"Host": made.address.removeprefix("https://"), **(headers or {})}
    with closing(connection):
        connection.request(method, path, body=body or None, headers=told)
        with connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read()


@contextmanager
def echo(port: int) -> Iterator[None]:
    """Stand in for a dashboard: answer every question with the headers that arrived and the length of the body, and
    open every socket that is asked for."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  the name that http.server looks for
            if self.headers.get("Upgrade"):
                self.send_response(101)
                self.send_header("Upgrade", "websocket")
                self.send_header("Connection", "Upgrade")
                self.end_headers()
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = json.dumps({name.lower(): value for name, value in self.headers.items()} | {"body": str(len(body))})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said.encode())

        do_POST = do_GET  # noqa: N815  the same

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", port), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sockets(port: int) -> int:
    """Count open connections to a port of this machine: sockets of pages, for nginx keeps no other one open."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    words = [line.split() for line in lines]
    return sum(int(told[1].partition(":")[2], 16) == port and told[3] == "01" for told in words)
