"""What the recipes of a ledger cost in the run that tried them."""

from __future__ import annotations

import polars as pl

from paretint.front.members import with_columns

COSTS = ("amplify_s", "gpu_s", "train_s")

_AMPLIFIED, _SET = "param.amplified", "amplified_key"
_TIMES = ("cost.amplify_s", "cost.gpu_s", "cost.train_s", "cost.train_gpu_s")


def costs(trials: pl.DataFrame) -> pl.DataFrame:
    """What each trial's recipe cost in seconds: `trial` and COSTS; null where nothing is known.

    Amplified images are made once and shared, so that whichever trial came first has paid for all.
    Here each pays alike: what the run spent on a set of them (`amplify_s`, and `gpu_s` of GPUs),
    divided by the most images that any trial had of it, for each image that the recipe has. What
    a student learned on GPUs is part of `gpu_s`.
    """
    return with_columns(trials, (*_TIMES, _AMPLIFIED, _SET)).select(
        "trial",
        amplify_s=_per_image("cost.amplify_s") * pl.col(_AMPLIFIED),
        gpu_s=_per_image("cost.gpu_s") * pl.col(_AMPLIFIED)
        + pl.col("cost.train_gpu_s").cast(pl.Float64).fill_null(0.0),
        train_s=pl.col("cost.train_s").cast(pl.Float64),
    )


def _per_image(column: str) -> pl.Expr:
    """What a set's images cost each; nothing without any."""
    spent = pl.col(column).cast(pl.Float64)
    made = pl.col(_AMPLIFIED).cast(pl.Float64).max().over(_SET)
    shared = spent.sum().over(_SET) / made
    unknown = spent.is_null().all().over(_SET)
    return pl.when(pl.col(_AMPLIFIED) == 0).then(0.0).when(~unknown).then(shared).otherwise(None)
