"""Speeds of a run's trials that were never timed, from those that were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import polars as pl
from rich.table import Table
from rich.text import Text

from paretint.device.latency import LatencyModel, Prediction, Work, fit, work
from paretint.export import OnnxModel, structure
from paretint.store import Ledger, Run
from paretint.terminal import row_table

_MEASURED = "measured:"


class Filled(NamedTuple):
    """The predictions of a run's trials, by trial, and the trials whose files are missing."""

    predictions: list[tuple[str, Prediction]]
    skipped: list[str]


def fitted(run: Run, device: str) -> LatencyModel:
    """Fit a latency model to a run's complete trials that were measured on a device.

    Trials whose files differ by their weights alone count as one: else one would predict the other
    when it is held out. Raises `UserError` where too few were measured.
    """
    times: dict[str, list[float]] = {}
    done: dict[str, Work] = {}
    for row, path in _complete(run):
        if _is_measured(row, device) and path.is_file():
            digest = structure(path)
            done[digest] = work(path)
            times.setdefault(digest, []).append(row[f"speed.{device}.p50_ms"])
    return fit(device, list(done.values()), [median(times[digest]) for digest in done])


def predict_run(run: Run, model: LatencyModel) -> Filled:
    """Predict every complete trial of a run that was not measured, and write it to the ledger.

    A measured speed is never replaced; an earlier prediction is.
    """
    primary = run.experiment.devices[0] == model.device
    filled = Filled([], [])
    for row, path in _complete(run):
        if _is_measured(row, model.device):
            continue
        if not path.is_file():
            filled.skipped.append(f"{row['trial']}: {path} is missing")
            continue
        found = model.predict(work(path))
        Ledger(run).add_to_trial(row["trial"], found.columns(primary))
        filled.predictions.append((row["trial"], found))
    return filled


def predict_file(path: Path, model: LatencyModel) -> Prediction:
    """Predict an ONNX file. Raises `UserError` where it is none, or has dynamic shapes."""
    OnnxModel(path)
    return model.predict(work(path))


def _complete(run: Run) -> Iterator[tuple[dict[str, Any], Path]]:
    rows = Ledger(run).trials().filter(pl.col("state") == "complete").sort("trial")
    for row in rows.to_dicts():
        yield row, run.models(row["trial"]) / "model.onnx"


def _is_measured(row: dict[str, Any], device: str) -> bool:
    told = row.get(f"speed.{device}.provenance") or ""
    return told.startswith(_MEASURED) and row.get(f"speed.{device}.p50_ms") is not None


class PredictionRow(NamedTuple):
    """A predicted speed as it is printed; with its 95 % interval, times in ms."""

    model: str
    fps: str
    fps_interval: str
    p50: str
    p50_interval: str


_HEADS = PredictionRow("model", "fps", "95 %\ninterval", "p50\nms", "95 %\ninterval")


def prediction_rows(predictions: list[tuple[str, Prediction]]) -> list[PredictionRow]:
    """The rows for (model, its prediction), in the order given."""
    return [
        PredictionRow(
            model,
            f"{found.fps:.1f}",
            f"{found.fps_lo:.1f} to {found.fps_hi:.1f}",
            f"{found.p50_ms:.2f}",
            f"{found.p50_ms_lo:.2f} to {found.p50_ms_hi:.2f}",
        )
        for model, found in predictions
    ]


def prediction_table(rows: list[PredictionRow], model: LatencyModel) -> Table:
    """`rows` as a Rich table for 80 columns; their provenance, and how far off it is, below."""
    table = row_table(_HEADS, rows, texts=("model",))
    told = f"{model.provenance}; off by {model.error:.0%} in the median of held-out models"
    table.caption, table.caption_justify = Text(told), "left"
    return table
