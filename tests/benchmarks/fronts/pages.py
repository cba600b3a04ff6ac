"""How long the dashboard takes over a ledger of ten thousand trials."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl
from flask.testing import FlaskClient

from paretint.config import load_experiment
from paretint.dashboard import create_app, load_pages
from paretint.store import Ledger, Run

TRIALS, RUNGS = 10_000, 5
_OUTPUTS = ("masthead.children", "page.children", "drawn.data")


def page_seconds(folder: Path, updates: int) -> dict[str, float]:
    """Return the seconds until the first page's answer, and until that after one trial more.

    What the browser asks for is asked of the server as it asks; writing the trial, which is the
    sweep's work, is told apart. An update is the median of some. On a busy machine it is the
    seconds of the processor (`cpu`) that tell.
    """
    run = Run.create(folder / "large", load_experiment("quickstart"))
    trials, rungs = _tables(run)
    trials.write_parquet(run.trials_parquet)
    rungs.write_parquet(run.rungs_parquet)
    start, busy = time.perf_counter(), time.process_time()
    client = create_app([run], load_pages()).server.test_client()
    drawn = _draw(client, None)
    first, first_busy = time.perf_counter() - start, time.process_time() - busy
    writes, redraws, redraws_busy = [], [], []
    for number in range(updates):
        row = trials.row(number, named=True) | {"trial": f"t{TRIALS + number}"}
        start = time.perf_counter()
        Ledger(run).write_trial(row)
        written, busy = time.perf_counter(), time.process_time()
        drawn = _draw(client, drawn)
        redraws.append(time.perf_counter() - written)
        redraws_busy.append(time.process_time() - busy)
        writes.append(written - start)
    return {
        "first_page_s": round(first, 3),
        "first_page_cpu_s": round(first_busy, 3),
        "update_s": round(median(redraws), 3),
        "update_cpu_s": round(median(redraws_busy), 3),
        "write_trial_s": round(median(writes), 3),
    }


def _draw(client: FlaskClient, drawn: Any) -> Any:
    """Ask for the page as the browser does each second; return what it would remember."""
    asked = {
        "output": f"..{'...'.join(_OUTPUTS)}..",
        "outputs": [dict(zip(("id", "property"), o.split("."), strict=True)) for o in _OUTPUTS],
        "inputs": [
            {"id": "tick", "property": "n_intervals", "value": 1},
            {"id": "place", "property": "pathname", "value": "/"},
            {"id": "place", "property": "search", "value": ""},
        ],
        "changedPropIds": ["tick.n_intervals"],
        "state": [{"id": "drawn", "property": "data", "value": drawn}],
    }
    answer = client.post("/_dash-update-component", json=asked)
    assert answer.status_code == 200, answer.status
    return answer.get_json()["response"]["drawn"]["data"]


def _tables(run: Run) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A ledger as a long search leaves it: of all trials a third is complete."""
    rng = np.random.default_rng(0)
    names = [f"t{number:04}" for number in range(TRIALS)]
    width = rng.choice([8, 16, 24, 32], TRIALS)
    amplified = rng.choice([0, 250, 1000, 4000], TRIALS)
    fps = 20_000 / width * rng.normal(1, 0.02, TRIALS)
    psnr = 33 + np.log(width) + np.log1p(amplified) / 6 + rng.normal(0, 0.3, TRIALS)
    state = rng.choice(["complete", "stopped", "infeasible"], TRIALS)
    trials = pl.DataFrame(
        {
            "trial": names,
            "state": state,
            "reason": [None] * TRIALS,
            "param.pairs": rng.choice([2, 5, 10], TRIALS),
            "param.amplified": amplified,
            "param.width": width,
            "quality.psnr": psnr,
            "quality.psnr_lo": psnr - 0.3,
            "quality.psnr_hi": psnr + 0.3,
            "quality.psnr_gain": psnr - 30.5,
            "size.params": 143 * width**2,
            "size.onnx_bytes": 600 * width**2,
            **{
                f"{prefix}.{figure}": value
                for prefix in ("speed", "speed.ort-cpu")
                for figure, value in (("fps", fps), ("provenance", "measured:ort-cpu"))
            },
            "seed": run.experiment.seed,
        },
        schema_overrides={"reason": pl.String},
    )
    rungs = pl.DataFrame(
        {
            "trial": np.repeat(names, RUNGS),
            "rung": np.tile(100 * 3 ** np.arange(RUNGS), TRIALS),
            "quality.psnr": np.repeat(psnr, RUNGS) - np.tile(np.arange(RUNGS)[::-1], TRIALS),
        }
    )
    return trials, rungs
