from __future__ import annotations

import polars as pl

from paretint.front.costs import costs


def test_every_recipe_pays_alike_for_images_that_are_made_once() -> None:
    trials = pl.DataFrame(
        {
            "trial": ["t0", "t1", "t2", "t3", "t4"],
            "param.amplified": [100, 400, 400, 0, 200],
            "amplified_key": ["a", "a", "a", None, "b"],
            "cost.amplify_s": [40.0, 120.0, 0.0, 0.0, 20.0],
            "cost.gpu_s": [80.0, 240.0, 0.0, 0.0, 0.0],
            "cost.train_s": [10.0, 11.0, None, 13.0, 14.0],
        }
    )
    found = costs(trials)
    assert found["trial"].to_list() == ["t0", "t1", "t2", "t3", "t4"]
    assert found["amplify_s"].to_list() == [40.0, 160.0, 160.0, 0.0, 20.0]
    assert found["gpu_s"].to_list() == [80.0, 320.0, 320.0, 0.0, 0.0]
    assert found["train_s"].to_list() == [10.0, 11.0, None, 13.0, 14.0]


def test_what_students_learned_on_gpus_is_part_of_them() -> None:
    trials = pl.DataFrame(
        {
            "trial": ["t0", "t1", "t2"],
            "param.amplified": [100, 0, 0],
            "amplified_key": ["a", None, None],
            "cost.gpu_s": [80.0, 0.0, 0.0],
            "cost.train_gpu_s": [3.0, 4.0, None],
        }
    )
    assert costs(trials)["gpu_s"].to_list() == [83.0, 4.0, 0.0]


def test_what_a_ledger_does_not_tell_is_not_known() -> None:
    trials = pl.DataFrame(
        {"trial": ["t0", "t1"], "param.amplified": [0, 100], "amplified_key": [None, "a"]}
    )
    found = costs(trials)
    assert found["amplify_s"].to_list() == [0.0, None]
    assert found["train_s"].to_list() == [None, None]
