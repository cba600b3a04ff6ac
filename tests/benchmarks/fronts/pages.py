"""How long the dashboard takes over a ledger of ten thousand trials."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl
from flask.testing import FlaskClient
from numpy.typing import NDArray

from paretint.config import load_experiment
from paretint.dashboard import create_app, load_pages
from paretint.store import Ledger, Run

TRIALS, RUNGS = 10_000, 5
_OUTPUTS = ("masthead.children", "page.children", "drawn.data")


def page_seconds(folder: Path, updates: int) -> dict[str, Any]:
    """Return the seconds until the first page's answer, and until that after one trial more.

    What the browser asks for is asked of the server as it asks; writing the trial, which is the
    sweep's work, is told apart. An update is the median of some. On a busy machine it is the
    seconds of the processor (`cpu`) that tell. `pages` has the same of every page.
    """
    run = Run.create(folder / "large", load_experiment("quickstart"))
    trials, rungs = _tables(run)
    rungs.write_parquet(run.rungs_parquet)
    pages = {page.name: _page_seconds(run, trials, page.name, updates) for page in load_pages()}
    return {**next(iter(pages.values())), "pages": pages}


def _page_seconds(run: Run, trials: pl.DataFrame, page: str, updates: int) -> dict[str, float]:
    trials.write_parquet(run.trials_parquet)
    place = f"/{run.folder.name}/{page}"
    start, busy = time.perf_counter(), time.process_time()
    client = create_app([run], load_pages()).server.test_client()
    drawn = _draw(client, place, None)
    first, first_busy = time.perf_counter() - start, time.process_time() - busy
    writes, redraws, redraws_busy = [], [], []
    for number in range(updates):
        row = trials.row(number, named=True) | {"trial": f"t{TRIALS + number}"}
        start = time.perf_counter()
        Ledger(run).write_trial(row)
        written, busy = time.perf_counter(), time.process_time()
        drawn = _draw(client, place, drawn)
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


def _draw(client: FlaskClient, place: str, drawn: Any) -> Any:
    """Ask for the page as the browser does each second; return what it would remember."""
    asked = {
        "output": f"..{'...'.join(_OUTPUTS)}..",
        "outputs": [dict(zip(("id", "property"), o.split("."), strict=True)) for o in _OUTPUTS],
        "inputs": [
            {"id": "tick", "property": "n_intervals", "value": 1},
            {"id": "place", "property": "pathname", "value": place},
            {"id": "place", "property": "search", "value": ""},
        ],
        "changedPropIds": ["tick.n_intervals"],
        "state": [{"id": "drawn", "property": "data", "value": drawn}],
    }
    answer = client.post("/_dash-update-component", json=asked)
    assert answer.status_code == 200, answer.status
    return answer.get_json()["response"]["drawn"]["data"]


def _tables(run: Run) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A ledger as a long search leaves it: of all trials a third is complete.

    Each was timed on its own, and four workers took turns.
    """
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
                for figure, value in _timing(fps).items()
            },
            "gate.coreml_share": 1.0,
            "gate.nnapi_share": rng.choice([0.8, 1.0], TRIALS),
            "worker": [f"node:{number % 4}" for number in range(TRIALS)],
            "time.began": np.arange(TRIALS) // 4 * 60.0,
            "time.ended": np.arange(TRIALS) // 4 * 60.0 + 60.0,
            "cost.speed_s": 2.0,
            "cost.amplify_s": np.where(amplified > 0, 10.0, 0.0),
            "cost.train_s": 40.0,
            "cost.ship_s": 5.0,
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


def _timing(fps: NDArray[np.float64]) -> dict[str, Any]:
    p50 = 1000 / fps
    return {
        "fps": fps, "p50_ms": p50, "p90_ms": 1.1 * p50, "p99_ms": 1.3 * p50, "burst_ms": 1.2 * p50,
        "cv": 0.1, "load_ms": 4.0, "provenance": "measured:ort-cpu",
    }  # fmt: skip
