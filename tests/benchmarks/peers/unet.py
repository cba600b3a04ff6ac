"""The plain U-Net that face parsers are compared with."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from paretint.regions import CLASSES, Architecture


class UNet(nn.Module):
    """The plain U-Net: four halvings, two convolutions with batch norm at each size.

    It answers between its pixels by interpolation, and so stands wherever an FP-LIIF does. Of
    `architecture` only the side of the photos is read.
    """

    def __init__(self, architecture: Architecture, width: int, halvings: int = 4) -> None:
        super().__init__()
        self.architecture = architecture
        widths = [width * 2**level for level in range(halvings + 1)]
        pairs = list(pairwise(widths))
        self.down = nn.ModuleList([_twice(3, width), *(_twice(*pair) for pair in pairs)])
        self.up = nn.ModuleList(nn.ConvTranspose2d(deep, flat, 2, 2) for flat, deep in pairs)
        self.join = nn.ModuleList(_twice(2 * flat, flat) for flat, _ in pairs)
        self.out = nn.Conv2d(width, len(CLASSES), 1)

    def encode(self, photo: Tensor) -> Tensor:
        """Return the logits [N, 19, S, S] of photos [N, 3, S, S]."""
        levels = [self.down[0](photo)]
        for down in self.down[1:]:
            levels.append(down(F.max_pool2d(levels[-1], 2)))
        x = levels.pop()
        for up, join in zip(reversed(self.up), reversed(self.join), strict=True):
            x = join(torch.cat([up(x), levels.pop()], dim=1))
        return self.out(x)

    def query(self, logits: Tensor, points: Tensor) -> Tensor:
        """Return the logits at points [N, h, w, 2]."""
        points = points.to(logits.dtype)
        return F.grid_sample(logits, points, padding_mode="border", align_corners=False)

    def forward(self, photo: Tensor, size: int) -> Tensor:
        """Return the logits [N, 19, size, size]."""
        return F.interpolate(self.encode(photo), (size, size), mode="bilinear")


def _twice(inputs: int, outputs: int) -> nn.Sequential:
    """Return two 3x3 convolutions, each with batch norm and ReLU."""
    layers: list[nn.Module] = []
    for before in (inputs, outputs):
        convolution = nn.Conv2d(before, outputs, 3, padding=1, bias=False)
        layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)
