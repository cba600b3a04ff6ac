"""What an experiment says of its student."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from paretint.config.amplifier import LearningRate
from paretint.config.base import Float, Int, Model, Scalar, problem
from paretint.config.faces import Size
from paretint.config.recipe import ARCHITECTURE, EMA, PRECISIONS, QAT, TRAINING, WEIGHT

Weight = Annotated[Float, Field(ge=WEIGHT.low, le=WEIGHT.high)]


class Student(Model):
    """The network that ships and its training; `rungs` are the steps at which it is scored.

    What network and files are made of, and how a network is trained, may vary in a search space
    too; here is what it leaves out. weight_*: what each part of the loss counts; ema: decay of the
    weights' moving average, 0 for none; qat: share of the steps, the last ones, that round as
    8-bit integers do, where `precision` is int8; input_size: None for the size of the faces;
    seed: counts beside the experiment's for weights and batches; a repeated recipe has the next.
    """

    network: Literal["compact", "release"] = "compact"
    blocks: Int = Field(default=4, ge=0, le=6)
    stem: Literal[3, 5, 7] = 3
    decoder: Literal["convolve-first", "upsample-first"] = "convolve-first"
    norm: Literal["none", "batch", "instance"] = "none"
    convolution: Literal["dense", "separable"] = "dense"
    downscale: Literal[1, 2, 4] = 1
    resize: Literal["bilinear", "sub-pixel", "liif"] = "bilinear"
    input_size: Size | None = None
    precision: Literal["fp32", "fp16", "int8"] = "fp32"
    coreml_precision: Literal["fp32", "fp16", "int8"] = "fp16"
    steps: Int = Field(ge=1)
    rungs: tuple[Int, ...] = Field(min_length=1)
    batch: Int = Field(ge=1)
    seed: Int = Field(default=0, ge=0, lt=2**30)
    learning_rate: LearningRate
    weight_l1: Weight = 1.0
    weight_ssim: Weight = 0.0
    weight_perceptual: Weight = 0.0
    weight_eyeliner: Weight = 0.5
    ema: Float = Field(default=0.0, ge=EMA.low, le=EMA.high)
    qat: Float = Field(default=0.0, ge=QAT.low, le=QAT.high)

    @model_validator(mode="after")
    def _rungs_end_with_training(self) -> Self:
        if any(low >= high for low, high in zip((0, *self.rungs), self.rungs, strict=False)):
            raise problem("rungs must ascend from above 0", "rungs")
        if self.rungs[-1] != self.steps:
            raise problem(f"the last rung must be the {self.steps} steps of training", "rungs")
        return self

    @property
    def made(self) -> dict[str, Scalar]:
        """What a recipe's network, files and training are, by parameter; not its width."""
        made: dict[str, Scalar] = self.model_dump(include={*ARCHITECTURE, *PRECISIONS, *TRAINING})
        return made
