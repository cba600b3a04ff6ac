"""What the raw times of a model show that a run keeps, as plain data.

A run keeps those that an agent measured or a report told, in `devices/<device>/`; those of a
device at hand stay in the store of the machine that measured them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from paretint.dashboard.view import RunView
from paretint.front import with_columns
from paretint.store import folder_name
from paretint.store.files import read_table

_BINS = 40
_PACE = 200
"""Inferences of a session by which its pace has settled, whatever the device."""


@dataclass(frozen=True)
class SamplePicture:
    """All that the figures of a model's raw times show, as plain data.

    Attributes:
        trial, device: whose model was timed, and where.
        edges: `len(counts)` + 1 ends of equal steps, in ms, from the fastest to the 99th
            percentile: beyond it one disturbed inference would press all others into one step.
        counts: the settled inferences of each step; the last also holds all slower ones.
        slowest: the slowest of them, in ms.
        pace: medians over the sessions, in ms, of their first, second, .. inference.
        sessions: how many fresh sessions there were.
    """

    trial: str
    device: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    slowest: float
    pace: tuple[float, ...]
    sessions: int


def sampled(run: RunView, device: str) -> tuple[str, ...]:
    """The trials whose models have raw times on ``device`` in the run, each model once."""
    return tuple(_files(run, device))


def sample_picture(run: RunView, device: str, trial: str) -> SamplePicture | None:
    """The raw times of a trial's model on ``device``; None where they cannot be read."""
    path = _files(run, device).get(trial)
    if path is None:
        return None
    try:
        samples = read_table(path)
        own = samples.filter((pl.col("model") == "candidate") & (pl.col("phase") != "load"))
        runs = own.filter(pl.col("phase") == "run")["ms"].to_numpy()
        pace, sessions = _pace(own), own["session"].n_unique()
    except (pl.exceptions.PolarsError, OSError):
        return None
    if runs.size == 0:
        return None
    end = float(np.quantile(runs, 0.99))
    counts, edges = np.histogram(np.minimum(runs, end), bins=_BINS)
    return SamplePicture(
        trial=trial,
        device=device,
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        slowest=float(runs.max()),
        pace=pace,
        sessions=sessions,
    )


def _pace(own: pl.DataFrame) -> tuple[float, ...]:
    numbered = own.with_columns(number=pl.int_range(pl.len()).over("session"))
    first = numbered.filter(pl.col("number") < _PACE).group_by("number").agg(pl.median("ms"))
    return tuple(first.sort("number")["ms"].to_list())


def _files(run: RunView, device: str) -> dict[str, Path]:
    """The file of raw times of the first trial of each structure that has one."""
    folder = run.folder / "devices" / folder_name(device)
    files = {file.stem: file for file in folder.glob("*.parquet")}
    found: dict[str, Path] = {}
    for column in ("structure.onnx", "structure.coreml"):
        for table in (run.trials, run.baselines) if files else ():
            for trial, structure in _structures(table, column):
                if structure in files:
                    found[trial] = files.pop(structure)
    return dict(sorted(found.items()))


def _structures(table: pl.DataFrame, column: str) -> list[tuple[str, str]]:
    rows = with_columns(table, [column]).select("trial", column).drop_nulls()
    return rows.unique(column, keep="first", maintain_order=True).rows()
