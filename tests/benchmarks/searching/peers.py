"""Other libraries' searches, as their own users would call them; one not installed is left out."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from itertools import count
from typing import Any

import numpy as np
import optuna
import torch
from optuna.samplers import BaseSampler, GPSampler, NSGAIISampler, RandomSampler
from ray import tune
from ray.tune.search.optuna import OptunaSearch
from searching.costs import Row
from searching.replay import Search
from searching.table import Table

from paretint.config import Point
from paretint.front import as_losses

Make = Callable[[int, Table], Search]
"""A search of a table's recipes, from a seed."""


def peers() -> dict[str, Make]:
    """Return those that are installed; Syne Tune is where it was added."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    made: dict[str, Make] = {
        "random": lambda seed, table: Optuna(RandomSampler(seed=seed), table),
        "ray_optuna_search": RayOptuna,
        "optuna_nsga2": lambda seed, table: Optuna(NSGAIISampler(seed=seed), table),
        "optuna_gp": _gp,
    }
    if not absent():
        made["syne_tune_moasha"] = lambda seed, table: MoAsha(seed, table, None)
        made["syne_tune_moasha_mended"] = lambda seed, table: MoAsha(seed, table, _ranks())
    return made


def absent() -> list[str]:
    """Return the names of the peers that are not installed."""
    return [] if find_spec("syne_tune") else ["syne_tune"]


def _gp(seed: int, table: Table) -> Search:
    torch.set_num_threads(1)  # its matrices are small, and threads would wait for each other
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return Optuna(GPSampler(seed=seed), table)


class Optuna:
    """A sampler of Optuna's, asked and told; it stops no trial."""

    def __init__(self, sampler: BaseSampler, table: Table) -> None:
        self._table = table
        directions = [objective.goal for objective in table.experiment.objectives]
        self._study = optuna.create_study(directions=directions, sampler=sampler)

    def ask(self) -> tuple[optuna.Trial, Point]:
        """Choose every parameter among its values."""
        trial = self._study.ask()
        choices = self._table.choices.items()
        return trial, {name: trial.suggest_categorical(name, values) for name, values in choices}

    def rung(self, handle: optuna.Trial, rung: int, row: Row) -> bool:  # noqa: ARG002
        """Go on: `Trial.report` takes no several objectives."""
        return True

    def end(self, handle: optuna.Trial, state: str, row: Row) -> None:  # noqa: ARG002
        """Tell the objectives."""
        self._study.tell(handle, self._table.values(row))


class RayOptuna:
    """Ray Tune's `OptunaSearch`, driven as Ray Tune does; it stops no trial."""

    def __init__(self, seed: int, table: Table) -> None:
        objectives = table.experiment.objectives
        modes = [objective.goal.removesuffix("imize") for objective in objectives]
        space = {name: tune.choice(values) for name, values in table.choices.items()}
        self._search = OptunaSearch(
            metric=[objective.column for objective in objectives], mode=modes, seed=seed
        )
        self._search.set_search_properties(None, None, space)
        self._names = map(str, count())

    def ask(self) -> tuple[str, Point]:
        """Suggest a config to a trial with a new name."""
        name = next(self._names)
        return name, self._search.suggest(name)

    def rung(self, handle: str, rung: int, row: Row) -> bool:  # noqa: ARG002
        """Go on: none of Tune's schedulers takes several objectives."""
        self._search.on_trial_result(handle, row)
        return True

    def end(self, handle: str, state: str, row: Row) -> None:  # noqa: ARG002
        """Tell the trial's last result."""
        self._search.on_trial_complete(handle, row)


class MoAsha:
    """Syne Tune's MO-ASHA, driven as its `Tuner` does: random recipes, most of them stopped.

    One in three goes on, which is its default.
    """

    def __init__(self, seed: int, table: Table, priority: Any) -> None:
        """priority: how trials are ranked; None for Syne Tune's own way."""
        from syne_tune.config_space import choice
        from syne_tune.optimizer.schedulers.multiobjective.moasha import MOASHA

        self._table = table
        self._metrics = [objective.column for objective in table.experiment.objectives]
        np.random.seed(seed)  # it draws from numpy's own generator, whatever its `random_seed`
        self._scheduler = MOASHA(
            {name: choice(values) for name, values in table.choices.items()},
            self._metrics,
            time_attr="rung",
            max_t=table.rungs[-1],
            multiobjective_priority=priority,
            grace_period=table.rungs[0],
            random_seed=seed,
        )
        self._numbers = count()

    def ask(self) -> tuple[Any, Point] | None:
        """Start a trial."""
        from syne_tune.backend.trial_status import Trial

        suggestion = self._scheduler.suggest()
        if suggestion is None:
            return None
        trial = Trial(next(self._numbers), suggestion.config, datetime.now())
        self._scheduler.on_trial_add(trial)
        return trial, suggestion.config

    def rung(self, handle: Any, rung: int, row: Row) -> bool:
        """Report the objectives, all to be minimized; a trial that stops is removed."""
        goals = [objective.goal for objective in self._table.experiment.objectives]
        losses = as_losses(self._table.values(row), goals).tolist()
        result = {"rung": rung, **dict(zip(self._metrics, losses, strict=True))}
        goes_on = self._scheduler.on_trial_result(handle, result) == "CONTINUE"
        if not goes_on:
            self._scheduler.on_trial_remove(handle)
        return goes_on

    def end(self, handle: Any, state: str, row: Row) -> None:
        """Report the last rung, at which it stops and removes every trial."""
        if state == "complete":
            self.rung(handle, self._table.rungs[-1], row)


def _ranks() -> Any:
    """Return a ranking by Syne Tune's non-dominated layers and, in them, its spread.

    Its own `NonDominatedPriority`, in 0.16, returns the trials in the order of their ranks where
    `MOASHA` looks up a trial's rank, so that a trial stops or not by when the worst of all began.
    """
    from syne_tune.optimizer.schedulers.multiobjective import (
        multiobjective_priority,
        non_dominated_priority,
    )

    class Ranks(multiobjective_priority.MOPriority):  # type: ignore[misc]
        def priority_unsafe(self, objectives: Any) -> Any:
            ranks, placed = np.empty(len(objectives)), 0
            for told in non_dominated_priority.nondominated_sort(objectives, 0, flatten=False):
                layer = sorted(told)
                spread = non_dominated_priority.compute_epsilon_net(objectives[layer], 0)
                ranks[layer] = placed + spread
                placed += len(layer)
            return ranks

    return Ranks()
