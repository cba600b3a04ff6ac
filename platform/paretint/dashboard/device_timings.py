"""What a device's timings show, as plain data: how inferences are spread, and fresh sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paretint.config.columns import device_of
from paretint.dashboard.view import RunView
from paretint.front import Estimate, estimate, front, recipe_text, with_columns

_FIGURES = ("p50_ms", "p90_ms", "p99_ms", "burst_ms", "cv", "load_ms", "fps")
_OTHERS = ("relative", "relative_lo", "relative_hi", "provenance")
_MEASURED = "measured:"


@dataclass(frozen=True)
class Timing:
    """One measurement of a model on a device; what was not told is None.

    Attributes:
        trial: the first trial whose model it is of; models that differ by weights alone share it.
        trials: how many trials these are.
        p50_ms, p90_ms, p99_ms: quantiles of one inference, once its pace has settled.
        burst_ms: median of the first inferences of a fresh session.
        cv: standard deviation over mean.
        load_ms: median time to load.
        fps: inferences a second.
        relative: the control model's time over this one's.
        origin: how it was come by.
        recipe: the trial's parameters; of several trials, those that tell their model apart.
    """

    trial: str
    trials: int
    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None
    burst_ms: float | None
    cv: float | None
    load_ms: float | None
    fps: float | None
    relative: Estimate | None
    origin: str
    recipe: str

    @property
    def burst(self) -> float | None:
        """The time of a first inference over that of a later one; above 1 where it is slower."""
        if self.burst_ms is None or not self.p50_ms:
            return None
        return self.burst_ms / self.p50_ms


@dataclass(frozen=True)
class TimingPicture:
    """All that the figures of a device's timings show, as plain data.

    Attributes:
        device: the device.
        timings: its measurements that tell a median, the fastest first; of very many as many as
            were asked for, evenly spread.
        told: how many these are in all.
        untold: how many tell no median.
        predicted: how many trials have a predicted speed instead.
        burst, cv, load_ms: of all that tell it, the median.
    """

    device: str
    timings: tuple[Timing, ...]
    told: int
    untold: int
    predicted: int
    burst: float | None
    cv: float | None
    load_ms: float | None


def devices(run: RunView) -> tuple[str, ...]:
    """The devices that the ledger tells a speed of: the experiment's in its order, then others."""
    columns = [*run.trials.columns, *run.baselines.columns]
    told = dict.fromkeys(filter(None, map(device_of, columns)))
    known = [name for name in told if _has_speed(run.trials, name)]
    return tuple(sorted(known, key=lambda name: (_place(run.experiment.devices, name), name)))


def _has_speed(trials: pl.DataFrame, device: str) -> bool:
    figures = [f"speed.{device}.fps", f"speed.{device}.p50_ms"]
    return any(name in trials.columns and trials[name].count() > 0 for name in figures)


def _place(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def measured(trials: pl.DataFrame, device: str) -> pl.DataFrame:
    """The trials whose speed on ``device`` was measured, with all columns of it."""
    columns = [f"speed.{device}.{name}" for name in (*_FIGURES, *_OTHERS)]
    rows = with_columns(trials, columns)
    told = pl.any_horizontal(pl.col(f"speed.{device}.{n}").is_not_null() for n in ("fps", "p50_ms"))
    origin = pl.col(f"speed.{device}.provenance").cast(pl.String)
    return rows.filter(told & origin.str.starts_with(_MEASURED).fill_null(False))


def timing_picture(run: RunView, device: str, most: int = 200) -> TimingPicture:
    """The measurements of ``run`` on ``device``; at most about ``most`` of them are drawn."""
    found = _once(measured(run.trials, device), device)
    p50, burst, cv, load = (
        found[f"speed.{device}.{name}"].cast(pl.Float64)
        for name in ("p50_ms", "burst_ms", "cv", "load_ms")
    )
    told = found.filter(p50.is_not_null())
    last, step = told.height - 1, max(1.0, (told.height - 1) / (most - 1))
    kept = sorted({round(place * step) for place in range(most) if round(place * step) <= last})
    return TimingPicture(
        device=device,
        timings=tuple(_timing(row, device) for row in told[kept].iter_rows(named=True)),
        told=told.height,
        untold=found.height - told.height,
        predicted=_predicted(run.trials, device),
        burst=_median(burst / p50),
        cv=_median(cv),
        load_ms=_median(load),
    )


def _median(values: pl.Series) -> float | None:
    middle = values.median()
    return middle if isinstance(middle, float) else None


def front_timings(run: RunView, device: str) -> tuple[Timing, ...]:
    """The measurements on ``device`` of the trials of the front, in its order."""
    rows = measured(front(run.trials, run.experiment.objectives), device)
    return tuple(_timing(row, device) for row in rows.with_columns(trials=1).iter_rows(named=True))


def _once(rows: pl.DataFrame, device: str) -> pl.DataFrame:
    """Each measurement in `measured` rows once, the fastest first, with what tells it apart."""
    keys = [f"speed.{device}.{name}" for name in _FIGURES]
    others = [f"speed.{device}.{name}" for name in _OTHERS]
    ordered = rows.sort(*keys[:1], "trial", nulls_last=True)
    grouped = ordered.group_by(keys, maintain_order=True)
    return grouped.agg(
        pl.first("trial"),
        pl.len().alias("trials"),
        *(pl.first(name) for name in (*_told_apart(ordered, keys), *others)),
    )


def _told_apart(rows: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    """The parameters that vary, but never among trials that share a measurement."""
    params = [name for name in rows.columns if name.startswith("param.")]
    varying = [name for name in params if rows[name].n_unique() > 1]
    if not varying:
        return []
    within = rows.group_by(keys).agg(pl.col(varying).n_unique())
    return [name for name in varying if within[name].max() == 1]


def _timing(row: dict[str, Any], device: str) -> Timing:
    figures = {name: row[f"speed.{device}.{name}"] for name in _FIGURES}
    relative = estimate(row, f"speed.{device}.relative")
    return Timing(
        row["trial"],
        row["trials"],
        **figures,
        relative=relative,
        origin=row[f"speed.{device}.provenance"],
        recipe=recipe_text(row),
    )


def _predicted(trials: pl.DataFrame, device: str) -> int:
    column = f"speed.{device}.provenance"
    if column not in trials.columns:
        return 0
    return int(trials[column].str.starts_with("predicted:").sum())
