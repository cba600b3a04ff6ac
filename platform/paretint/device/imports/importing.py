"""A foreign report as a run's result for the model that it is of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from paretint.config import DEVICE
from paretint.device.imports.reading import read_report, report_text
from paretint.device.imports.report import Report
from paretint.device.interface import Form, structure_of
from paretint.device.mailbox import Mailbox
from paretint.device.runners import known_devices
from paretint.errors import UserError
from paretint.store import Ledger, Remote, Result, Run

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")


class Imported(NamedTuple):
    """What was imported: the trials that it is of, and what is known of them."""

    trials: list[str]
    figures: dict[str, float | str]


def import_report(
    run: Run, path: Path, device: str, trial: str | None = None, model: Path | None = None
) -> Imported:
    """Write the speed that a report tells into the run, for a device.

    The model is the trial's, or the one whose structure the file `model` has, or else the one
    whose SHA-256 is somewhere in the report. All trials of its structure have the speed then;
    what the report does not tell stays empty. Raises `UserError` where the report cannot be read,
    or no trial has such a model.
    """
    _check_device(device)
    report = read_report(path)
    rows = list(_rows(run))
    structure = _structure(run, rows, path, report.form, trial, model)
    figures: dict[str, float | str] = {
        **report.known(),
        "provenance": f"measured:{device}:{report.tool}",
    }
    result = Result(device, structure, report.form, figures, _source(path, report))
    Mailbox(Remote(run.folder), device).answer(result, report.samples())
    told = f"structure.{report.form}"
    return Imported([row["trial"] for row in rows if row.get(told) == structure], figures)


def _check_device(device: str) -> None:
    if not re.fullmatch(DEVICE, device):
        raise UserError(f"--device {device}: a name has letters, digits, '-' and '_' only")
    if device.partition(":")[0] in {"agent", *known_devices()}:
        raise UserError(f"--device {device}: is measured by paretint; name the phone, as iphone13")


def _rows(run: Run) -> Iterator[dict[str, Any]]:
    ledger = Ledger(run)
    for table in (ledger.trials(), ledger.baselines()):
        yield from table.to_dicts()


def _structure(
    run: Run,
    rows: list[dict[str, Any]],
    path: Path,
    form: Form,
    trial: str | None,
    model: Path | None,
) -> str:
    """Return the structure that the report is of, which a row has."""
    column = f"structure.{form}"
    if trial is None and model is None:
        trial = _by_digest(run, rows, path)
    if trial is not None:
        return _of_trial(rows, trial, column)
    assert model is not None
    structure = structure_of(_onnx(model), form)
    if all(row.get(column) != structure for row in rows):
        raise UserError(f"{model}: no trial of {run.folder} has a model of this structure")
    return structure


def _of_trial(rows: list[dict[str, Any]], trial: str, column: str) -> str:
    row = next((row for row in rows if row["trial"] == trial), None)
    if row is None:
        raise UserError(f"--trial {trial}: the run has no such trial")
    structure: str | None = row.get(column)
    if structure is None:
        kind = "Core ML package" if column == "structure.coreml" else "ONNX file"
        raise UserError(f"--trial {trial}: its row tells of no {kind} that could be of the report")
    return structure


def _by_digest(run: Run, rows: list[dict[str, Any]], path: Path) -> str:
    """Return the trial one of whose files has a SHA-256 that the report tells."""
    told = set(_SHA256.findall(report_text(path)))
    if not told:
        raise UserError(f"{path}: does not tell its model's hash; name it by --trial or --model")
    for row in rows:
        for file in run.models(row["trial"]).rglob("*"):
            if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() in told:
                return str(row["trial"])
    raise UserError(f"{path}: no trial of {run.folder} has a model with the report's hash")


def _onnx(model: Path) -> Path:
    """Return where the ONNX file of a model lies, or would, whose package is given."""
    return model.with_suffix(".onnx") if model.suffix == ".mlpackage" else model


def _source(path: Path, report: Report) -> dict[str, Any]:
    # Not the report itself: Xcode's also tells the phone's serial number and its owner's name.
    digest = hashlib.sha256(report_text(path).encode()).hexdigest()
    return {"tool": report.tool, "report": path.name, "sha256": digest, **report.told}
