"""The diffusion model that makes the amplified pairs: its base, its adapter, how it draws."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from paretint.config.base import Float, Int, Model, problem
from paretint.config.recipe import RECIPE

LearningRate = Annotated[Float, Field(ge=RECIPE["learning_rate"].low, le=1)]
Lambda = Annotated[Float, Field(ge=0, le=2)]
Part = Literal["face", "lips", "eyes"]
"""The masks whose sum is M_changed."""


class Adapter(Model):
    """What of a Stable Diffusion base is fine-tuned: low-rank updates of `rank`, or all of it."""

    kind: Literal["lora", "full"] = "lora"
    rank: Int = Field(default=4, ge=1, le=256)


class Gate(Model):
    """How far an amplified pair may be from the source pairs before it is rejected.

    outside: share of the squared change outside the makeup's mask; identity: structure lost
    beyond what the source pairs' makeup hides, 0..1; residual: distance of the colour change from
    the nearest source pair's, relative to the size of the style's mean change.
    """

    outside: Float = Field(default=0.01, ge=0, le=1)
    identity: Float = Field(default=0.1, ge=0, le=1)
    residual: Float = Field(default=1.0, gt=0)


class Amplifier(Model):
    """The diffusion model that makes the amplified pairs, and how it learns and draws a style.

    weights: of the base, a file for `rdm-small` (default: those that ship), a folder or hub id of
    the Stable Diffusion 1.5 layout for `stable-diffusion`; image_encoder: where its image encoder
    is no subfolder of them. steps: denoising steps; noising: share of the noise schedule that a
    photo goes back to before it is made up; guidance: classifier-free; regions: what makeup may
    change; gate: what rejects a pair, null for nothing; part: images written at once.
    """

    base: Literal["rdm-small", "stable-diffusion"] = "rdm-small"
    weights: str | None = Field(default=None, min_length=1)
    image_encoder: str | None = Field(default=None, min_length=1)
    adapter: Adapter = Adapter()
    fine_tune_steps: Int = Field(ge=0)
    learning_rate: LearningRate
    batch: Int = Field(ge=1)
    steps: Int = Field(default=2, ge=1, le=1000)
    inversion: Literal["ddim", "sdedit"] = "ddim"
    noising: Float = Field(default=0.3, gt=0, le=1)
    guidance: Float = Field(default=2.5, ge=0)
    lambda_makeup: Lambda = 1.0
    lambda_detail: Lambda = 0.8
    regions: tuple[Part, ...] = Field(default=("face", "lips", "eyes"), min_length=1)
    gate: Gate | None = Gate()
    part: Int = Field(default=50, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _base_names_no_file(cls, raw: Any) -> Any:
        base = raw.get("base") if isinstance(raw, dict) else None
        if isinstance(base, str) and ("/" in base or base.endswith(".safetensors")):
            raise problem(f"{base!r} is no base; give a file or folder as weights", "base")
        return raw

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        if self.base == "stable-diffusion" and self.weights is None:
            text = "stable-diffusion needs weights: a folder or hub id of its layout"
            raise problem(text, "weights")
        return self
