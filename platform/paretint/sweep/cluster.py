"""Ray, started quietly for a run and stopped with it."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import ray

_OBJECT_STORE_BYTES = 200_000_000
"""Enough: actors hand each other paths, never images."""

_LONGEST_BASE = 20
"""A socket's path has at most 103 characters on macOS, and Ray's lie 82 below the base."""


@contextmanager
def local_ray() -> Iterator[int]:
    """Run Ray on this machine, in a temporary folder of its own; yield its number of cores.

    Where the caller has connected to a cluster already, that one is used and left running.
    """
    # Tune would write three more logs of its own for every trial; the ledger has it all.
    os.environ["TUNE_DISABLE_AUTO_CALLBACK_LOGGERS"] = "1"
    os.environ["RAY_AIR_NEW_OUTPUT"] = "0"  # else it prints its tables however quiet it should be
    # A dead trial is a row and an event of the log, no traceback among the bars.
    logging.getLogger("ray.tune").setLevel(logging.CRITICAL)
    if ray.is_initialized():
        yield int(ray.cluster_resources().get("CPU", 1))
        return
    cores = usable_cores()
    folder = tempfile.mkdtemp(prefix="paretint-", dir=_short_base())
    try:
        ray.init(
            address="local",
            num_cpus=cores,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            object_store_memory=_OBJECT_STORE_BYTES,
            _temp_dir=folder,
        )
        yield cores
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _short_base() -> str:
    base = tempfile.gettempdir()
    return base if len(base) <= _LONGEST_BASE else "/tmp"


def usable_cores() -> int:
    """Return the cores this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
