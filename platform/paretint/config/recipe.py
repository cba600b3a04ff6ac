"""The parameters a search space may name, and one point of it."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, ValidationInfo

from paretint.config.base import Model, Scalar, problem


class Parameter(NamedTuple):
    """The type and the range, `low` to `high` with both ends, of one parameter."""

    type: type[int] | type[float]
    low: float
    high: float = math.inf

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, as the end of a sentence; None where nothing is."""
        number = Integral if self.type is int else Real
        if isinstance(value, bool) or not isinstance(value, number):
            return f"should be {'a whole number' if self.type is int else 'a number'}"
        if not (self.low <= float(value) <= self.high and math.isfinite(float(value))):
            return f"should be {self.range}"
        return None

    @property
    def range(self) -> str:
        """The range in words."""
        if self.high == math.inf:
            return f"{self.low:g} or more"
        return f"between {self.low:g} and {self.high:g}"


RECIPE: dict[str, Parameter] = {
    "pairs": Parameter(int, 1),
    "amplified": Parameter(int, 0),
    "width": Parameter(int, 4, 48),
    "blocks": Parameter(int, 0, 6),
    "lambda_makeup": Parameter(float, 0, 2),
    "lambda_detail": Parameter(float, 0, 2),
    "learning_rate": Parameter(float, 1e-6, 1),
}
"""Every parameter of a recipe by its name."""

REQUIRED = ("pairs", "amplified", "width")
"""What a search space must name; the rest comes from the amplifier and the student."""


def _checked(value: Any, info: ValidationInfo) -> int | float:
    parameter = RECIPE[str(info.field_name)]
    fault = parameter.fault(value)
    if fault is not None:
        raise problem(f"{value!r} {fault}")
    return parameter.type(value)


AMPLIFIER = "amplifier."
"""What a parameter that is a setting of the amplifier begins with."""


class Recipe(Model):
    """One point of a search space, with what the space leaves out filled in.

    amplifier: the settings that the point changes, by dotted path.
    """

    pairs: Annotated[int, BeforeValidator(_checked)]
    amplified: Annotated[int, BeforeValidator(_checked)]
    width: Annotated[int, BeforeValidator(_checked)]
    blocks: Annotated[int, BeforeValidator(_checked)]
    lambda_makeup: Annotated[float, BeforeValidator(_checked)]
    lambda_detail: Annotated[float, BeforeValidator(_checked)]
    learning_rate: Annotated[float, BeforeValidator(_checked)]
    amplifier: dict[str, Scalar] = Field(default_factory=dict)

    def params(self) -> dict[str, Scalar]:
        """Return every parameter by the name that a search space gives it."""
        fields: dict[str, Scalar] = self.model_dump(exclude={"amplifier"})
        return fields | {AMPLIFIER + path: value for path, value in self.amplifier.items()}
