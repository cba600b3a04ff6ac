"""The sweep: Ray Tune runs the trials, Optuna chooses them, the ledger keeps what they came to."""

from paretint.sweep.engine import Outcome, Ready, prepare, run_sweep

__all__ = ["Outcome", "Ready", "prepare", "run_sweep"]
