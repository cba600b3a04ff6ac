"""Where the operators of a model run, and how much of the work that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

NPU = "npu"


class Placed(NamedTuple):
    """An operator, the unit that is to run it, and its share of the model's estimated cost.

    unit: `cpu`, `gpu` or `npu`; cost: None where nobody estimated it.
    """

    operator: str
    unit: str
    cost: float | None = None


def npu_share(operators: Sequence[Placed]) -> float | None:
    """The share of the work that the neural accelerator takes, from 0 to 1; None of nothing.

    By estimated cost where every operator has one, else by the number of operators: Core ML
    estimates for a part of its models only.
    """
    costs = [operator.cost for operator in operators]
    known = [cost for cost in costs if cost is not None]
    weights = known if len(known) == len(costs) and sum(known) > 0 else [1.0] * len(costs)
    if not weights:
        return None
    pairs = zip(operators, weights, strict=True)
    return sum(weight for operator, weight in pairs if operator.unit == NPU) / sum(weights)
