from __future__ import annotations

import pytest
import torch
from torch import nn

from paretint.student import TinyBeauty, fold_norms
from paretint.student.blocks import Convolution, double


def test_pixels_are_doubled() -> None:
    assert double(torch.tensor([[[[1.0, 2.0]]]])).tolist() == [[[[1, 1, 2, 2], [1, 1, 2, 2]]]]


def test_separable_convolutions_have_a_weight_for_each_channel_and_one_for_each_pair() -> None:
    dense, separable = (Convolution(8, 16, 3, 1, "none", kind) for kind in (False, True))
    assert [sum(w.numel() for w in c.parameters()) for c in (dense, separable)] == [1_168, 224]


@pytest.mark.parametrize("convolution", ["dense", "separable"])
def test_a_folded_network_does_the_same_without_its_norms(convolution: str) -> None:
    torch.manual_seed(0)
    network = TinyBeauty(8, 1, norm="batch", convolution=convolution)
    nn.init.normal_(network.out.weight)
    for _ in range(20):
        network(torch.rand(4, 3, 16, 16))  # so that the norms hold numbers of their own
    network.eval()
    photo = torch.rand(2, 3, 16, 16)
    expected = network(photo)
    assert (expected - photo).abs().mean() > 0.01
    folded = fold_norms(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    torch.testing.assert_close(folded(photo), expected)


def test_instance_norms_stay() -> None:
    folded = fold_norms(TinyBeauty(8, 0, norm="instance"))
    assert sum(isinstance(module, nn.InstanceNorm2d) for module in folded.modules()) == 5
