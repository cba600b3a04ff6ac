"""TinyBeauty as its authors published it: the network that their checkpoints belong to."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from paretint.errors import UserError
from paretint.student.blocks import double

WIDTH = 24
_BLOCKS = 4


class _Convolution(nn.Module):
    """A convolution that sees the photo's edge mirrored, and the norm behind it."""

    def __init__(self, given: int, width: int, kernel: int, stride: int, norm: nn.Module) -> None:
        super().__init__()
        padding = (kernel - 1) // 2
        self.conv = nn.Conv2d(given, width, kernel, stride, padding, padding_mode="reflect")
        self.norm = norm

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.norm(self.conv(x))
        return made


class _SampleNorm(nn.Module):
    """MUNIT's layer norm: mean and deviation over a whole sample, scale and shift by channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))
        self.beta = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean((1, 2, 3), keepdim=True)
        values = x[0].numel()
        # Unbiased, and with its 1e-5 outside of the root, as published.
        variance = centred.square().sum((1, 2, 3), keepdim=True) / (values - 1)
        scale, shift = self.gamma[:, None, None], self.beta[:, None, None]
        return centred / (variance.sqrt() + 1e-5) * scale + shift


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = _hidden(WIDTH, 3)
        self.second = _hidden(WIDTH, 3)

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.second(functional.relu(self.first(x)))
        return x + changed


class Release(nn.Module):
    """The published network (TinyBeauty, ECCV 2024, released code): 85,227 parameters.

    1.48 GMACs at 256x256: a 7x7 stem, mirrored edges, instance norms, and a decoder that
    convolves after upsampling, behind norms over the whole sample, which keep it off the
    accelerators of phones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _hidden(3, 7)
        self.down1 = _hidden(WIDTH, 4, stride=2)
        self.down2 = _hidden(WIDTH, 4, stride=2)
        self.body = nn.Sequential(*(_Block() for _ in range(_BLOCKS)))
        self.up1 = _Convolution(2 * WIDTH, WIDTH, 3, 1, _SampleNorm(WIDTH))
        self.up2 = _Convolution(2 * WIDTH, WIDTH, 3, 1, _SampleNorm(WIDTH))
        self.out = _Convolution(WIDTH, 3, 3, 1, nn.Identity())
        for parameter in self.out.parameters():
            nn.init.normal_(parameter, std=1e-3)

    def residual(self, photo: Tensor) -> Tensor:
        """The makeup that `photo` [N, 3, H, W] in [0, 1] lacks, in [-0.5, 0.5], of the same shape.

        Half as far as it could be: the published network adds it to photos in [-1, 1].
        """
        x = functional.relu(self.stem(photo * 2 - 1))
        half = functional.relu(self.down1(x))
        quarter = functional.relu(self.down2(half))
        x = torch.cat((quarter, self.body(quarter)), dim=1)
        x = functional.relu(self.up1(double(x)))
        x = functional.relu(self.up2(double(torch.cat((half, x), dim=1))))
        return torch.tanh(self.out(x)) / 2

    def forward(self, photo: Tensor) -> Tensor:
        """`photo` [N, 3, H, W] in [0, 1], H and W multiples of 4, with makeup, in [0, 1]."""
        return torch.clamp(photo + self.residual(photo), 0, 1)


def load_release(path: Path) -> Release:
    """Return the network of a published checkpoint, such as `style1.pt`.

    Raises `UserError` where the file is absent, or holds anything but the published network.
    """
    network = Release()
    network.load_state_dict(_renamed(_published(path), path, network))
    return network.eval()


def _published(path: Path) -> dict[str, Tensor]:
    """Return the network's weights by their published names."""
    if not path.is_file():
        raise UserError(f"{path}: no checkpoint here; give the path of one")
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path}: no checkpoint, which torch.save writes as a zip file")
    try:
        weights = torch.load(path, "cpu", weights_only=True)["cleaner"]
        return dict(weights)
    except (pickle.UnpicklingError, RuntimeError, KeyError, TypeError, IndexError) as error:
        raise UserError(
            f"{path}: no published TinyBeauty checkpoint, whose weights are its 'cleaner'"
            f" ({type(error).__name__})"
        ) from None


def _renamed(published: dict[str, Tensor], path: Path, network: Release) -> dict[str, Tensor]:
    expected = {name: value.shape for name, value in network.state_dict().items()}
    ours = {_our_name(name): value for name, value in published.items()}
    shapes = {name: value.shape for name, value in ours.items()}
    if shapes != expected:
        odd = sorted(
            name for name in {**expected, **shapes} if shapes.get(name) != expected.get(name)
        )
        here, there = _shape(shapes.get(odd[0])), _shape(expected.get(odd[0]))
        raise UserError(
            f"{path}: the checkpoint of another network; {odd[0]!r} is {here},"
            f" and {there} in the published one"
        )
    return ours


def _our_name(name: str) -> str:
    """Return what a published name is called here."""
    for published, ours in _NAMES:
        if name.startswith(published):
            return ours + name.removeprefix(published)
    return name


_NAMES = [
    ("content_encoder.conv_first.", "stem."),
    ("content_encoder.down", "down"),
    *(
        (f"{room}.model.{block}.model.{index}.", f"body.{2 * half + block}.{part}.")
        for half, room in enumerate(("content_encoder.resblocks", "res"))
        for block in range(2)
        for index, part in enumerate(("first", "second"))
    ),
    ("upconv", "up"),
]


def _shape(shape: torch.Size | None) -> str:
    return "absent" if shape is None else str(list(shape))


def _hidden(given: int, kernel: int, stride: int = 1) -> _Convolution:
    return _Convolution(given, WIDTH, kernel, stride, nn.InstanceNorm2d(WIDTH))
