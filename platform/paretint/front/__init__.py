"""The front: which trials no other beats, what amplification adds, and the pick of one."""

from __future__ import annotations

from paretint.front.baselines import BaselineTable, baseline_table, draw_baseline_table
from paretint.front.choice import SMALLEST_FASTEST, Choice, parse_within, pick
from paretint.front.dominance import as_losses, non_dominated
from paretint.front.effects import Effect, QualityGrid, effect, quality_grids
from paretint.front.gain import gains
from paretint.front.measures import (
    Estimate,
    Measure,
    estimate,
    goal_of,
    measure,
    recipe_text,
    show,
    told,
)
from paretint.front.members import complete, front, front_volume, with_columns
from paretint.front.membership import membership
from paretint.front.miss import nearest_miss
from paretint.front.origin import mixed_provenance, provenance
from paretint.front.progress import volume_progress
from paretint.front.ranking import places
from paretint.front.replicates import replicates
from paretint.front.table import FrontTable, draw_effect_table, draw_front_table, front_table
from paretint.front.volume import hypervolume

__all__ = [
    "SMALLEST_FASTEST",
    "BaselineTable",
    "Choice",
    "Effect",
    "Estimate",
    "FrontTable",
    "Measure",
    "QualityGrid",
    "as_losses",
    "baseline_table",
    "complete",
    "draw_baseline_table",
    "draw_effect_table",
    "draw_front_table",
    "effect",
    "estimate",
    "front",
    "front_table",
    "front_volume",
    "gains",
    "goal_of",
    "hypervolume",
    "measure",
    "membership",
    "mixed_provenance",
    "nearest_miss",
    "non_dominated",
    "parse_within",
    "pick",
    "places",
    "provenance",
    "quality_grids",
    "recipe_text",
    "replicates",
    "show",
    "told",
    "volume_progress",
    "with_columns",
]
