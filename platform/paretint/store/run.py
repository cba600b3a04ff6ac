"""The folder of a run."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as replaced
from importlib import metadata
from pathlib import Path
from typing import Any

import paretint
from paretint.config import Experiment, did_you_mean, load_experiment
from paretint.config.source import read
from paretint.errors import UserError
from paretint.store import log
from paretint.store.files import replace

LAYOUT = 1
"""The number of the run folder's layout; a run of a higher one is not opened."""

_EARLIER = "earlier"
_LIBRARIES = ("coremltools", "diffusers", "lpips", "onnx", "onnxruntime", "optuna", "ray", "torch")


@dataclass(frozen=True)
class Run:
    """A run's folder, and the experiment it runs with its seed and versions."""

    folder: Path
    experiment: Experiment

    @classmethod
    def create(cls, folder: Path, experiment: Experiment, earlier: Run | None = None) -> Run:
        """Make the folder and write the experiment into it, at last: before, there is no run.

        earlier: a run to learn from, of which the tables are kept. Raises `UserError` where the
        folder exists with anything in it, or cannot be made.
        """
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _make_empty(folder)
        except OSError as error:
            raise UserError(f"{folder}: cannot be made: {error.strerror}") from None
        run = cls(folder, experiment.model_copy(update={"versions": _versions()}))
        if earlier is not None:
            _keep_tables(earlier, folder / _EARLIER)
        run._write_experiment()
        return run

    @property
    def earlier(self) -> Run | None:
        """The tables of the run that this one learns from, None where it has none."""
        folder = self.folder / _EARLIER
        return Run.open(folder) if folder.is_dir() else None

    @staticmethod
    def check_free(folder: Path) -> None:
        """Raise the `UserError` that `create` would, before anything costly is begun."""
        if folder.exists():
            _check_empty(folder)

    def with_trials(self, trials: int) -> Run:
        """The run with another number of trials in its budget, written to its experiment."""
        budget = self.experiment.budget.model_copy(update={"trials": trials})
        run = replaced(self, experiment=self.experiment.model_copy(update={"budget": budget}))
        run._write_experiment()
        return run

    @classmethod
    def open(cls, folder: Path) -> Run:
        """The run in a folder.

        Raises `UserError` where there is none (with the nearest names), where its experiment was
        never written whole, or where a newer layout wrote it.
        """
        path = folder / "experiment.yaml"
        if not folder.is_dir():
            raise UserError(f"there is no run {str(folder)!r}{did_you_mean(*_siblings(folder))}")
        if not path.is_file():
            raise UserError(f"{folder}: is no run: it has no experiment.yaml")
        _check_layout(path)
        return cls(folder, load_experiment(path))

    @property
    def experiment_yaml(self) -> Path:
        """The experiment as it is run, with seed and versions."""
        return self.folder / "experiment.yaml"

    @property
    def trials_parquet(self) -> Path:
        """One row a trial; written by `Ledger`."""
        return self.folder / "trials.parquet"

    @property
    def rungs_parquet(self) -> Path:
        """One row a trial and rung; written by `Ledger`."""
        return self.folder / "rungs.parquet"

    @property
    def baselines_parquet(self) -> Path:
        """One row a network that trials are compared with; written by `Ledger`."""
        return self.folder / "baselines.parquet"

    @property
    def journal(self) -> Path:
        """Optuna's journal of the search."""
        return self.folder / "optuna.journal"

    @property
    def log_jsonl(self) -> Path:
        """What happened, an event a line; see `log` and `events`."""
        return self.folder / "log.jsonl"

    def _write_experiment(self) -> None:
        replace(self.experiment_yaml, lambda path: path.write_text(self.experiment.dump()))

    def models(self, trial: str) -> Path:
        """The folder of a trial's weights, exports and recipe; it may not exist yet."""
        return self.folder / "models" / trial

    def models_with(self, trial: str, *names: str) -> Path:
        """The folder of a complete trial, in which the files of these names are.

        Raises `UserError` where some are gone: a resume makes no complete trial again.
        """
        folder = self.models(trial)
        gone = ", ".join(name for name in names if not (folder / name).is_file())
        if gone:
            again = f"the dashboard's Front page has the command that runs {trial} again"
            raise UserError(f"{folder}: {gone} missing; {again}")
        return folder

    def contact_sheet(self, amplified_key: str) -> Path:
        """A picture of a set's first amplified pairs; it may not exist yet."""
        return self.folder / "amplified" / f"{amplified_key}.jpg"

    def log(self, event: str, **fields: Any) -> None:
        """Append an event to the log, with the time in UTC."""
        log.append(self.log_jsonl, event, fields)

    def events(self) -> list[dict[str, Any]]:
        """Every event of the log, oldest first; a line cut short is left out."""
        return log.read(self.log_jsonl)


def _keep_tables(run: Run, folder: Path) -> None:
    folder.mkdir()
    for path in (run.trials_parquet, run.rungs_parquet, run.experiment_yaml):
        if path.is_file():
            shutil.copyfile(path, folder / path.name)


def _make_empty(folder: Path) -> None:
    """Of two processes that make the same folder, one fails."""
    try:
        folder.mkdir()
    except FileExistsError:
        _check_empty(folder)


def _check_empty(folder: Path) -> None:
    if (folder / "experiment.yaml").exists():
        raise UserError(
            f"the run {folder} exists; choose another folder with --out,"
            f" or go on with: paretint resume {folder}"
        ) from None
    if not folder.is_dir() or any(folder.iterdir()):
        raise UserError(
            f"{folder} exists and is no run; choose another folder with --out"
        ) from None


def _versions() -> dict[str, str]:
    own = {"layout": str(LAYOUT), "paretint": paretint.__version__}
    return {**own, "python": platform.python_version(), **dict(_installed())}


def _installed() -> Iterator[tuple[str, str]]:
    """The libraries that figures may depend on; some are optional."""
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            yield name, metadata.version(name)


def _check_layout(path: Path) -> None:
    """Before anything else is read: a newer layout may have keys that are unknown here."""
    data = read(path, str(path)).plain()
    versions = data.get("versions") if isinstance(data, dict) else None
    if not isinstance(versions, dict):
        return
    layout = str(versions.get("layout"))
    if layout.isdecimal() and int(layout) > LAYOUT:
        writer = versions.get("paretint", "a newer version")
        raise UserError(f"{path.parent}: was written by paretint {writer}; upgrade to open it")


def _siblings(folder: Path) -> tuple[str, list[str]]:
    found = folder.parent.glob("*/experiment.yaml")
    return folder.name, [path.parent.name for path in found]
