"""The moving average of a network's weights, which is steadier than the weights themselves."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

_Tensors = tuple[Tensor, ...] | list[Tensor]


def moving_average(network: nn.Module, decay: float) -> AveragedModel:
    """Return the average of a network's weights and statistics, to be updated at each step.

    decay: 0 to below 1. It begins lower, at (1 + n) / (10 + n) after n updates: else a short
    training would end as an average of untrained weights.
    """

    @torch.no_grad()
    def update(averaged: _Tensors, current: _Tensors, updates: Tensor | int) -> None:
        share = max(1 - decay, 9 / (10 + int(updates)))
        if averaged[0].is_floating_point():
            torch._foreach_lerp_(averaged, current, share)
        else:  # how many batches a norm has seen
            torch._foreach_copy_(averaged, current)

    return AveragedModel(network, multi_avg_fn=update, use_buffers=True)
