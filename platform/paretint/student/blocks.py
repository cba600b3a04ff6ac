"""What students are built of: convolutions with or without a norm, and residual blocks."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

_NORMS: dict[str, Callable[[int], nn.Module]] = {
    "none": lambda _: nn.Identity(),
    "batch": nn.BatchNorm2d,
    "instance": nn.InstanceNorm2d,
}


class Convolution(nn.Module):
    """A convolution whose zero padding keeps the size, and the norm behind it.

    A `separable` one is a depthwise convolution and a pointwise one behind it, MobileNet's. norm:
    `none`, `batch` (folded into the weights when a network is exported) or `instance`.
    """

    def __init__(
        self, given: int, width: int, kernel: int, stride: int, norm: str, separable: bool
    ) -> None:
        super().__init__()
        padding = (kernel - 1) // 2
        self.depthwise = (
            nn.Conv2d(given, given, kernel, stride, padding, groups=given)
            if separable
            else nn.Identity()
        )
        self.conv = (
            nn.Conv2d(given, width, 1)
            if separable
            else nn.Conv2d(given, width, kernel, stride, padding)
        )
        self.norm = _NORMS[norm](width)

    def forward(self, x: Tensor) -> Tensor:
        """[N, given, H, W] to [N, width, H / stride, W / stride]."""
        made: Tensor = self.norm(self.conv(self.depthwise(x)))
        return made

    def fold(self) -> None:
        """Put a batch norm, as it stands, into the weights before it: its cost is gone."""
        if isinstance(self.norm, nn.BatchNorm2d):
            assert isinstance(self.conv, nn.Conv2d)
            self.conv = fuse_conv_bn_eval(self.conv.eval(), self.norm.eval())
            self.norm = nn.Identity()


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around an identity."""

    def __init__(self, width: int, norm: str, separable: bool) -> None:
        super().__init__()
        self.first = Convolution(width, width, 3, 1, norm, separable)
        self.second = Convolution(width, width, 3, 1, norm, separable)

    def forward(self, x: Tensor) -> Tensor:
        """[N, width, H, W] to the same shape."""
        changed: Tensor = self.second(functional.relu(self.first(x)))
        return x + changed


def fold_norms(network: nn.Module) -> nn.Module:
    """Return `network`, its batch norms folded into the convolutions before them, in place."""
    for module in network.modules():
        if isinstance(module, Convolution):
            module.fold()
    return network


def double(x: Tensor) -> Tensor:
    """Return [N, C, H, W] at twice the size, every pixel four times."""
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")
