"""What keeps months from being derived on Spark is said with the setting and the next step; nothing is derived then."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from benchmarks.province import Province
from config.errors import ConfigError
from config.settings import settings
from jobs import deriving, doctor, spark
from store.snapshot import Part
from tests.conftest import do_without
from tests.spark.cluster import missing
from tests.spark.compared import GIVEN


class Sent:
    """What a broadcast value is to a worker."""

    value = GIVEN


@pytest.fixture
def seen() -> list[deriving.Seen]:
    return list(Province(rows=50, months=2).parts())


@pytest.fixture
def asked_of_spark(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> pytest.MonkeyPatch:
    """The settings of an office that derives everything on Spark, on a machine that has it."""
    if lacks := missing():
        do_without(request, lacks)
    monkeypatch.setenv("DUNGHAN_ENGINE", "spark")
    monkeypatch.setenv("DUNGHAN_SPARK_ABOVE", "0")
    return monkeypatch


def refused(folder: Path, seen: list[deriving.Seen]) -> ConfigError:
    """Derive, and give the error; not a file may have been written."""
    settings.cache_clear()
    with pytest.raises(ConfigError) as error:
        list(deriving.parts(spark.Folder(folder), seen, GIVEN))
    assert not list(folder.iterdir())
    return error.value


def test_an_engine_that_is_unknown_is_named_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    monkeypatch.setenv("DUNGHAN_ENGINE", "sparks")
    error = refused(tmp_path, seen)
    assert str(error) == 'DUNGHAN_ENGINE: "sparks" is no engine. Did you mean "spark"? Write polars or spark.'


def test_a_machine_without_the_extra_is_told_to_install_it(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    asked_of_spark.setitem(sys.modules, "pyspark.sql", None)
    error = refused(tmp_path, seen)
    assert error.place == "DUNGHAN_ENGINE"
    assert "extra of that name is not installed" in error.found
    assert error.next_step.startswith("Install dunghan[spark]")


def test_a_machine_without_java_is_told_to_install_it(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    asked_of_spark.setenv("PATH", str(tmp_path))
    asked_of_spark.delenv("JAVA_HOME", raising=False)
    error = refused(tmp_path, seen)
    assert "there is no java on the path" in error.found
    assert "default-jre-headless" in error.next_step
    asked_of_spark.setenv("JAVA_HOME", "/nowhere")
    assert "there is no java in JAVA_HOME (/nowhere)" in refused(tmp_path, seen).found


@pytest.mark.parametrize(
    ("master", "found"),
    [
        ("", "it is not set."),
        ("127.0.0.1:7077", '"127.0.0.1:7077" is no address of a master.'),
        ("spark://127.0.0.1", '"spark://127.0.0.1" is no address of a master.'),
        ("spark://127.0.0.1:99999", '"spark://127.0.0.1:99999" is no address of a master.'),
    ],
)
def test_a_master_that_is_not_named_or_cannot_be_is_said_so(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen], master: str, found: str
) -> None:
    asked_of_spark.setenv("DUNGHAN_SPARK_MASTER", master)
    error = refused(tmp_path, seen)
    assert (error.place, error.found) == ("DUNGHAN_SPARK_MASTER", found)
    assert error.next_step == "Write spark://HOST:7077. DUNGHAN_ENGINE=polars derives on this machine alone."


@contextmanager
def a_port_that_nobody_answers() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_master_that_does_not_answer_is_named_at_once(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    with a_port_that_nobody_answers() as port:
        asked_of_spark.setenv("DUNGHAN_SPARK_MASTER", f"spark://127.0.0.1:{port}")
        error = refused(tmp_path, seen)
    assert error.found == f"spark://127.0.0.1:{port} does not answer (Connection refused)."


def test_the_doctor_says_where_figures_are_derived(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    def found() -> list[tuple[str, str]]:
        settings.cache_clear()
        told = doctor.examine(f"sqlite:///{tmp_path / 'dunghan.db'}")
        return [(each.verdict, each.found) for each in told if "engine" in each.what or "SPARK" in each.what]

    with socket.create_server(("127.0.0.1", 0)) as master:
        address = f"spark://127.0.0.1:{master.getsockname()[1]}"
        asked_of_spark.setenv("DUNGHAN_SPARK_MASTER", address)
        assert found() == [("ok", f"{address} answers; it derives what is beyond 0 dossiers")]
    assert found() == [("wrong", f"{address} does not answer (Connection refused).")]
    asked_of_spark.setenv("DUNGHAN_ENGINE", "polars")
    assert found() == []


def test_few_dossiers_are_derived_here_and_no_master_is_asked(
    asked_of_spark: pytest.MonkeyPatch, tmp_path: Path, seen: list[deriving.Seen]
) -> None:
    asked_of_spark.setenv("DUNGHAN_SPARK_ABOVE", "50")
    settings.cache_clear()
    made = dict(deriving.parts(spark.Folder(tmp_path), seen, GIVEN))
    assert sorted(made) == ["2016-01", "2016-02"]
    assert all(part and (tmp_path / part.cube).exists() for part in made.values())


# ---------- on a worker ----------


def on_worker(folder: Path, observed: str, code: str) -> Part | spark.Failed:
    return spark._derived(spark.Task(spark.Folder(folder), "2016-01", observed, code), shared=Sent)


def test_a_worker_with_other_code_derives_nothing(tmp_path: Path) -> None:
    answer = on_worker(tmp_path, "observed/x.parquet", "0badc0de, polars 0.1")
    assert isinstance(answer, spark.Failed)
    assert (
        answer.found == f"it derives by other code ({spark.code()}) than the machine that asks (0badc0de, polars 0.1)."
    )
    assert not list(tmp_path.iterdir())


def test_a_worker_that_does_not_see_the_folder_says_which(tmp_path: Path) -> None:
    answer = on_worker(tmp_path, "observed/2016-01-000000000000.parquet", spark.code())
    assert isinstance(answer, spark.Failed)
    assert answer.place == f"Spark worker on {socket.gethostname()}"
    assert answer.found == f"there is no {tmp_path / 'observed/2016-01-000000000000.parquet'}."
    assert "one folder" in answer.next_step


def test_a_worker_that_cannot_write_says_what_the_disk_said(tmp_path: Path, seen: list[deriving.Seen]) -> None:
    name = deriving.kept(spark.Folder(tmp_path), seen[0][1], "2016-01")
    (tmp_path / "facts").symlink_to(tmp_path / "a-disk-that-is-not-mounted")
    answer = on_worker(tmp_path, name, spark.code())
    assert isinstance(answer, spark.Failed)
    assert "could not be written" in answer.found


def test_what_a_worker_writes_is_what_is_written_here(tmp_path: Path, seen: list[deriving.Seen]) -> None:
    month, observed = seen[0]
    here = deriving.part_of(spark.Folder(tmp_path / "here"), observed, month, GIVEN)
    name = deriving.kept(spark.Folder(tmp_path / "there"), observed, month)
    assert on_worker(tmp_path / "there", name, spark.code()) == here
    assert pl.read_parquet(tmp_path / "there" / name).schema == observed.schema
