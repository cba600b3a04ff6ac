"""TinyBeauty: the network that ships, in its `compact` form."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from paretint.config import RECIPE
from paretint.student.blocks import Convolution, ResidualBlock, double
from paretint.student.upscaling import ImplicitResize, SubPixel

REDUCTION = 4
"""A photo's sides must be multiples of this: the network halves them twice."""


class TinyBeauty(nn.Module):
    """A U-Net that adds one style's makeup to a photo (TinyBeauty, ECCV 2024, section 3).

    The `compact` form. As it stands by default, a 3x3 stem, decoder convolutions before the
    upsampling, zero padding and no normalisation, nothing leaves a phone's accelerator, and at
    width 24 with 4 blocks it has 82,251 parameters and 0.656 GMACs at 256x256: the closest to the
    0.08 M and 0.69 G of the paper. The published checkpoints belong to `Release`.

    width: channels of every hidden layer, 4 to 48. blocks: residual blocks, of two convolutions
    each, at a quarter of the size, 0 to 6. stem: kernel of the first convolution, 3, 5 or 7.
    decoder: `convolve-first`, or `upsample-first` as published, at four times the work. norm:
    behind every hidden convolution, `none`, `batch` or `instance`. convolution: `dense`, or
    `separable` behind the stem. downscale: the residual is computed of a photo 1, 2 or 4 times
    smaller, and resized onto the photo. resize: `bilinear`; `sub-pixel`, in one step with the
    decoder's last doubling; or `liif`, which sees the photo's pixels: without a downscale, it is
    `bilinear`.
    """

    def __init__(
        self,
        width: int = 24,
        blocks: int = 4,
        stem: int = 3,
        decoder: str = "convolve-first",
        norm: str = "none",
        convolution: str = "dense",
        downscale: int = 1,
        resize: str = "bilinear",
    ) -> None:
        super().__init__()
        axes = {"width": width, "blocks": blocks, "stem": stem, "decoder": decoder,
                "norm": norm, "convolution": convolution, "downscale": downscale,
                "resize": resize}  # fmt: skip
        for name, value in axes.items():
            fault = RECIPE[name].fault(value)
            if fault is not None:
                raise ValueError(f"{name}: {value!r} {fault}")
        self.width, self.blocks = width, blocks
        self.downscale = downscale
        self._upsample_first = decoder == "upsample-first"
        separable = convolution == "separable"
        self.stem = Convolution(3, width, stem, 1, norm, False)
        self.down1 = Convolution(width, width, 4, 2, norm, separable)
        self.down2 = Convolution(width, width, 4, 2, norm, separable)
        self.body = nn.Sequential(*(ResidualBlock(width, norm, separable) for _ in range(blocks)))
        self.up1 = Convolution(2 * width, width, 3, 1, norm, separable)
        self.up2 = Convolution(2 * width, width, 3, 1, norm, separable)
        self.out: nn.Conv2d | SubPixel | ImplicitResize = nn.Conv2d(width, 3, 3, padding=1)
        if resize == "sub-pixel":
            self.out = SubPixel(width, downscale if self._upsample_first else 2 * downscale)
        elif resize == "liif" and downscale > 1:
            self.out = ImplicitResize(width, downscale)
        last = self.out if isinstance(self.out, nn.Conv2d) else self.out.last
        # An untrained student leaves the photo as it is, so that training starts from the photo.
        # All else keeps PyTorch's own initialisation: without norms, He's trained 2 to 4 dB worse.
        for parameter in last.parameters():
            nn.init.normal_(parameter, std=1e-3)

    def residual(self, photo: Tensor) -> Tensor:
        """The makeup that `photo` [N, 3, H, W] in [0, 1] lacks, in [-1, 1], of the same shape."""
        scale = self.downscale
        features = self._features(photo if scale == 1 else functional.avg_pool2d(photo, scale))
        if isinstance(self.out, SubPixel):
            return torch.tanh(self.out(features))
        if not self._upsample_first:
            features = double(features)
        if isinstance(self.out, ImplicitResize):
            return torch.tanh(self.out(features, photo))
        small = torch.tanh(self.out(features))
        if scale == 1:
            return small
        return functional.interpolate(
            small, scale_factor=float(scale), mode="bilinear", align_corners=False
        )

    def forward(self, photo: Tensor) -> Tensor:
        """`photo` [N, 3, H, W] in [0, 1] with makeup, in [0, 1].

        H and W are multiples of 4 x `downscale`.
        """
        return torch.clamp(photo + self.residual(photo), 0, 1)

    def _features(self, photo: Tensor) -> Tensor:
        """Return what the residual is read off, of half the size or, upsampled first, of all."""
        x = functional.relu(self.stem(photo * 2 - 1))
        half = functional.relu(self.down1(x))
        quarter = functional.relu(self.down2(half))
        x = torch.cat((quarter, self.body(quarter)), dim=1)
        if self._upsample_first:
            x = functional.relu(self.up1(double(x)))
            return functional.relu(self.up2(double(torch.cat((half, x), dim=1))))
        x = double(functional.relu(self.up1(x)))
        return functional.relu(self.up2(torch.cat((half, x), dim=1)))
