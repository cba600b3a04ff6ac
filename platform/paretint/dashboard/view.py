"""What a page sees of a run, read again only when the run went on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from paretint.config import Experiment
from paretint.front import membership
from paretint.store import Ledger, Run, digest, result_files


@dataclass(frozen=True)
class RunView:
    """A run as it stood when it was read: all that a page draws from.

    Attributes:
        name: the run folder's name.
        experiment: what the run was asked to do.
        trials: one row a trial, with the ledger's columns.
        rungs: one row a trial and rung.
        baselines: one row a network that trials are compared with.
        folder: where it lies, as it was named when it was opened.
    """

    name: str
    experiment: Experiment
    trials: pl.DataFrame
    rungs: pl.DataFrame
    baselines: pl.DataFrame
    folder: Path = Path()

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Every event of the run's log, oldest first; read when a page first asks for them."""
        return Run(self.folder, self.experiment).events()

    @cached_property
    def membership(self) -> pl.DataFrame:
        """How likely each complete trial is of the front, see `paretint.front.membership`."""
        return membership(self.trials, self.experiment.objectives)


def run_name(run: Run) -> str:
    """What a run is called in pages and addresses: its folder's name."""
    return run.folder.resolve().name


def read_view(run: Run) -> RunView:
    """The run as it stands now."""
    ledger = Ledger(run)
    tables = ledger.trials(), ledger.rungs(), ledger.baselines()
    return RunView(run_name(run), run.experiment, *tables, run.folder)


class LiveRun:
    """A run that may still be written to.

    Of what it holds nothing is lost when it is made anew: only the last reading.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._last: tuple[str, RunView] | None = None

    def revision(self) -> str:
        """A text that changes whenever the ledger does, the log, or what the run is asked to do."""
        run = self._run
        tables = (run.trials_parquet, run.rungs_parquet, run.baselines_parquet)
        measured = sorted(map(_stamp, result_files(run.folder)))
        files = (*tables, run.log_jsonl, run.experiment_yaml)
        return " ".join([*map(_stamp, files), digest(" ".join(measured).encode())])

    def view(self) -> RunView:
        """The run as it stands now; it is read only where anything changed since.

        Raises:
            UserError: as `Run.open`, and where the ledger cannot be read.
        """
        revision = self.revision()
        if self._last is None or self._last[0] != revision:
            self._last = (revision, read_view(Run.open(self._run.folder)))
        return self._last[1]


def _stamp(path: Path) -> str:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return "none"
    return f"{stat.st_ino}-{stat.st_mtime_ns}-{stat.st_size}"
