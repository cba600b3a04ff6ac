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
_DRAWN = 200


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
        timings: its measurements that tell a median, the fastest first.
        untold: how many more tell none.
        predicted: how many trials have a predicted speed instead.
    """

    device: str
    timings: tuple[Timing, ...]
    untold: int
    predicted: int

    @property
    def drawn(self) -> tuple[Timing, ...]:
        """Those that are drawn: of very many so many as can be told apart, evenly spread."""
        last = len(self.timings) - 1
        if last < _DRAWN:
            return self.timings
        return tuple(self.timings[last * place // (_DRAWN - 1)] for place in range(_DRAWN))


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


def timing_picture(run: RunView, device: str) -> TimingPicture:
    """The measurements of ``run`` on ``device``."""
    found = timings(measured(run.trials, device), device)
    told = tuple(timing for timing in found if timing.p50_ms is not None)
    predicted = _predicted(run.trials, device)
    return TimingPicture(device, told, len(found) - len(told), predicted)


def front_timings(run: RunView, device: str) -> tuple[Timing, ...]:
    """The measurements on ``device`` of the trials of the front, in its order."""
    rows = measured(front(run.trials, run.experiment.objectives), device)
    return tuple(_timing(row, device) for row in rows.with_columns(trials=1).iter_rows(named=True))


def timings(rows: pl.DataFrame, device: str) -> list[Timing]:
    """Each measurement in `measured` rows once, the fastest first."""
    keys = [f"speed.{device}.{name}" for name in _FIGURES]
    others = [f"speed.{device}.{name}" for name in _OTHERS]
    ordered = rows.sort(*keys[:1], "trial", nulls_last=True)
    grouped = ordered.group_by(keys, maintain_order=True)
    once = grouped.agg(
        pl.first("trial"),
        pl.len().alias("trials"),
        *(pl.first(name) for name in (*_told_apart(ordered, keys), *others)),
    )
    return [_timing(row, device) for row in once.iter_rows(named=True)]


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
