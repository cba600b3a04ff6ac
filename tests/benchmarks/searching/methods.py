"""The methods that are compared, by name."""

from __future__ import annotations

from searching.ours import Ours
from searching.peers import Make, peers
from searching.replay import Curve, Replay
from searching.table import Table

OURS = "ours"


def methods() -> dict[str, Make]:
    """Return every method that is installed."""
    return {OURS: Ours, **peers()}


def replayed(method: str, seed: int, workers: int, budget_s: float) -> Curve:
    """Return how one method fares from one seed, on the recorded table."""
    table = Table.load()
    return Replay(table, methods()[method](seed, table), workers, budget_s).run()
