"""Whole sweeps on real Ray, of trials that take a second each."""

from __future__ import annotations

from paretint.store import Ledger, Run


def test_x(finished: Run) -> None:
    print(Ledger(finished).trials().to_dicts())
    print(finished.events())
    print(Ledger(finished).rungs().to_dicts())
