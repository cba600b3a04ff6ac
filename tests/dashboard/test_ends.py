from __future__ import annotations

from typing import Any

import polars as pl

from paretint.config import Experiment
from paretint.dashboard import End, RunView, ends


def view(
    experiment: Experiment, rows: list[dict[str, Any]], rungs: pl.DataFrame | None = None
) -> RunView:
    table = pl.DataFrame(rows, infer_schema_length=None)
    return RunView(
        "made-up", experiment, table, pl.DataFrame() if rungs is None else rungs, pl.DataFrame()
    )


def end(trial: str, state: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {"trial": trial, "state": state, "reason": reason, **more}


def test_reasons_that_differ_in_their_numbers_alone_are_one(experiment: Experiment) -> None:
    rows = [
        end("t0", "complete", **{"cost.train_s": 9.0}),
        end("t1", "infeasible", "speed.fps is 11.2, not >= 60", **{"cost.saved_s": 5.0}),
        end("t2", "infeasible", "speed.fps is 1,024.5, not >= 60", **{"cost.saved_s": 7.5}),
        end("t3", "infeasible", "size.params is 9, not <= 8"),
        end("t4", "failed", "ParityError: 2e-3 off"),
    ]
    assert ends(view(experiment, rows)) == (
        End("failed", 1, "ParityError: 2e-3 off", "t4", 0.0),
        End("never trained", 2, "speed.fps is 11.2, not >= 60", "t1", 12.5),
        End("complete", 1, "", "t0", 0.0),
        End("never trained", 1, "size.params is 9, not <= 8", "t3", 0.0),
    )


def test_a_stopped_trial_was_trained_where_its_costs_or_its_rungs_say_so(
    experiment: Experiment,
) -> None:
    rows = [
        end("t0", "stopped", "a", **{"cost.train_s": 2.0}),
        end("t1", "stopped", "b", **{"cost.train_s": None}),
        end("t2", "stopped", "c", **{"cost.train_s": None}),
    ]
    rungs = pl.DataFrame({"trial": ["t2"], "rung": [100]})
    kinds = {found.first: found.kind for found in ends(view(experiment, rows, rungs))}
    assert kinds == {"t0": "stopped early", "t1": "never trained", "t2": "stopped early"}


def test_an_older_ledger_has_ends_too(experiment: Experiment) -> None:
    found = ends(view(experiment, [{"trial": "t0", "state": "failed"}, end("t1", "complete")]))
    assert found == (End("failed", 1, "", "t0", 0.0), End("complete", 1, "", "t1", 0.0))
