"""Ray, started quietly for a run and stopped with it, or a cluster that is running."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from paretint.errors import UserError
from paretint.store import Store

_OBJECT_STORE_BYTES = 200_000_000
"""Enough: actors hand each other paths, never images."""

_LONGEST_BASE = 20
"""A socket's path has at most 103 characters on macOS, and Ray's lie 82 below the base."""


_ANSWER_S = 5
"""A head node that takes no connection for so long is not there."""


@contextmanager
def connected_ray(
    address: str | None = None, store: Store | None = None, *folders: Path
) -> Iterator[int]:
    """Connect to the Ray cluster at an address, or run one here; yield its number of cores.

    address: HOST:PORT of a head node, or `auto` for the one this machine belongs to; it is left
    running. None runs Ray on this machine, in a temporary folder of its own, unless the caller has
    connected already. store, folders: what every machine of the cluster must reach.
    Raises UserError where no cluster answers, or a machine does not reach them.
    """
    # Tune would write three more logs of its own for every trial, and every few seconds what it
    # knows of all trials; the ledger and the journal have it all.
    os.environ["TUNE_DISABLE_AUTO_CALLBACK_LOGGERS"] = "1"
    os.environ["TUNE_GLOBAL_CHECKPOINT_S"] = "inf"
    os.environ["RAY_AIR_NEW_OUTPUT"] = "0"  # else it prints its tables however quiet it should be
    # A dead trial is a row and an event of the log, no traceback among the bars.
    logging.getLogger("ray.tune").setLevel(logging.CRITICAL)
    if ray.is_initialized():
        yield _cores()
    elif address is not None:
        yield from _cluster(address, store, folders)
    else:
        yield from _own()


def check_address(address: str | None) -> None:
    """Ask a head node's port, before anything costly: Ray itself would try for half a minute.

    Raises UserError where it does not answer.
    """
    if address is None or address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise UserError(f"--address {address}: give HOST:PORT of the head node, or auto")
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise UserError(
            f"--address {address}: nothing answers there ({error}); start a cluster with:"
            " ray start --head"
        ) from None


def _check_reached(store: Store | None, folders: Sequence[Path]) -> None:
    """Ask all machines at once whether they reach the store and see the folders."""
    seen = [str(folder.absolute()) for folder in folders]
    answers = []
    for node in ray.nodes():
        if node["Alive"]:
            there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            look = ray.remote(_unreached).options(num_cpus=0, scheduling_strategy=there)
            answers.append(look.remote(node["NodeManagerHostname"], store, seen))
    for unreached in ray.get(answers):
        if unreached is not None:
            raise UserError(unreached)


def _unreached(host: str, store: Store | None, folders: list[str]) -> str | None:
    """Say what this machine does not reach, if anything."""
    if store is not None and store.shared is None:
        folders = [*folders, str(store.root)]
    for folder in folders:
        if not os.path.isdir(folder):
            return (
                f"{folder}: {host} does not see it; with --address give folders that all machines"
                " share"
            )
    try:
        if store is not None and store.shared is not None:
            store.shared.check()
    except UserError as error:
        return f"{error}, says {host}"
    return None


def _cores() -> int:
    return int(ray.cluster_resources().get("CPU", 1))


def _cluster(address: str, store: Store | None, folders: Sequence[Path]) -> Iterator[int]:
    check_address(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        why = str(error).partition("\n")[0]
        raise UserError(f"--address {address}: no Ray cluster can be joined there: {why}") from None
    try:
        _check_reached(store, folders)
        yield _cores()
    finally:
        ray.shutdown()


def _own() -> Iterator[int]:
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
        _remove(folder)


def _remove(folder: str) -> None:
    """Remove the folder of a Ray that was ended: its processes write there a moment longer."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.1)


def _short_base() -> str:
    base = tempfile.gettempdir()
    return base if len(base) <= _LONGEST_BASE else "/tmp"


def usable_cores() -> int:
    """Return the cores this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
