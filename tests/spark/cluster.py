"""A real master and workers of Apache Spark on loopback, started as a cluster's are: by ``spark-class``.

The wheel has no start scripts (``sbin``). Every process that is started here is ended here.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 90.0
_DEFAULTS: Final = """\
spark.driver.host {loopback}
spark.driver.bindAddress {loopback}
spark.driver.memory {memory}
spark.executor.memory {memory}
spark.log.level ERROR
spark.sql.shuffle.partitions 4
spark.ui.enabled false
"""
#: Few rows are counted before their code would be compiled.
_QUICK: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_FEW_ROWS: Final = f"""\
spark.driver.extraJavaOptions {_QUICK}
spark.executor.extraJavaOptions {_QUICK}
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.codegen.wholeStage false
"""


class NoClusterError(Exception):
    """A process of Spark ended before it answered; says what it wrote last."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A master's address, what the environment of a process says that asks it, and the processes of the workers."""

    master: str
    environment: dict[str, str]
    workers: tuple[int, ...]

    def executors(self) -> list[int]:
        """Give the processes in which the workers work now: their children."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                pid, parent = int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
                found += [pid] if parent in self.workers else []
        return found


def missing() -> str:
    """Say what this machine lacks for a cluster, or nothing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed (the test requirements bring it)."
    if shutil.which("java") is None:
        return "no java was found (Debian: apt-get install default-jre-headless)."
    return ""


@contextmanager
def cluster(folder: Path, *, workers: int = 2, memory: str = "512m", many: bool = False) -> Iterator[Cluster]:
    """Start a master and ``workers`` of one core each, for ``many`` millions of rows or for few."""
    conf = folder / "conf"
    conf.mkdir(parents=True)
    told = _DEFAULTS.format(loopback=LOOPBACK, memory=memory)
    (conf / "spark-defaults.conf").write_text(told if many else told + _FEW_ROWS, encoding="utf-8")
    port = _free_port()
    environment = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(conf),
        "SPARK_DAEMON_JAVA_OPTS": _QUICK,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
    here = ["--host", LOOPBACK, "--webui-port", "0"]
    address = f"spark://{LOOPBACK}:{port}"
    with ExitStack() as stack:
        log = folder / "master.log"
        master = stack.enter_context(_process(["master.Master", *here, "--port", str(port)], environment, log))
        _until_it_says("I have been elected leader", master, log)
        begun = []
        for k in range(workers):
            log = folder / f"worker-{k}.log"
            words = ["worker.Worker", *here, "--cores", "1", "--memory", memory, address]
            begun.append((stack.enter_context(_process(words, environment, log)), log))
        for worker, log in begun:
            _until_it_says("Successfully registered with master", worker, log)
        yield Cluster(address, environment, tuple(worker.pid for worker, _ in begun))


@contextmanager
def _process(words: Sequence[str], told: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one process of Spark; ask it to end, and make it end, afterwards."""
    [home] = (find_spec("pyspark") or sys.exit("no pyspark")).submodule_search_locations or [""]
    with log.open("wb") as out:
        begun = subprocess.Popen(
            [str(Path(home) / "bin" / "spark-class"), f"org.apache.spark.deploy.{words[0]}", *words[1:]],
            env=os.environ | told, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield begun
        finally:
            begun.terminate()
            try:
                begun.wait(20)
            except subprocess.TimeoutExpired:
                begun.kill()
                begun.wait()


def _until_it_says(sentence: str, begun: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while sentence not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if begun.poll() is not None or time.monotonic() > until:
            raise NoClusterError(f"{log.stem} did not start:\n{said[-2000:]}")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        port: int = asked.getsockname()[1]
        return port
