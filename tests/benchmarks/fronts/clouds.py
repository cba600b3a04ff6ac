"""Points to find the front of, less being better in every objective."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHELL = 0.1


class Cloud(NamedTuple):
    """Points [n, m] in the unit cube, and what they are called."""

    name: str
    points: Floats


def clouds(count: int, objectives: int, seed: int = 0) -> list[Cloud]:
    """Return points spread evenly, and points of a shell, of which thousands are of the front."""
    rng = np.random.default_rng(seed)
    return [
        Cloud("even", rng.random((count, objectives))),
        Cloud("shell", _shell(rng, count, objectives, SHELL)),
    ]


def sphere(count: int, objectives: int, seed: int = 0) -> Cloud:
    """Return points of which every one is of the front: the most that there is to do."""
    return Cloud("sphere", _shell(np.random.default_rng(seed), count, objectives, 0.0))


def _shell(rng: np.random.Generator, count: int, objectives: int, thickness: float) -> Floats:
    directions = np.abs(rng.normal(size=(count, objectives)))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return 1 - directions * (1 - thickness * rng.random((count, 1)))
