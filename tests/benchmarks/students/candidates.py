"""The students that are compared: the published one, a base, each axis of it, and mixtures."""

from __future__ import annotations

from paretint.config.base import Scalar
from paretint.config.recipe import PUBLISHED

SIZE = 128
"""The side of the photos, in pixels."""

Axes = dict[str, Scalar]

RELEASE: Axes = {"network": "release", **PUBLISHED, "input_size": SIZE}
BASE: Axes = {
    "network": "compact", "width": 24, "blocks": 4, "stem": 3, "decoder": "convolve-first",
    "norm": "none", "convolution": "dense", "downscale": 1, "resize": "bilinear",
    "input_size": SIZE,
}  # fmt: skip

SINGLE: tuple[Axes, ...] = (
    {"width": 4},
    {"width": 8},
    {"width": 16},
    {"blocks": 0},
    {"stem": 7},
    {"decoder": "upsample-first"},
    {"norm": "instance"},
    {"convolution": "separable"},
    {"resize": "sub-pixel"},
    {"downscale": 2},
    {"downscale": 2, "resize": "sub-pixel"},
    {"downscale": 2, "resize": "liif"},
    {"downscale": 4},
    {"downscale": 4, "resize": "sub-pixel"},
    {"downscale": 4, "resize": "liif"},
    {"input_size": 64},
)
"""One axis away from the base, or from another of these."""

MIXED: tuple[Axes, ...] = (
    {"width": 16, "resize": "sub-pixel"},
    {"width": 28, "resize": "sub-pixel"},
    {"width": 24, "resize": "sub-pixel", "norm": "instance"},
    {"width": 32, "downscale": 2, "resize": "liif"},
    {"width": 48, "downscale": 2, "resize": "sub-pixel"},
)


def candidates() -> dict[str, Axes]:
    """Return every student by its name, which tells it whole: those that take longest first.

    So that the last to be trained leave no core idle for long.
    """
    changed = sorted((*SINGLE, *MIXED), key=_work, reverse=True)
    return {"release": RELEASE, "base": BASE} | {
        name_of(axes): {**BASE, **axes} for axes in changed
    }


def name_of(changes: Axes) -> str:
    """Return what a student is called, by what it has unlike the base."""
    return ", ".join(f"{axis} {value}" for axis, value in changes.items()) or "base"


def _work(changes: Axes) -> float:
    """Return roughly how long a student takes to train."""
    axes = {**BASE, **changes}
    pixels = (float(axes["input_size"]) / float(axes["downscale"])) ** 2
    return float(axes["width"]) * pixels * (2 if axes["decoder"] == "upsample-first" else 1)
