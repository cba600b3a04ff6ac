"""FP-LIIF: a face parser whose local implicit decoder answers at any resolution.

FP-LIIF, sections 3.1 and 3.2: residual groups encode the photo at a quarter of its size; a small
network then says for any point of the plane, from the features around it, a global feature and the
point's coordinates, which class it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from paretint.regions.classes import CLASSES


@dataclass(frozen=True)
class Architecture:
    """The network's measures.

    width: channels of the encoder; blocks: residual blocks of its three groups; hidden: channels
    of the decoder's layers; side: of the square photos it is made for, in pixels.
    """

    width: int
    blocks: tuple[int, int, int]
    hidden: int
    side: int


ARCHITECTURES = {
    "full": Architecture(width=64, blocks=(2, 6, 16), hidden=256, side=256),
    "lite": Architecture(width=32, blocks=(1, 2, 8), hidden=64, side=128),
}
"""`full` is the paper's, 2,251,027 parameters; `lite` is for CPUs."""


class Features(NamedTuple):
    """A photo encoded. local: [N, width, S/4, S/4]; whole: their global feature [N, width]."""

    local: Tensor
    whole: Tensor


class _ResidualBlock(nn.Module):
    """Two 3x3 convolutions with instance norms around an identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _convolution(width, width), nn.InstanceNorm2d(width, affine=True), nn.ReLU(),
            _convolution(width, width), nn.InstanceNorm2d(width, affine=True),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.layers(x)
        return x + changed


class _Group(nn.Module):
    """Residual blocks with a skip around all of them."""

    def __init__(self, width: int, blocks: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(_ResidualBlock(width) for _ in range(blocks)))

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.blocks(x)
        return x + changed


class FPLIIF(nn.Module):
    """A face parser (FP-LIIF, CVPR 2023) of one `Architecture` for the 19 `CLASSES`."""

    mean: Tensor
    std: Tensor

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        width, hidden = architecture.width, architecture.hidden
        first, second, third = architecture.blocks
        self.register_buffer("mean", _per_channel(0.5081, 0.4134, 0.3607), persistent=False)
        self.register_buffer("std", _per_channel(0.3013, 0.2757, 0.2692), persistent=False)
        self.encoder = nn.Sequential(
            _convolution(3, width), _Group(width, first),
            _convolution(width, width, stride=2), _Group(width, second),
            _convolution(width, width, stride=2), _Group(width, third),
        )  # fmt: skip
        # The unfolded 3x3 neighbourhood through a linear layer is a 3x3 convolution.
        self.neighbourhood = nn.Sequential(
            nn.Conv2d(width, 4 * width, 3, padding=1), nn.ReLU(),
            nn.Conv2d(4 * width, width, 1), nn.ReLU(),
        )  # fmt: skip
        self.decoder = nn.Sequential(
            nn.Conv2d(2 * width + 2, hidden, 1), nn.ReLU(),
            nn.Conv2d(hidden, hidden, 1), nn.ReLU(),
            nn.Conv2d(hidden, hidden, 1), nn.ReLU(),
            nn.Conv2d(hidden, hidden, 1), nn.ReLU(),
            nn.Conv2d(hidden, len(CLASSES), 1),
        )  # fmt: skip

    def encode(self, photo: Tensor) -> Features:
        """Return the features of photos [N, 3, S, S] in [0, 1], S a multiple of 4."""
        z = self.encoder((photo - self.mean) / self.std)
        return Features(self.neighbourhood(z), z.mean(dim=(2, 3)))

    def query(self, features: Features, points: Tensor) -> Tensor:
        """Return the logits [N, 19, h, w] of the classes at points [N, h, w, 2].

        A point is (x, y), from -1 at the photo's left and upper edge to 1 at the others.
        """
        points = points.to(features.local.dtype)
        near = F.grid_sample(features.local, points, padding_mode="border", align_corners=False)
        everywhere = features.whole[:, :, None, None].expand(-1, -1, *near.shape[2:])
        known = torch.cat([near, everywhere, points.permute(0, 3, 1, 2)], dim=1)
        logits: Tensor = self.decoder(known)
        return logits

    def forward(self, photo: Tensor, size: int | None = None) -> Tensor:
        """Return the logits [N, 19, size, size] of photos [N, 3, S, S]; S for a size of None.

        The same as `query` at the centres of all pixels, in operators that phones have.
        """
        coarse, x, y = self._first_layer(self.encode(photo))
        size = size or photo.shape[-1]
        fine = F.interpolate(coarse, (size, size), mode="bilinear", align_corners=False)
        centres = _centres(size).to(fine)
        columns = F.conv2d(centres.view(1, 1, 1, size), x)
        rows = F.conv2d(centres.view(1, 1, size, 1), y)
        logits: Tensor = self.decoder[1:](fine + columns + rows)
        return logits

    def _first_layer(self, features: Features) -> tuple[Tensor, Tensor, Tensor]:
        """Return the decoder's first layer of the features alone, and its weights of x and of y.

        The layer is linear: it may come before the interpolation, on a sixteenth of the pixels,
        and takes from the coordinates one row and one column instead of a map that files store.
        """
        width, first = self.architecture.width, self.decoder[0]
        weight, bias = first.get_parameter("weight"), first.get_parameter("bias")
        near, whole, x, y = weight.split([width, width, 1, 1], dim=1)
        everywhere = F.conv2d(features.whole[:, :, None, None], whole, bias)
        return F.conv2d(features.local, near) + everywhere, x, y


def pixel_centres(size: int, start: int, stop: int) -> Tensor:
    """Return the centres of the pixels in rows start..stop-1 of a size x size photo.

    float32 [stop - start, size, 2], (x, y) in [-1, 1].
    """
    centres = _centres(size)
    y, x = torch.meshgrid(centres[start:stop], centres, indexing="ij")
    return torch.stack([x, y], dim=-1)


def _centres(size: int) -> Tensor:
    return (2 * torch.arange(size) + 1) / size - 1


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)


def _per_channel(*values: float) -> Tensor:
    return torch.tensor(values).view(1, 3, 1, 1)
