"""TinyBeauty: the network that ships, in its `compact` form."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = range(4, 49)
BLOCKS = range(0, 7)
REDUCTION = 4
"""A photo's sides must be multiples of this: the network halves them twice."""


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around an identity, without normalisation."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, width, H, W] to the same shape."""
        changed: Tensor = self.second(functional.relu(self.first(x)))
        return x + changed


class TinyBeauty(nn.Module):
    """A U-Net that adds one style's makeup to a photo (TinyBeauty, ECCV 2024, section 3).

    The `compact` form: 3x3 stem, decoder convolutions before the upsampling, zero padding and no
    normalisation, so that nothing leaves a phone's accelerator and batch norm need not be folded.
    At width 24 with 4 blocks it has 82,251 parameters and 0.656 GMACs at 256x256, the closest to
    the 0.08 M and 0.69 G of the paper; the published checkpoints belong to another form of it.

    `width` is the number of channels of every hidden layer, 4 to 48; `blocks` the number of
    residual blocks, of two convolutions each, at a quarter of the photo's size, 0 to 6.
    """

    def __init__(self, width: int = 24, blocks: int = 4) -> None:
        super().__init__()
        if width not in WIDTHS:
            raise ValueError(f"width must be {WIDTHS[0]} to {WIDTHS[-1]}, not {width}")
        if blocks not in BLOCKS:
            raise ValueError(f"blocks must be {BLOCKS[0]} to {BLOCKS[-1]}, not {blocks}")
        self.width = width
        self.blocks = blocks
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.down1 = nn.Conv2d(width, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, width, 4, stride=2, padding=1)
        self.body = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.up1 = nn.Conv2d(2 * width, width, 3, padding=1)
        self.up2 = nn.Conv2d(2 * width, width, 3, padding=1)
        self.out = nn.Conv2d(width, 3, 3, padding=1)
        # An untrained student leaves the photo as it is, so that training starts from the photo.
        # All else keeps PyTorch's own initialisation: without norms, He's trained 2 to 4 dB worse.
        for parameter in self.out.parameters():
            nn.init.normal_(parameter, std=1e-3)

    def residual(self, photo: Tensor) -> Tensor:
        """The makeup that `photo` [N, 3, H, W] in [0, 1] lacks, in [-1, 1], of the same shape."""
        x = functional.relu(self.stem(photo * 2 - 1))
        half = functional.relu(self.down1(x))
        quarter = functional.relu(self.down2(half))
        x = torch.cat((quarter, self.body(quarter)), dim=1)
        x = _double(functional.relu(self.up1(x)))
        x = _double(functional.relu(self.up2(torch.cat((half, x), dim=1))))
        return torch.tanh(self.out(x))

    def forward(self, photo: Tensor) -> Tensor:
        """`photo` [N, 3, H, W] in [0, 1], H and W multiples of 4, with makeup, in [0, 1]."""
        return torch.clamp(photo + self.residual(photo), 0, 1)


def _double(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")
