"""What may vary: the parameters of a search space and their values."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from paretint.config.amplifier import KNOBS
from paretint.config.base import Float, Int, Model, Scalar, problem
from paretint.config.hints import did_you_mean
from paretint.config.recipe import AMPLIFIER, RECIPE, REQUIRED


class Choices(Model):
    """One of several values, in the order given: `{choices: [2, 5, 10]}`."""

    choices: tuple[Scalar, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len(set(self.choices)) < len(self.choices):
            raise problem("a choice is given twice", "choices")
        return self

    @property
    def ends(self) -> tuple[Scalar, ...]:
        """The choices."""
        return self.choices

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The choices."""
        return self.choices

    def contains(self, value: Scalar) -> bool:
        """Whether `value` is one of the choices."""
        return value in self.choices


class IntRange(Model):
    """A whole number from low to high, both with: `{int: [4, 48], step: 4}`, or `log: true`."""

    bounds: tuple[Int, Int] = Field(alias="int")
    step: Int = Field(default=1, ge=1)
    log: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        low, high = _ordered(self.bounds, self.log, "int")
        if self.log and self.step != 1:
            raise problem("a logarithmic range has no step", "step")
        if (high - low) % self.step:
            raise problem(f"steps of {self.step} from {low} do not end at {high}", "step")
        return self

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest value."""
        return self.bounds

    @property
    def values(self) -> range:
        """Every value, ascending."""
        low, high = self.bounds
        return range(low, high + 1, self.step)

    def contains(self, value: Scalar) -> bool:
        """Whether `value` is a step of the range."""
        return value in self.values


class FloatRange(Model):
    """A number from low to high, both with: `{float: [1e-4, 1e-2], log: true}`."""

    bounds: tuple[Float, Float] = Field(alias="float")
    log: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        _ordered(self.bounds, self.log, "float")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self.bounds

    def contains(self, value: Scalar) -> bool:
        """Whether `value` lies in the range."""
        low, high = self.bounds
        return not isinstance(value, str) and low <= value <= high


Dimension = Choices | IntRange | FloatRange


def _ordered(bounds: tuple[float, float], log: bool, key: str) -> tuple[float, float]:
    low, high = bounds
    if low >= high:
        raise problem(f"the range must ascend, and {low:g} is not below {high:g}", key)
    if log and low <= 0:
        raise problem(f"a logarithmic range starts above 0, not at {low:g}", key)
    return low, high


_FORMS = {"choices": Choices, "int": IntRange, "float": FloatRange}


def _form(raw: Any) -> str | None:
    if isinstance(raw, int | float | str) and not isinstance(raw, bool):
        return "constant"
    for form, model in _FORMS.items():
        if isinstance(raw, model) or (isinstance(raw, dict) and form in raw):
            return form
    return None


Entry = Annotated[
    Annotated[Choices, Tag("choices")]
    | Annotated[IntRange, Tag("int")]
    | Annotated[FloatRange, Tag("float")]
    | Annotated[Scalar, Tag("constant")],
    Discriminator(
        _form,
        custom_error_type="form",
        custom_error_message="should be a number, {choices: [...]}, {int: [low, high]}"
        " or {float: [low, high]}",
    ),
]


def extremes(entry: Dimension | Scalar) -> tuple[Scalar, ...]:
    """The values of a parameter that are valid only if all are."""
    return (entry,) if isinstance(entry, int | float | str) else entry.ends


class SearchSpace(Model):
    """The parameters of a sweep, the sampler that walks them, and points to try first."""

    sampler: Literal["tpe", "nsga2", "qmc", "random", "grid"] = "tpe"
    parameters: dict[str, Entry]
    first: tuple[dict[str, Scalar], ...] = ()

    @property
    def varying(self) -> dict[str, Dimension]:
        """The parameters a sampler chooses."""
        return {k: v for k, v in self.parameters.items() if not isinstance(v, int | float | str)}

    @property
    def constants(self) -> dict[str, Scalar]:
        """The parameters that are the same in every recipe."""
        return {k: v for k, v in self.parameters.items() if isinstance(v, int | float | str)}

    def trials_within(self, budget: int) -> int:
        """How many trials a budget comes to: a grid ends with its last point."""
        if self.sampler != "grid":
            return budget
        finite = (d for d in self.varying.values() if not isinstance(d, FloatRange))
        return min(budget, math.prod(len(dimension.values) for dimension in finite))

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for name, entry in self.parameters.items():
            _check_parameter(name, entry)
        missing = [name for name in REQUIRED if name not in self.parameters]
        if missing:
            raise problem(f"the parameter {missing[0]!r} is missing", "parameters")
        if not self.varying:
            raise problem("nothing varies; give a parameter choices or a range", "parameters")
        self._check_sampler()
        for index, point in enumerate(self.first):
            self._check_point(index, point)
        return self

    def _check_sampler(self) -> None:
        endless = [k for k, v in self.varying.items() if isinstance(v, FloatRange)]
        if self.sampler == "grid" and endless:
            raise problem(f"a grid needs choices for {endless[0]!r}, not a range", "sampler")

    def _check_point(self, index: int, point: dict[str, Scalar]) -> None:
        for name, value in point.items():
            if name not in self.varying:
                raise problem(
                    f"{name!r} is no parameter that varies{did_you_mean(name, self.varying)}",
                    "first",
                    index,
                    name,
                )
            if not self.varying[name].contains(value):
                raise problem(f"{name} {value!r} is not among its values", "first", index, name)


def unknown(name: str) -> str:
    """What to type in the place of a parameter that there is not."""
    return did_you_mean(name, [*RECIPE, *(AMPLIFIER + knob for knob in KNOBS)])


def _check_parameter(name: str, entry: Dimension | Scalar) -> None:
    if name.removeprefix(AMPLIFIER) in KNOBS and name.startswith(AMPLIFIER):
        return  # the experiment, which has the amplifier, checks its values
    if name not in RECIPE:
        raise problem(f"unknown parameter {name!r}{unknown(name)}", "parameters", name)
    # A range whose second value is a multiple has no other.
    second = entry.values[1:2] if isinstance(entry, IntRange) else ()
    for value in (*extremes(entry), *second):
        fault = RECIPE[name].fault(value)
        if fault is not None:
            raise problem(f"{name}: {value!r} {fault}", "parameters", name)
