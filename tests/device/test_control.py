from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from paretint.device import control_model
from paretint.export import OnnxModel
from paretint.store import Store


@pytest.mark.parametrize(
    ("shape", "side"), [((1, 3, 16, 16), 16), ((1, 16, 24, 3), 20), ((1, 2), 4)]
)
def test_is_of_the_candidate_s_size(store: Store, shape: tuple[int, ...], side: int) -> None:
    assert OnnxModel(control_model(store, shape)).shape == (1, 3, side, side)


def test_is_made_once_a_store(store: Store) -> None:
    first = control_model(store, (1, 3, 16, 16))
    made = first.stat().st_mtime_ns
    assert control_model(store, (1, 3, 16, 16)) == first
    assert first.stat().st_mtime_ns == made


def test_is_the_same_in_every_store(tmp_path: Path) -> None:
    weights = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        model = onnx.load(control_model(Store.at(str(tmp_path / str(seed))), (1, 3, 8, 8)))
        weights.append([tensor.SerializeToString() for tensor in model.graph.initializer])
    assert weights[0] == weights[1]


def test_leaves_the_random_numbers_of_a_training_alone(store: Store) -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    control_model(store, (1, 3, 16, 16))
    np.testing.assert_array_equal(torch.rand(4), expected)
