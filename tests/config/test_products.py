"""A process that serves many multiplies in the thread that asks."""

from __future__ import annotations

import subprocess
import sys

_THREADS = "print({told['num_threads'] for told in threadpoolctl.threadpool_info() if told['user_api'] == 'blas'})"


def told(after: str) -> str:
    """Say, of a process of its own, in how many threads numpy multiplies after something was done."""
    program = f"import numpy, threadpoolctl; from config import products; {after}; {_THREADS}"
    environment = {"PATH": "", "OPENBLAS_NUM_THREADS": "2"}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_numpy_multiplies_in_one_thread_once_it_was_told() -> None:
    assert told("pass").strip() == "{2}"
    assert told("products.alone()").strip() == "{1}"
