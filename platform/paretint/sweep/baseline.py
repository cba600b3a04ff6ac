"""A published network in a run: scored like every trial, and no trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from paretint.config.recipe import PUBLISHED
from paretint.errors import UserError
from paretint.export import gate, sizes
from paretint.store import Ledger, Run, Store
from paretint.student import load_release
from paretint.sweep.engine import prepare
from paretint.sweep.shipping import Bench, Form, Row, ship


def add_baseline(run: Run, checkpoint: Path, store: Store, console: Console) -> Row:
    """Score a published TinyBeauty checkpoint on a run's held-out pairs and devices.

    Its files go to `models/<name>` and its row to the run's baselines, under the checkpoint's
    name; a second import takes the place of the first. Returns the row. Raises UserError where the
    file holds no published network, or a trial has its name.
    """
    network = load_release(checkpoint)
    name = checkpoint.stem
    if name in Ledger(run).trials()["trial"]:
        raise UserError(f"{checkpoint}: a trial of {run.folder} is named {name}; rename the file")
    experiment = run.experiment
    ready = prepare(experiment, store, console)
    bench = Bench(run.folder, store, experiment, ready.faces, (), ready.lpips, ready.coreml)
    size = experiment.faces.size
    told: dict[str, Any] = {"network": "release", **PUBLISHED, "input_size": size}
    known = sizes(network, size)
    row: Row = {"trial": name, **{f"param.{field}": value for field, value in told.items()}}
    row |= {"size.params": known.params, "size.macs": known.macs}
    row |= ship(bench, name, Form(told, size), network)
    row |= gate(run.models(name) / "model.onnx").columns()
    Ledger(run).write_baseline(row)
    return row
