"""The parameters a search space may name, and one point of it."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Annotated, Any, NamedTuple, cast

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from paretint.config.base import Model, Scalar, problem


class Parameter(NamedTuple):
    """The type and the range, `low` to `high` with both ends, of one parameter.

    multiple: what a whole number must be a multiple of.
    """

    type: type[int] | type[float]
    low: float
    high: float = math.inf
    multiple: int = 1

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, as the end of a sentence; None where nothing is."""
        number = Integral if self.type is int else Real
        if isinstance(value, bool) or not isinstance(value, number):
            return f"should be {'a whole number' if self.type is int else 'a number'}"
        if not (self.low <= float(value) <= self.high and math.isfinite(float(value))):
            return f"should be {self.range}"
        if self.type is int and int(cast(int, value)) % self.multiple:
            return f"should be a multiple of {self.multiple}"
        return None

    @property
    def range(self) -> str:
        """The range in words."""
        if self.high == math.inf:
            return f"{self.low:g} or more"
        return f"between {self.low:g} and {self.high:g}"


class Option(NamedTuple):
    """The type and the values of a parameter that is one of a few."""

    type: type[int] | type[str]
    values: tuple[Scalar, ...]

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, as the end of a sentence; None where nothing is."""
        kind = Integral if self.type is int else str
        if isinstance(value, bool) or not isinstance(value, kind) or value not in self.values:
            return f"should be {self.range}"
        return None

    @property
    def range(self) -> str:
        """The values in words."""
        *others, last = map(str, self.values)
        return f"{', '.join(others)} or {last}"


ARCHITECTURE: dict[str, Parameter | Option] = {
    "network": Option(str, ("compact", "release")),
    "width": Parameter(int, 4, 48),
    "blocks": Parameter(int, 0, 6),
    "stem": Option(int, (3, 5, 7)),
    "decoder": Option(str, ("convolve-first", "upsample-first")),
    "norm": Option(str, ("none", "batch", "instance")),
    "convolution": Option(str, ("dense", "separable")),
    "downscale": Option(int, (1, 2, 4)),
    "resize": Option(str, ("bilinear", "sub-pixel", "liif")),
}
"""The parameters that make a student's network."""

INPUT_SIZE = Parameter(int, 32, 512, multiple=16)
"""Sides that every student can halve as often as it must."""

PRECISIONS: dict[str, Parameter | Option] = {
    "precision": Option(str, ("fp32", "fp16", "int8")),
    "coreml_precision": Option(str, ("fp32", "fp16", "int8")),
}
"""The numbers in which a student is written: into its ONNX file, and its Core ML package."""

PUBLISHED: dict[str, Scalar] = {
    "width": 24, "blocks": 4, "stem": 7, "decoder": "upsample-first", "norm": "instance",
    "convolution": "dense", "downscale": 1, "resize": "bilinear",
}  # fmt: skip
"""The network `release`, which has no axes: where it stands on those of `compact`."""

LEARNING_RATE = Parameter(float, 1e-6, 1)
WEIGHT = Parameter(float, 0, 100)
EMA = Parameter(float, 0, 0.9999)
QAT = Parameter(float, 0, 1)

TRAINING: dict[str, Parameter | Option] = {
    "learning_rate": LEARNING_RATE,
    "weight_l1": WEIGHT,
    "weight_ssim": WEIGHT,
    "weight_perceptual": WEIGHT,
    "weight_eyeliner": WEIGHT,
    "ema": EMA,
    "qat": QAT,
}
"""How a student is trained."""

RECIPE: dict[str, Parameter | Option] = {
    "pairs": Parameter(int, 1),
    "amplified": Parameter(int, 0),
    **ARCHITECTURE,
    "input_size": INPUT_SIZE,
    **PRECISIONS,
    "lambda_makeup": Parameter(float, 0, 2),
    "lambda_detail": Parameter(float, 0, 2),
    **TRAINING,
}
"""Every parameter of a recipe by its name."""

REQUIRED = ("pairs", "amplified", "width")
"""What a search space must name; the rest comes from faces, amplifier and student."""


def _checked(value: Any, info: ValidationInfo) -> Scalar:
    parameter = RECIPE[str(info.field_name)]
    fault = parameter.fault(value)
    if fault is not None:
        raise problem(f"{value!r} {fault}")
    return parameter.type(value)


AMPLIFIER = "amplifier."
"""What a parameter that is a setting of the amplifier begins with."""

LAMBDAS = ("lambda_makeup", "lambda_detail")
"""Settings of the amplifier that are parameters under their own names."""


class Recipe(Model):
    """One point of a search space, with what the space leaves out filled in.

    Of the network `release` all but its input and training is as published, whatever the point
    says; and `liif` has nothing to resize without a downscale. input_size: the side of the square
    that the network takes, in pixels, to which photos are squeezed.
    amplifier: the settings that the point changes, by dotted path.
    """

    pairs: Annotated[int, BeforeValidator(_checked)]
    amplified: Annotated[int, BeforeValidator(_checked)]
    network: Annotated[str, BeforeValidator(_checked)]
    width: Annotated[int, BeforeValidator(_checked)]
    blocks: Annotated[int, BeforeValidator(_checked)]
    stem: Annotated[int, BeforeValidator(_checked)]
    decoder: Annotated[str, BeforeValidator(_checked)]
    norm: Annotated[str, BeforeValidator(_checked)]
    convolution: Annotated[str, BeforeValidator(_checked)]
    downscale: Annotated[int, BeforeValidator(_checked)]
    resize: Annotated[str, BeforeValidator(_checked)]
    input_size: Annotated[int, BeforeValidator(_checked)]
    precision: Annotated[str, BeforeValidator(_checked)]
    coreml_precision: Annotated[str, BeforeValidator(_checked)]
    lambda_makeup: Annotated[float, BeforeValidator(_checked)]
    lambda_detail: Annotated[float, BeforeValidator(_checked)]
    learning_rate: Annotated[float, BeforeValidator(_checked)]
    weight_l1: Annotated[float, BeforeValidator(_checked)]
    weight_ssim: Annotated[float, BeforeValidator(_checked)]
    weight_perceptual: Annotated[float, BeforeValidator(_checked)]
    weight_eyeliner: Annotated[float, BeforeValidator(_checked)]
    ema: Annotated[float, BeforeValidator(_checked)]
    qat: Annotated[float, BeforeValidator(_checked)]
    amplifier: dict[str, Scalar] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _without_idle_axes(cls, told: dict[str, Any]) -> dict[str, Any]:
        if told.get("network") == "release":
            return told | PUBLISHED
        if told.get("downscale") == 1 and told.get("resize") == "liif":
            return told | {"resize": "bilinear"}
        return told

    @property
    def architecture(self) -> dict[str, Scalar]:
        """The parameters that make the student's network, by name."""
        architecture: dict[str, Scalar] = self.model_dump(include=set(ARCHITECTURE))
        return architecture

    def params(self) -> dict[str, Scalar]:
        """Return every parameter by the name that a search space gives it."""
        fields: dict[str, Scalar] = self.model_dump(exclude={"amplifier"})
        return fields | {AMPLIFIER + path: value for path, value in self.amplifier.items()}
