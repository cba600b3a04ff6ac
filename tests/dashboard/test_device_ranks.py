from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from paretint.config import Experiment
from paretint.dashboard import RankPicture, RankPoint, RunView, draw_rank_picture, rank_picture
from paretint.front import Estimate


def view(experiment: Experiment, pairs: list[tuple[float | None, float | None]]) -> RunView:
    rows = [
        {
            "trial": f"t{n}", "state": "complete",
            "speed.host.fps": host, "speed.host.provenance": "measured:host",
            "speed.phone.fps": phone, "speed.phone.provenance": "measured:phone",
        }
        for n, (host, phone) in enumerate(pairs)
    ]  # fmt: skip
    table = pl.DataFrame(rows, infer_schema_length=None)
    return RunView("made-up", experiment, table, pl.DataFrame(), pl.DataFrame())


def test_places_are_counted_from_the_fastest(experiment: Experiment) -> None:
    pairs = [(10.0, 3.0), (30.0, 1.0), (20.0, 2.0), (None, 9.0), (5.0, None)]
    assert rank_picture(view(experiment, pairs), "host", "phone") == RankPicture(
        host="host",
        device="phone",
        points=(
            RankPoint("t1", 1.0, 3.0, 30.0, 1.0),
            RankPoint("t2", 2.0, 2.0, 20.0, 2.0),
            RankPoint("t0", 3.0, 1.0, 10.0, 3.0),
        ),
        models=3,
        rho=Estimate(-1.0),
    )


def test_models_of_one_structure_count_once_and_equal_speeds_share_a_place(
    experiment: Experiment,
) -> None:
    pairs = [(10.0, 3.0), (10.0, 3.0), (10.0, 4.0), (20.0, 9.0)]
    picture = rank_picture(view(experiment, pairs), "host", "phone")
    assert [(p.trial, p.host, p.device) for p in picture.points] == [
        ("t3", 1.0, 1.0),
        ("t0", 2.5, 3.0),
        ("t2", 2.5, 2.0),
    ]


def test_the_correlation_is_spearmans_with_bonett_and_wrights_interval(
    experiment: Experiment,
) -> None:
    values = np.random.default_rng(0).normal(size=(12, 2))
    values[:, 1] += values[:, 0]
    rho = rank_picture(view(experiment, [(a, b) for a, b in values.tolist()]), "host", "phone").rho
    assert rho is not None
    assert rho.value == pytest.approx(float(spearmanr(*values.T).statistic))
    arm = 1.959964 * np.sqrt((1 + rho.value**2 / 2) / 9)
    assert rho[1:] == pytest.approx(np.tanh(np.arctanh(rho.value) + np.array([-arm, arm])))


@pytest.mark.parametrize(
    "pairs", [[], [(1.0, 2.0)], [(1.0, 2.0), (1.0, 3.0)], [(None, 1.0), (1.0, None)]]
)
def test_there_is_no_correlation_of_what_does_not_differ(
    experiment: Experiment, pairs: list[Any]
) -> None:
    assert rank_picture(view(experiment, pairs or [(None, None)]), "host", "phone").rho is None


def test_predictions_are_not_ranked(experiment: Experiment) -> None:
    run = view(experiment, [(1.0, 2.0), (2.0, 3.0)])
    guessed = run.trials.with_columns(pl.lit("predicted:x").alias("speed.phone.provenance"))
    assert rank_picture(RunView(run.name, experiment, guessed, run.rungs, run.baselines), "host",
                        "phone").models == 0  # fmt: skip


def test_of_very_many_so_many_are_drawn(experiment: Experiment) -> None:
    pairs = [(float(n), float(n % 7)) for n in range(1000)]
    picture = rank_picture(view(experiment, pairs), "host", "phone", most=100)
    assert (picture.models, len(picture.points)) == (1000, 100)


def test_a_point_tells_both_places(experiment: Experiment) -> None:
    picture = rank_picture(view(experiment, [(10.0, 3.0), (20.0, 4.0)]), "host", "phone")
    line, dots = json.loads(draw_rank_picture(picture).to_json())["data"]
    assert (line["x"], line["y"]) == ([0.5, 2.5], [0.5, 2.5])
    assert (dots["x"], dots["y"]) == ([1.0, 2.0], [1.0, 2.0])
    assert dots["customdata"][1] == (
        "<b>t0</b><br>host: place 2, 10.0 fps<br>phone: place 2, 3.0 fps"
    )
