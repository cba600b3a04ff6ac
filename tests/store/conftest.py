from __future__ import annotations

from pathlib import Path

import pytest

from paretint.config import Experiment
from paretint.store import Run


@pytest.fixture
def run(tmp_path: Path, experiment: Experiment) -> Run:
    return Run.create(tmp_path / "runs" / "quick", experiment)
