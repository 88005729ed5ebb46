"""Derive months on the workers of Apache Spark, and read there what was derived.

Spark hands out months and asks again where a worker dies; a month is worked out by our own code in the worker's Python.
Driver and workers see one folder, so no dossier goes through the network twice. Nothing here is imported unless
``DUNGHAN_ENGINE=spark``; pyspark is the extra ``spark`` (docs/scale.md).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

import metrics
from config.errors import ConfigError, DunghanError, StoreError
from jobs.deriving import Given, Seen, completed, kept
from store.snapshot import Keeper, Part, Piece

#: How long a master may take to answer, and a first worker to come.
ANSWER_SECONDS: Final = 10.0
WORKER_SECONDS: Final = 60.0
_OR_HERE: Final = "DUNGHAN_ENGINE=polars derives on this machine alone."
#: All else stands in Spark's own files (spark-defaults.conf). A core works on a month: one thread a month.
_OPTIONS: Final = {
    "spark.app.name": "dunghan",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """Where derived files lie, as a worker sees it."""

    derived: Path


@dataclass(frozen=True, slots=True)
class Task:
    """One month to derive: the file of what was observed, and the code that the driver has (``code``)."""

    folder: Folder
    month: str
    observed: str
    code: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a month could not be derived, in the words of an error of ours."""

    place: str
    found: str
    next_step: str


@contextmanager
def session(master: str) -> Iterator[Any]:
    """Open a session of Spark at ``master`` and close it afterwards, unless one was open. Raises ConfigError where the
    extra, Java, the master or its workers are missing."""
    in_reach(master)
    spark = _spark()
    before, build = spark.SparkSession.getActiveSession(), spark.SparkSession.builder.master(master)
    build = build.config("spark.pyspark.python", os.environ.get("PYSPARK_PYTHON", sys.executable))
    for name, value in _OPTIONS.items():
        build = build.config(name, value)
    opened = build.getOrCreate()
    try:
        _has_workers(opened, master)
        yield opened
    finally:
        if before is None:
            opened.stop()


def in_reach(master: str) -> None:
    """Raise ConfigError where the extra or Java is missing, or the master does not answer."""
    _spark()
    _java()
    _answers(master)


def parts(session: Any, store: Keeper, seen: Iterable[Seen], given: Given) -> Iterator[tuple[str, Part | None]]:
    """Give each month with its part as the workers finish them; None for one without a dossier.

    What was observed is written here, month by month, while the workers derive those before. Raises StoreError.
    """
    context = session.sparkContext
    shared, folder = context.broadcast(given), Folder(store.derived.absolute())
    most = 2 * context.defaultParallelism
    pool = ThreadPoolExecutor(most, thread_name_prefix="month")
    under_way: set[Future[tuple[str, Part]]] = set()
    try:
        for month, observed in seen:
            if not observed.height:
                yield month, None
                continue
            task = Task(folder, month, kept(store, observed, month), code())
            under_way.add(pool.submit(_asked, context, shared, task))
            done, under_way = wait(
                under_way, timeout=None if len(under_way) >= most else 0, return_when=FIRST_COMPLETED
            )
            yield from (each.result() for each in done)
        yield from (each.result() for each in as_completed(under_way))
    finally:
        pool.shutdown(cancel_futures=True)


def frame(session: Any, store: Keeper, made: Iterable[Part], piece: Piece) -> Any:
    """Give one piece of all these parts as a frame of Spark, ready for metrics.evaluate and metrics.took."""
    return session.read.parquet(*(str(store.derived.absolute() / getattr(part, piece)) for part in made))


def _asked(context: Any, shared: Any, task: Task) -> tuple[str, Part]:
    """Let one worker derive one month."""
    try:
        [answer] = context.parallelize([task], 1).map(partial(_derived, shared=shared)).collect()
    except _broken() as lost:
        raise StoreError(
            f"Spark at {context.master}",
            f"no worker could derive {task.month} ({_reason(str(lost))}).",
            f"Look into the workers' logs; most often one wants more memory. {_OR_HERE}",
        ) from lost
    if isinstance(answer, Failed):
        raise StoreError(answer.place, answer.found, answer.next_step)
    return task.month, answer


def _broken() -> tuple[type[Exception], ...]:
    """Give what Spark raises where a job fails."""
    return import_module("pyspark.errors").PySparkException, import_module("py4j.protocol").Py4JError


def _reason(trace: str) -> str:
    """Find in the pages that Spark writes the line that names the error of Python, else the first line of its own."""
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"\w+(\.\w+)*(Error|Exception): ", line) and "org.apache" not in line]
    return (named or lines[1:2] or lines)[-1][:200]


def _derived(task: Task, *, shared: Any) -> Part | Failed:
    """Derive one month; runs on a worker. What goes wrong is told as a value: it would go wrong on any worker."""
    place = f"Spark worker on {socket.gethostname()}"
    if code() != task.code:
        found = f"it derives by other code ({code()}) than the machine that asks ({task.code})."
        return Failed(place, found, "Install the same version of dunghan and of polars on both.")
    try:
        observed = pl.read_parquet(task.folder.derived / task.observed)
        return completed(task.folder, observed, task.observed, task.month, shared.value)
    except FileNotFoundError:
        found = f"there is no {task.folder.derived / task.observed}."
        return Failed(place, found, "Let all machines see one folder under one name (DUNGHAN_HOME, docs/scale.md).")
    except DunghanError as error:
        return Failed(f"{place}, {error.place}", error.found, error.next_step)


@cache
def code() -> str:
    """Tell the code that derives apart from any other: two versions must never make one state of the figures."""
    files = sorted(Path(str(metrics.__file__)).parent.glob("*.py"))
    whole = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    return f"{whole}, polars {pl.__version__}"


def _spark() -> Any:
    try:
        return import_module("pyspark.sql")
    except ImportError as missing:
        found = '"spark" is set, and the extra of that name is not installed.'
        raise ConfigError("DUNGHAN_ENGINE", found, f"Install dunghan[spark] (docs/scale.md). {_OR_HERE}") from missing


def _java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home) / "bin" / "java") if home else "java") is None:
        found = f'"spark" is set, and there is no java {f"in JAVA_HOME ({home})" if home else "on the path"}.'
        raise ConfigError("DUNGHAN_ENGINE", found, f"Install it (Debian: default-jre-headless). {_OR_HERE}")


def _answers(master: str) -> None:
    """Ask the master for a connection: Spark itself would try for a minute and then say little."""
    if master.startswith("local"):
        return
    place, address = "DUNGHAN_SPARK_MASTER", urlsplit(master)
    try:
        if address.scheme != "spark" or not address.hostname or not address.port:
            raise ValueError
    except ValueError:
        found = f'"{master}" is no address of a master.' if master else "it is not set."
        raise ConfigError(place, found, f"Write spark://HOST:7077. {_OR_HERE}") from None
    try:
        socket.create_connection((address.hostname, address.port), timeout=ANSWER_SECONDS).close()
    except OSError as error:
        found = f"{master} does not answer ({error.strerror or error})."
        raise ConfigError(place, found, f"Start the master, or mend the address. {_OR_HERE}") from error


def _has_workers(session: Any, master: str) -> None:
    """Wait for the first worker: a job without one would wait for ever."""
    context, begun = session.sparkContext._jsc.sc(), time.monotonic()
    while not master.startswith("local") and context.getExecutorMemoryStatus().size() < 2:  # the driver is one
        if time.monotonic() - begun > WORKER_SECONDS:
            raise ConfigError(
                "DUNGHAN_SPARK_MASTER",
                f"{master} answers, and in {WORKER_SECONDS:.0f} s no worker took work.",
                f"Start workers, or ask less of them (spark.executor.memory in spark-defaults.conf). {_OR_HERE}",
            )
        time.sleep(0.1)
