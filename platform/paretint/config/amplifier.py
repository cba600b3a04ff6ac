"""The diffusion model that makes the amplified pairs: its base, how it learns and draws."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from paretint.config.base import Float, Int, Model
from paretint.config.recipe import RECIPE

LearningRate = Annotated[Float, Field(ge=RECIPE["learning_rate"].low, le=1)]
Lambda = Annotated[Float, Field(ge=0, le=2)]
Part = Literal["face", "lips", "eyes"]
"""The masks whose sum is M_changed."""


class Gate(Model):
    """How far an amplified pair may be from the source pairs before it is rejected.

    outside: share of the squared change outside the makeup's mask; identity: structure lost
    beyond what the source pairs' makeup hides, 0..1; residual: distance of the colour change from
    the nearest source pair's, relative to the size of the style's mean change.
    """

    outside: Float = Field(default=0.2, ge=0, le=1)
    identity: Float = Field(default=0.1, ge=0, le=1)
    residual: Float = Field(default=2.0, gt=0)


class Amplifier(Model):
    """The diffusion model that makes the amplified pairs, and how it learns and draws a style.

    weights: a file of the base's, default those that ship; steps: denoising steps; regions: what
    makeup may change; gate: what rejects a pair, null for nothing; part: images written at once.
    """

    base: Literal["rdm-small"] = "rdm-small"
    weights: str | None = Field(default=None, min_length=1)
    fine_tune_steps: Int = Field(ge=0)
    learning_rate: LearningRate
    batch: Int = Field(ge=1)
    steps: Int = Field(default=2, ge=1, le=1000)
    lambda_makeup: Lambda = 1.0
    lambda_detail: Lambda = 0.8
    regions: tuple[Part, ...] = Field(default=("face", "lips", "eyes"), min_length=1)
    gate: Gate | None = Gate()
    part: Int = Field(default=50, ge=1)
