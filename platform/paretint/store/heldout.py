"""How a trial scored on each held-out face: `heldout/<trial>.parquet` of a run.

The ledger has the means alone. The difference of two trials is surer than either of them, since
both meet the same hard faces: to tell how sure, it takes every face.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from paretint.store.files import read_table, replace

FACE = "face"


def write_heldout(
    run: Path, trial: str, faces: Sequence[str], scores: Mapping[str, NDArray[np.float64]]
) -> None:
    """Keep a trial's scores, [N] by their columns of the ledger, of N faces.

    faces: what tells each from all others in any run; no file name, which may be a person's.
    """
    path = _path(run, trial)
    path.parent.mkdir(exist_ok=True)
    replace(path, pl.DataFrame({FACE: faces, **scores}).write_parquet)


def read_heldout(run: Path, trial: str) -> pl.DataFrame | None:
    """A row a face, with `face` and a column a score; None where the run folder has no such table.

    Runs of earlier versions have none.
    """
    path = _path(run, trial)
    if path.name != f"{trial}.parquet":
        return None  # a trial's name is no way out of the run's folder
    try:
        return read_table(path)
    except (OSError, pl.exceptions.PolarsError):
        return None


def remove_heldout(run: Path, trial: str) -> None:
    """Remove a trial's scores, if there are any."""
    _path(run, trial).unlink(missing_ok=True)


def _path(run: Path, trial: str) -> Path:
    return run / "heldout" / f"{trial}.parquet"
