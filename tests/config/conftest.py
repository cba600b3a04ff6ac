"""A correct experiment file, and what is said when something in it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paretint import UserError
from paretint.config import load_experiment

TEXT = """\
name: quick
seed: 3
faces:
  source: procedural
  style: rose
  size: 64
amplifier: {fine_tune_steps: 100, learning_rate: 1e-4, batch: 8}
student:
  steps: 300
  rungs: [100, 300]
  batch: 16
  learning_rate: 2e-3
search_space:
  sampler: random
  parameters:
    pairs: {choices: [2, 5, 10]}
    amplified: {choices: [0, 100]}
    width: {int: [4, 48], step: 4}
    lambda_makeup: {float: [0.5, 1.5]}
    blocks: 3
  first:
    - {pairs: 5, width: 8}
objectives:
  - {column: quality.psnr, goal: maximize, reference: 20}
  - {column: speed.fps, goal: maximize, reference: 0}
constraints:
  - speed.fps >= 60
budget:
  trials: 4
"""


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with `experiments/x.yaml` in it."""
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "x.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def complaint(here: Path) -> Callable[[str, str], str]:
    """What loading says once `old` in the file is replaced by `new`."""

    def said(old: str, new: str) -> str:
        assert TEXT.count(old) == 1
        (here / "experiments" / "x.yaml").write_text(TEXT.replace(old, new), encoding="utf-8")
        with pytest.raises(UserError) as raised:
            load_experiment("x")
        assert "\n" not in str(raised.value)
        return str(raised.value)

    return said
