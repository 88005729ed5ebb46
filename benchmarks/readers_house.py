"""What readers come to: server processes of ours behind a proxy that keeps each reader at one, and peers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.dashboard_browser import ROOT, Server, served
from benchmarks.readers_crowd import Measured, Wanted
from benchmarks.readers_layout import HEADS, Laid
from store import people, sessions

#: Of ten readers: who comes.
WHO: Final = ("giam-doc", "chu-tich", "kiem-tra", "giam-doc", "giam-doc", *("truong",) * 5)
_PATIENCE: Final = 300.0
_NGINX: Final = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn; worker_processes 1;
events {{ worker_connections 2048; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  # As deploy/nginx/dunghan.conf: the cookie names the dashboard that answered last, and is set anew where none does.
  map $cookie_dunghan_at $dunghan_to {{ {to} default dunghan_any; }}
  map $upstream_addr $dunghan_at {{ {at} default ""; }}
  map "$cookie_dunghan_at:$dunghan_at" $dunghan_told {{
    "~:$" ""; "~^(\\w+):\\1$" ""; default "dunghan_at=$dunghan_at; Path=/; HttpOnly; SameSite=Lax";
  }}
  map $http_upgrade $dunghan_connection {{ "" ""; default upgrade; }}
  upstream dunghan_any {{ zone any 64k; least_conn; {every} }}
  {each}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://$dunghan_to; proxy_http_version 1.1;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $dunghan_connection;
      add_header Set-Cookie $dunghan_told always;
      proxy_read_timeout 180s; proxy_max_temp_file_size 0;
    }}
  }}
}}
"""


def port_of(server: Server) -> int:
    """Give the port of a server."""
    return int(server.address.rpartition(":")[2])


@contextmanager
def ours(laid: Laid, processes: int) -> Iterator[list[Server]]:
    """Run so many dashboards over one store."""
    environment = {"DUNGHAN_STORE": laid.store_url, "DUNGHAN_HOME": str(laid.folder)}
    with ExitStack() as all_of:
        yield [
            all_of.enter_context(served(["streamlit_app.py"], environment, "/healthz", laid.folder / f"ours{n}.log"))
            for n in range(processes)
        ]


@contextmanager
def peer(laid: Laid, way: str, place: str) -> Iterator[Server]:
    """Run a page written the ordinary way."""
    told = ["benchmarks/readers_peers.py", "--", way, place, f"{laid.today}"]
    with served(told, {"PYTHONPATH": "."}, "/_stcore/health", laid.folder / f"{way}.log") as server:
        yield server


@contextmanager
def proxied(servers: Sequence[Server], port: int, folder: Path) -> Iterator[int]:
    """Run nginx before them and give its port. Raises FileNotFoundError where there is none."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    folder.mkdir(parents=True, exist_ok=True)
    ports = [port_of(server) for server in servers]
    told = _NGINX.format(
        folder=folder, port=port,
        to=" ".join(f"p{each} dunghan_{each};" for each in ports),
        at=" ".join(f'"~:{each}$" p{each};' for each in ports),
        every=" ".join(f"server 127.0.0.1:{each};" for each in ports),
        each="\n".join(f"upstream dunghan_{each} {{ server 127.0.0.1:{each}; }}" for each in ports),
    )  # fmt: skip
    (folder / "nginx.conf").write_text(told, encoding="utf-8")
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        time.sleep(0.5)
        if process.poll() is not None:
            raise FileNotFoundError(f"nginx ended: {(folder / 'nginx.log').read_text(encoding='utf-8')[-300:]}")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def signed_in(laid: Laid, count: int) -> list[str]:
    """Open a session for each of so many readers of four roles."""
    store, now = laid.open(), datetime.now(UTC)
    names = [WHO[n % len(WHO)] for n in range(count)]
    tokens = [
        sessions.open_for(store, people.named(store, f"truong-{n % HEADS}" if name == "truong" else name), now=now)
        for n, name in enumerate(names)
    ]
    store.engine.dispose()
    return tokens


def read(wanted: Wanted, *, near_end: Callable[[], None] | None = None) -> Measured:
    """Let a crowd read, in a process of its own; ``near_end`` is done while all of them still have their pages open."""
    command = [sys.executable, "-m", "benchmarks.readers_crowd"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, cwd=ROOT, **pipes)  # type: ignore[call-overload]
    timer = threading.Timer(0.85 * (wanted.settle + wanted.seconds), near_end or (lambda: None))
    timer.start()
    try:
        out, err = process.communicate(json.dumps(asdict(wanted)), timeout=wanted.seconds + wanted.settle + _PATIENCE)
    finally:
        timer.join()
    if process.returncode:
        raise RuntimeError(f"the crowd broke down: {err[-600:]}")
    return Measured(**json.loads(out))


def held(server: Server) -> float:
    """Give the memory in MB that this process alone holds."""
    told: dict[str, Any] = {}
    for line in Path(f"/proc/{server.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, rest = line.partition(":")
        told[name] = int(rest.split()[0])
    return (int(told["Private_Clean"]) + int(told["Private_Dirty"])) / 1024
