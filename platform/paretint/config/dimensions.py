"""The forms in which a parameter of a search space is given its values."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from paretint.config.base import Float, Int, Model, Scalar, problem


def _values(told: Any) -> Any:
    """A single value stands for a list of one."""
    return [told] if isinstance(told, int | float | str) else told


Condition = dict[str, Annotated[tuple[Scalar, ...], Field(min_length=1), BeforeValidator(_values)]]
"""The values that other parameters must have: `{network: compact, blocks: [2, 4]}`."""


class Conditional(Model):
    """What every form has: `when`, without which the parameter is there in every point."""

    when: Condition = Field(default_factory=dict, exclude_if=lambda when: not when)


class Choices(Conditional):
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


class IntRange(Conditional):
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


class FloatRange(Conditional):
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
