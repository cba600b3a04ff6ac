"""Experiments, search spaces, columns and rules: what is asked, checked before it is run."""

from __future__ import annotations

from paretint.config.amplifier import (
    Adapter,
    Amplifier,
    AnyAmplifier,
    Gate,
    RdmSmall,
    StableDiffusion,
)
from paretint.config.columns import (
    DEVICE,
    SPEEDS,
    Column,
    Goal,
    column,
    column_names,
    is_column,
    untrained,
)
from paretint.config.dimensions import Choices, FloatRange, IntRange
from paretint.config.faces import FolderFaces, ProceduralFaces, Regions
from paretint.config.finding import find, folders, names
from paretint.config.goals import Budget, Objective, Stopping
from paretint.config.hints import did_you_mean
from paretint.config.loading import load_experiment
from paretint.config.models import Experiment
from paretint.config.recipe import RECIPE, Recipe
from paretint.config.rules import Rule, broken_rule, parse_rule
from paretint.config.space import Point, SearchSpace
from paretint.config.student import Student

__all__ = [
    "DEVICE",
    "RECIPE",
    "SPEEDS",
    "Adapter",
    "Amplifier",
    "AnyAmplifier",
    "Budget",
    "Choices",
    "Column",
    "Experiment",
    "FloatRange",
    "FolderFaces",
    "Gate",
    "Goal",
    "IntRange",
    "Objective",
    "Point",
    "ProceduralFaces",
    "RdmSmall",
    "Recipe",
    "Regions",
    "Rule",
    "SearchSpace",
    "StableDiffusion",
    "Stopping",
    "Student",
    "broken_rule",
    "column",
    "column_names",
    "did_you_mean",
    "find",
    "folders",
    "is_column",
    "load_experiment",
    "names",
    "parse_rule",
    "untrained",
]
