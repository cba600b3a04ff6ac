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
    {"width": 8},
    {"width": 16},
    {"resize": "sub-pixel"},
    {"downscale": 2},
    {"downscale": 2, "resize": "sub-pixel"},
    {"downscale": 2, "resize": "liif"},
    {"convolution": "separable"},
    {"blocks": 0},
    {"input_size": 64},
    {"width": 4},
    {"norm": "instance"},
    {"decoder": "upsample-first"},
    {"stem": 7},
    {"downscale": 4},
    {"downscale": 4, "resize": "sub-pixel"},
    {"downscale": 4, "resize": "liif"},
)
"""One axis away from the base, or from another of these."""

MIXED: tuple[Axes, ...] = (
    {"width": 16, "resize": "sub-pixel"},
    {"width": 48, "downscale": 2, "resize": "sub-pixel"},
    {"width": 32, "downscale": 2, "resize": "liif"},
    {"width": 28, "resize": "sub-pixel"},
    {"width": 24, "resize": "sub-pixel", "norm": "instance"},
)


def candidates(count: int) -> dict[str, Axes]:
    """Return the first `count` students by their names, which tell them whole.

    Those that tell most come first.
    """
    named = {name_of(axes): {**BASE, **axes} for axes in (*MIXED[:1], *SINGLE, *MIXED[1:])}
    return dict(list(({"release": RELEASE, "base": BASE} | named).items())[:count])


def name_of(changes: Axes) -> str:
    """Return what a student is called, by what it has unlike the base."""
    return ", ".join(f"{axis} {value}" for axis, value in changes.items()) or "base"
