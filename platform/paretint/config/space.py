"""What may vary: the parameters of a search space, and the points they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import inf, prod
from typing import Literal, Self

from pydantic import model_validator

from paretint.config.amplifier import KNOBS, is_knob
from paretint.config.base import Model, Scalar, problem
from paretint.config.conditions import check_conditions, holds, parents_first
from paretint.config.dimensions import (
    Dimension,
    Entry,
    FloatRange,
    IntRange,
    extremes,
)
from paretint.config.hints import did_you_mean
from paretint.config.recipe import AMPLIFIER, RECIPE, REQUIRED, Option

_GRID = 100_000
"""Points of a grid at most: all are listed before the first is tried."""

Point = dict[str, Scalar]
"""A value for every parameter that varies and whose condition holds."""


class SearchSpace(Model):
    """The parameters of a sweep, the sampler that walks them, and points to try first.

    sampler: `ehvi` is the engine's own, which knows speeds and sizes before it trains and learns
    from rungs; the others are Optuna's.
    """

    sampler: Literal["ehvi", "tpe", "gp", "nsga2", "qmc", "random", "grid"] = "ehvi"
    parameters: dict[str, Entry]
    first: tuple[dict[str, Scalar], ...] = ()

    @cached_property
    def varying(self) -> dict[str, Dimension]:
        """The parameters a sampler chooses, each after those that its condition names."""
        entries = {name: self.parameters[name] for name in parents_first(self.parameters)}
        return {k: v for k, v in entries.items() if not isinstance(v, int | float | str)}

    @cached_property
    def constants(self) -> dict[str, Scalar]:
        """The parameters that are the same in every recipe."""
        return {k: v for k, v in self.parameters.items() if isinstance(v, int | float | str)}

    def trials_within(self, budget: int) -> int:
        """How many trials a budget comes to: a grid ends with its last point."""
        if self.sampler != "grid":
            return budget
        return min(budget, self.size)

    @cached_property
    def size(self) -> int:
        """How many points a finite space has."""
        return sum(1 for _ in self.points())

    @cached_property
    def bound(self) -> float:
        """A number of points that there are not more than; conditions may leave many out."""
        ranges = self.varying.values()
        return prod(inf if isinstance(one, FloatRange) else len(one.values) for one in ranges)

    def present(self, name: str, point: Mapping[str, Scalar]) -> bool:
        """Whether a parameter that varies is there, given those that come before it in a point."""
        return holds(self.varying[name].when, {**self.constants, **point})

    def point(self, choose: Callable[[str, Dimension], Scalar]) -> Point:
        """A point whose parameters are chosen one by one, where they are there."""
        point: Point = {}
        for name, dimension in self.varying.items():
            if self.present(name, point):
                point[name] = choose(name, dimension)
        return point

    def points(self) -> Iterator[Point]:
        """Every point of a finite space."""
        return self._grown({}, *self.varying.items())

    def _grown(self, point: Point, *left: tuple[str, Dimension]) -> Iterator[Point]:
        """Every point that begins as one does, by the parameters that are left to choose."""
        if not left:
            yield point
            return
        (name, dimension), *rest = left
        if not self.present(name, point):
            yield from self._grown(point, *rest)
            return
        assert not isinstance(dimension, FloatRange)
        for value in dimension.values:
            yield from self._grown({**point, name: value}, *rest)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for name, entry in self.parameters.items():
            _check_parameter(name, entry)
        missing = [name for name in REQUIRED if name not in self.parameters]
        if missing:
            raise problem(f"the parameter {missing[0]!r} is missing", "parameters")
        check_conditions(self.parameters)
        if not self.varying:
            raise problem("nothing varies; give a parameter choices or a range", "parameters")
        self._check_required()
        self._check_sampler()
        for index, point in enumerate(self.first):
            self._check_point(index, point)
        return self

    def _check_required(self) -> None:
        """What every recipe needs is in every point; the published network has its own width."""
        for name in REQUIRED:
            when = self.varying[name].when if name in self.varying else {}
            if when and (name != "width" or when != {"network": ("compact",)}):
                raise problem(f"every recipe needs {name}", "parameters", name, "when")

    def _check_sampler(self) -> None:
        endless = [k for k, v in self.varying.items() if isinstance(v, FloatRange)]
        if self.sampler == "grid" and endless:
            raise problem(f"a grid needs choices for {endless[0]!r}, not a range", "sampler")
        if self.sampler == "grid" and self.bound > _GRID:
            text = f"a grid of {self.bound:,} points is too large; give fewer values, or qmc"
            raise problem(text, "sampler")

    def _check_point(self, index: int, point: dict[str, Scalar]) -> None:
        told = {**self.constants, **point}
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
            for parent, values in self.varying[name].when.items():
                if parent in told and told[parent] not in values:
                    text = f"{name} is not there where {parent} is {told[parent]!r}"
                    raise problem(text, "first", index, name)


def unknown(name: str) -> str:
    """What to type in the place of a parameter that there is not."""
    return did_you_mean(name, [*RECIPE, *(AMPLIFIER + knob for knob in KNOBS)])


def _check_parameter(name: str, entry: Dimension | Scalar) -> None:
    if is_knob(name):
        return  # the experiment, which has the amplifier, checks its values
    if name not in RECIPE:
        raise problem(f"unknown parameter {name!r}{unknown(name)}", "parameters", name)
    for value in chain(extremes(entry), _between(name, entry)):
        fault = RECIPE[name].fault(value)
        if fault is not None:
            raise problem(f"{name}: {value!r} {fault}", "parameters", name)


def _between(name: str, entry: Dimension | Scalar) -> Sequence[int]:
    """What to try of a range besides its ends: all where there may be gaps, else the second value.

    A range whose second value is a multiple has no other.
    """
    if not isinstance(entry, IntRange):
        return ()
    return entry.values if isinstance(RECIPE[name], Option) else entry.values[1:2]
