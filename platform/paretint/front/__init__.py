"""The front: which trials no other beats, what parameters add and cost, and the pick of one."""

from __future__ import annotations

from paretint.front.baselines import BaselineTable, baseline_table, draw_baseline_table
from paretint.front.choice import SMALLEST_FASTEST, Choice, parse_within, pick
from paretint.front.comparing import MOST_DRAWN, Compared, Standing, compare, shared_objectives
from paretint.front.dominance import as_losses, non_dominated
from paretint.front.effects import Effect, effect
from paretint.front.entrants import Entrant, RunFront
from paretint.front.gain import gains
from paretint.front.grids import ScoreGrid, score_grids
from paretint.front.importance import LEAST, Importance, Importances, importances
from paretint.front.intervals import estimates
from paretint.front.levels import Levels, levels
from paretint.front.measures import (
    ARM,
    Estimate,
    Measure,
    estimate,
    goal_of,
    measure,
    recipe_text,
    show,
    told,
    volume_teller,
    with_unit,
)
from paretint.front.members import complete, front, front_volume, meeting, with_columns
from paretint.front.membership import membership
from paretint.front.miss import nearest_miss
from paretint.front.origin import mixed_provenance, origin_column, provenance, provenances
from paretint.front.progress import volume_progress
from paretint.front.ranking import places
from paretint.front.recipes import PARAM, Recipes, recipes
from paretint.front.replicates import replicates
from paretint.front.steps import Step, steps
from paretint.front.table import FrontTable, draw_effect_table, draw_front_table, front_table
from paretint.front.volume import hypervolume

__all__ = [
    "ARM",
    "LEAST",
    "MOST_DRAWN",
    "PARAM",
    "SMALLEST_FASTEST",
    "BaselineTable",
    "Choice",
    "Compared",
    "Effect",
    "Entrant",
    "Estimate",
    "FrontTable",
    "Importance",
    "Importances",
    "Levels",
    "Measure",
    "Recipes",
    "RunFront",
    "ScoreGrid",
    "Standing",
    "Step",
    "as_losses",
    "baseline_table",
    "compare",
    "complete",
    "draw_baseline_table",
    "draw_effect_table",
    "draw_front_table",
    "effect",
    "estimate",
    "estimates",
    "front",
    "front_table",
    "front_volume",
    "gains",
    "goal_of",
    "hypervolume",
    "importances",
    "levels",
    "measure",
    "meeting",
    "membership",
    "mixed_provenance",
    "nearest_miss",
    "non_dominated",
    "origin_column",
    "parse_within",
    "pick",
    "places",
    "provenance",
    "provenances",
    "recipe_text",
    "recipes",
    "replicates",
    "score_grids",
    "shared_objectives",
    "show",
    "steps",
    "told",
    "volume_progress",
    "volume_teller",
    "with_columns",
    "with_unit",
]
