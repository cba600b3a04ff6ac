"""What an experiment wants, what it may spend, and when a trial has lost."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from paretint.config.base import Float, Int, Model, parsed
from paretint.config.columns import Goal, column
from paretint.errors import UserError


def _parse_column(name: Any) -> str:
    if column(str(name)).kind == "text":
        raise UserError(f"{name!r} is text; an objective needs a number")
    return str(name)


class Objective(Model):
    """A column to push, which way, and its part of the hypervolume's reference point."""

    column: Annotated[str, parsed(_parse_column)]
    goal: Goal
    reference: Float

    def counted(self, value: float) -> float:
        """A value, or the reference in the place of one that is worse or that is no number."""
        better = value > self.reference if self.goal == "maximize" else value < self.reference
        return value if better else self.reference


Seconds = Annotated[Float, Field(gt=0)]


class Budget(Model):
    """How much to spend; no trial is begun once one of these is used up, None is no limit.

    trials: all that have a row; replicates: so many more, which repeat from another seed recipes
    that may or may not be of the front. seconds: of each start of the sweep; gpu_seconds: what
    amplifiers and students worked, times their share of a GPU; stall: trials in a row that added
    nothing to the hypervolume. trial_seconds: the longest that a trial may take before it counts
    as hung. concurrent: trials at once, None for as many as the cores carry; agent_wait_s: how
    long a trial waits for an agent's number.
    """

    trials: Int = Field(ge=1)
    replicates: Int = Field(default=0, ge=0)
    seconds: Seconds | None = None
    gpu_seconds: Seconds | None = None
    stall: Annotated[Int, Field(ge=1)] | None = None
    trial_seconds: Seconds | None = None
    concurrent: Annotated[Int, Field(ge=1)] | None = None
    agent_wait_s: Float = Field(default=900.0, gt=0)


class Stopping(Model):
    """When a trial has lost.

    eta: one in so many goes on from a rung whatever is expected of it. dominated: the probability
    of being beaten from which a recipe that a sampler of Optuna's asks for does not train, and
    from which one of the others trains no further.
    """

    eta: Float = Field(default=3.0, gt=1)
    dominated: Float = Field(default=0.9, gt=0.5, le=1)
