"""What an experiment says: faces, amplifier, student, search space, objectives and budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, PlainSerializer, ValidationError, model_validator

from paretint.config.amplifier import (
    AnyAmplifier,
    accepts,
    is_knob,
    with_knobs,
)
from paretint.config.base import Int, Model, Scalar, parsed, problem
from paretint.config.columns import DEVICE, device_of
from paretint.config.dimensions import extremes
from paretint.config.faces import Faces, ProceduralFaces, Regions
from paretint.config.goals import Budget, Objective, Stopping
from paretint.config.recipe import AMPLIFIER, RECIPE, Recipe
from paretint.config.rules import Rule, parse_rule
from paretint.config.source import dump
from paretint.config.space import SearchSpace, unknown
from paretint.config.student import Student
from paretint.errors import UserError


def _parse_constraint(rule: Any) -> Rule:
    return rule if isinstance(rule, Rule) else parse_rule(str(rule))


Constraint = Annotated[Rule, parsed(_parse_constraint), PlainSerializer(str)]
Device = Annotated[str, Field(pattern=rf"^{DEVICE}$")]


class Experiment(Model):
    """What to run.

    licence: that of the models, as their files tell it; stopping: None trains every recipe that is
    asked for, to its end. `versions` says what wrote a run's copy of the experiment; nothing
    depends on it.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    seed: Int = Field(default=0, ge=0, lt=2**31)
    licence: str = Field(default="unstated", min_length=1)
    faces: Faces
    regions: Regions | None = None
    amplifier: AnyAmplifier
    student: Student
    search_space: SearchSpace
    objectives: tuple[Objective, ...] = Field(min_length=2)
    constraints: tuple[Constraint, ...] = ()
    devices: tuple[Device, ...] = Field(default=("ort-cpu",), min_length=1)
    budget: Budget
    stopping: Stopping | None = Field(default_factory=Stopping)
    versions: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _check_distinct((o.column for o in self.objectives), "objectives")
        _check_distinct(self.devices, "devices")
        for index, objective in enumerate(self.objectives):
            self._check_device(objective.column, "objectives", index, "column")
        for index, rule in enumerate(self.constraints):
            self._check_device(rule.column, "constraints", index)
        self._check_regions()
        self._check_input_size()
        self._check_pairs()
        self._check_knobs()
        return self

    @property
    def trials(self) -> int:
        """How many trials there are in all, with those that repeat a recipe."""
        return self.recipes + self.budget.replicates

    @property
    def recipes(self) -> int:
        """How many trials have a recipe of their own: a grid's points if the budget is larger."""
        return self.search_space.trials_within(self.budget.trials)

    def dump(self) -> str:
        """YAML that loads to an equal experiment, with nothing left to look up."""
        return dump(self.model_dump(mode="json", by_alias=True))

    def recipe(self, params: Mapping[str, Scalar]) -> Recipe:
        """One point of the search space, with what it leaves out filled in.

        `params` are the varying parameters by name; constants come from the search space, the
        rest from the faces, the amplifier and the student. Raises `UserError` for a parameter that
        is unknown, missing or out of its range.
        """
        told = {**self.search_space.constants, **params}
        knobs = {n.removeprefix(AMPLIFIER): told.pop(n) for n in list(told) if is_knob(n)}
        for name in told:
            if name not in RECIPE:
                raise UserError(f"unknown parameter {name!r}{unknown(name)}")
        try:
            return Recipe.model_validate({**self._defaults(), **told, "amplifier": knobs})
        except ValidationError as error:
            detail = error.errors()[0]
            fault = "is missing" if detail["type"] == "missing" else detail["msg"]
            raise UserError(f"parameter {detail['loc'][0]!r}: {fault}") from None

    def amplifier_of(self, recipe: Recipe) -> AnyAmplifier:
        """The amplifier as a recipe wants it."""
        lambdas = {"lambda_makeup": recipe.lambda_makeup, "lambda_detail": recipe.lambda_detail}
        return with_knobs(self.amplifier.model_copy(update=lambdas), recipe.amplifier)

    def _defaults(self) -> dict[str, Scalar]:
        return {
            **self.student.made,
            "input_size": self.student.input_size or self.faces.size,
            "lambda_makeup": self.amplifier.lambda_makeup,
            "lambda_detail": self.amplifier.lambda_detail,
        }

    def _check_device(self, name: str, *path: str | int) -> None:
        device = device_of(name)
        if device is not None and device not in self.devices:
            known = ", ".join(self.devices)
            raise problem(f"{name!r}: {device!r} is none of the devices ({known})", *path)

    def _check_regions(self) -> None:
        if self.regions is not None and isinstance(self.faces, ProceduralFaces):
            raise problem("procedural faces have exact regions; leave regions out", "regions")

    def _check_input_size(self) -> None:
        """No student is to be given pixels that no photo has."""
        own, parameters = self.student.input_size, self.search_space.parameters
        asked: dict[tuple[str, ...], tuple[Scalar, ...]] = {("student", "input_size"): (own or 0,)}
        if "input_size" in parameters:
            varied = ("search_space", "parameters", "input_size")
            asked[varied] = extremes(parameters["input_size"])
        for path, sizes in asked.items():
            most = max(map(int, sizes))
            if most > self.faces.size:
                raise problem(f"input_size {most} is above faces.size, {self.faces.size}", *path)

    def _check_pairs(self) -> None:
        """Rendered pairs are counted here; those in folders when the folders are read."""
        if not isinstance(self.faces, ProceduralFaces):
            return
        counts = extremes(self.search_space.parameters["pairs"])
        most = max(count for count in counts if isinstance(count, int))
        have = self.faces.pairs
        if most > have:
            text = f"faces.pairs is {have}, but the search space needs {most}"
            raise problem(text, "faces", "pairs")

    def _check_knobs(self) -> None:
        """Every value is tried on the bases that may get it; one at least must take it."""
        parameters = self.search_space.parameters
        own = parameters.get(f"{AMPLIFIER}base", self.amplifier.base)
        bases = [str(base) for base in extremes(own)]
        for name, entry in parameters.items():
            if is_knob(name):
                for value in extremes(entry):
                    fault = self._knob_fault(name.removeprefix(AMPLIFIER), value, bases)
                    if fault is not None:
                        raise problem(fault, "search_space", "parameters", name)

    def _knob_fault(self, knob: str, value: Scalar, bases: list[str]) -> str | None:
        """What is wrong with a value of an amplifier's setting; None where nothing is."""
        takers = [value] if knob == "base" else [base for base in bases if accepts(base, knob)]
        if not takers:
            return f"{AMPLIFIER}{knob}: {' and '.join(bases)} has no such setting"
        for base in takers:
            try:
                with_knobs(self.amplifier, {knob: value, "base": base})
            except ValidationError as error:
                return f"{AMPLIFIER}{knob}: {value!r} does not serve: {error.errors()[0]['msg']}"
        return None


def _check_distinct(names: Iterable[str], key: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise problem(f"{name!r} is given {count} times", key)
