"""8-bit integers as the exported file will have them, met while a network still learns."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call

_WEIGHT, _ACTIVATION = 64, 255
"""The largest integers."""

_LEAST = 1e-8
"""Of a scale: what is 0 everywhere has no range."""


class Rounding:
    """Runs a network with what its convolutions take, and their weights, rounded (Jacob et al.).

    As `export.precision` writes them: weights are signed, of 7 bits, with a scale for each output
    channel; what comes in is unsigned, of 8, with one scale for the range that it spans. Gradients
    pass as if nothing was rounded.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._convolutions = {
            f"{name}.weight": module
            for name, module in network.named_modules()
            if isinstance(module, nn.Conv2d)
        }

    def __call__(self, photo: Tensor) -> Tensor:
        """Return what the network makes of `photo` [N, 3, H, W] so."""
        weights = {name: _rounded_weight(each.weight) for name, each in self._convolutions.items()}
        hooks = [
            each.register_forward_pre_hook(lambda _, given: _rounded_input(given[0]))
            for each in self._convolutions.values()
        ]
        try:
            made_up: Tensor = functional_call(self._network, weights, (photo,))
        finally:
            for hook in hooks:
                hook.remove()
        return made_up


def _rounded_weight(weight: Tensor) -> Tensor:
    scale = weight.detach().abs().amax((1, 2, 3)).div(_WEIGHT).clamp(min=_LEAST)
    zeros = torch.zeros_like(scale, dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(weight, scale, zeros, 0, -_WEIGHT, _WEIGHT)


def _rounded_input(given: Tensor) -> Tensor:
    low, high = given.detach().aminmax()
    low, high = low.clamp(max=0), high.clamp(min=0)  # 0 is exact, as padding wants it
    scale = (high - low).div(_ACTIVATION).clamp(min=_LEAST)
    zero = (-low / scale).round().int()
    return torch.fake_quantize_per_tensor_affine(given, scale, zero, 0, _ACTIVATION)
