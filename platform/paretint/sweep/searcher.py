"""The Ray Tune searcher over the run's study."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optuna
from optuna.trial import TrialState
from ray.tune.search import Searcher

from paretint.config import Experiment, Point, Recipe
from paretint.sweep.foresight import Foresight
from paretint.sweep.history import History, Row
from paretint.sweep.proposals import Proposals
from paretint.sweep.repeats import Repeats
from paretint.sweep.space import suggest
from paretint.sweep.spending import Spending
from paretint.sweep.study import trial_name
from paretint.sweep.trial import new_row

Record = Callable[[Row], None]


class StudySearcher(Searcher):
    """Asks the study for points; `Recorder` tells it what came of them.

    A recipe that cannot win never becomes a trial of Tune: its file is known to break a
    constraint, or complete trials will probably dominate it. It is recorded, and the next point
    is asked for. Tune's own `OptunaSearch` loses a trial whose objective is missing, tells
    early-stopped trials as complete and knows no constraints.
    """

    def __init__(
        self,
        experiment: Experiment,
        study: optuna.Study,
        history: History,
        foresight: Foresight,
        record: Record,
    ) -> None:
        super().__init__()
        self._experiment = experiment
        self._study = study
        self._history = history
        self._foresight = foresight
        self._record = record
        self._own = experiment.search_space.sampler == "ehvi"
        self._proposals = Proposals(experiment, history, foresight)
        self._repeats = Repeats(experiment, history)
        self._spending = Spending(experiment, history)
        self.ended: str | None = None
        self._seen_in_vain = -1  # what `History.seen` was when there was nothing to ask for

    def suggest(self, trial_id: str) -> Any:  # noqa: ARG002
        """Return the next trial's config: its name, its point and its seed.

        FINISHED where there are as many as the budget allows, or where `ended` says why not; None
        where there is nothing to ask for until more is seen of the trials that are running.
        """
        while len(self._history.trials) < self._experiment.trials and not self._has_ended():
            if self._waits():
                return None
            trial = self._study.ask()
            point = suggest(trial, self._experiment.search_space)
            recipe = self._experiment.recipe(point)
            seed = self._repeats.seed(recipe.params())
            row = new_row(trial_name(trial.number), recipe, seed)
            wanted = self._chosen(point) or self._repeats.due
            told = None if wanted else self._foreseen(recipe)
            if told is None:
                self._history.saw_trial(row)
                return {"trial": row["trial"], "point": point, "seed": seed}
            self._record(row | told)
        return Searcher.FINISHED

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Do nothing: results arrive here flattened, and without what an error was."""

    def save(self, checkpoint_path: str) -> None:
        """Save nothing: the journal has it all."""

    def restore(self, checkpoint_path: str) -> None:
        """Restore nothing: a run is resumed from its folder."""

    def _has_ended(self) -> bool:
        if self._waits():
            return False
        self.ended = self._spending.used_up()
        if self.ended is None:
            nothing = self._propose()
            if nothing is not None and self._history.running:
                self._seen_in_vain = self._history.seen
            else:
                self.ended = nothing
        return self.ended is not None

    def _waits(self) -> bool:
        """Whether nothing is new since there was nothing to ask for: Tune asks again and again."""
        return self._seen_in_vain == self._history.seen

    def _propose(self) -> str | None:
        """Queue the point that is the engine's own to choose; say why there is none to ask for."""
        waiting = self._study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
        new = not self._repeats.due
        if waiting or (new and not self._own):
            return None
        point = self._proposals.best() if new else None
        if point is None and self._experiment.budget.replicates:
            point = self._repeats.next()
        if point is not None:
            self._study.enqueue_trial(point)
            return None
        return "every recipe was tried" if new else "no place on the front is uncertain"

    def _chosen(self, point: Point) -> bool:
        """Whether a person asked for the point."""
        first = self._experiment.search_space.first
        return any(chosen.items() <= point.items() for chosen in first)

    def _foreseen(self, recipe: Recipe) -> Row | None:
        """Return how a recipe ends that need not train, with what is known of its file."""
        told, stopping = recipe.params(), self._experiment.stopping
        self._foresight.files.learn()
        known = self._foresight.files.columns(told)
        broken = self._foresight.broken(told)
        if broken is not None:
            return known | {"state": "infeasible", "reason": broken}
        # The engine's own sampler has weighed all others against this one.
        if stopping is None or self._own or not known or not self._foresight.learn():
            return None
        beaten = float(self._foresight.beaten([told])[0])
        if beaten < stopping.dominated:
            return None
        reason = f"others beat it with probability {beaten:.2f}, so it never trained"
        return known | {"state": "stopped", "reason": reason}
